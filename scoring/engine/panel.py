"""Panel rules: the mean of the reviewers' scores, all or without the extremes, or the one they agreed on (S3)."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.engine.errors import ScoringError
from scoring.engine.numbers import equals_or_about, fixed, plain, quantum, shown
from scoring.engine.types import (
    Flag,
    Indicator,
    Measure,
    PanelMethod,
    PanelRule,
    RoundingMode,
    Step,
)

_ZERO = Decimal(0)
# A mean of one would be no mean: fewer scores than this left over, and none is dropped.
_LEAST_LEFT = 2
_NO_FLAGS: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class PanelDerivation:
    """All scores from lowest to highest; those `kept` make the mean."""

    indicator: Indicator
    scores: tuple[Decimal, ...]
    kept: tuple[Decimal, ...]
    trim: int
    points: Decimal
    score: Decimal

    @property
    def _trimming(self) -> str:
        """What was dropped, or why nothing was, in words."""
        if not self.trim:
            return ""
        if len(self.kept) == len(self.scores):
            return f"评审打分不足{2 * self.trim + _LEAST_LEFT}个，不去掉最高分和最低分"
        lowest = "、".join(plain(score) for score in self.scores[: self.trim])
        highest = "、".join(plain(score) for score in self.scores[-self.trim :])
        return f"去掉{self.trim}个最高分{highest}、{self.trim}个最低分{lowest}"

    @property
    def text(self) -> str:
        if len(self.scores) == 1:
            return f"评审得分{fixed(self.score)}"
        total = " + ".join(plain(score) for score in self.kept)
        sign = equals_or_about(self.exact, self.score)
        mean = f"({total}) ÷ {len(self.kept)} {sign} {fixed(self.score)}"
        return f"{self._trimming}；{mean}" if self.trim else mean

    @property
    def steps(self) -> tuple[Step, ...]:
        trimming = (Step("trimmed", "去掉的分", self._trimming),) if self.trim else ()
        return (
            Step("panel", "评审打分", "、".join(plain(score) for score in self.scores)),
            *trimming,
            Step("arithmetic", "平均", shown(self.points)),
            Step("rounded", "得分", fixed(self.score)),
        )

    @property
    def exact(self) -> Fraction:
        return sum(map(Fraction, self.kept), Fraction(0)) / len(self.kept)


def panel_scorer(
    indicator: Indicator,
    rule: PanelRule,
    places: int,
    mode: RoundingMode = RoundingMode.HALF_UP,
) -> Callable[[Measure], tuple[Decimal, tuple[Flag, ...], PanelDerivation]]:
    """Prepare a rule for many counties; call the scorer inside `exact_arithmetic` only."""
    unit = quantum(places)

    def score(measure: Measure) -> tuple[Decimal, tuple[Flag, ...], PanelDerivation]:
        if not measure.panel:
            raise ScoringError("panel-blank", "没有评审打分，也没有注明缺报、不适用或定性")
        if not all(each.is_finite() for each in measure.panel):
            raise ScoringError("panel-not-a-number", "评审打分不是数字")
        scores = tuple(sorted(measure.panel))
        if rule.method is PanelMethod.AGREED and len(scores) > 1:
            raise ScoringError("panel-not-agreed", f"应当只有一个议定得分，却有{len(scores)}个")
        if scores[0] < _ZERO or scores[-1] > rule.maximum:
            raise ScoringError(
                "panel-out-of-range", f"评审打分必须在0至{plain(rule.maximum)}分之间"
            )
        kept = scores
        if rule.trim and len(scores) >= 2 * rule.trim + _LEAST_LEFT:
            kept = scores[rule.trim : -rule.trim]
        points = sum(kept, _ZERO) / len(kept)
        printed = points.quantize(unit, mode)
        derivation = PanelDerivation(indicator, scores, kept, rule.trim, points, printed)
        return printed, _NO_FLAGS, derivation

    return score
