"""What a pilot promised and what was published of reached, line by line. No rows, no request."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from applications.rules.achievement import Achievement, Aim, achieve

if TYPE_CHECKING:
    from applications.models import PilotTarget


@dataclass(frozen=True, slots=True)
class PromisedYear:
    """One year of one indicator; blank where nothing was promised or published."""

    year: int
    target: Decimal | None
    promised: Decimal | None  # as the application had it, where that was changed since
    actual: Decimal | None
    words: str
    achievement: Achievement


@dataclass(frozen=True, slots=True)
class Promise:
    """One assessed indicator over the years."""

    target: "PilotTarget"
    years: Sequence[PromisedYear]

    @property
    def title(self) -> str:
        """The indicator with its unit."""
        return f"{self.target.name}（{self.target.unit}）" if self.target.unit else self.target.name

    @property
    def points(self) -> list[tuple[str, Decimal | None]]:
        """Baseline and what was reached, for a line chart."""
        begun = (f"{self.target.baseline_year}年", self.target.baseline)
        return [begun, *((f"{year.year}年", year.actual) for year in self.years)]

    @property
    def limits(self) -> list[tuple[str, Decimal]]:
        """The last target, as a dashed line."""
        aims = [year for year in self.years if year.target is not None]
        last = aims[-1] if aims else None
        return [(f"{last.year}年目标", last.target)] if last and last.target is not None else []

    @property
    def is_charted(self) -> bool:
        """Whether there is anything to draw beside the baseline."""
        return any(year.actual is not None for year in self.years)


def years_of(targets: Sequence["PilotTarget"]) -> list[int]:
    """Every year something was promised or published for."""
    promised = {year.year for target in targets for year in target.years.all()}
    reached = {row.year for target in targets for row in target.reached.all()}
    return sorted(promised | reached)


def promises_of(targets: Sequence["PilotTarget"]) -> list[Promise]:
    """The lines, from targets whose `reached` holds what was published alone."""
    years = years_of(targets)
    return [Promise(target, [_year(target, year) for year in years]) for target in targets]


def _year(target: "PilotTarget", year: int) -> PromisedYear:
    promised = next((row for row in target.years.all() if row.year == year), None)
    reached = next((row for row in target.reached.all() if row.year == year), None)
    aim = Aim(target.baseline, promised.number if promised else None, target.lower_is_better)
    is_changed = promised is not None and promised.number != promised.promised
    return PromisedYear(
        year=year,
        target=aim.target,
        promised=promised.promised if promised and is_changed else None,
        actual=reached.number if reached else None,
        words=reached.words if reached else "",
        achievement=achieve(aim, reached.number if reached else None),
    )
