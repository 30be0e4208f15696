"""What waits for somebody, asked of each app's own selectors; a constant number of queries."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q
from django.urls import reverse

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Level, Permission
from county_portal.accounts.selectors import find_regions, lineages
from county_portal.common.province import province
from county_portal.home.appeals import appeal_groups
from county_portal.home.documents import document_groups
from county_portal.home.items import InboxGroup, InboxItem
from county_portal.home.labour import labour_groups
from county_portal.home.measures import measure_groups
from county_portal.home.pilots import pilot_groups
from county_portal.home.progress import progress_groups
from county_portal.home.uplift import uplift_groups
from county_portal.home.warnings import warning_groups
from county_portal.jobs.enums import UNFINISHED, UnitState
from county_portal.jobs.models import Job
from county_portal.jobs.selectors import list_jobs
from indicators.enums import SubmissionAction, SubmissionState
from indicators.models import ReviewStep, Submission
from indicators.selectors import list_awaiting
from scoring.enums import ListState
from scoring.models import ListRow, PublishedList
from scoring.selectors.lists import count_by_class, list_current, list_lists
from scoring.selectors.panel import list_panel_tasks
from scoring.selectors.runs import list_ready, list_undrafted

# Items of a group that the inbox names; the rest are counted.
SHOWN = 10
RECENT = 5
FOUND = 20


def list_inbox(user: User) -> list[InboxGroup]:
    """What waits for the user, by kind; kinds with nothing waiting are left out."""
    groups = [
        *_submission_groups(user),
        *labour_groups(user),
        *_panel_group(user),
        *_grading_groups(user),
        *_list_groups(user),
        *appeal_groups(user),
        *warning_groups(user),
        *document_groups(user),
        *pilot_groups(user),
        *progress_groups(user),
        *measure_groups(user),
        *uplift_groups(user),
    ]
    return [group for group in groups if group.count]


# State: heading, hint, page where it is dealt with.
_KINDS = {
    SubmissionState.RETURNED: (
        "被退回，待修改",
        "按审核意见修改后重新提交。",
        "indicators:submission",
    ),
    SubmissionState.DRAFT: ("待填报", "填写完整后提交市级审核。", "indicators:submission"),
    SubmissionState.SUBMITTED: (
        "待受理",
        "受理后县级不能再撤回，即可审核。",
        "indicators:review",
    ),
    SubmissionState.CITY_REVIEW: (
        "待审核",
        "核对数值和证明材料，审核通过或退回。",
        "indicators:review",
    ),
}


# What the county's head reads of the same states: filling is others' work.
_HEADS = {
    SubmissionState.RETURNED: ("被退回，待重新提交", "填报员修改后，由您重新提交。"),
    SubmissionState.DRAFT: ("待提交", "填报员填写完整后，由您提交市级审核。"),
}


def _submission_groups(user: User) -> list[InboxGroup]:
    waiting = list(list_awaiting(user))
    if user.holds(Permission.COLLECT):
        return [_receivable_group(waiting)]
    groups = []
    is_own = user.level == Level.COUNTY
    heads = {} if user.holds(Permission.FILL) else _HEADS
    for state, (heading, words, page) in _KINDS.items():
        title, hint = heads.get(state, (heading, words))
        rows = [row for row in waiting if row.state == state]
        items = [_submission_item(row, page, is_own=is_own) for row in rows[:SHOWN]]
        url = f"{reverse('indicators:submissions')}?state={state}"
        groups.append(InboxGroup(str(state), title, hint, len(rows), items, url))
    return groups


def _submission_item(row: Submission, page: str, *, is_own: bool) -> InboxItem:
    """A county is told what is to be filled, others whose sheet it is: each knows the other already."""
    names = (row.region.full_name, row.collection.title)
    title, note = reversed(names) if is_own else names
    return InboxItem(
        title=title,
        url=reverse(page, args=[row.public_id]),
        note=note,
        since=row.state_since,
        until=row.due_on,
    )


def _receivable_group(waiting: Sequence[Submission]) -> InboxGroup:
    """One item per collection: the province receives by the batch."""
    collections = {row.collection_id: row.collection for row in waiting}
    counts = Counter(row.collection_id for row in waiting)
    # Longest waiting first, so the first of a collection says since when.
    since: dict[int, datetime] = {}
    for row in waiting:
        since.setdefault(row.collection_id, row.state_since)
    items = [
        InboxItem(
            title=collection.title,
            url=reverse("indicators:receive_many", args=[collection.public_id]),
            note=f"{counts[pk]}份已通过市级审核",
            since=since[pk],
        )
        for pk, collection in collections.items()
    ]
    hint = "市级审核通过的填报表，接收后可用于评价。"
    return InboxGroup("receive", "待接收", hint, len(waiting), items)


def _panel_group(user: User) -> list[InboxGroup]:
    tasks = [task for task in list_panel_tasks(user) if task.open]
    items = [
        InboxItem(
            title=f"{task.indicator.name}：{task.collection.title}",
            url=reverse(
                "scoring:panel_sheet", args=[task.collection.public_id, task.indicator.code]
            ),
            note=f"还有{task.open}个县（市、区）未评，共{task.total}个",
        )
        for task in tasks
    ]
    count = sum(task.open for task in tasks)
    url = reverse("scoring:panel")
    return [InboxGroup("panel", "待评分", "对定性指标逐县评分。", count, items, url)]


def _grading_groups(user: User) -> list[InboxGroup]:
    ready = [
        InboxItem(
            row.title, reverse("scoring:run_start", args=[row.public_id]), "填报表均已通过审核"
        )
        for row in list_ready(user)
    ]
    undrafted = [
        InboxItem(
            str(run), reverse("scoring:run", args=[run.public_id]), "尚未拟定名单", run.completed_at
        )
        for run in list_undrafted(user)
    ]
    return [
        InboxGroup("ready", "待评价", "填报表全部通过审核，可以开始评价。", len(ready), ready),
        InboxGroup(
            "undrafted",
            "待拟定名单",
            "评价已完成，核对结果后拟定名单。",
            len(undrafted),
            undrafted,
        ),
    ]


# State a list waits in: for whom, heading, hint.
_LIST_KINDS = {
    ListState.DRAFT: (
        Permission.PREPARE_LIST,
        "待登记领导小组意见",
        "领导小组同意后登记日期和文号，或撤回拟稿。",
    ),
    ListState.CONSENTED: (Permission.PUBLISH_LIST, "待公布", "领导小组已同意，核对后公布。"),
}


def _list_groups(user: User) -> list[InboxGroup]:
    kinds = {state: kind for state, kind in _LIST_KINDS.items() if user.holds(kind[0])}
    if not kinds:
        return []
    lists = list(list_lists(user).filter(state__in=kinds))
    return [
        _list_group(f"list-{state}", title, hint, [row for row in lists if row.state == state])
        for state, (_, title, hint) in kinds.items()
    ]


def _list_group(key: str, title: str, hint: str, lists: Iterable[PublishedList]) -> InboxGroup:
    items = [
        InboxItem(
            str(row),
            reverse("scoring:list", args=[row.public_id]),
            row.document_number,
            row.prepared_at,
            row.publish_on,
        )
        for row in lists
    ]
    return InboxGroup(key, title, hint, len(items), items)


@dataclass(frozen=True, slots=True)
class RunningJob:
    """A job of the user's that is still at work."""

    title: str
    state_label: str
    done: int
    expected: int
    failed: int
    url: str
    key: str


