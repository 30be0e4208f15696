"""Counties that were given time of their own in a collection."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from indicators.enums import CollectionState, SubmissionState
from indicators.models import Collection, LateOpening, Submission


@dataclass(frozen=True, slots=True)
class Opening:
    """One late opening and what became of it."""

    row: LateOpening
    word: str
    is_running: bool


def list_late_openings(collection: Collection) -> list[Opening]:
    """All of a collection, newest first, each with how it stands; one query."""
    rows = (
        LateOpening.objects.filter(submission__collection=collection)
        .select_related("submission__region", "granted_by")
        .order_by("-granted_at", "-pk")
    )
    return [*_judged(rows, clock.today())]


def _judged(rows: Sequence[LateOpening] | QuerySet[LateOpening], today: date) -> list[Opening]:
    seen: set[int] = set()
    judged = []
    for row in rows:
        is_newest = row.submission_id not in seen
        seen.add(row.submission_id)
        is_running = is_newest and row.submission.late_until == row.until and row.until >= today
        judged.append(
            Opening(row, _word(row, today, is_newest=is_newest, is_running=is_running), is_running)
        )
    return judged


def _word(row: LateOpening, today: date, *, is_newest: bool, is_running: bool) -> str:
    if is_running:
        return "开放中"
    if not is_newest:
        return "已由后一次补开接替"
    return "已到期" if row.until < today else "已提前结束"


def list_extended(collection: Collection) -> QuerySet[Submission]:
    """Counties whose day was extended while the collection was open, by code."""
    return (
        collection.submissions.filter(extended_to__isnull=False)
        .select_related("region")
        .order_by("region__code")
    )


def may_open_late(user: User, submission: Submission) -> bool:
    """Whether the user may let this county fill although the collection is closed."""
    return (
        user.holds(Permission.COLLECT)
        and submission.collection.state == CollectionState.CLOSED
        and submission.state != SubmissionState.ACCEPTED
    )
