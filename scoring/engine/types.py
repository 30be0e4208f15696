"""What goes into the engine and what comes out, as frozen values; no arithmetic here."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Protocol


class Absence(StrEnum):
    """Why a cell has no figure. None of the three is a zero."""

    MISSING = "missing"
    NOT_APPLICABLE = "not-applicable"
    QUALITATIVE = "qualitative"

    @property
    def label(self) -> str:
        return {"missing": "缺报", "not-applicable": "不适用", "qualitative": "定性"}[self]


class AbsenceTreatment(StrEnum):
    """What a scheme does with an absent figure."""

    ZERO = "zero"
    CARRY_FORWARD = "carry-forward"


class FigureStatus(StrEnum):
    """How far a figure has come: 预测, 自评, 市审, 核定."""

    FORECAST = "forecast"
    SELF_ASSESSED = "self-assessed"
    CITY_REVIEWED = "city-reviewed"
    APPROVED = "approved"


class PanelMethod(StrEnum):
    MEAN = "mean"
    AGREED = "agreed"


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
class Band:
    """One stretch of a piecewise rule; `end` None means without limit."""

    start: Decimal
    end: Decimal | None
    points_start: Decimal
    points_end: Decimal


@dataclass(frozen=True, slots=True)
class PiecewiseRule:
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class ItemKind:
    """A kind of named item. Without `points` a panel judges each item, up to `at_most`."""

    code: str
    name: str
    points: Decimal | None
    at_most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ItemisedRule:
    """Points per named item up to `cap`; of each `exclusive` group only the best item counts."""

    cap: Decimal
    kinds: tuple[ItemKind, ...]
    exclusive: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class PanelRule:
    method: PanelMethod
    maximum: Decimal


Rule = PiecewiseRule | ItemisedRule | PanelRule


@dataclass(frozen=True, slots=True)
class AbsencePolicy:
    missing: AbsenceTreatment = AbsenceTreatment.ZERO
    not_applicable: AbsenceTreatment = AbsenceTreatment.ZERO
    qualitative: AbsenceTreatment = AbsenceTreatment.ZERO

    def treatment(self, absence: Absence) -> AbsenceTreatment:
        if absence is Absence.MISSING:
            return self.missing
        return self.not_applicable if absence is Absence.NOT_APPLICABLE else self.qualitative


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of a scheme; `absence` is the policy that holds for it, override included."""

    code: str
    group: str
    name: str
    unit: str
    weight: Decimal
    rule: Rule
    absence: AbsencePolicy = AbsencePolicy()


@dataclass(frozen=True, slots=True)
class GradeClass:
    name: str
    at_least: Decimal


@dataclass(frozen=True, slots=True)
class Scheme:
    """Rules that turn figures into points; `classes` stand from best to last."""

    title: str
    places: int
    classes: tuple[GradeClass, ...]
    absence: AbsencePolicy
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One named platform, project or award; `points` only where the kind leaves them to a panel."""

    kind: str
    name: str
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """What was measured: a value, the ratio behind it, named items or a panel's scores."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    factor: Decimal = Decimal(1)
    items: tuple[Item, ...] = ()
    panel: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Carried:
    """An earlier year's accepted measure, to stand in for a missing one."""

    year: int
    measure: Measure


@dataclass(frozen=True, slots=True)
class Figure:
    """One county's answer to one indicator."""

    indicator: str
    measure: Measure = Measure()
    absence: Absence | None = None
    carried: Carried | None = None
    status: FigureStatus = FigureStatus.APPROVED


@dataclass(frozen=True, slots=True)
class CountyFigures:
    code: str
    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class GradingInputs:
    """Everything a run freezes besides the scheme, which it names by digest."""

    data_year: int
    evaluation_year: int
    scheme_sha256: str
    counties: tuple[CountyFigures, ...]


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
