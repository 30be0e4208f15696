"""The grading room: how far each year's grading has come, whose turn it is, and since when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db.models import Count, Max, Model, Q, QuerySet

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.components import Turn
from indicators.enums import REVIEWED, CollectionState
from indicators.models import Collection
from indicators.selectors import list_collections
from scoring.enums import AppealState, ListState, RunState, StudyState
from scoring.models import (
    Appeal,
    BoundaryCase,
    BoundaryReview,
    GradingRun,
    PublishedList,
    Result,
    RobustnessStudy,
)
from scoring.selectors.corrections import WaitingYear, list_waiting_years

Row = TypeVar("Row", bound=Model)
OPEN_APPEALS = (AppealState.FILED, AppealState.OPINED, AppealState.REVIEWED)


@dataclass(frozen=True, slots=True)
class Boundary:
    """Counties whose class hangs on little, and those of them without a word."""

    cases: int = 0
    waiting: Sequence[Region] = ()

    @property
    def open(self) -> int:
        """How many still wait for a word."""
        return len(self.waiting)

    @property
    def reviewed(self) -> int:
        """How many have one."""
        return self.cases - self.open


@dataclass(frozen=True, slots=True)
class YearInRoom:
    """One collection and what came of it; `run` is the newest, `graded` the newest with results."""

    collection: Collection
    submissions: int
    reviewed: int
    moved_at: datetime | None
    run: GradingRun | None
    graded: GradingRun | None
    classes: Sequence[tuple[str, int]]
    study: RobustnessStudy | None
    boundary: Boundary
    published: PublishedList | None
    appeals: Mapping[str, int] = field(default_factory=dict)
    waiting: WaitingYear | None = None  # corrections that the published list does not show yet

    @property
    def unreviewed(self) -> int:
        """Submissions not past the city's review."""
        return self.submissions - self.reviewed

    @property
    def open_appeals(self) -> int:
        """Appeals not yet decided."""
        return sum(self.appeals.get(state, 0) for state in OPEN_APPEALS)


def read_room(user: User) -> list[YearInRoom]:
    """Every opened collection, newest year first; the number of queries does not depend on theirs."""
    if not user.holds(Permission.VIEW_RESULTS):
        return []
    collections = list(
        list_collections(user)
        .exclude(state=CollectionState.DRAFT)
        .annotate(
            all_submissions=Count("submissions"),
            reviewed=Count("submissions", filter=Q(submissions__state__in=REVIEWED)),
            moved_at=Max("submissions__state_since"),
        )
        .order_by("-data_year", "-opens_on")
    )
    runs = _newest(_runs(), "collection_id")
    graded = _newest(_runs().filter(state=RunState.COMPLETE), "collection_id")
    lists = _newest(_lists(), "collection_id")
    ids = [row.pk for row in graded.values()]
    classes, studies, boundaries = _classes(ids), _studies(ids), _boundaries(ids)
    appeals = _appeals()
    waiting = {row.published.collection_id: row for row in list_waiting_years(user)}
    return [
        YearInRoom(
            row,
            row.all_submissions,
            row.reviewed,
            row.moved_at,
            runs.get(row.pk),
            (last := graded.get(row.pk)),
            classes.get(last.pk, ()) if last else (),
            studies.get(last.pk) if last else None,
            boundaries.get(last.pk, Boundary()) if last else Boundary(),
            lists.get(row.pk),
            appeals.get(row.pk, {}),
            waiting.get(row.pk),
        )
        for row in collections
    ]


def _runs() -> QuerySet[GradingRun]:
    runs = GradingRun.objects.select_related("collection", "requested_by__office")
    return runs.defer("inputs").order_by("collection_id", "-number")


def _lists() -> QuerySet[PublishedList]:
    lists = PublishedList.objects.exclude(state=ListState.WITHDRAWN).select_related("collection")
    return lists.order_by("collection_id", "-version", "-pk")


def _newest(rows: "QuerySet[Row]", key: str) -> dict[int, Row]:
    """The first of each key in the rows' order."""
    return {getattr(row, key): row for row in rows.distinct(key)}


