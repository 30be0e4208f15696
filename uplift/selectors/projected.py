"""Year-end forecasts, asked of the early warning: there is one projection in the house, and it is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from county_portal.accounts.models import Region, User


@dataclass(frozen=True, slots=True)
class Projected:
    """The year-end value projected from the months, with its band."""

    number: Decimal
    low: Decimal | None = None
    high: Decimal | None = None


def read_projected(
    user: User, regions: Sequence[Region], year: int
) -> Mapping[tuple[int, str], Projected]:
    """By region's key and indicator code; empty as long as nothing was projected."""
    return {}
