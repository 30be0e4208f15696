"""Golden cases: figures of one county whose points are known beforehand, and how a scheme scores them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from scoring.engine.batch import score_batch
from scoring.engine.canonical import canonical_bytes
from scoring.engine.codec import inputs_document, inputs_from_document, scheme_sha256
from scoring.engine.errors import ScoringError
from scoring.engine.numbers import exact_arithmetic, plain
from scoring.engine.preparing import figure_scorer
from scoring.engine.types import CountyFigures, Figure, GradingInputs, Indicator, Scheme

# A case has no year of its own; these stand where the engine's document wants some.
_YEARS = {"data_year": 2000, "evaluation_year": 2001}
TOTAL, CLASS = "total", "class"


@dataclass(frozen=True, slots=True)
class Expected:
    """Points by indicator, and where they are known total and class; `notes` by indicator say whence a figure is."""

    lines: Mapping[str, Decimal]
    total: Decimal | None = None
    class_name: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """A case as plain values."""

    name: str
    source: str
    county: CountyFigures
    expected: Expected


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a case: expected, got and whether they agree; without a `got` the `reason` says why.

    `code` is the indicator's; blank for the total and the class, which `name` names.
    """

    code: str
    name: str
    expected: str
    got: str
    is_right: bool
    reason: str = ""
    derivation: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case run under a scheme."""

    name: str
    cells: tuple[Cell, ...]

    @property
    def is_right(self) -> bool:
        """Whether every cell came out."""
        return all(cell.is_right for cell in self.cells)

    @property
    def wrong(self) -> list[Cell]:
        """Those that did not."""
        return [cell for cell in self.cells if not cell.is_right]


def figures_text(county: CountyFigures) -> str:
    """The county as one canonical text, in the engine's own form."""
    inputs = GradingInputs(_YEARS["data_year"], _YEARS["evaluation_year"], "-", (county,))
    counties: Any = inputs_document(inputs)["counties"]
    return canonical_bytes(counties[0]).decode()


def county_of(text: str) -> CountyFigures:
    """The reverse. Raises the engine's DocumentError for a text that is no county."""
    document = {
        "format": "county-portal/grading-inputs/1",
        **_YEARS,
        "scheme_sha256": "-",
        "counties": [json.loads(text)],
    }
    return inputs_from_document(document).counties[0]


def expected_text(expected: Expected) -> str:
    """What is expected as one canonical text; what is not known is left out."""
    document: dict[str, Any] = {
        "lines": {code: plain(points) for code, points in expected.lines.items()}
    }
    if expected.total is not None:
        document[TOTAL] = plain(expected.total)
    if expected.class_name:
        document[CLASS] = expected.class_name
    if expected.notes:
        document["notes"] = dict(expected.notes)
    return canonical_bytes(document).decode()


def expected_of(text: str) -> Expected:
    """The reverse."""
    document = json.loads(text)
    return Expected(
        {code: Decimal(points) for code, points in document["lines"].items()},
        Decimal(document[TOTAL]) if TOTAL in document else None,
        document.get(CLASS, ""),
        document.get("notes", {}),
    )


def run_case(case: Case, scheme: Scheme) -> Outcome:
    """Score a case; an indicator that cannot be scored is a wrong cell with its reason, never an error."""
    return Outcome(case.name, (*_lines(case, scheme), *_whole(case, scheme)))


def run_cases(cases: Sequence[Case], scheme: Scheme) -> list[Outcome]:
    """All of them, in their order."""
    return [run_case(case, scheme) for case in cases]


def _lines(case: Case, scheme: Scheme) -> Iterator[Cell]:
    figures = {figure.indicator: figure for figure in case.county.figures}
    indicators = {each.code: each for each in scheme.indicators}
    expected = case.expected.lines
    for code in (*indicators, *sorted(expected.keys() - indicators.keys())):
        if code in expected:
            cell = _cell(indicators.get(code), figures.get(code), expected[code], case, scheme)
            yield replace(
                cell, code=code, name=cell.name or code, note=case.expected.notes.get(code, "")
            )


def _cell(
    indicator: Indicator | None,
    figure: Figure | None,
    points: Decimal,
    case: Case,
    scheme: Scheme,
) -> Cell:
    """One indicator's cell, its code and note still to be filled in."""
    wrong = Cell("", indicator.name if indicator else "", plain(points), "", is_right=False)
    if indicator is None:
        return replace(wrong, reason="方案中没有这个指标。")
    if figure is None:
        return replace(wrong, reason="用例没有给出这个指标的数据。")
    try:
        with exact_arithmetic():
            # The code says which class of counties the case belongs to.
            score = figure_scorer(indicator, scheme.places, scheme.mode)
            line = score(figure, case.county.code)
    except ScoringError as problem:
        return replace(wrong, reason=f"{problem.reason}。")
    return replace(
        wrong,
        got=str(line.score),
        is_right=line.score == points,
        derivation=line.derivation.text,
    )


def _whole(case: Case, scheme: Scheme) -> Iterator[Cell]:
    """Total and class, where the case expects them."""
    expected = case.expected
    if expected.total is None and not expected.class_name:
        return
    inputs = GradingInputs(
        _YEARS["data_year"], _YEARS["evaluation_year"], scheme_sha256(scheme), (case.county,)
    )
    reason, total, class_name = "", None, ""
    try:
        (result,) = score_batch(inputs, scheme).counties
        total, class_name = result.total, result.class_name
    except ScoringError as problem:
        reason = problem.sentence
    if expected.total is not None:
        got = "" if total is None else str(total)
        yield Cell("", "总分", plain(expected.total), got, total == expected.total, reason)
    if expected.class_name:
        is_right = class_name == expected.class_name
        yield Cell("", "档次", expected.class_name, class_name, is_right, reason)
