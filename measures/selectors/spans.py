"""Months a unit may report."""

from datetime import date

from county_portal.common import clock
from measures.models import Duty
from measures.rules.months import Span, month_of


def reportable_months(duty: Duty) -> list[date]:
    """From the month it began to this month, or to the ledger's last."""
    ledger = duty.measure.ledger
    span = Span(max(ledger.starts_on, duty.begins_on), ledger.ends_on)
    return list(span.months(month_of(clock.today())))
