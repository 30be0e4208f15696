"""Runs and lists as data that issued documents are bound to, and the 通知 a list is published by."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.urls import reverse

from county_portal.documents.kinds import DataKind, IssuedKind
from scoring.enums import LIST_DATA, LIST_PAPER, RUN_DATA, ListState, RunState
from scoring.models import GradingRun, PublishedList


def _runs(key: str) -> QuerySet[GradingRun]:
    return GradingRun.objects.filter(public_id=key, state=RunState.COMPLETE)


def _lists(key: str) -> QuerySet[PublishedList]:
    return PublishedList.objects.filter(public_id=key)


def _run_digest(key: str) -> str | None:
    return _runs(key).values_list("digest", flat=True).first()


def _lock_run(key: str) -> None:
    _runs(key).select_for_update().values_list("pk").first()


def _list_digest(key: str) -> str | None:
    """None once a correction is published: what spoke of the list speaks of nothing that holds."""
    corrected = PublishedList.objects.filter(supersedes__public_id=key, state=ListState.PUBLISHED)
    if corrected.exists():
        return None
    return _lists(key).values_list("digest", flat=True).first()


def _lock_list(key: str) -> None:
    _lists(key).select_for_update().values_list("pk").first()


RUN_KIND = DataKind(RUN_DATA, "评价运行", _run_digest, _lock_run)
LIST_KIND = DataKind(LIST_DATA, "名单", _list_digest, _lock_list)


def _page_of(paper: int) -> tuple[str, str] | None:
    return _at("scoring:list", paper)


def _public_page_of(paper: int) -> tuple[str, str] | None:
    return _at("scoring:public_list", paper)


def _at(page: str, paper: int) -> tuple[str, str] | None:
    published = PublishedList.objects.filter(paper=paper).select_related("collection").first()
    if published is None:
        return None
    return str(published), reverse(page, args=[published.public_id])


def _drafters_of(papers: Collection[int]) -> dict[int, str]:
    lists = PublishedList.objects.filter(paper__in=papers).select_related("prepared_by")
    return {row.paper_id: row.prepared_by.display_name for row in lists if row.paper_id}


LIST_NOTICE = IssuedKind(
    LIST_PAPER,
    "通知",
    _page_of,
    _public_page_of,
    "它公布的名单仍在执行。名单有错的，请由同一次或重新进行的评价拟定更正名单，公布时本通知同时标明“已更正”。",
    _drafters_of,
)
