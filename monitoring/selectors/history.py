"""Finished years of monthly figures, from which courses are learned."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from county_portal.accounts.models import Region
from county_portal.accounts.selectors import lineages
from indicators.enums import REVIEWED
from indicators.models import MonthlyCall, MonthlyFigure, MonthlyTarget, Value
from indicators.rules.monthly import MONTHS
from indicators.rules.projection import PastYear
from indicators.selectors.sheets import figure_of

_Key = tuple[int, int, str]  # region, year, indicator code


def read_history(call: MonthlyCall) -> dict[str, list[PastYear]]:
    """By indicator code the finished years before a call's, of all versions of its system; four queries.

    The figure of the year before is what the county stated with its target, else December's of the
    year before, else the one reviewed.
    """
    months = _months(call)
    stated, reviewed = _stated(call), _reviewed(call)
    found: dict[str, list[PastYear]] = {}
    for (region, year, code), numbers in months.items():
        if max(MONTHS) not in numbers:
            continue
        earlier = (region, year - 1, code)
        before = stated.get((region, year, code))
        if before is None:
            before = months.get(earlier, {}).get(max(MONTHS), reviewed.get(earlier))
        found.setdefault(code, []).append(PastYear(region, year, before, numbers))
    return found


def _months(call: MonthlyCall) -> dict[_Key, dict[int, Decimal]]:
    rows = MonthlyFigure.objects.filter(
        call__version__system=call.version.system_id, call__year__lt=call.year
    )
    found: dict[_Key, dict[int, Decimal]] = {}
    columns = ("region", "call__year", "indicator__code", "month", "number")
    for region, year, code, month, number in rows.order_by().values_list(*columns):
        found.setdefault((region, year, code), {})[month] = number
    return found


def _stated(call: MonthlyCall) -> dict[_Key, Decimal]:
    rows = MonthlyTarget.objects.filter(
        call__version__system=call.version.system_id,
        call__year__lt=call.year,
        baseline__isnull=False,
    )
    columns = ("region", "call__year", "indicator__code", "baseline")
    return {
        (region, year, code): before
        for region, year, code, before in rows.order_by().values_list(*columns)
        if before is not None
    }


def _reviewed(call: MonthlyCall) -> Mapping[_Key, Decimal]:
    """Reviewed figures of the monthly indicators by the county that has the months."""
    reporting = list(
        Region.objects.filter(
            pk__in=MonthlyFigure.objects.filter(call__year__lt=call.year).values("region")
        )
    )
    owners = _owners(reporting)
    values = Value.objects.filter(
        submission__collection__version__system=call.version.system_id,
        submission__collection__data_year__lt=call.year,
        submission__region__in=list(owners),
        submission__state__in=REVIEWED,
        indicator__monthly__gt="",
    ).select_related("indicator", "submission__collection")
    found = {}
    for value in values:
        number = figure_of(value).exact(value.indicator.factor)
        if number is not None:
            year = value.submission.collection.data_year
            found[owners[value.submission.region_id], year, value.indicator.code] = number
    return found


def _owners(regions: Sequence[Region]) -> dict[int, int]:
    """The county that continues each earlier one."""
    return {earlier: region for region, line in lineages(regions).items() for earlier in line}