def _classes(runs: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
    rows = Result.objects.filter(run__in=runs).order_by("run_id", "class_name")
    found: dict[int, list[tuple[str, int]]] = {}
    for run, name, count in rows.values_list("run_id", "class_name").annotate(Count("pk")):
        found.setdefault(run, []).append((name, count))
    return found


def _studies(runs: Sequence[int]) -> dict[int, RobustnessStudy]:
    studies = RobustnessStudy.objects.filter(run__in=runs).defer("report", "settings")
    return _newest(studies.order_by("run_id", "-created_at", "-pk"), "run_id")


def _boundaries(runs: Sequence[int]) -> dict[int, Boundary]:
    """Counties found by any complete study of each run, as the gate of publication counts them, best rank first."""
    cases = BoundaryCase.objects.filter(study__run__in=runs, study__state=StudyState.COMPLETE)
    cases = cases.select_related("region__parent", "study").defer("study__report")
    words = set(BoundaryReview.objects.filter(run__in=runs).values_list("run_id", "region_id"))
    found: dict[int, dict[int, Region]] = {}
    for case in cases.order_by("best_rank", "region__code"):
        found.setdefault(case.study.run_id, {})[case.region_id] = case.region
    return {
        run: Boundary(
            len(regions),
            [region for pk, region in regions.items() if (run, pk) not in words],
        )
        for run, regions in found.items()
    }


def _appeals() -> dict[int, dict[str, int]]:
    """By collection: how many in each state."""
    rows = Appeal.objects.order_by("published_list__collection_id", "state").values_list(
        "published_list__collection_id", "state"
    )
    found: dict[int, dict[str, int]] = {}
    for collection, state, count in rows.annotate(Count("pk")):
        found.setdefault(collection, {})[state] = count
    return found


def turn_of(year: YearInRoom) -> Turn:
    """The first thing that has to happen next."""
    if year.run and year.run.state == RunState.QUEUED:
        return Turn("后台评价", year.run.created_at, note="评价正在后台进行，完成后即可查看结果。")
    if year.published and year.published.state == ListState.PUBLISHED:
        return _after_publication(year, year.published)
    if year.published:
        return _before_publication(year.published)
    if year.graded:
        return _after_grading(year, year.graded)
    if year.unreviewed:
        due = year.collection.city_due_on
        note = f"还有{year.unreviewed}份填报表没有通过市级审核。"
        return Turn("各县（市、区）和市级审核单位", year.collection.opens_on, due, note)
    note = "填报表已全部通过市级审核，可以开始评价。"
    return Turn("业务管理员", year.moved_at, note=note)


def _after_grading(year: YearInRoom, run: GradingRun) -> Turn:
    if year.study is None or year.study.state == StudyState.FAILED:
        return Turn("业务管理员", run.completed_at, note="公布前须完成稳健性分析。")
    if year.study.state == StudyState.QUEUED:
        return Turn("后台分析", year.study.created_at, note="稳健性分析正在后台进行。")
    if year.boundary.open:
        note = f"临界的{year.boundary.cases}个县（市、区）还有{year.boundary.open}个没有复核。"
        return Turn("业务管理员或复核员", year.study.completed_at, note=note)
    return Turn("业务管理员", year.study.completed_at, note="可以拟定名单。")


def _before_publication(published: PublishedList) -> Turn:
    if published.state == ListState.DRAFT:
        return Turn("业务管理员", published.prepared_at, note="登记领导小组意见。")
    since, until = published.consent_on, published.publish_on
    return Turn("发布人", since, until, note="领导小组已同意，待公布。")


def _after_publication(year: YearInRoom, published: PublishedList) -> Turn:
    if year.waiting:
        since, count = year.waiting.since.made_at, len(year.waiting.corrections)
        note = f"申诉成立更正的{count}处还没有列入名单：请重新评价，再拟定更正名单。"
        return Turn("业务管理员", since, note=note)
    steps = {
        AppealState.FILED: ("市级审核单位", "待市级提出意见"),
        AppealState.OPINED: ("业务管理员", "待省级复查"),
        AppealState.REVIEWED: ("发布人", "待省级决定"),
    }
    for state, (who, words) in steps.items():
        count = year.appeals.get(state, 0)
        if count:
            return Turn(who, published.published_at, note=f"{words}的申诉{count}件。")
    until = published.appeals_until
    if until and clock.today() <= until:
        note = "名单在申诉期内，县（市、区）可以提出申诉。"
        return Turn("各县（市、区）", published.published_at, until, note)
    note = f"申诉已于{until:%Y-%m-%d}截止。" if until else ""
    return Turn("", published.published_at, note=note)
