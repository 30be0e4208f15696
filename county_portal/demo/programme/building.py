"""What happens to pilots beside their reports: an extension, a suspension, a target that is changed."""

from datetime import date, timedelta
from decimal import Decimal

from applications.actions.changes import ChangeInput, ask_change, decide_change, review_change
from applications.actions.terms import TermInput, change_term
from applications.enums import ASSESSED, PilotAct
from applications.models import Pilot, YearTarget
from county_portal.common import clock
from county_portal.common.numbers import plain
from county_portal.demo.programme.setting import Setting, at
from county_portal.demo.programme.words import said


def extend(setting: Setting, pilot: Pilot, until: date, on: date) -> Pilot:
    """Half a year more."""
    return _act(setting, pilot, PilotAct.EXTEND, on, until)


def suspend(setting: Setting, pilot: Pilot, on: date) -> Pilot:
    """For a while."""
    return _act(setting, pilot, PilotAct.SUSPEND, on)


def resume(setting: Setting, pilot: Pilot, on: date) -> Pilot:
    """And on again."""
    return _act(setting, pilot, PilotAct.RESUME, on)


def _act(
    setting: Setting, pilot: Pilot, act: PilotAct, on: date, until: date | None = None
) -> Pilot:
    with clock.playing(at(on)):
        data = TermInput(
            act=act,
            reason=said("acts", act),
            document_number=said("acts", f"{act}_number"),
            until=until,
        )
        return change_term(actor=setting.cast.manager, pilot_id=pilot.public_id, data=data)


def change_target(setting: Setting, pilot: Pilot, year: int, on: date) -> None:
    """Ask, support, approve: the last year's target of the first indicator that has a way to go."""
    goal = _movable(pilot, year)
    with clock.playing(at(on)):
        change = ask_change(
            actor=setting.cast.filler(pilot),
            pilot_id=pilot.public_id,
            data=ChangeInput(goal.pk, plain(_eased(goal)), said("acts", "change")),
        )
    with clock.playing(at(on + timedelta(days=6))):
        review_change(
            actor=setting.cast.reviewer(pilot),
            change_id=change.public_id,
            supports=True,
            comment=said("acts", "change_support"),
        )
    with clock.playing(at(on + timedelta(days=15))):
        decide_change(
            actor=setting.cast.manager,
            change_id=change.public_id,
            approves=True,
            comment=said("acts", "change_approve"),
        )


def _eased(goal: YearTarget) -> Decimal:
    """Three quarters of the way, as people write it."""
    if goal.target.baseline is None:
        raise ValueError(f"{goal} has no baseline")
    after = goal.target.baseline + (goal.number - goal.target.baseline) * 3 / 4
    return after.quantize(Decimal("0.01"))


def _movable(pilot: Pilot, year: int) -> YearTarget:
    goals = YearTarget.objects.select_related("target").filter(
        target__pilot=pilot, year=year, target__kind__in=ASSESSED
    )
    return next(
        goal
        for goal in goals.order_by("target__order")
        if goal.target.baseline is not None
        and goal.number > goal.target.baseline
        and _eased(goal) != goal.number
        and goal.target.indicator_id
        and "." in plain(goal.number)
    )
