"""Runs and lists as data that issued documents are bound to: their digests now, and their locks."""

from django.db.models import QuerySet

from county_portal.documents.kinds import DataKind
from scoring.enums import LIST_DATA, RUN_DATA, ListState, RunState
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
