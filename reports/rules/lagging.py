"""Which assessed indicators fell short of a year's targets, where, and by how much. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from applications.rules.achievement import Achievement
from reports.rules.progress import OWN_FROM, ProgressContent, Reading


@dataclass(frozen=True, slots=True)
class Shortfall:
    """An indicator that does not hold the year's target."""

    region: str
    reading: Reading
    target: Decimal
    achievement: Achievement

    @property
    def gap(self) -> Decimal:
        """What is wanting to the target, in the indicator's unit; never negative."""
        return abs(self.target - (self.reading.number or Decimal(0)))

    @property
    def words(self) -> str:
        """How far it came, for people."""
        return "不及基数" if self.share < 0 else f"{self.achievement.percent}%"

    @property
    def share(self) -> Decimal:
        """Unrounded; a step back is below 0."""
        return self.achievement.share or Decimal(0)


@dataclass(frozen=True, slots=True)
class LaggingIndicator:
    """An indicator of the common table: how many pilots are held to it, and who fell short, worst first."""

    order: int
    name: str
    unit: str
    measured: int
    shortfalls: Sequence[Shortfall]


def shortfalls_of(content: ProgressContent) -> list[Shortfall]:
    """Of one report, the furthest from its target first."""
    found = []
    for row in content.assessed:
        achievement, target = row.achieved(content.year), row.target_of(content.year)
        if achievement.is_reached is False and target is not None:
            found.append(Shortfall(content.region_name, row, target, achievement))
    return sorted(found, key=lambda each: (each.share, each.reading.order))


def lagging_indicators(contents: Iterable[ProgressContent]) -> list[LaggingIndicator]:
    """Indicators that some pilot fell short of, those of most pilots first.

    What a county proposed itself is left out: the same row means something else in each county.
    """
    contents = list(contents)
    measured: dict[int, list[Reading]] = {}
    for content in contents:
        for row in content.assessed:
            if row.order < OWN_FROM and row.achieved(content.year).is_reached is not None:
                measured.setdefault(row.order, []).append(row)
    short: dict[int, list[Shortfall]] = {}
    for content in contents:
        for each in shortfalls_of(content):
            short.setdefault(each.reading.order, []).append(each)
    lagging = [
        LaggingIndicator(
            order,
            rows[0].name,
            rows[0].unit,
            len(rows),
            sorted(short[order], key=lambda each: (each.share, each.region)),
        )
        for order, rows in measured.items()
        if order in short
    ]
    return sorted(lagging, key=lambda each: (-len(each.shortfalls), each.order))
