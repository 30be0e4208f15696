"""How far a promise was kept: direction-aware, with baselines equal to targets and targets of 0. Pure.

The way from the baseline to the target counts as 1, so that a county that stands where it began has done
nothing of what it promised, however large the figure it began with. Where there is no way to speak of (no
baseline, a target that holds the baseline, or one set below it for a reason) the figure is held against the
target itself.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from county_portal.common.numbers import plain

_ZERO, _ONE, _HUNDRED, _CENT = Decimal(0), Decimal(1), Decimal(100), Decimal("0.01")
_ALMOST = Decimal("99.99")


class Method(StrEnum):
    """How a share was computed."""

    WAY = "way"  # of the way from the baseline to the target
    RATIO = "ratio"  # of the target itself
    TRUTH = "truth"  # reached or not: nothing to divide by
    NONE = "none"  # no figure, or no target


@dataclass(frozen=True, slots=True)
class Aim:
    """What was promised: from where, to where, in which direction."""

    baseline: Decimal | None
    target: Decimal | None
    lower_is_better: bool = False


@dataclass(frozen=True, slots=True)
class Achievement:
    """`share` is unrounded and not capped: 1 is the promise kept, below 0 a step back; None without a figure."""

    aim: Aim
    actual: Decimal | None
    share: Decimal | None
    is_reached: bool | None
    method: Method

    @property
    def capped(self) -> Decimal | None:
        """Between 0 and 1, for means over several indicators: more than promised of one does not excuse another."""
        return None if self.share is None else min(max(self.share, _ZERO), _ONE)

    @property
    def percent(self) -> Decimal | None:
        """In per cent, two places, ROUND_HALF_UP; what falls short by less than that is 99.99, never 100.00."""
        if self.share is None:
            return None
        percent = (self.share * _HUNDRED).quantize(_CENT, rounding=ROUND_HALF_UP)
        return _ALMOST if self.share < _ONE and percent == _HUNDRED else percent

    @property
    def words(self) -> str:
        """The arithmetic written out: （12 − 10）÷（15 − 10）= 40.00%."""
        if self.share is None or self.actual is None or self.aim.target is None:
            return ""
        actual, target = plain(self.actual), plain(self.aim.target)
        match self.method:
            case Method.WAY:
                begun = plain(self.aim.baseline)
                return f"（{actual} − {begun}）÷（{target} − {begun}）= {self.percent}%"
            case Method.RATIO if self.aim.lower_is_better:
                return f"{target} ÷ {actual} = {self.percent}%"
            case Method.RATIO:
                return f"{actual} ÷ {target} = {self.percent}%"
            case _:
                return f"{actual}，目标{target}，{'已' if self.is_reached else '未'}达到"


def achieve(aim: Aim, actual: Decimal | None) -> Achievement:
    """Hold a figure against what was promised."""
    if actual is None or aim.target is None:
        return Achievement(aim, actual, None, None, Method.NONE)
    is_reached = actual <= aim.target if aim.lower_is_better else actual >= aim.target
    share, method = _share(aim, aim.target, actual, is_reached=is_reached)
    return Achievement(aim, actual, share, is_reached, method)


def _share(
    aim: Aim, target: Decimal, actual: Decimal, *, is_reached: bool
) -> tuple[Decimal, Method]:
    if aim.baseline is not None and _leads_on(aim.baseline, target, aim.lower_is_better):
        return (actual - aim.baseline) / (target - aim.baseline), Method.WAY
    below = actual if aim.lower_is_better else target
    above = target if aim.lower_is_better else actual
    if below > _ZERO and above >= _ZERO:
        return above / below, Method.RATIO
    return (_ONE if is_reached else _ZERO), Method.TRUTH


def _leads_on(baseline: Decimal, target: Decimal, lower_is_better: bool) -> bool:  # noqa: FBT001 -- a property of the indicator, passed on
    return target < baseline if lower_is_better else target > baseline


@dataclass(frozen=True, slots=True)
class Path:
    """The straight path from the baseline's year to the last target's."""

    begin_year: int
    baseline: Decimal
    end_year: int
    final: Decimal


def path_value(path: Path, year: int) -> Decimal:
    """Where the straight path stands in a year, unrounded; at its ends before and after."""
    span = path.end_year - path.begin_year
    gone = min(max(year - path.begin_year, 0), span)
    if span <= 0:
        return path.final
    return path.baseline + (path.final - path.baseline) * gone / span