def list_running(user: User) -> list[RunningJob]:
    """Jobs the user started that are not finished; one query."""
    jobs = (
        list_jobs(user)
        .filter(requested_by=user, state__in=UNFINISHED)
        .annotate(
            done=Count("units", filter=Q(units__state=UnitState.DONE)),
            failed=Count("units", filter=Q(units__state=UnitState.FAILED)),
        )
        .order_by("-created_at")
    )
    return [_running(job, job.done, job.failed) for job in jobs]


def _running(job: Job, done: int, failed: int) -> RunningJob:
    url = reverse("jobs:detail", args=[job.public_id])
    label = job.get_state_display()
    return RunningJob(job.title, label, done, job.expected, failed, url, str(job.public_id))


# Steps of others that a county wants to hear of.
_DECISIONS = (
    SubmissionAction.APPROVE,
    SubmissionAction.RETURN,
    SubmissionAction.RECEIVE,
    SubmissionAction.SEND_BACK,
    SubmissionAction.REOPEN,
)


def list_decisions(user: User) -> list[ReviewStep]:
    """What was last decided on the county's own submissions, newest first."""
    if user.level != Level.COUNTY:
        return []
    steps = ReviewStep.objects.filter(
        submission__in=Submission.objects.visible_to(user), action__in=_DECISIONS
    )
    return list(
        steps.select_related("submission__collection", "actor__office").order_by("-at", "-pk")[
            :RECENT
        ]
    )


