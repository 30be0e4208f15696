"""Panel rules: the mean of the reviewers' scores, or the one score they agreed on (S3, row 17)."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from scoring.engine.errors import ScoringError
from scoring.engine.numbers import equals_or_about, fixed, plain, quantum, shown
from scoring.engine.types import Flag, Indicator, Measure, PanelMethod, PanelRule, Step

_ZERO = Decimal(0)
_NO_FLAGS: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class PanelDerivation:
    indicator: Indicator
    scores: tuple[Decimal, ...]
    points: Decimal
    score: Decimal

    @property
    def text(self) -> str:
        if len(self.scores) == 1:
            return f"评审得分{fixed(self.score)}"
        total = " + ".join(plain(score) for score in self.scores)
        sign = equals_or_about(self.points, self.score)
        return f"({total}) ÷ {len(self.scores)} {sign} {fixed(self.score)}"

    @property
    def steps(self) -> tuple[Step, ...]:
        return (
            Step("panel", "评审打分", "、".join(plain(score) for score in self.scores)),
            Step("arithmetic", "平均", shown(self.points)),
            Step("rounded", "得分", fixed(self.score)),
        )


def panel_scorer(
    indicator: Indicator, rule: PanelRule, places: int
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
        points = sum(scores, _ZERO) / len(scores)
        rounded = points.quantize(unit, ROUND_HALF_UP)
        return rounded, _NO_FLAGS, PanelDerivation(indicator, scores, points, rounded)

    return score
