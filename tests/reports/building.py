"""Pilots that are being built, and their progress reports brought to a state by the acts that lead there."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from applications.actions.beginning import begin_pilot
from applications.actions.progressing import note_progress
from applications.enums import ApplicationState
from applications.models import Pilot
from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import Role
from county_portal.common import clock
from reports.actions.filling import ReportInput, save_report
from reports.actions.moving import ReportMove, move_report
from reports.actions.opening import open_reports
from reports.enums import ProgressAction, ProgressState, ProgressText
from reports.models import ProgressReport
from reports.rules.typed import LineFigure
from tests.factories.pilots import apply_to, person_of

# The round's, and so the first one reported.
YEAR = 2025

_PATH = (
    (ProgressState.SUBMITTED, ProgressAction.SUBMIT, Role.COUNTY_LEAD),
    (ProgressState.CITY_REVIEW, ProgressAction.ACCEPT, Role.CITY_REVIEWER),
    (ProgressState.PROVINCE_REVIEW, ProgressAction.APPROVE, Role.CITY_REVIEWER),
    (ProgressState.RECEIVED, ProgressAction.RECEIVE, Role.PROVINCE_MANAGER),
)


def on(year: int, month: int, day: int):
    """The clock moved to noon of a day."""
    return clock.playing(datetime(year, month, day, 12, tzinfo=clock.BEIJING))


@transaction.atomic
def begin_building(
    call, bureau: Office, publisher: User, *, starts_on: date | None = None
) -> Pilot:
    """A pilot for three years, from an application that was reviewed."""
    application = apply_to(call, bureau, ApplicationState.REVIEWED)
    first = starts_on or date(call.year, 7, 1)
    return begin_pilot(
        actor=publisher,
        application=application,
        starts_on=first,
        ends_on=first.replace(year=first.year + 3),
    )


def open_on_new_year(pilot: Pilot, *, after: int = 1) -> ProgressReport:
    """The report on the round's year (or a later one), opened on 1 January of the next."""
    year = pilot.round.year + after - 1
    open_reports(date(year + 1, 1, 1))
    return pilot.reports.get(year=year)


def figures_for(report: ProgressReport, number: Decimal = Decimal(11)) -> dict[int, LineFigure]:
    """A figure of every indicator, and words of those that are told."""
    return {
        target.order: LineFigure("", None, None, None, "政策措施已出台。")
        if target.is_qualitative
        else LineFigure(str(number), number, None, None, "按计划推进，说明如下。")
        for target in report.pilot.targets.all()
    }


def write_report(report: ProgressReport, number: Decimal = Decimal(11)) -> ProgressReport:
    """Every figure, every text, and how far each task has come."""
    texts = {str(text): f"{text.label}的内容。" for text in ProgressText}
    filler = person_of(Role.COUNTY_FILLER, report.pilot.office)
    entered = ReportInput(figures_for(report, number), texts)
    save_report(actor=filler, report_id=report.public_id, entered=entered)
    for task in report.pilot.tasks.all():
        note_progress(actor=filler, task_id=task.public_id, done=30, words="已建立培育库。")
    report.refresh_from_db()
    return report


def bring(report: ProgressReport, state: ProgressState, manager: User) -> ProgressReport:
    """Take a report that is written along the straight path."""
    pilot = report.pilot
    people = {
        Role.COUNTY_LEAD: person_of(Role.COUNTY_LEAD, pilot.office),
        Role.CITY_REVIEWER: person_of(Role.CITY_REVIEWER, pilot.reviewing_office),
        Role.PROVINCE_MANAGER: manager,
    }
    for reached, action, role in _PATH:
        report = move_report(
            actor=people[role], report_id=report.public_id, move=ReportMove(action)
        )
        if reached == state:
            return report
    raise AssertionError(f"{state} is not on the straight path")
