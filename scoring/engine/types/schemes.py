"""A scheme as frozen values: rules, weights, classes; no arithmetic here."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


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


class PanelMethod(StrEnum):
    """How one score comes of several reviewers'."""

    MEAN = "mean"
    TRIMMED_MEAN = "trimmed-mean"
    AGREED = "agreed"


class RoundingMode(StrEnum):
    """The values are the names of `decimal`'s own modes."""

    HALF_UP = "ROUND_HALF_UP"
    HALF_EVEN = "ROUND_HALF_EVEN"
    DOWN = "ROUND_DOWN"


class TotalRule(StrEnum):
    """Whether a total adds what is printed in its lines, or the unrounded points behind them."""

    SUM_OF_ROUNDED = "sum-of-rounded"
    ROUNDED_SUM = "rounded-sum"


class Op(StrEnum):
    """What a formula may do; there is nothing else."""

    NUMBER = "number"
    VALUE = "value"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    ADD = "add"
    SUBTRACT = "subtract"
    MULTIPLY = "multiply"
    DIVIDE = "divide"
    MIN = "min"
    MAX = "max"
    IF_AT_LEAST = "if-at-least"


@dataclass(frozen=True, slots=True)
class Band:
    """One stretch of a piecewise rule; `end` None means without limit."""

    start: Decimal
    end: Decimal | None
    points_start: Decimal
    points_end: Decimal


@dataclass(frozen=True, slots=True)
class PiecewiseRule:
    """A broken line; with `allows_jumps` bands may leave gaps (the lower band's last points hold) and points jump."""

    bands: tuple[Band, ...]
    allows_jumps: bool = False


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
    """Reviewers' scores; a trimmed mean drops the `trim` highest and lowest where two others remain."""

    method: PanelMethod
    maximum: Decimal
    trim: int = 0


@dataclass(frozen=True, slots=True)
class CompletionRule:
    """Points by the share of a target reached; `full_at` in percent of it, beyond which no more is got.

    Where lower is better, the share is target ÷ value.
    """

    maximum: Decimal
    full_at: Decimal
    lower_is_better: bool = False


@dataclass(frozen=True, slots=True)
class DeviationRule:
    """`base` at the counties' mean; each `step_percent` above or below it moves by `step_points`.

    Negative `step_points` reward figures below the mean; with `whole_steps` a part of a step counts for nothing.
    """

    base: Decimal
    step_percent: Decimal
    step_points: Decimal
    whole_steps: bool
    minimum: Decimal
    maximum: Decimal


@dataclass(frozen=True, slots=True)
class PercentileRule:
    """`maximum` times the share of the other counties that do not stand above."""

    maximum: Decimal
    lower_is_better: bool = False


@dataclass(frozen=True, slots=True)
class Expression:
    """A node of a closed formula; `number` only where `op` is NUMBER."""

    op: Op
    operands: tuple["Expression", ...] = ()
    number: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ExpressionRule:
    """A formula over the figure, held between `minimum` and `maximum`."""

    tree: Expression
    minimum: Decimal
    maximum: Decimal


FigureRule = PiecewiseRule | CompletionRule | DeviationRule | PercentileRule | ExpressionRule


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """Counties of one class, by region code."""

    name: str
    codes: tuple[str, ...]
    rule: FigureRule


@dataclass(frozen=True, slots=True)
class ByPeerRule:
    """Another rule for each class of counties; who is in none falls under `otherwise`.

    Rules that compare counties compare within the class, or among those that are in none.
    """

    groups: tuple[PeerGroup, ...]
    otherwise: FigureRule

    def for_county(self, code: str) -> FigureRule:
        return next((each.rule for each in self.groups if code in each.codes), self.otherwise)


Rule = FigureRule | ItemisedRule | PanelRule | ByPeerRule


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
class GroupWeight:
    """What the weights of a group's indicators must add up to."""

    name: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Scheme:
    """Rules that turn figures into points; `classes` stand from best to last.

    Equal totals share a rank unless the scores of the indicators `then_by`, in that order, tell them apart.
    `groups` are sums the scheme states for its groups; none stated, none held against it.
    """

    title: str
    places: int
    classes: tuple[GradeClass, ...]
    absence: AbsencePolicy
    indicators: tuple[Indicator, ...]
    mode: RoundingMode = RoundingMode.HALF_UP
    total: TotalRule = TotalRule.SUM_OF_ROUNDED
    then_by: tuple[str, ...] = ()
    groups: tuple[GroupWeight, ...] = ()
