"""The door to grading runs and to the schemes they use."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from indicators.enums import REVIEWED, CollectionState
from indicators.models import Collection, Submission
from indicators.selectors import list_collections
from scoring.engine.codec import scheme_from_bytes
from scoring.engine.types import Scheme as EngineScheme
from scoring.enums import ListState, RunState, SchemeState
from scoring.models import GradingRun, PublishedList, SchemeVersion


def list_scheme_versions(system_id: int) -> QuerySet[SchemeVersion]:
    """Locked scheme versions for an indicator system, newest first."""
    return (
        SchemeVersion.objects.filter(scheme__system=system_id, state=SchemeState.LOCKED)
        .select_related("scheme")
        .order_by("-number")
    )


def newest_scheme_version(system_id: int) -> SchemeVersion | None:
    """The locked version in force for an indicator system; its document is read only if asked for."""
    return list_scheme_versions(system_id).defer("document").first()


def get_scheme_version(collection: Collection, public_id: UUID) -> SchemeVersion:
    """A locked version made for the collection's indicator system; 404 otherwise."""
    return get_object_or_404(
        list_scheme_versions(collection.version.system_id), public_id=public_id
    )


def engine_scheme(version: SchemeVersion) -> EngineScheme:
    """The engine's reading of a stored scheme."""
    return scheme_from_bytes(version.document)


def list_runs(user: User) -> QuerySet[GradingRun]:
    """Runs, newest first; only for those who may see results. The frozen inputs are left unread."""
    if not user.holds(Permission.VIEW_RESULTS):
        return GradingRun.objects.none()
    return (
        GradingRun.objects.select_related(
            "collection",
            "scheme_version__scheme",
            "requested_by__office",
            "job",
            "same_as__collection",
        )
        .defer("inputs", "scheme_version__document", "same_as__inputs")
        .order_by("-created_at", "-pk")
    )


def get_run(user: User, public_id: UUID, *, lock: bool = False) -> GradingRun:
    """One of those; 404 otherwise."""
    runs = list_runs(user)
    if lock:
        runs = runs.select_for_update(of=("self",))
    return get_object_or_404(runs, public_id=public_id)


def list_complete() -> QuerySet[GradingRun]:
    """Every complete run with what it froze, oldest first: for verification, which belongs to nobody."""
    runs = GradingRun.objects.filter(state=RunState.COMPLETE)
    return runs.select_related("collection", "scheme_version").order_by("pk")


def complete_run_of(collection: Collection, digest: str) -> GradingRun | None:
    """The complete run of a collection with just this digest, whose inputs, scheme and results are therefore these."""
    runs = GradingRun.objects.filter(collection=collection, state=RunState.COMPLETE, digest=digest)
    return runs.defer("inputs").order_by("number").first()


@dataclass(frozen=True, slots=True)
class Gradable:
    """A collection a run may be started for: how many submissions may be graded, how many not yet."""

    collection: Collection
    reviewed: int
    unreviewed: int
    runs: int


def list_gradable(user: User) -> QuerySet[Collection]:
    """Collections a run may be started for."""
    if not user.holds(Permission.GRADE):
        return Collection.objects.none()
    return list_collections(user).exclude(state=CollectionState.DRAFT)


def count_gradable(user: User) -> list[Gradable]:
    """Those with their numbers; two queries."""
    collections = list_gradable(user).annotate(
        reviewed=Count("submissions", filter=Q(submissions__state__in=REVIEWED)),
        all_submissions=Count("submissions"),
    )
    collections = collections.order_by("-data_year", "-opens_on")
    runs = Counter(GradingRun.objects.values_list("collection", flat=True))
    return [
        Gradable(row, row.reviewed, row.all_submissions - row.reviewed, runs[row.pk])
        for row in collections
    ]


def get_gradable(user: User, public_id: UUID) -> Collection:
    """One of those; 404 otherwise."""
    return get_object_or_404(list_gradable(user), public_id=public_id)


def list_left_out(run: GradingRun) -> list[str]:
    """Names of the counties a run leaves out."""
    submissions = run.collection.submissions.filter(region__code__in=run.left_out)
    return list(submissions.order_by("region__code").values_list("region__full_name", flat=True))


def list_ready(user: User) -> list[Collection]:
    """Collections all of whose submissions are reviewed and that no run has graded yet."""
    graded = GradingRun.objects.exclude(state=RunState.FAILED)
    unreviewed = Submission.objects.exclude(state__in=REVIEWED)
    return list(
        list_gradable(user)
        .filter(pk__in=Submission.objects.values("collection"))
        .exclude(pk__in=graded.values("collection"))
        .exclude(pk__in=unreviewed.values("collection"))
    )


def list_undrafted(user: User) -> list[GradingRun]:
    """The newest complete run of each collection that no list was ever drafted from or published for."""
    if not user.holds(Permission.PREPARE_LIST):
        return []
    runs = list_runs(user).filter(state=RunState.COMPLETE)
    listed = PublishedList.objects.exclude(state=ListState.WITHDRAWN)
    return list(
        runs.exclude(collection__in=listed.values("collection"))
        .order_by("collection_id", "-number")
        .distinct("collection_id")
    )
