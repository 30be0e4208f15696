"""What makes a cell of the heat view warm. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from indicators.rules.cells import CellFigure, CellSpec
from indicators.rules.checks import Spread
from indicators.rules.findings import Finding

# Fewer counties than this give no measure of what is usual.
ENOUGH = 5
# Makes the median absolute deviation comparable with a standard deviation.
CONSISTENT = Decimal("0.6745")
TENTH = Decimal("0.1")
# From which distance, in deviations, a change is noted: two, three and a half, six.
_DISTANCES = (Decimal(2), Decimal("3.5"), Decimal(6))
# Where too few counties are known: from which change in per cent.
_PERCENTS = (Decimal(20), Decimal(50), Decimal(100))
# From how many points: anything, one, three.
_POINTS = (Decimal("0.01"), Decimal(1), Decimal(3))
# Level of a finding whose reason is owed; what must be put right lies above.
OWED = 3
# A change of class is looked at first.
CLASS_LEVEL = 4


class Measure(StrEnum):
    """What colours the cells."""

    FINDINGS = "findings"
    CHANGE = "change"
    STAKE = "stake"


MEASURE_WORDS = {
    Measure.FINDINGS: "提示",
    Measure.CHANGE: "同比变动",
    Measure.STAKE: "得分影响",
}
# Words of each level by measure, coolest first; level 0 is what needs no look.
LEVEL_WORDS = {
    Measure.FINDINGS: ("无提示", "提示已说明", "仅供参考", "提示未说明", "必须改正"),
    Measure.CHANGE: ("变动平常", "变动偏大", "变动大", "变动很大", "变动异常"),
    Measure.STAKE: ("不影响得分", "影响不足1分", "影响1至3分", "影响3分以上", "影响分档"),
}
# A sign for each level: colour alone says nothing to some readers.
LEVEL_SIGNS = ("", "·", "▪", "!", "‼")


@dataclass(frozen=True, slots=True)
class Cell:
    """One county's line: its figures, what the rules say, what it is worth."""

    code: str
    number: Decimal | None
    absence: str
    is_filled: bool
    last: Decimal | None
    findings: Sequence[Finding]
    percent: Decimal | None
    change_level: int
    change_words: str
    points: Decimal | None
    points_last: Decimal | None
    changes_class: bool
    open_comments: int = 0

    @property
    def stake(self) -> Decimal | None:
        """Points the county would gain (or, below zero, lose) if the figure were last year's."""
        if self.points is None or self.points_last is None:
            return None
        return self.points_last - self.points

    def level(self, measure: Measure) -> int:
        """How warm: 0 nothing to see … 4 look first."""
        match measure:
            case Measure.FINDINGS:
                return findings_level(self.findings)
            case Measure.CHANGE:
                return self.change_level
            case Measure.STAKE:
                return (
                    CLASS_LEVEL
                    if self.changes_class
                    else _step(abs(self.stake or Decimal(0)), _POINTS)
                )


def findings_level(findings: Sequence[Finding]) -> int:
    """0 none, 1 explained, 3 a reason is owed, 4 must be put right."""
    if any(finding.is_block for finding in findings):
        return 4
    if any(finding.lacks_reason for finding in findings):
        return OWED
    return 1 if findings else 0


def _step(amount: Decimal, limits: Sequence[Decimal]) -> int:
    return sum(1 for limit in limits if amount >= limit)


def change_of(
    spec: CellSpec, now: CellFigure | None, last: Decimal | None, spread: Spread | None
) -> tuple[Decimal | None, int, str]:
    """Change in per cent, its level, and words: how far from what the other counties' figures did."""
    exact = now.exact(spec.factor) if now else None
    if exact is None or last is None:
        return None, 0, ""
    if not last:
        return None, (0 if exact == last else 1), "上年为0" if exact else "持平"
    percent = ((exact - last) / last * 100).quantize(TENTH, ROUND_HALF_UP)
    if not percent:
        return percent, 0, "持平"
    is_worse = (percent > 0) == spec.lower_is_better
    way = f"{'上升' if percent > 0 else '下降'}{abs(percent)}%，{'变差' if is_worse else '变好'}"
    if spread is None or spread.sample < ENOUGH or not spread.mad or exact <= 0 or last <= 0:
        return percent, _step(abs(percent), _PERCENTS), f"{way}（可比县数样本不足）"
    distance = abs((exact / last).ln() - spread.median) * CONSISTENT / spread.mad
    return percent, _step(distance, (*_DISTANCES, _DISTANCES[-1] * 2)), way
