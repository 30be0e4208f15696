"""Collections and how far the counties have come in them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from indicators.enums import EDITABLE, CollectionState, SubmissionState, SystemPurpose, VersionState
from indicators.models import Collection, CollectionPostponement, Submission, SystemVersion


def list_collections(user: User) -> QuerySet[Collection]:
    """Collections somebody may see: the province all, the others those that were opened."""
    collections = Collection.objects.select_related("version__system")
    if user.is_practice:
        return Collection.with_practice.filter(is_practice=True).select_related("version__system")
    if user.holds(Permission.COLLECT):
        return collections
    if user.holds(Permission.VIEW_SUBMISSIONS):
        return collections.exclude(state=CollectionState.DRAFT)
    return collections.none()


def get_collection(user: User, public_id: UUID, *, lock: bool = False) -> Collection:
    """One of those; 404 otherwise."""
    collections = list_collections(user)
    if lock:
        collections = collections.select_for_update(of=("self",))
    return get_object_or_404(collections, public_id=public_id)


def list_postponements(collection: Collection) -> list[CollectionPostponement]:
    """How its days were moved since it was opened, oldest first; one query."""
    return list(collection.postponements.all())


def list_versions() -> QuerySet[SystemVersion]:
    """Locked versions a collection may use, newest first."""
    return (
        SystemVersion.objects.filter(
            state=VersionState.LOCKED, system__purpose=SystemPurpose.EVALUATION
        )
        .select_related("system")
        .order_by("-number")
    )


def count_states(collection: Collection) -> dict[str, int]:
    """How many submissions stand in each state, every state named."""
    counts = Counter(collection.submissions.values_list("state", flat=True))
    return {str(state): counts.get(state, 0) for state in SubmissionState}


@dataclass(frozen=True, slots=True)
class OfficeProgress:
    """How the counties of one reviewing office stand."""

    office: str
    office_id: UUID
    total: int
    draft: int
    submitted: int
    city_review: int
    returned: int
    province_review: int
    accepted: int

    @property
    def handed_in(self) -> int:
        """Counties that are not at work on their sheet."""
        return self.total - self.draft - self.returned

    @property
    def reviewed(self) -> int:
        """Counties past the city's review."""
        return self.province_review + self.accepted


def list_office_progress(collection: Collection) -> list[OfficeProgress]:
    """Per reviewing office: counts by state, in the register's order; one query."""
    rows = (
        collection.submissions.values("reviewing_office__short_name", "reviewing_office__public_id")
        .annotate(
            total=Count("pk"),
            **{str(state): Count("pk", filter=Q(state=state)) for state in SubmissionState},
        )
        .order_by("reviewing_office__order", "reviewing_office__short_name")
    )
    return [
        OfficeProgress(
            office=row.pop("reviewing_office__short_name"),
            office_id=row.pop("reviewing_office__public_id"),
            **row,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class OfficeSubmissions:
    """The submissions one office reviews."""

    office: str
    submissions: Sequence[Submission]


def list_by_office(collection: Collection) -> list[OfficeSubmissions]:
    """All submissions under their reviewing office, in the register's order; one query."""
    rows = collection.submissions.select_related("region", "reviewing_office").order_by(
        "reviewing_office__order", "reviewing_office__short_name", "region__code"
    )
    return [
        OfficeSubmissions(office, list(group))
        for office, group in groupby(rows, key=lambda row: row.reviewing_office.short_name)
    ]


def overdue_on(today: date) -> Q:
    """Submissions whose present holder has let the day pass."""
    is_editable = Q(state__in=EDITABLE)
    is_corrected = is_editable & Q(correction_due_on__isnull=False)
    waiting = Q(state=SubmissionState.DRAFT, collection__county_due_on__lt=today) | Q(
        state__in=[
            SubmissionState.RETURNED,
            SubmissionState.SUBMITTED,
            SubmissionState.CITY_REVIEW,
        ],
        collection__city_due_on__lt=today,
    )
    on_the_days_of_all = waiting & (Q(extended_to__isnull=True) | Q(extended_to__lt=today))
    # A return has a day of its own, which an extension moves.
    return (
        (is_corrected & Q(correction_due_on__lt=today)) | (~is_corrected & on_the_days_of_all)
    ) & (Q(late_until__isnull=True) | Q(late_until__lt=today))


def list_overdue(collection: Collection, today: date) -> QuerySet[Submission]:
    """Submissions not handed in, or not reviewed, although their day has passed."""
    return (
        collection.submissions.filter(overdue_on(today))
        .select_related("collection", "region", "office", "reviewing_office")
        .order_by("reviewing_office__order", "region__code")
    )
