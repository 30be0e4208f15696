"""Year-end forecasts, asked of the early warning: there is one projection in the house, and it is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from county_portal.accounts.models import Region
from monitoring.selectors.projections import project_counties


@dataclass(frozen=True, slots=True)
class Projected:
    """The year-end value projected from the months, with its band; `why` what is lacking for one."""

    number: Decimal
    low: Decimal | None
    high: Decimal | None
    why: str


def read_projected(regions: Sequence[Region], year: int) -> Mapping[tuple[int, str], Projected]:
    """By region's key and indicator code; lines that cannot be projected are left out.

    Asks nobody's permission: the caller hands over counties its user may see.
    """
    return {
        (key, line.code): Projected(line.mid, line.low, line.high, line.why)
        for key, lines in project_counties(regions, year).items()
        for line in lines
        if line.mid is not None
    }
