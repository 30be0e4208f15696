"""The timetable: what a county lets lie goes to its city, what the city lets lie to the province."""

from datetime import timedelta

from django.db import transaction

from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from monitoring.enums import Severity, Stage, WarningAction, WarningState
from monitoring.models import Warning, WarningStep  # noqa: A004 -- the word of the field
from monitoring.notifications import tell_step
from monitoring.selectors.findings import warning_settings

_NEXT = {Stage.COUNTY: Stage.CITY, Stage.CITY: Stage.PROVINCE}


@transaction.atomic
def escalate_warnings() -> int:
    """Take every open warning whose day has passed one stage up; returns how many. Run again it takes none twice."""
    today = clock.today()
    due = Warning.objects.open().filter(due_on__lt=today).exclude(stage=Stage.PROVINCE)
    rows = due.select_related("region", "indicator", "call", "office", "reviewing_office")
    moved = 0
    for warning in rows.order_by("pk").select_for_update(of=("self",)):
        _escalate(warning)
        moved += 1
    return moved


def _escalate(warning: Warning) -> None:
    words = _reason(warning)
    warning.stage, warning.stage_since = _NEXT[Stage(warning.stage)], clock.now()
    days = warning_settings().city_days[Severity(warning.severity)]
    is_last = warning.stage == Stage.PROVINCE
    warning.due_on = None if is_last else clock.today() + timedelta(days=days)
    warning.save(update_fields=["stage", "stage_since", "due_on"])
    step = WarningStep.objects.create(
        warning=warning,
        actor=None,
        action=WarningAction.ESCALATE,
        label=f"转{Stage(warning.stage).label}督办",
        source=warning.state,
        target=warning.state,
        severity=warning.severity,
        stage=warning.stage,
        comment=words,
        at=warning.stage_since,
    )
    detail = {"stage": warning.stage, "words": words}
    entry = Entry(
        "escalate_warning", "warning", str(warning.public_id), detail, warning.region.code
    )
    record(None, entry)
    tell_step(step)


def _reason(warning: Warning) -> str:
    day = f"{warning.due_on:%-m月%-d日}" if warning.due_on else ""
    if warning.stage == Stage.CITY:
        return f"市级督办期限（{day}）已过，仍未解除。"
    if warning.state == WarningState.ANSWERED:
        return f"承诺日期（{day}）已过，仍未回到正常范围。"
    return f"县级说明期限（{day}）已过，未作说明。"
