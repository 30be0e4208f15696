"""Year-end forecasts, asked of the early warning: there is one projection in the house, and it is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.selectors.monthly import CountyYear
from monitoring.selectors.projections import project_years


@dataclass(frozen=True, slots=True)
class Projected:
    """The year-end value projected from the months, with its band; `why` what is lacking for one."""

    number: Decimal
    low: Decimal | None
    high: Decimal | None
    why: str


def read_projected(years: Sequence[CountyYear]) -> Mapping[tuple[int, str], Projected]:
    """By region's key and indicator code; lines that cannot be projected are left out.

    Takes the months of one call as they were read: the page has them already. One query.
    """
    if not years:
        return {}
    return {
        (key, line.code): Projected(line.mid, line.low, line.high, line.why)
        for key, lines in project_years(years[0].call, years).items()
        for line in lines
        if line.mid is not None
    }
