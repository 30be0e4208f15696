"""A pilot begins: what its application promised is frozen."""

from datetime import date

from applications.enums import PilotAct, PilotState, TargetKind
from applications.models import (
    Application,
    Pilot,
    PilotEvent,
    PilotTarget,
    PilotTask,
    YearTarget,
)
from applications.rules.materials import Materials, Row
from applications.selectors.materials import read_materials
from county_portal.accounts.models import User
from county_portal.accounts.roles import Level
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from indicators.enums import IndicatorKind


def begin_pilot(*, actor: User, application: Application, starts_on: date, ends_on: date) -> Pilot:
    """Make a selected application's unit a pilot. Part of publishing the list, which has authorised it."""
    pilot = Pilot.objects.create(
        round=application.round,
        application=application,
        region=application.region,
        parent=_parent(application),
        office=application.office,
        reviewing_office=application.reviewing_office,
        state=PilotState.ACTIVE,
        state_since=clock.now(),
        starts_on=starts_on,
        ends_on=ends_on,
        planned_end=ends_on,
    )
    materials = read_materials(application)
    _freeze_targets(pilot, application, materials)
    _freeze_tasks(pilot, materials)
    PilotEvent.objects.create(
        pilot=pilot, act=PilotAct.BEGIN, on=starts_on, until=ends_on, actor=actor, at=clock.now()
    )
    detail = {"from": starts_on.isoformat(), "until": ends_on.isoformat()}
    record(
        actor, Entry("begin_pilot", "pilot", str(pilot.public_id), detail, application.region.code)
    )
    return pilot


def _parent(application: Application) -> Pilot | None:
    """The county pilot a township belongs to (S4): the newest of its county."""
    if application.region.level != Level.TOWNSHIP:
        return None
    return (
        Pilot.objects.filter(region=application.region.parent, parent__isnull=True)
        .order_by("-starts_on")
        .first()
    )


def _freeze_targets(pilot: Pilot, application: Application, materials: Materials) -> None:
    indicators = dict(application.round.version.indicators.values_list("code", "pk"))
    targets = PilotTarget.objects.bulk_create(
        PilotTarget(
            pilot=pilot,
            order=row.order,
            kind=kind_of(row),
            indicator_id=indicators.get(row.code),
            name=row.name,
            unit=row.unit,
            lower_is_better=row.lower_is_better,
            is_qualitative=row.kind == IndicatorKind.QUALITATIVE,
            baseline=row.cells[materials.last_year].number
            if materials.last_year in row.cells
            else None,
            baseline_year=materials.last_year,
            words=row.words,
        )
        for row in materials.rows
    )
    YearTarget.objects.bulk_create(
        YearTarget(
            target=target,
            year=year,
            number=row.cells[year].number,
            promised=row.cells[year].number,
        )
        for target, row in zip(targets, materials.rows, strict=True)
        for year in materials.target_years
        if year in row.cells
    )


def kind_of(row: Row) -> TargetKind:
    """Why a row counts, or does not (S0 annex 2-1, note)."""
    if row.is_designated:
        return TargetKind.DESIGNATED
    if row.is_own:
        return TargetKind.OWN
    return TargetKind.STARRED if row.is_starred else TargetKind.MONITORED


def _freeze_tasks(pilot: Pilot, materials: Materials) -> None:
    PilotTask.objects.bulk_create(
        PilotTask(
            pilot=pilot,
            order=order,
            kind=task.kind,
            goal=task.goal,
            units=list(task.units),
            steps=[
                {
                    "name": step.name,
                    "starts_on": step.starts_on.isoformat(),
                    "ends_on": step.ends_on.isoformat(),
                }
                for step in task.steps
            ],
        )
        for order, task in enumerate(materials.tasks, 1)
    )
