"""Monthly figures: the province calls for a year, counties report months and set their targets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import OfficeKind, Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.numbers import plain
from county_portal.notices.actions import Message, notify
from indicators.models import (
    MonthlyCall,
    MonthlyFigure,
    MonthlyTarget,
    SystemVersion,
)
from indicators.notifications import Side, people_concerned
from indicators.rules.monthly import fallen_months, has_ended, targets_until
from indicators.selectors.monthly import (
    CountyYear,
    Line,
    get_call,
    list_called,
    list_monthly_indicators,
    own_county,
    read_county,
)


@transaction.atomic
def open_call(*, actor: User, version: SystemVersion, year: int, due_day: int) -> MonthlyCall:
    """Ask every county for the monthly indicators of a year, and tell them."""
    if not actor.holds(Permission.COLLECT):
        raise NotAllowed
    if not list_monthly_indicators(version):
        raise Invalid(
            "nothing_monthly", "所选指标体系没有按月报送的指标，请换一个版本。", "version"
        )
    if MonthlyCall.objects.filter(version=version, year=year).exists():
        raise Invalid("call_exists", f"{year}年月报已经布置，请直接使用。", "year")
    call = MonthlyCall.objects.create(
        version=version, year=year, due_day=due_day, opened_by=actor, opened_at=clock.now()
    )
    record(actor, Entry("open_monthly_call", "monthly_call", str(call.public_id), {"year": year}))
    title = f"{year}年月报已布置，请于次月{due_day}日前报送，并填报年度目标"
    path = reverse("indicators:monthly_fill", args=[call.public_id])
    people = people_concerned({Side.COUNTY: _bureaus(call)})
    notify(people, Message(f"month-call:{call.public_id}", "monthly", title, path=path))
    return call


def _bureaus(call: MonthlyCall) -> set[int]:
    regions = list_called(call).filter(offices__kind=OfficeKind.BUREAU)
    return set(regions.values_list("offices", flat=True))


@dataclass(frozen=True, slots=True)
class MonthEntry:
    """A month's figure as entered; no number takes a reported figure back."""

    code: str
    month: int
    number: Decimal | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class TargetEntry:
    """Where an indicator's year starts and is to end."""

    code: str
    baseline: Decimal | None
    number: Decimal


@dataclass(frozen=True, slots=True)
class MonthlyInput:
    """What a county enters at once; `seen` is the fingerprint of what it had before it."""

    seen: str
    months: Sequence[MonthEntry] = ()
    targets: Sequence[TargetEntry] = ()


@transaction.atomic
def report_months(*, actor: User, call_id: UUID, entered: MonthlyInput) -> int:
    """Write what differs from what is stored; returns how many cells were written.

    Raises Stale `edited_meanwhile` if somebody saved since `seen`, Invalid for a month that is not over
    and for a sum since January that falls without a note.
    """
    if not actor.holds(Permission.FILL):
        raise NotAllowed
    call = get_call(actor, call_id)
    region = own_county(actor, call)
    # One writer a county at a time; other counties write beside it.
    Region.objects.select_for_update(of=("self",)).get(pk=region.pk)
    year = read_county(call, region)
    if entered.seen != year.fingerprint:
        raise Stale(
            "edited_meanwhile", "在您填写期间，同事已保存过本表。您的填写没有保存，请核对后再保存。"
        )
    lines = {line.indicator.code: line for line in year.lines}
    months = [entry for entry in entered.months if _is_new(lines[entry.code], entry)]
    targets = [entry for entry in entered.targets if _is_other(lines[entry.code], entry)]
    _refuse_months(year, lines, months)
    _refuse_targets(year, lines, targets)
    _write_months(actor, year, lines, months)
    _write_targets(actor, year, lines, targets)
    return len(months) + len(targets)


def _is_new(line: Line, entry: MonthEntry) -> bool:
    stored = line.months[entry.month - 1]
    return (stored.number, stored.note) != (
        entry.number,
        entry.note if entry.number is not None else "",
    )


def _is_other(line: Line, entry: TargetEntry) -> bool:
    target = line.target
    return target is None or (target.baseline, target.number) != (entry.baseline, entry.number)


