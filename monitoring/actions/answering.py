"""What people do about a warning: the county answers, city and province urge or settle it."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, Stale
from county_portal.common.text import chinese_date
from county_portal.common.workflow import Transition
from monitoring.enums import Severity, Stage, WarningAction
from monitoring.models import Warning, WarningStep  # noqa: A004 -- the word of the field
from monitoring.notifications import tell_step
from monitoring.selectors.findings import warning_settings
from monitoring.selectors.warnings import get_warning, stamp_of
from monitoring.workflow import WARNING_WORKFLOW


@dataclass(frozen=True, slots=True)
class Answer:
    """Why it is so, what is done, by when it is back; `seen` the stamp of the page."""

    cause: str
    steps: str
    promised_on: date
    seen: str


@transaction.atomic
def answer_warning(*, actor: User, warning_id: UUID, answer: Answer) -> Warning:
    """The county's word. It then has until the day it promised.

    Raises Invalid for blank words and a day that is past or beyond the year, Stale if something happened meanwhile.
    """
    warning, row = _find(actor, warning_id, WarningAction.ANSWER, answer.cause, answer.seen)
    if not answer.steps.strip():
        raise Invalid("steps_required", "请填写整改措施，写明由谁做什么。", "steps")
    last = date(warning.call.year, 12, 31)
    if not clock.today() <= answer.promised_on <= max(last, clock.today()):
        raise Invalid(
            "promise_out_of_range",
            f"承诺日期应在今天至{chinese_date(last)}之间，请改正。",
            "promised_on",
        )
    warning.answer_cause, warning.answer_steps = answer.cause.strip(), answer.steps.strip()
    warning.promised_on, warning.answered_by = answer.promised_on, actor
    words = f"原因：{warning.answer_cause}\n措施：{warning.answer_steps}"
    return _move(actor, warning, row, words, due=answer.promised_on)


@transaction.atomic
def urge_warning(*, actor: User, warning_id: UUID, words: str, seen: str) -> Warning:
    """Ask the county once more, with days anew. Raises Invalid for blank words."""
    warning, row = _find(actor, warning_id, WarningAction.URGE, words, seen)
    days = warning_settings().answer_days[Severity(warning.severity)]
    return _move(actor, warning, row, words.strip(), due=clock.today() + timedelta(days=days))


@transaction.atomic
def close_warning(*, actor: User, warning_id: UUID, words: str, seen: str) -> Warning:
    """Settle it with a reason; the same figures do not raise it again, a later month may."""
    warning, row = _find(actor, warning_id, WarningAction.CLOSE, words, seen)
    warning.closed_at, warning.closed_by = clock.now(), actor
    warning.closing_words = words.strip()
    return _move(actor, warning, row, warning.closing_words, due=None)


def _find(
    actor: User, warning_id: UUID, action: WarningAction, words: str, seen: str
) -> tuple[Warning, Transition]:
    warning = get_warning(actor, warning_id, lock=True)
    row = WARNING_WORKFLOW.find(action, warning.state, actor.permissions, words)
    if seen != stamp_of(warning):
        raise Stale(
            "warning_moved", "此预警在您办理期间有了新的变化，本次操作未执行。请核对后再办理。"
        )
    return warning, row


def _move(actor: User, warning: Warning, row: Transition, words: str, due: date | None) -> Warning:
    """Whatever is done, the county has it next."""
    source = warning.state
    warning.state, warning.stage = row.target, Stage.COUNTY
    warning.stage_since, warning.due_on = clock.now(), due
    warning.save()
    step = WarningStep.objects.create(
        warning=warning,
        actor=actor,
        action=row.action,
        label=row.label,
        source=source,
        target=row.target,
        severity=warning.severity,
        stage=warning.stage,
        comment=words,
        at=warning.stage_since,
    )
    detail = {"state": [source, warning.state], "words": words}
    entry = Entry(
        f"{row.action}_warning", "warning", str(warning.public_id), detail, warning.region.code
    )
    record(actor, entry)
    tell_step(step)
    return warning
