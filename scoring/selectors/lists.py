"""The door to lists: what staff prepare, and what the public may read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Min, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Level, Permission
from county_portal.accounts.selectors import find_regions, lineages
from county_portal.audit.selectors import list_events_of
from county_portal.common.province import province
from county_portal.common.text import name_in_stead
from county_portal.documents.enums import PAPER_FILES_JOB
from county_portal.documents.selectors.papers import paper_files
from county_portal.files.models import StoredFile
from county_portal.jobs.models import Job
from county_portal.jobs.selectors import latest_job
from indicators.models import Collection
from scoring.enums import LIST_FILES_JOB, ListState
from scoring.models import ListRow, PublishedList, Result
from scoring.selectors.runs import engine_scheme


def list_lists(user: User) -> QuerySet[PublishedList]:
    """All lists, drafts too; only for those who may see results."""
    if not user.holds(Permission.VIEW_RESULTS):
        return PublishedList.objects.none()
    return _with_people(PublishedList.objects.all())


def _with_people(lists: QuerySet[PublishedList]) -> QuerySet[PublishedList]:
    return lists.select_related(
        "collection__version",
        "run__scheme_version__scheme",
        "prepared_by__office",
        "published_by__office",
        "consent_by__office",
        "supersedes",
        "paper__register",
    ).defer("run__inputs", "paper__content")


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


def list_current(on: datetime | None = None) -> list[PublishedList]:
    """The valid version of each year's list, newest year first; `on` as it was at that moment."""
    replaced = PublishedList.objects.filter(state=ListState.PUBLISHED, supersedes__isnull=False)
    lists = list_published()
    if on is not None:
        replaced, lists = replaced.filter(published_at__lte=on), lists.filter(published_at__lte=on)
    return list(lists.exclude(pk__in=replaced.values("supersedes")))


def get_published(public_id: UUID) -> PublishedList:
    """A list the public may read; a draft is a 404 like anything that does not exist."""
    return get_object_or_404(list_published(), public_id=public_id)


def replaced_by(published: PublishedList) -> PublishedList | None:
    """The published correction of a list, if there is one."""
    return published.corrections.filter(state=ListState.PUBLISHED).first()


def replacements(lists: Sequence[PublishedList]) -> dict[int, PublishedList]:
    """Among published lists: which one replaced which."""
    return {row.supersedes_id: row for row in lists if row.supersedes_id}


def current_list(collection: Collection) -> PublishedList | None:
    """The valid published list of a collection."""
    return collection.lists.filter(state=ListState.PUBLISHED).order_by("-version").first()


def files_subject(published: PublishedList) -> str:
    """What the job that makes a list's files is about."""
    return f"list:{published.pk}"


def list_rows(published: PublishedList) -> QuerySet[ListRow]:
    """The counties of a list in order."""
    return published.rows.order_by("order")


def list_files(published: PublishedList) -> dict[str, StoredFile]:
    """The files of a list made so far, by kind: its workbook, and those of its paper."""
    made = {row.kind: row.file for row in published.files.select_related("file")}
    if published.paper:
        made |= {kind: row.file for kind, row in paper_files(published.paper).items()}
    return made


def file_jobs(published: PublishedList) -> list[Job]:
    """The jobs that make them, the one that wants attention first."""
    subjects = [(LIST_FILES_JOB, files_subject(published))]
    if published.paper:
        subjects.append((PAPER_FILES_JOB, f"paper:{published.paper.pk}"))
    jobs = [job for kind, subject in subjects if (job := latest_job(kind, subject))]
    return sorted(jobs, key=lambda job: (not job.is_unfinished, not job.error))


@dataclass(frozen=True, slots=True)
class ListedGroup:
    """Rows of a list that belong together: a class, or a city."""

    name: str
    rows: Sequence[ListRow]


def list_classes(published: PublishedList) -> list[ListedGroup]:
    """The counties of a list class by class in score order, every class of the scheme named."""
    names = [grade.name for grade in engine_scheme(published.run.scheme_version).classes]
    rows = list(list_rows(published).select_related("region"))
    return [ListedGroup(name, [row for row in rows if row.class_name == name]) for name in names]


