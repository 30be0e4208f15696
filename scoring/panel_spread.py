"""How far a panel's members lie apart on one county: what is beside the others is marked, never dropped. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

# A score further from the median of its county than this share of full marks is beside the others.
FAR = Decimal("0.25")
# Of two scores neither is beside the others.
_AT_LEAST = 3

METHODS = {
    "mean": "取各专家评分的平均分",
    "trimmed-mean": "去掉最高分和最低分后取平均分",
    "agreed": "各专家先独立评分，再集体议定一个得分，以议定得分为准",
}


@dataclass(frozen=True, slots=True)
class Given:
    """One member's score; `name` blank while names are hidden."""

    name: str
    score: Decimal
    is_far: bool


@dataclass(frozen=True, slots=True)
class CountySpread:
    """All scores of one county from lowest to highest."""

    given: Sequence[Given]
    median: Decimal | None
    distance: Decimal | None  # None of one score alone

    @property
    def is_far(self) -> bool:
        """Whether any score is beside the others."""
        return any(each.is_far for each in self.given)


def county_spread(scores: Sequence[tuple[str, Decimal]], maximum: Decimal) -> CountySpread:
    """Of names and scores; sorted by score, so that the order gives no hidden name away."""
    if not scores:
        return CountySpread((), None, None)
    middle = median(score for _, score in scores)
    far = FAR * maximum
    given = [
        Given(name, score, len(scores) >= _AT_LEAST and abs(score - middle) > far)
        for name, score in sorted(scores, key=lambda each: (each[1], each[0]))
    ]
    distance = given[-1].score - given[0].score if len(given) > 1 else None
    return CountySpread(given, middle, distance)
