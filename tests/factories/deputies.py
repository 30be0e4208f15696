"""Who stands in for whom, named through the real act."""

from datetime import timedelta

from county_portal.accounts.models import Deputyship, User
from county_portal.administration.actions.deputies import DeputyInput, name_deputy
from county_portal.common import clock


def days_ahead(
    deputy: User, *, start: int = 0, days: int = 5, reason: str = "出差。"
) -> DeputyInput:
    """From so many days ahead, for so many days."""
    first = clock.today() + timedelta(days=start)
    return DeputyInput(deputy.public_id, first, first + timedelta(days=days - 1), reason)


def stand_in(deputy: User, absent: User, *, start: int = 0, days: int = 5) -> Deputyship:
    """The absent names the deputy, who knows of it from here on."""
    found = name_deputy(actor=absent, data=days_ahead(deputy, start=start, days=days))
    deputy.refresh_from_db()
    return found
