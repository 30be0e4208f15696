"""Lists on public notice (公示), as everybody may read them."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from applications.enums import ListState
from applications.models import Decision, PilotList, PilotRound
from county_portal.common import clock
from county_portal.common.errors import Stale
from county_portal.common.text import chinese_date


def list_public_notices() -> QuerySet[PilotList]:
    """Lists that are or were on notice, from the notice's first day on, newest first."""
    return (
        PilotList.objects.filter(notice_from__lte=clock.today())
        .exclude(state=ListState.DRAFT)
        .select_related("round", "paper")
        .order_by("-notice_from", "-pk")
    )


def list_running_notices() -> QuerySet[PilotList]:
    """Those anybody may object to today."""
    return list_public_notices().filter(
        Q(state=ListState.NOTICE) & Q(notice_until__gte=clock.today())
    )


def running_notice(call: PilotRound) -> PilotList | None:
    """The one of a round, if any."""
    return list_running_notices().filter(round=call).first()


def get_public_notice(public_id: UUID) -> PilotList:
    """One of those that are or were; 404 otherwise."""
    return get_object_or_404(list_public_notices(), public_id=public_id)


def is_running(pilots: PilotList) -> bool:
    """Whether anybody may object today."""
    return (
        pilots.state == ListState.NOTICE
        and pilots.notice_from is not None
        and pilots.notice_until is not None
        and pilots.notice_from <= clock.today() <= pilots.notice_until
    )


def lock_open_notice(public_id: UUID) -> PilotList:
    """A list anybody may object to now, locked. Raises Stale for one past its notice."""
    rows = list_public_notices().select_for_update(of=("self",))
    pilots = get_object_or_404(rows, public_id=public_id)
    if not is_running(pilots):
        until = chinese_date(pilots.notice_until) if pilots.notice_until else ""
        raise Stale(
            "notice_ended",
            f"“{pilots.round.title}”拟入选名单的公示已于{until}结束或已撤回，不能再提交异议。",
        )
    return pilots


def list_selected(pilots: PilotList) -> list[Decision]:
    """The counties a list names, by code: all that is public of it."""
    rows = pilots.decisions.filter(is_selected=True)
    return list(
        rows.select_related(
            "application__region__parent", "application__reviewing_office"
        ).order_by("application__region__code")
    )
