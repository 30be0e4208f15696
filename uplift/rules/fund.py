"""The special fund by year: planned, used, left; pure. All amounts in yuan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from uplift.rules.text import FundYear

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class FundBalance:
    """One year of the fund."""

    year: int
    planned: Decimal
    spent: Decimal
    uses: str = ""

    @property
    def left(self) -> Decimal:
        """What is not used yet; below 0 where an amendment took planned money away."""
        return self.planned - self.spent


def balances(fund: Sequence[FundYear], spent: Mapping[int, Decimal]) -> list[FundBalance]:
    """Each planned year, and years of which something was used without being planned any more."""
    planned = {each.year: each for each in fund}
    return [
        FundBalance(
            year,
            planned[year].amount if year in planned else _ZERO,
            spent.get(year, _ZERO),
            planned[year].uses if year in planned else "",
        )
        for year in sorted({*planned, *spent})
    ]


def total_of(rows: Sequence[FundBalance]) -> FundBalance:
    """All years together."""
    return FundBalance(
        0,
        sum((row.planned for row in rows), _ZERO),
        sum((row.spent for row in rows), _ZERO),
    )
