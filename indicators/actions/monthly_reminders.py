"""What the calendar says of monthly figures: before a month's day, and after it upwards."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.urls import reverse

from county_portal.accounts.models import Office
from county_portal.accounts.roles import Level, OfficeKind
from county_portal.common.text import chinese_date
from county_portal.notices.actions import Message
from indicators.actions.telling import Address
from indicators.models import MonthlyCall
from indicators.notifications import Side
from indicators.rules.monthly import MONTHS, due_on, month_words
from indicators.selectors.monthly import Reported, called_on, list_reported

KIND = "monthly"
# Days before a month's day on which the county is reminded; days after it for city and province,
# and after which nobody is told any more.
BEFORE, CITY_AFTER, PROVINCE_AFTER, CHASED = 3, 3, 7, 30


def of_months(today: date) -> list[Address]:
    """Everything due today, of the calls of this year and the last."""
    calls = MonthlyCall.objects.filter(year__gte=today.year - 1).select_related("version")
    return [address for call in calls for address in _of_call(call, today)]


def _of_call(call: MonthlyCall, today: date) -> Iterator[Address]:
    counties = list_reported(call, today)
    offices = dict(
        Office.objects.filter(
            level=Level.COUNTY,
            kind=OfficeKind.BUREAU,
            region__in=[county.region.pk for county in counties],
        ).values_list("region", "pk")
    )
    for due, months in _by_day(call).items():
        lacking = [county for county in counties if set(months) & set(county.missing)]
        # What lies further behind stands on the pages, and is not chased for ever.
        if not due - timedelta(days=BEFORE) <= today <= due + timedelta(days=CHASED):
            continue
        for county in lacking:
            if county.region.pk in offices:
                mine = [month for month in months if month in county.missing]
                yield _to_county(call, mine, due, today, offices[county.region.pk])
        if lacking:
            yield from _upwards(call, months, due, today, lacking)


def _by_day(call: MonthlyCall) -> dict[date, list[int]]:
    """Months by the day they are due: those before a late call fall due together."""
    days: dict[date, list[int]] = {}
    for month in MONTHS:
        day = due_on(call.year, month, call.due_day, called_on(call))
        days.setdefault(day, []).append(month)
    return days


def _to_county(
    call: MonthlyCall, months: Sequence[int], due: date, today: date, office_id: int
) -> Address:
    path = reverse("indicators:monthly_fill", args=[call.public_id])
    is_late = today > due
    title = (
        f"{_words(call, months)}已逾期（{chinese_date(due)}截止），请尽快补报"
        if is_late
        else f"请于{chinese_date(due)}前报送{_words(call, months)}"
    )
    key = f"month{'-late' if is_late else ''}:{call.public_id}:{due.isoformat()}"
    return Address(Side.COUNTY, office_id, Message(key, KIND, title, path=path))


def _words(call: MonthlyCall, months: Sequence[int]) -> str:
    return f"{call.year}年{month_words(months)}月报"


def _upwards(
    call: MonthlyCall, months: Sequence[int], due: date, today: date, lacking: Sequence[Reported]
) -> Iterator[Address]:
    path = reverse("indicators:monthly_overview", args=[call.public_id])
    words = f"个县（市、区）逾期未报{_words(call, months)}"
    if today >= due + timedelta(days=CITY_AFTER):
        by_office: dict[int, list[Reported]] = {}
        for county in lacking:
            if county.region.reviewing_office_id:
                by_office.setdefault(county.region.reviewing_office_id, []).append(county)
        for office_id, counties in by_office.items():
            names = "、".join(county.region.full_name for county in counties)
            key = f"month-city:{call.public_id}:{due.isoformat()}"
            message = Message(key, KIND, f"{len(counties)}{words}", names, path)
            yield Address(Side.CITY, office_id, message)
    if today >= due + timedelta(days=PROVINCE_AFTER):
        key = f"month-province:{call.public_id}:{due.isoformat()}"
        yield Address(Side.PROVINCE, None, Message(key, KIND, f"{len(lacking)}{words}", path=path))
