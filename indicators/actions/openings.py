"""Time given to one county: 延期 while all still fill, 补开 once the collection is closed."""

from datetime import date
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.text import chinese_date
from indicators.actions.records import submission_entry
from indicators.enums import CollectionState, SubmissionState
from indicators.models import LateOpening, Submission
from indicators.notifications import CLOSE_LATE, EXTEND, OPEN_LATE, tell_act
from indicators.selectors import get_submission


@transaction.atomic
def extend_deadline(*, actor: User, submission_id: UUID, until: date, reason: str) -> Submission:
    """Give one county more time while the collection is open, with the reason on record."""
    submission = _lock(actor, submission_id, until, reason, word="延期")
    if submission.collection.state == CollectionState.CLOSED:
        raise Stale("collection_closed", "本次采集已截止，延期不起作用，请为该县办理补开。")
    if until <= submission.due_on:
        raise Invalid(
            "not_an_extension",
            f"现行截止日期为{chinese_date(submission.due_on)}，延期日期须晚于该日。",
            "until",
        )
    before = submission.extended_to
    submission.extended_to, submission.extension_reason = until, reason.strip()
    if submission.correction_due_on:
        submission.correction_due_on = until
    submission.save(update_fields=["extended_to", "extension_reason", "correction_due_on"])
    detail = {
        "extended_to": [before and before.isoformat(), until.isoformat()],
        "reason": reason.strip(),
    }
    record(actor, submission_entry("extend_deadline", submission, detail))
    key = f"{EXTEND}:{submission.public_id}:{until.isoformat()}"
    tell_act(submission, EXTEND, actor, key=key, body=reason.strip())
    return submission


@transaction.atomic
def open_late(*, actor: User, submission_id: UUID, until: date, reason: str) -> LateOpening:
    """Let one county fill although the collection is closed; a later opening takes the place of an earlier.

    Raises Stale while the collection is open: then its day is extended.
    """
    submission = _lock(actor, submission_id, until, reason, word="补开")
    if submission.collection.state != CollectionState.CLOSED:
        raise Stale("collection_not_closed", "本次采集尚未截止，无需补开；如需更多时间请办理延期。")
    opening = LateOpening.objects.create(
        submission=submission,
        until=until,
        reason=reason.strip(),
        granted_by=actor,
        granted_at=clock.now(),
    )
    before = submission.late_until
    submission.late_until = until
    submission.save(update_fields=["late_until"])
    detail = {
        "late_until": [before and before.isoformat(), until.isoformat()],
        "reason": reason.strip(),
    }
    record(actor, submission_entry("open_late", submission, detail))
    tell_act(submission, OPEN_LATE, actor, key=f"late:{opening.pk}", body=reason.strip())
    return opening


@transaction.atomic
def close_late(*, actor: User, submission_id: UUID) -> Submission:
    """End a late opening before its day; what was filled meanwhile stays."""
    if not actor.holds(Permission.COLLECT):
        raise NotAllowed
    submission = get_submission(actor, submission_id, lock=True)
    until = submission.late_until
    if until is None or until < clock.today():
        raise Stale("not_opened_late", "该县没有在开放中的补报，无需结束。")
    opening = submission.late_openings.latest("granted_at", "pk")
    submission.late_until = None
    submission.save(update_fields=["late_until"])
    detail = {"late_until": [until.isoformat(), None]}
    record(actor, submission_entry("close_late", submission, detail))
    tell_act(submission, CLOSE_LATE, actor, key=f"late-end:{opening.pk}")
    return submission


def _lock(actor: User, submission_id: UUID, until: date, reason: str, *, word: str) -> Submission:
    """The locked submission, if it can be given time at all."""
    if not actor.holds(Permission.COLLECT):
        raise NotAllowed
    submission = get_submission(actor, submission_id, lock=True)
    if not reason.strip():
        raise Invalid("reason_required", f"{word}须写明原因。", "reason")
    if until < clock.today():
        raise Invalid("date_in_the_past", f"{word}日期不能早于今天，请重新选择。", "until")
    if submission.state == SubmissionState.ACCEPTED:
        raise Stale(
            "already_accepted", f"该县填报表已经接收，无需{word}；如需更正请先重新开放填报。"
        )
    return submission