def _refuse_months(
    year: CountyYear, lines: Mapping[str, Line], months: Sequence[MonthEntry]
) -> None:
    for entry in months:
        name = lines[entry.code].indicator.name
        if not has_ended(year.call.year, entry.month, clock.today()):
            raise Invalid(
                "month_not_over",
                f"{entry.month}月尚未结束，“{name}”请在次月初填报。",
                f"f-{entry.code}-{entry.month}",
            )
    for code in {entry.code for entry in months}:
        _refuse_fall(lines[code], [entry for entry in months if entry.code == code])


def _refuse_fall(line: Line, entries: Sequence[MonthEntry]) -> None:
    """A sum since January that falls is a correction of what came before: it says why."""
    numbers = {month.month: month.number for month in line.months if month.number is not None}
    notes = {month.month: month.note for month in line.months}
    for entry in entries:
        notes[entry.month] = entry.note
        if entry.number is None:
            numbers.pop(entry.month, None)
        else:
            numbers[entry.month] = entry.number
    for month in fallen_months(line.indicator.monthly, numbers):
        if not notes[month].strip():
            raise Invalid(
                "flow_fell",
                f"“{line.indicator.name}”为年初至今累计数，{month}月小于前几个月，"
                "请核对；确属核减的，请在说明中写明原因。",
                f"t-{line.indicator.code}-{month}",
            )


def _refuse_targets(
    year: CountyYear, lines: Mapping[str, Line], targets: Sequence[TargetEntry]
) -> None:
    """A target that was set stands once the first quarter is reported: moved later it would mean nothing."""
    last = targets_until(year.call.year, year.call.due_day)
    changed = [entry for entry in targets if lines[entry.code].target]
    if changed and clock.today() > last:
        name = lines[changed[0].code].indicator.name
        raise Stale(
            "target_settled",
            f"“{name}”的年度目标已于{_day(last)}后锁定，不能再改；首次填报的目标不受此限。",
        )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _write_months(
    actor: User, year: CountyYear, lines: Mapping[str, Line], months: Sequence[MonthEntry]
) -> None:
    if not months:
        return
    gone = [
        stored.pk
        for entry in months
        if entry.number is None and (stored := lines[entry.code].months[entry.month - 1].reported)
    ]
    year.call.figures.filter(pk__in=gone).delete()
    MonthlyFigure.objects.bulk_create(
        [
            MonthlyFigure(
                call=year.call,
                region=year.region,
                indicator=lines[entry.code].indicator,
                month=entry.month,
                number=entry.number,
                note=entry.note,
                reported_by=actor,
                reported_at=clock.now(),
            )
            for entry in months
            if entry.number is not None
        ],
        update_conflicts=True,
        unique_fields=["call", "region", "indicator", "month"],
        update_fields=["number", "note", "reported_by", "reported_at"],
    )
    detail = {
        f"{entry.code}/{entry.month}": [
            _plain(lines[entry.code], entry.month),
            [plain(entry.number), entry.note],
        ]
        for entry in months
    }
    record(actor, _entry("report_months", year, detail))


def _plain(line: Line, month: int) -> list[str]:
    stored = line.months[month - 1]
    return [plain(stored.number), stored.note]


def _write_targets(
    actor: User, year: CountyYear, lines: Mapping[str, Line], targets: Sequence[TargetEntry]
) -> None:
    if not targets:
        return
    MonthlyTarget.objects.bulk_create(
        [
            MonthlyTarget(
                call=year.call,
                region=year.region,
                indicator=lines[entry.code].indicator,
                baseline=entry.baseline,
                number=entry.number,
                set_by=actor,
                set_at=clock.now(),
            )
            for entry in targets
        ],
        update_conflicts=True,
        unique_fields=["call", "region", "indicator"],
        update_fields=["baseline", "number", "set_by", "set_at"],
    )
    detail = {}
    for entry in targets:
        old = lines[entry.code].target
        before = [plain(old.baseline), plain(old.number)] if old else None
        detail[entry.code] = [before, [plain(entry.baseline), plain(entry.number)]]
    record(actor, _entry("set_monthly_targets", year, detail))


def _entry(act: str, year: CountyYear, detail: Mapping[str, object]) -> Entry:
    return Entry(
        act=act,
        kind="monthly_call",
        object_id=str(year.call.public_id),
        detail=detail,
        region_code=year.region.code,
    )
