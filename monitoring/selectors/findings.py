"""What is off in the counties of a call, from figures to findings."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.conf import settings

from county_portal.accounts.models import Region
from county_portal.accounts.selectors import lineages
from county_portal.common import clock
from county_portal.common.province_files import province_file
from indicators.enums import REVIEWED
from indicators.models import MonthlyCall, Value
from monitoring.learned import Teaching
from monitoring.rules.flags import Course, Finding, Parts, find, find_class, find_missing
from monitoring.rules.settings import WarningSettings, read_settings
from monitoring.selectors.outlooks import read_outlook
from monitoring.selectors.projections import ProjectedLine, project_call, teaching_of


def warning_settings() -> WarningSettings:
    """Thresholds and timetable of the installation's province."""
    return _settings_of(settings.PROVINCE)


@cache
def _settings_of(province: str) -> WarningSettings:
    """A small file, read once a process."""
    text = province_file("warnings.json", province).read_text(encoding="utf-8")
    return read_settings(json.loads(text))


@dataclass(frozen=True, slots=True)
class CountyFindings:
    """One county's lines and everything that is off in them."""

    region: Region
    lines: Sequence[ProjectedLine]
    findings: Sequence[Finding]


def find_all(call: MonthlyCall, regions: Sequence[Region]) -> list[CountyFindings]:
    """Findings of these counties; figures at a constant number of queries, classes a few a county with months."""
    teaching, limits = teaching_of(call), warning_settings()
    parts = _parts(call, regions)
    projected = project_call(call, regions)
    return [
        CountyFindings(
            region,
            projected[region.pk],
            [
                *_of_lines(region, projected[region.pk], parts, teaching, limits),
                *_of_county(call, region, projected[region.pk], teaching, limits),
            ],
        )
        for region in regions
    ]


_Parts = Mapping[tuple[int, str], Parts]


def _of_lines(
    region: Region,
    lines: Sequence[ProjectedLine],
    parts: _Parts,
    teaching: Teaching,
    limits: WarningSettings,
) -> list[Finding]:
    found = []
    for each in lines:
        course = _course(each, parts.get((region.pk, each.code)), teaching)
        found += find(course, limits)
    return found


def _course(each: ProjectedLine, parts: Parts | None, teaching: Teaching) -> Course:
    return Course(
        code=each.code,
        unit=each.indicator.unit,
        kind=each.indicator.monthly,
        is_lower_better=each.indicator.lower_is_better,
        before=each.baseline,
        target=each.target,
        numbers={m.month: m.number for m in each.line.months if m.number is not None},
        expected=each.expected,
        projection=each.projection,
        learned=teaching.of(each.code),
        parts=parts,
    )


def _of_county(
    call: MonthlyCall,
    region: Region,
    lines: Sequence[ProjectedLine],
    teaching: Teaching,
    limits: WarningSettings,
) -> list[Finding]:
    has_begun = any(each.line.latest for each in lines)
    found: list[Finding | None] = []
    if has_begun or limits.warns_silent:
        found.append(find_missing(_late(lines), clock.today(), limits))
    outlook = read_outlook(call, region, lines, teaching)
    if outlook is not None:
        newest = max((each.month or 0 for each in lines), default=0)
        found.append(find_class(newest, outlook.class_now, outlook.chances, limits))
    return [each for each in found if each]


def _late(lines: Sequence[ProjectedLine]) -> list[tuple[int, date, int]]:
    """Months whose day has passed, with how many indicators lack."""
    late: dict[int, tuple[date, int]] = {}
    for each in lines:
        for month in each.line.months:
            if month.is_late:
                _, count = late.get(month.month, (month.due_on, 0))
                late[month.month] = (month.due_on, count + 1)
    return [(month, due, count) for month, (due, count) in sorted(late.items())]


def _parts(call: MonthlyCall, regions: Sequence[Region]) -> _Parts:
    """Numerators and denominators of monthly rates as reviewed the year before; two queries."""
    past = lineages(regions)
    owners = {earlier: region for region, line in past.items() for earlier in line}
    values = Value.objects.filter(
        submission__collection__version__system=call.version.system_id,
        submission__collection__data_year=call.year - 1,
        submission__region__in=list(owners),
        submission__state__in=REVIEWED,
        indicator__monthly__gt="",
        numerator__isnull=False,
        denominator__isnull=False,
    ).select_related("indicator", "submission")
    found = {}
    for value in values:
        if value.numerator is None or value.denominator is None:
            continue
        indicator = value.indicator
        found[owners[value.submission.region_id], indicator.code] = Parts(
            indicator.numerator_label,
            indicator.numerator_unit,
            indicator.denominator_label,
            value.numerator,
            value.denominator,
            indicator.factor,
        )
    return found
