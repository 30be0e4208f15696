"""What comes out of grading: scores with their derivations, as frozen values."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Protocol


class Flag(StrEnum):
    """What a reader of a score must be told; the codes are stable and stand in stored results."""

    MISSING = "missing"
    NOT_APPLICABLE = "not-applicable"
    QUALITATIVE = "qualitative"
    CARRIED_FORWARD = "carried-forward"
    NOTHING_TO_CARRY = "nothing-to-carry"
    FORECAST = "forecast"
    CAPPED = "capped"
    NOT_ALL_COUNTED = "not-all-counted"
    AWAITING_JUDGEMENT = "awaiting-judgement"

    @property
    def label(self) -> str:
        return _FLAG_LABELS[self]


_FLAG_LABELS = {
    Flag.MISSING: "缺报",
    Flag.NOT_APPLICABLE: "不适用",
    Flag.QUALITATIVE: "定性",
    Flag.CARRIED_FORWARD: "沿用上年",
    Flag.NOTHING_TO_CARRY: "无上年数可沿用",
    Flag.FORECAST: "预测数",
    Flag.CAPPED: "已达上限",
    Flag.NOT_ALL_COUNTED: "有项目不重复计分",
    Flag.AWAITING_JUDGEMENT: "待酌情评分",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One printed step of a derivation; `name` is stable, `label` and `text` are for readers."""

    name: str
    label: str
    text: str


class Derivation(Protocol):
    """How a score came about: one line for a table, several steps for a page or a report card."""

    @property
    def text(self) -> str: ...

    @property
    def steps(self) -> tuple[Step, ...]: ...

    @property
    def exact(self) -> Fraction:
        """The points before rounding."""


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    indicator: str
    score: Decimal
    flags: tuple[Flag, ...]
    derivation: Derivation


@dataclass(frozen=True, slots=True)
class CountyResult:
    """One county's line of the list; `lines` stand in the scheme's order."""

    code: str
    name: str
    total: Decimal
    class_name: str
    rank: int
    lines: tuple[IndicatorScore, ...]

    @property
    def flags(self) -> tuple[Flag, ...]:
        """Every flag raised on any line, once, in the order of `Flag`."""
        raised = {flag for line in self.lines for flag in line.flags}
        return tuple(flag for flag in Flag if flag in raised)


@dataclass(frozen=True)
class BatchResult:
    """A graded batch; `counties` stand by rank, equal ranks by region code."""

    engine_version: str
    data_year: int
    evaluation_year: int
    scheme_sha256: str
    counties: tuple[CountyResult, ...]

    @cached_property
    def class_counts(self) -> dict[str, int]:
        return dict(Counter(county.class_name for county in self.counties))

    @cached_property
    def by_code(self) -> dict[str, CountyResult]:
        return {county.code: county for county in self.counties}