def list_cities(published: PublishedList) -> list[ListedGroup]:
    """The counties of a list by the region they lie in, both in the register's order."""
    rows = list_rows(published).select_related("region__parent").order_by("region__code")
    groups: dict[tuple[str, str], list[ListRow]] = {}
    for row in rows:
        parent = row.region.parent
        is_direct = parent is not None and parent.level == Level.PROVINCE
        name = f"{row.city}直管" if is_direct else row.city
        groups.setdefault((parent.code if parent else "", name), []).append(row)
    ordered = sorted(groups, key=lambda key: (key[1].endswith("直管"), key[0]))
    return [ListedGroup(key[1], groups[key]) for key in ordered]


def find_listed(published: PublishedList, text: str) -> list[ListRow]:
    """Rows whose county answers to a name (variants too), code or pinyin; nothing for a blank."""
    if not text.strip():
        return []
    return list(list_rows(published).filter(region__in=find_regions(text)))


def list_ended(published: PublishedList) -> list[Region]:
    """Counties that ended in the list's data year and live on in one of its counties, by successor."""
    year = published.collection.data_year
    return list(
        Region.objects.counties()
        .filter(
            successor__in=published.rows.values("region"),
            valid_to__gt=date(year - 1, 12, 31),
            valid_to__lte=date(year, 12, 31),
        )
        .select_related("successor")
        .order_by("successor__code", "code")
    )


def count_by_class(lists: Sequence[PublishedList]) -> dict[int, dict[str, int]]:
    """Per list: how many counties in each class, the best class first; one query."""
    found: dict[int, dict[str, int]] = {published.pk: {} for published in lists}
    rows = (
        ListRow.objects.filter(published_list__in=found)
        .order_by()
        .values_list("published_list", "class_name")
        .annotate(Count("pk"))
    )
    for published_list, class_name, count in rows:
        found[published_list][class_name] = count
    return {
        pk: {name: classes[name] for name in province().best_first(classes)}
        for pk, classes in found.items()
    }


@dataclass(frozen=True, slots=True)
class RowChange:
    """A county that stands elsewhere on a correction than on the list it corrects; None: not on it."""

    before: ListRow | None
    after: ListRow | None

    @property
    def row(self) -> ListRow:
        """Whichever exists, for code and name."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 -- one of the two always exists
        return found

    @property
    def changes_class(self) -> bool:
        """Whether the class differs, which matters more than the rank."""
        return (self.before and self.before.class_name) != (self.after and self.after.class_name)


def list_changes(published: PublishedList) -> list[RowChange]:
    """Counties whose class or rank a correction changes; changes of class first."""
    if published.supersedes is None:
        return []
    before = {row.region_id: row for row in list_rows(published.supersedes)}
    after = {row.region_id: row for row in list_rows(published)}
    changes = [
        RowChange(before.get(region), after.get(region))
        for region in dict.fromkeys([*after, *before])
    ]
    differing = [
        change for change in changes if _standing(change.before) != _standing(change.after)
    ]
    return sorted(differing, key=lambda change: not change.changes_class)


def _standing(row: ListRow | None) -> tuple[str, int] | None:
    return (row.class_name, row.rank) if row else None


@dataclass(frozen=True, slots=True)
class ListAct:
    """One act on a list, from the audit record, with the name of who did it."""

    act: str
    actor: str
    office: str
    at: datetime | date
    detail: Mapping[str, object]


def list_acts(published: PublishedList) -> list[ListAct]:
    """What was done to a list and by whom, newest first; two queries.

    Dates are the list's own, which a demonstration plays; the record keeps the real time beside.
    """
    dates = {
        "draft_list": published.prepared_at,
        "record_consent": published.consent_on,
        "publish_list": published.published_at,
    }
    events = list(list_events_of("list", str(published.public_id)))
    logins = {event.actor_login for event in events}
    names = dict(User.objects.filter(login__in=logins).values_list("login", "display_name"))
    return [
        ListAct(
            event.act,
            name_in_stead(names.get(event.actor_login, event.actor_login), event.deputy_for_name),
            event.actor_office,
            dates.get(event.act) or event.at,
            event.detail,
        )
        for event in reversed(events)
    ]


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
