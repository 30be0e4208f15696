"""What waits for a unit: measures of which last month is still to be reported. One query."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from measures.enums import CLOSED, REPORTING
from measures.models import Duty, ProgressEntry
from measures.rules.months import due_on, month_of, shifted


@dataclass(frozen=True, slots=True)
class DueReport:
    """A part in a measure of which a month is to be reported, since when and until when."""

    duty: Duty
    month: date
    until: date


def list_due(user: User) -> list[DueReport]:
    """Of one's own office, in the order of the ledgers; none for who does not report."""
    if not user.holds(Permission.REPORT_MEASURES):
        return []
    today = clock.today()
    month = shifted(month_of(today), -1)
    said = ProgressEntry.objects.filter(duty=OuterRef("pk"), month=month)
    own = Q(office_id=user.office_id) | Q(
        office__isnull=True, measure__ledger__office_id=user.office_id
    )
    duties = (
        Duty.objects.filter(own, ~Exists(said), kind__in=REPORTING, ended_on__isnull=True)
        .exclude(measure__state__in=CLOSED)
        # A month is due from the one in which both the ledger and the unit's part began.
        .filter(begins_on__lt=month_of(today), measure__ledger__starts_on__lt=month_of(today))
        .filter(Q(measure__ledger__ends_on__isnull=True) | Q(measure__ledger__ends_on__gte=month))
        .select_related("measure__ledger")
        .order_by("measure__ledger", "measure__order", "order")
    )
    return [DueReport(each, month, due_on(month, each.measure.ledger.due_day)) for each in duties]
