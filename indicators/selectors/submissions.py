"""Submissions within somebody's jurisdiction: lists, one of them, what may be done with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.accounts.selectors import find_regions
from county_portal.common import clock
from county_portal.common.errors import Stale
from county_portal.common.workflow import Transition
from indicators.enums import EDITABLE, SubmissionAction, SubmissionState
from indicators.models import Collection, Submission
from indicators.rules import FillingTime, filling_refusal, recall_refusal
from indicators.selectors.collections import overdue_on
from indicators.workflow import SUBMISSION_WORKFLOW


def list_submissions(user: User) -> QuerySet[Submission]:
    """Submissions within the user's jurisdiction, with what a list shows."""
    return (
        Submission.objects.visible_to(user)
        .select_related("collection", "region__parent", "office", "reviewing_office")
        .order_by("-collection__data_year", "region__code")
    )


def list_chosen(user: User, public_ids: Iterable[UUID]) -> list[Submission]:
    """Those of the ticked ones that lie within the jurisdiction."""
    return list(list_submissions(user).filter(public_id__in=list(public_ids)))


def get_submission(
    user: User, public_id: UUID, *, lock: bool = False, is_bare: bool = False
) -> Submission:
    """One of those; 404 otherwise. Locked or bare, it comes without the names that only pages show."""
    if not (lock or is_bare):
        return get_object_or_404(list_submissions(user), public_id=public_id)
    visible = Submission.objects.visible_to(user).select_related("collection", "region")
    if lock:
        visible = visible.select_for_update(of=("self",))
    return get_object_or_404(visible, public_id=public_id)


@dataclass(frozen=True, slots=True)
class SubmissionFilter:
    """What a list is narrowed by; a blank narrows nothing."""

    collection: UUID | None = None
    office: UUID | None = None
    state: str = ""
    overdue: bool = False
    text: str = ""


def search_submissions(user: User, wanted: SubmissionFilter) -> QuerySet[Submission]:
    """Submissions within the jurisdiction that answer the filter; names are found by variants too."""
    submissions: QuerySet[Submission] = _narrow(list_submissions(user), wanted)
    if wanted.state:
        submissions = submissions.filter(state=wanted.state)
    if wanted.overdue:
        submissions = submissions.filter(overdue_on(clock.today()))
    return submissions


def _narrow(submissions: QuerySet[Submission], wanted: SubmissionFilter) -> QuerySet[Submission]:
    if wanted.collection:
        submissions = submissions.filter(collection__public_id=wanted.collection)
    if wanted.office:
        submissions = submissions.filter(reviewing_office__public_id=wanted.office)
    if wanted.text.strip():
        submissions = submissions.filter(region__in=find_regions(wanted.text))
    return submissions


@dataclass(frozen=True, slots=True)
class StateCounts:
    """Numbers beside the ready-made filters of a list."""

    total: int
    overdue: int
    states: dict[str, int]


def count_submissions(user: User, wanted: SubmissionFilter) -> StateCounts:
    """How many of the list stand in each state, whatever state is asked for now; one query."""
    counted = _narrow(Submission.objects.visible_to(user), wanted).aggregate(
        total=Count("pk"),
        overdue=Count("pk", filter=overdue_on(clock.today())),
        **{str(state): Count("pk", filter=Q(state=state)) for state in SubmissionState},
    )
    return StateCounts(counted.pop("total"), counted.pop("overdue"), counted)


# Moves one may make but nobody waits for.
_NOT_DUE = {SubmissionAction.RECALL, SubmissionAction.REOPEN}


def list_awaiting(user: User) -> QuerySet[Submission]:
    """Submissions whose next move is the user's, longest waiting first."""
    states = {
        str(row.source)
        for row in SUBMISSION_WORKFLOW.transitions
        if row.permission in user.permissions and row.action not in _NOT_DUE
    }
    if user.holds(Permission.FILL):
        states |= {str(state) for state in EDITABLE}
    return list_submissions(user).filter(state__in=states).order_by("state_since")


def list_receivable(user: User, collection: Collection) -> QuerySet[Submission]:
    """Submissions of a collection that wait for the province, by office."""
    return (
        list_submissions(user)
        .filter(collection=collection, state=SubmissionState.PROVINCE_REVIEW)
        .order_by("reviewing_office__order", "region__code")
    )


def available_actions(user: User, submission: Submission) -> tuple[Transition, ...]:
    """The moves the user may make now; pages draw their buttons from this.

    The county's own moves fall away with its deadline: their refusal is on the page instead.
    """
    moves = SUBMISSION_WORKFLOW.actions_from(submission.state, user.permissions)
    return tuple(move for move in moves if move_refusal(move.action, submission) is None)


def move_refusal(action: str, submission: Submission) -> Stale | None:
    """Why the calendar forbids a move of the county, or None."""
    if action == SubmissionAction.SUBMIT:
        return why_not_fillable(submission)
    if action == SubmissionAction.RECALL:
        return recall_refusal(_filling_time(submission, SubmissionState.DRAFT))
    return None


def why_not_fillable(submission: Submission) -> Stale | None:
    """Why figures may not be changed now, or None."""
    return filling_refusal(_filling_time(submission, submission.state))


def may_fill(user: User, submission: Submission) -> bool:
    """Whether the user may change figures now."""
    return user.holds(Permission.FILL) and why_not_fillable(submission) is None


def may_extend(user: User, submission: Submission) -> bool:
    """Whether the user may give this county more time."""
    return user.holds(Permission.COLLECT) and submission.state != SubmissionState.ACCEPTED


def _filling_time(submission: Submission, state: str) -> FillingTime:
    due_on: date = submission.due_on_in(state)
    return FillingTime(
        submission.collection.state, state, due_on, clock.today(), submission.late_until
    )
