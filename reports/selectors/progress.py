"""Progress reports somebody may see, whose turn each is, and what may be done with one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.shortcuts import get_object_or_404

from applications.enums import PilotState
from applications.models import Pilot
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.accounts.selectors import find_regions
from county_portal.common import clock
from county_portal.common.components import Turn
from county_portal.common.errors import Stale
from county_portal.common.province import words
from county_portal.common.workflow import Transition
from reports.enums import EDITABLE, ProgressState
from reports.models import HALTED, ProgressFile, ProgressReport, ProgressStep
from reports.rules.calendar import DAYS_AFTER_OPENING, review_due
from reports.workflow import PROGRESS_WORKFLOW

LATE, MISSING = "late", "missing"


def list_reports(user: User) -> QuerySet[ProgressReport]:
    """Reports somebody may see, newest year first, with pilot, region and offices."""
    return ProgressReport.objects.visible_to(user).select_related(
        "pilot__region__parent",
        "pilot__round",
        "pilot__office",
        "pilot__reviewing_office",
        "submitted_by",
    )


def get_report(user: User, public_id: UUID, *, lock: bool = False) -> ProgressReport:
    """One of those; 404 otherwise."""
    reports = list_reports(user)
    if lock:
        reports = reports.select_for_update(of=("self",))
    return get_object_or_404(reports, public_id=public_id)


def get_report_file(user: User, public_id: UUID) -> ProgressFile:
    """Evidence of a report somebody may see; 404 otherwise."""
    files = ProgressFile.objects.filter(report__in=ProgressReport.objects.visible_to(user))
    return get_object_or_404(files.select_related("file", "target", "report"), public_id=public_id)


def get_pilot(user: User, public_id: UUID) -> Pilot:
    """A pilot somebody may see; 404 otherwise."""
    pilots = Pilot.objects.visible_to(user).select_related(
        "region__parent", "round", "office", "reviewing_office", "application"
    )
    return get_object_or_404(pilots, public_id=public_id)


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """What a list is narrowed to; blanks narrow nothing. `standing` is a state, `late` or `missing`."""

    year: int | None = None
    standing: str = ""
    text: str = ""


def _late() -> Q:
    """Handed in after its day, in Beijing's calendar, or not yet and the day has passed."""
    return Q(submitted_at__date__gt=F("due_on")) | _missing()


def _missing() -> Q:
    halted = Q(pilot__state__in=HALTED)
    passed = Q(due_on__lt=clock.today()) & ~halted
    return Q(submitted_at__isnull=True) & (
        passed | halted & Q(due_on__lt=F("pilot__state_since__date"))
    )


def narrow_reports(
    reports: QuerySet[ProgressReport], wanted: ReportFilter
) -> QuerySet[ProgressReport]:
    """The reports asked for."""
    if wanted.year:
        reports = reports.filter(year=wanted.year)
    if wanted.text:
        reports = reports.filter(pilot__region__in=find_regions(wanted.text).order_by())
    if wanted.standing == LATE:
        return reports.filter(_late())
    if wanted.standing == MISSING:
        return reports.filter(_missing())
    return reports.filter(state=wanted.standing) if wanted.standing else reports


def count_reports(reports: QuerySet[ProgressReport]) -> Counter[str]:
    """How many of each state, and how many are late or missing; one query."""
    counts: Counter[str] = Counter()
    rows = list(
        reports.select_related(None)
        .select_related("pilot")
        .only("state", "submitted_at", "due_on", "pilot__state", "pilot__state_since")
    )
    for row in rows:
        counts[row.state] += 1
        counts[LATE] += row.is_late
        counts[MISSING] += row.is_missing
    counts[""] = len(rows)
    return counts


def list_years(user: User) -> list[int]:
    """Years of which somebody may see reports, newest first."""
    years = ProgressReport.objects.visible_to(user).order_by("-year")
    return list(years.values_list("year", flat=True).distinct())


def turn_of(report: ProgressReport) -> Turn:
    """As `components/turn.html` takes it."""
    pilot, since = report.pilot, report.state_since
    if report.state in EDITABLE:
        until = report.correction_due_on or report.due_on
        return Turn(pilot.office.name, since, until, _county_note(report))
    if report.state in {ProgressState.SUBMITTED, ProgressState.CITY_REVIEW}:
        until = review_due(report.due_on, clock.day_of(since))
        return Turn(pilot.reviewing_office.name, since, until)
    if report.state == ProgressState.PROVINCE_REVIEW:
        return Turn(words().province_office, since, None)
    return Turn("", since, None)


def _county_note(report: ProgressReport) -> str:
    if report.pilot.state == PilotState.SUSPENDED:
        return f"试点已暂停，暂停期间不计逾期；恢复后{DAYS_AFTER_OPENING}日内报送。"
    return "已逾期，仍可报送，报送后标明“逾期报送”。" if report.is_missing else ""


def why_not_editable(report: ProgressReport) -> Stale | None:
    """Why the county may not change it now, or None. A day that has passed is no reason (late is marked)."""
    if report.state in EDITABLE and report.pilot.state == PilotState.WITHDRAWN:
        name = report.pilot.region.full_name
        return Stale("pilot_not_active", f"{name}已退出试点，“{report}”不再编制和报送。")
    if report.state in EDITABLE:
        return None
    return Stale(
        "not_editable",
        f"“{report}”现为“{report.get_state_display()}”，不能修改。如需更正，请联系审核单位退回。",
    )


def may_edit(user: User, report: ProgressReport) -> bool:
    """Whether this person may change it now."""
    return user.holds(Permission.APPLY) and why_not_editable(report) is None


def available_actions(user: User, report: ProgressReport) -> tuple[Transition, ...]:
    """Transitions the table offers somebody; completeness is asked by the act."""
    return PROGRESS_WORKFLOW.actions_from(report.state, user.permissions)


def list_steps(report: ProgressReport) -> list[ProgressStep]:
    """The moves so far, oldest first."""
    return list(report.steps.select_related("actor__office").order_by("at", "pk"))


def was_returned(report: ProgressReport) -> bool:
    """Whether it ever came back to the county."""
    return report.steps.filter(to_state=ProgressState.RETURNED).exists()


def waiting_reports(user: User) -> QuerySet[ProgressReport]:
    """Those on which this person is to act, by their day: for the inbox."""
    states = {row.source for row in PROGRESS_WORKFLOW.transitions if user.holds(_held(row))}
    if user.holds(Permission.APPLY):
        states |= set(EDITABLE)
    # Taking back is no duty.
    if not user.holds(Permission.RECOMMEND):
        states.discard(ProgressState.SUBMITTED)
    halted = Q(state__in=EDITABLE, pilot__state__in=HALTED)
    waiting = list_reports(user).filter(state__in=states).exclude(halted)
    return waiting.order_by("due_on", "pilot__region__code")


def _held(row: Transition) -> Permission:
    return Permission(row.permission)


def reports_of(pilot: Pilot) -> Sequence[ProgressReport]:
    """A pilot's reports, oldest year first."""
    return list(pilot.reports.order_by("year"))