@dataclass(frozen=True, slots=True)
class ListedYear:
    """One year's valid list with its numbers by class."""

    published: PublishedList
    classes: Sequence[tuple[str, int]]

    @property
    def label(self) -> str:
        """The data year."""
        return f"{self.published.collection.data_year}年度"


def list_years() -> list[ListedYear]:
    """Valid lists, newest year first; two queries."""
    lists = list_current()
    counts = count_by_class(lists)
    found = {name for classes in counts.values() for name in classes}
    known = list(province().classes)
    # Best first; a class of an older scheme, if any, stands behind.
    names = sorted(
        found, key=lambda name: (known.index(name) if name in known else len(known), name)
    )
    names = province().best_first({name for classes in counts.values() for name in classes})
    return [
        ListedYear(row, [(name, counts[row.pk].get(name, 0)) for name in names]) for row in lists
    ]


def class_history(years: Sequence[ListedYear], name: str) -> list[tuple[str, Decimal]]:
    """How many counties were in a class, oldest year first, for a line chart."""
    return [
        (year.label, Decimal(dict(year.classes).get(name, 0)))
        for year in sorted(years, key=lambda year: year.published.collection.data_year)
    ]


@dataclass(frozen=True, slots=True)
class CountyHistory:
    """A county's class on each valid list, newest year first; None for a year it is not on."""

    name: str
    years: Sequence[tuple[ListedYear, ListRow | None]]


def find_histories(text: str, years: Sequence[ListedYear]) -> list[CountyHistory]:
    """Class per year of the counties a name (variants too), code or pinyin means.

    A county that lives on under another name is shown as what continues it, with all its years.
    """
    if not text.strip() or not years:
        return []
    named = find_regions(text).filter(level=Level.COUNTY).select_related("successor")[:FOUND]
    regions = {region.pk: region for region in named}
    successors = {row.pk: row.successor for row in regions.values() if row.successor}
    past = lineages([*regions.values(), *successors.values()])
    shown = {
        pk: successors[pk] if pk in successors and pk in past[successors[pk].pk] else region
        for pk, region in regions.items()
    }
    by_list = _rows_of(years, {pk for region in shown.values() for pk in past[region.pk]})
    histories = {
        region.pk: CountyHistory(
            _called(region, regions[pk]), _history(past[region.pk], years, by_list)
        )
        for pk, region in shown.items()
    }
    return [history for history in histories.values() if any(row for _, row in history.years)]


def _called(region: Region, named: Region) -> str:
    """The county's name, with the one that was searched where it was another."""
    if region.full_name == named.full_name:
        return region.full_name
    return f"{region.full_name}（原{named.name}）"


def _rows_of(years: Sequence[ListedYear], regions: set[int]) -> dict[tuple[int, int], ListRow]:
    rows = ListRow.objects.filter(
        published_list__in=[year.published.pk for year in years], region__in=regions
    )
    return {(row.published_list_id, row.region_id): row for row in rows}


def _history(
    region_ids: Sequence[int],
    years: Sequence[ListedYear],
    by_list: Mapping[tuple[int, int], ListRow],
) -> list[tuple[ListedYear, ListRow | None]]:
    return [(year, _row_in(region_ids, year.published.pk, by_list)) for year in years]


def _row_in(
    region_ids: Sequence[int], list_id: int, by_list: Mapping[tuple[int, int], ListRow]
) -> ListRow | None:
    found = (by_list.get((list_id, region_id)) for region_id in region_ids)
    return next((row for row in found if row), None)
