"""A county through the years: the valid list of each year, and what became of the same unit there."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from county_portal.accounts.models import Region
from county_portal.accounts.selectors import lineages
from reports.card_facts import YearResult
from scoring.models import ListRow, PublishedList, Result
from scoring.selectors.lists import list_current

YEARS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class GradedYear:
    """One year's list and the unit's result on it; None where it was not graded."""

    published: PublishedList
    result: Result | None

    @property
    def data_year(self) -> int:
        """The year the figures speak of."""
        return self.published.collection.data_year

    @property
    def shown(self) -> YearResult:
        """As the card shows it."""
        if self.result is None:
            return YearResult(self.data_year, None, "", None, None)
        return YearResult(
            self.data_year,
            self.result.total,
            self.result.class_name,
            self.result.rank,
            self.published.row_count,
        )


@dataclass(frozen=True, slots=True)
class History:
    """Years in order, the card's own last; a unit renamed or replaced by one successor is the same unit."""

    years: Sequence[GradedYear]

    @property
    def last_year(self) -> Result | None:
        """The result one data year earlier, and not of whichever year was graded last."""
        wanted = self.years[-1].data_year - 1
        return next((year.result for year in self.years if year.data_year == wanted), None)

    @property
    def last_total(self) -> Decimal | None:
        """Its total."""
        return self.last_year.total if self.last_year else None

    def former_name(self, row: ListRow) -> str:
        """The name the unit was graded under one data year earlier; blank where it is the same."""
        region = self.last_year.region if self.last_year else None
        return region.full_name if region and region.name != row.name else ""

    @property
    def shown(self) -> tuple[YearResult, ...]:
        """The last three data years, as far as they were graded."""
        first = self.years[-1].data_year - YEARS_SHOWN + 1
        return tuple(year.shown for year in self.years if year.data_year >= first)

    def best_year(self, row: ListRow) -> int | None:
        """The first year of the best rank the list states; None if a later correction took that rank away."""
        return next(
            (
                year.data_year
                for year in self.years
                if year.result is not None and year.result.rank == row.best_rank
            ),
            None,
        )


def read_history(published: PublishedList, region: Region) -> History:
    """This list, even one corrected since, and the valid lists of earlier years; three queries."""
    earlier = [
        row
        for row in reversed(list_current())
        if row.collection.version.system_id == published.collection.version.system_id
        and row.collection.data_year < published.collection.data_year
    ]
    lists, ids = [*earlier, published], lineages([region])[region.pk]
    found = Result.objects.filter(run__in=[row.run_id for row in lists], region__in=ids)
    results = {(row.run_id, row.region_id): row for row in found.select_related("region")}
    return History([GradedYear(row, _same_unit(results, row.run_id, ids)) for row in lists])


def _same_unit(
    results: dict[tuple[int, int], Result], run_id: int, region_ids: Sequence[int]
) -> Result | None:
    return next((results[run_id, pk] for pk in region_ids if (run_id, pk) in results), None)
