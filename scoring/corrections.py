"""What a corrected figure does: frozen inputs scored again with it. Nothing here estimates."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from scoring.engine.batch import score_batch
from scoring.engine.codec import Json, inputs_document, inputs_from_document
from scoring.engine.types import (
    BatchResult,
    CountyFigures,
    CountyResult,
    Figure,
    GradingInputs,
    IndicatorScore,
    Scheme,
)

# By county code and indicator code.
Corrected = Mapping[tuple[str, str], Figure]
# A figure is written down as the only one of frozen inputs, so that there is one form of it.
_YEAR, _NAME = 2000, "-"


def figure_document(figure: Figure) -> Json:
    """A figure as it stands in frozen inputs: plain JSON, numbers as text."""
    county = CountyFigures(_NAME, _NAME, (figure,))
    document: Any = inputs_document(GradingInputs(_YEAR, _YEAR, _NAME, (county,)))
    figure_json: Json = document["counties"][0]["figures"][0]
    return figure_json


def figure_from_document(document: object) -> Figure:
    """The counterpart of `figure_document`. Raises DocumentError."""
    inputs = inputs_from_document(
        {
            "format": "county-portal/grading-inputs/1",
            "data_year": _YEAR,
            "evaluation_year": _YEAR,
            "scheme_sha256": _NAME,
            "counties": [{"code": _NAME, "name": _NAME, "figures": [document]}],
        }
    )
    return inputs.counties[0].figures[0]


def figure_of(inputs: GradingInputs, county: str, indicator: str) -> Figure | None:
    """A county's answer to an indicator in frozen inputs; None where it has none."""
    found = next((row for row in inputs.counties if row.code == county), None)
    figures = found.figures if found else ()
    return next((figure for figure in figures if figure.indicator == indicator), None)


def with_corrections(inputs: GradingInputs, corrected: Corrected) -> GradingInputs:
    """The inputs with these figures instead; the same object where nothing is corrected."""
    concerned = {county for county, _ in corrected}
    if not concerned:
        return inputs
    counties = tuple(
        replace(
            county,
            figures=tuple(
                corrected.get((county.code, figure.indicator), figure) for figure in county.figures
            ),
        )
        if county.code in concerned
        else county
        for county in inputs.counties
    )
    return replace(inputs, counties=counties)


@dataclass(frozen=True, slots=True)
class Moved:
    """A county whose rank, class or total a correction moves."""

    before: CountyResult
    after: CountyResult

    @property
    def changes_class(self) -> bool:
        """Whether the class differs."""
        return self.before.class_name != self.after.class_name

    @property
    def places(self) -> int:
        """Places gained; negative for places lost."""
        return self.before.rank - self.after.rank


@dataclass(frozen=True, slots=True)
class Effect:
    """What one corrected figure changes: its county first, then all whose rank or class moves."""

    own: Moved
    line_before: IndicatorScore
    line_after: IndicatorScore
    moved: Sequence[Moved]
    # Class, counties before, counties after; every class of the scheme, best first.
    classes: Sequence[tuple[str, int, int]]

    @property
    def gain(self) -> Decimal:
        """Points the line gains."""
        return self.line_after.score - self.line_before.score

    @property
    def gain_in_total(self) -> Decimal:
        """Points the county gains; where rules are relative it need not be the line's gain."""
        return self.own.after.total - self.own.before.total

    @property
    def class_changes(self) -> int:
        """Counties whose class changes."""
        return sum(row.changes_class for row in self.moved)


def correction_effect(
    inputs: GradingInputs, scheme: Scheme, decided: Corrected, county: str, figure: Figure
) -> Effect:
    """The effect of one more corrected figure after those already decided.

    Raises ScoringError for a figure the engine cannot score, KeyError for a county that is not in the inputs.
    """
    before = score_batch(with_corrections(inputs, decided), scheme)
    corrected = {**decided, (county, figure.indicator): figure}
    after = score_batch(with_corrections(inputs, corrected), scheme)
    own = Moved(before.by_code[county], after.by_code[county])
    return Effect(
        own,
        _line(own.before, figure.indicator),
        _line(own.after, figure.indicator),
        _moved(before, after, county),
        _classes(before, after, scheme),
    )


def _line(county: CountyResult, indicator: str) -> IndicatorScore:
    return next(line for line in county.lines if line.indicator == indicator)


def _moved(before: BatchResult, after: BatchResult, own: str) -> list[Moved]:
    """All whose rank or class moves, as they stand afterwards; the county itself is told of by itself."""
    pairs: Iterable[Moved] = (Moved(before.by_code[row.code], row) for row in after.counties)
    return [row for row in pairs if row.after.code != own and (row.places or row.changes_class)]


def _classes(before: BatchResult, after: BatchResult, scheme: Scheme) -> list[tuple[str, int, int]]:
    was, now = (Counter(row.class_name for row in batch.counties) for batch in (before, after))
    return [(grade.name, was[grade.name], now[grade.name]) for grade in scheme.classes]
