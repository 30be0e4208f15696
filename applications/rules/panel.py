"""What experts' opinions on one application come to. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from county_portal.common.province import words

_PLACES = Decimal("0.01")
# Experts who differ by more than this share of the maximum are to be heard again; supplemented, S0 is silent.
WIDE_TOTAL, WIDE_CRITERION = Decimal("0.15"), Decimal("0.30")


@dataclass(frozen=True, slots=True)
class CriterionInput:
    """What is judged, and the most it can give."""

    name: str
    maximum: Decimal
    explanation: str = ""


# Where the province has not said otherwise. S0 三(一) names 具备基础 and 带动作用强, and asks for a plan;
# names and weights are supplemented.
DEFAULT_CRITERIA = (
    CriterionInput(
        "基础条件",
        Decimal(40),
        "创新资源、创新主体、产业基础和上年指标水平，参考最近一次监测评价类别。",
    ),
    CriterionInput(
        "带动作用",
        Decimal(30),
        f"对所在{words().city}和周边县（市、区）的示范引领，特色产业的辐射带动。",
    ),
    CriterionInput(
        "实施方案", Decimal(30), "目标是否先进可行，重点任务、进度安排和保障措施是否落实。"
    ),
)


class Judged(Protocol):
    """A criterion as it is stored."""

    pk: int
    name: str
    maximum: Decimal


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean of some points and the distance between the highest and the lowest; None without any."""

    name: str
    maximum: Decimal
    mean: Decimal | None
    spread: Decimal | None
    is_wide: bool


@dataclass(frozen=True, slots=True)
class PanelResult:
    """How many experts were asked, gave, kept away; what they gave in all and by criterion."""

    asked: int
    given: int
    conflicted: int
    total: Spread
    criteria: Sequence[Spread]

    @property
    def is_wide(self) -> bool:
        """Whether experts differ beyond a bound somewhere."""
        return self.total.is_wide or any(each.is_wide for each in self.criteria)

    @property
    def waiting(self) -> int:
        """Experts still to answer."""
        return self.asked - self.given - self.conflicted


def panel_result(
    criteria: Sequence[Judged],
    opinions: Iterable[Mapping[int, Decimal]],
    *,
    asked: int,
    conflicted: int,
) -> PanelResult:
    """`opinions` are points by criterion (its key), one mapping for each expert who gave his opinion."""
    given = list(opinions)
    parts = [
        spread_of(
            each.name,
            each.maximum,
            [opinion[each.pk] for opinion in given if each.pk in opinion],
            WIDE_CRITERION,
        )
        for each in criteria
    ]
    maximum = sum((each.maximum for each in criteria), Decimal(0))
    sums = [sum(opinion.values(), Decimal(0)) for opinion in given]
    total = spread_of("合计", maximum, sums, WIDE_TOTAL)
    return PanelResult(asked, len(given), conflicted, total, parts)


def spread_of(name: str, maximum: Decimal, points: Sequence[Decimal], bound: Decimal) -> Spread:
    """Mean to two decimals, halves up; wide where the distance is above `bound` of the maximum.

    One opinion alone has no distance from others: the spread is None then, not nought.
    """
    if not points:
        return Spread(name, maximum, None, None, is_wide=False)
    mean = (sum(points, Decimal(0)) / len(points)).quantize(_PLACES, ROUND_HALF_UP)
    if len(points) == 1:
        return Spread(name, maximum, mean, None, is_wide=False)
    distance = max(points) - min(points)
    return Spread(name, maximum, mean, distance, is_wide=distance > bound * maximum)
