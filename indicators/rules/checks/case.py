"""What a rule is held against: one county's sheet, with what is known around it."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from indicators.enums import IndicatorKind, Severity
from indicators.rules.cells import CellFigure, CellSpec
from indicators.rules.checks.values import Params


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a version, its parameters read."""

    code: str
    kind: str
    name: str
    severity: Severity
    params: Params = field(default_factory=dict)
    # Empty: every line the kind applies to.
    indicators: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A named item as the rules see it."""

    kind: str
    kind_name: str
    name: str
    year: int | None = None
    has_file: bool = True
    valid_years: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sheet: its figure, last year's, its items."""

    spec: CellSpec
    figure: CellFigure = field(default_factory=CellFigure)
    last: CellFigure | None = None
    items: Sequence[Item] = ()

    @property
    def exact(self) -> Decimal | None:
        """This year's unrounded figure."""
        return self.figure.exact(self.spec.factor)

    @property
    def last_exact(self) -> Decimal | None:
        """Last year's unrounded figure."""
        return self.last.exact(self.spec.factor) if self.last else None

    @property
    def is_rate(self) -> bool:
        """Whether it has a numerator and a denominator."""
        return self.spec.kind == IndicatorKind.RATE


@dataclass(frozen=True, slots=True)
class Spread:
    """How a line moved on last year in all counties: of natural logarithms of this year over last."""

    sample: int
    median: Decimal = Decimal(0)
    mad: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure of a fact, and where it stands: in this sheet by line and part, or elsewhere by name."""

    number: Decimal
    label: str
    indicator: str = ""
    part: str = ""


@dataclass(frozen=True)
class Case:
    """A sheet, and what is known around it."""

    lines: Mapping[str, Line]
    data_year: int
    spreads: Mapping[str, Spread] = field(default_factory=dict)
    # By meaning: the standing figure where it was first stated elsewhere.
    elsewhere: Mapping[int, Statement] = field(default_factory=dict)
    # By meaning: line and part of this sheet that stated it first.
    origins: Mapping[int, tuple[str, str]] = field(default_factory=dict)

    @cached_property
    def _known(self) -> dict[int, Statement]:
        known = dict(self.elsewhere)
        for line in self.lines.values():
            for part, meaning, number in stated_parts(line.spec, line.figure):
                is_origin = self.origins.get(meaning) == (line.spec.code, part)
                if meaning not in known or (is_origin and meaning not in self.elsewhere):
                    known[meaning] = Statement(number, label_of(line, part), line.spec.code, part)
        return known

    @cached_property
    def _known_last_year(self) -> dict[int, Decimal]:
        known: dict[int, Decimal] = {}
        for line in self.lines.values():
            for _, meaning, number in stated_parts(line.spec, line.last):
                known.setdefault(meaning, number)
        return known

    def known(self, meaning: int | None) -> Statement | None:
        """The figure of a fact as it stands: as first stated, here or elsewhere."""
        return self._known.get(meaning) if meaning is not None else None

    def known_last_year(self, meaning: int | None) -> Decimal | None:
        """Last year's figure of a fact, as last year's sheet has it."""
        return self._known_last_year.get(meaning) if meaning is not None else None


def stated_parts(spec: CellSpec, figure: CellFigure | None) -> Iterator[tuple[str, int, Decimal]]:
    """Part, fact and number of each part of a figure that states a fact."""
    if figure is None:
        return
    if spec.fact is not None and figure.number is not None:
        yield "value", spec.fact, figure.number
    if spec.numerator_fact is not None and figure.numerator is not None:
        yield "numerator", spec.numerator_fact, figure.numerator
    if spec.denominator_fact is not None and figure.denominator is not None:
        yield "denominator", spec.denominator_fact, figure.denominator


def part_number(figure: CellFigure, part: str) -> Decimal | None:
    """What a part of a figure says."""
    if part == "value":
        return figure.number
    return figure.numerator if part == "numerator" else figure.denominator


def label_of(line: Line, part: str) -> str:
    """A part in words: the line it stands on, and which part where it is not the figure itself."""
    words = {"value": "", "numerator": "的分子", "denominator": "的分母"}
    return f"“{line.spec.name}”{words[part]}"


_DECIMALS = re.compile(r"\.([0-9]+)\s*%?$")


def half_step(figure: CellFigure) -> Decimal:
    """Half of the last place that was typed: by how much rounding may have moved the figure."""
    found = _DECIMALS.search(unicodedata.normalize("NFKC", figure.text).strip())
    return Decimal(5).scaleb(-(len(found[1]) if found else 0) - 1)
