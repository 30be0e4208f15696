"""What the calendar says of monthly figures: before a month's day, and after it upwards."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.urls import reverse

from county_portal.accounts.models import Office
from county_portal.accounts.roles import Level, OfficeKind
from county_portal.notices.actions import Message
from indicators.actions.telling import Address
from indicators.models import MonthlyCall
from indicators.notifications import Side, day_words
from indicators.rules.monthly import due_on
from indicators.selectors.monthly import Reported, called_on, list_reported

KIND = "monthly"
# Days before a month's day on which the county is reminded; days after it for city and province.
BEFORE, CITY_AFTER, PROVINCE_AFTER = 3, 3, 7


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
    for month in range(1, 13):
        due = due_on(call.year, month, call.due_day, called_on(call))
        lacking = [county for county in counties if month in county.missing]
        # A month that was due long before anybody looked is not chased once the year is over.
        if not lacking or today < due - timedelta(days=BEFORE):
            continue
        for county in lacking:
            if county.region.pk in offices:
                yield _to_county(call, month, due, today, offices[county.region.pk])
        yield from _upwards(call, month, due, today, lacking)


def _to_county(call: MonthlyCall, month: int, due: date, today: date, office_id: int) -> Address:
    path = reverse("indicators:monthly_fill", args=[call.public_id])
    is_late = today > due
    title = (
        f"{call.year}年{month}月月报已逾期（{day_words(due)}截止），请尽快补报"
        if is_late
        else f"请于{day_words(due)}前报送{call.year}年{month}月月报"
    )
    key = f"month{'-late' if is_late else ''}:{call.public_id}:{month}"
    return Address(Side.COUNTY, office_id, Message(key, KIND, title, path=path))


def _upwards(
    call: MonthlyCall, month: int, due: date, today: date, lacking: Sequence[Reported]
) -> Iterator[Address]:
    path = reverse("indicators:monthly_overview", args=[call.public_id])
    words = f"个县（市、区）逾期未报{call.year}年{month}月月报"
    if today >= due + timedelta(days=CITY_AFTER):
        by_office: dict[int, list[Reported]] = {}
        for county in lacking:
            if county.region.reviewing_office_id:
                by_office.setdefault(county.region.reviewing_office_id, []).append(county)
        for office_id, counties in by_office.items():
            names = "、".join(county.region.full_name for county in counties)
            key = f"month-city:{call.public_id}:{month}"
            message = Message(key, KIND, f"{len(counties)}{words}", names, path)
            yield Address(Side.CITY, office_id, message)
    if today >= due + timedelta(days=PROVINCE_AFTER):
        key = f"month-province:{call.public_id}:{month}"
        yield Address(Side.PROVINCE, None, Message(key, KIND, f"{len(lacking)}{words}", path=path))
