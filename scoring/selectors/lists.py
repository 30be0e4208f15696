"""The door to lists: what staff prepare, and what the public may read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Min, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.accounts.selectors import lineages
from indicators.models import Collection
from scoring.enums import ListState
from scoring.models import ListFile, ListRow, PublishedList, Result


def list_lists(user: User) -> QuerySet[PublishedList]:
    """All lists, drafts too; only for those who may see results."""
    if not user.holds(Permission.VIEW_RESULTS):
        return PublishedList.objects.none()
    return _with_people(PublishedList.objects.all())


def _with_people(lists: QuerySet[PublishedList]) -> QuerySet[PublishedList]:
    return lists.select_related(
        "collection",
        "run__scheme_version__scheme",
        "prepared_by",
        "published_by",
        "consent_by",
        "supersedes",
    ).defer("run__inputs")


def get_list(user: User, public_id: UUID, *, lock: bool = False) -> PublishedList:
    """One of those; 404 otherwise."""
    lists = list_lists(user)
    if lock:
        lists = lists.select_for_update(of=("self",))
    return get_object_or_404(lists, public_id=public_id)


def list_published() -> QuerySet[PublishedList]:
    """What the public may read, newest first, corrected versions too."""
    return _with_people(PublishedList.objects.filter(state=ListState.PUBLISHED)).order_by(
        "-collection__data_year", "-version"
    )


def list_current() -> list[PublishedList]:
    """The valid version of each year's list, newest year first."""
    replaced = PublishedList.objects.filter(state=ListState.PUBLISHED, supersedes__isnull=False)
    return list(list_published().exclude(pk__in=replaced.values("supersedes")))


def get_published(public_id: UUID) -> PublishedList:
    """A list the public may read; a draft is a 404 like anything that does not exist."""
    return get_object_or_404(list_published(), public_id=public_id)


def replaced_by(published: PublishedList) -> PublishedList | None:
    """The published correction of a list, if there is one."""
    return published.corrections.filter(state=ListState.PUBLISHED).first()


def current_list(collection: Collection) -> PublishedList | None:
    """The valid published list of a collection."""
    return (
        collection.lists.filter(state=ListState.PUBLISHED).order_by("-version").first()
    )


def list_rows(published: PublishedList) -> QuerySet[ListRow]:
    """The counties of a list in order."""
    return published.rows.order_by("order")


def list_file(published: PublishedList, kind: str) -> ListFile | None:
    """A file of a published list, once made."""
    return published.files.select_related("file").filter(kind=kind).first()


@dataclass(frozen=True, slots=True)
class Past:
    """What earlier published lists say of a county."""

    previous_class: str = ""
    previous_rank: int | None = None
    best_rank: int | None = None


def read_past(collection: Collection, results: Sequence[Result]) -> Mapping[int, Past]:
    """Per region: class and rank on last data year's valid list, and the best rank on any earlier one."""
    past = lineages(result.region for result in results)
    valid = [
        published.pk
        for published in list_current()
        if published.collection.version.system_id == collection.version.system_id
        and published.collection.data_year < collection.data_year
    ]
    earlier = ListRow.objects.filter(published_list__in=valid)
    last = {
        row.region_id: row
        for row in earlier.filter(published_list__collection__data_year=collection.data_year - 1)
    }
    best = dict(earlier.values_list("region").annotate(Min("rank")))
    return {region: _past_of(ids, last, best) for region, ids in past.items()}


def _past_of(
    region_ids: Sequence[int], last: Mapping[int, ListRow], best: Mapping[int, int]
) -> Past:
    row = next((last[pk] for pk in region_ids if pk in last), None)
    ranks = [best[pk] for pk in region_ids if pk in best]
    return Past(
        previous_class=row.class_name if row else "",
        previous_rank=row.rank if row else None,
        best_rank=min(ranks, default=None),
    )
