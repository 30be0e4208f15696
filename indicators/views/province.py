"""The province's pages: collections from drawing up to closing, and what it receives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.access import page
from county_portal.common.components import Turn
from county_portal.common.errors import Refused, Stale
from indicators.actions.bulk import move_submissions
from indicators.actions.collecting import (
    close_collection,
    open_collection,
    reopen_collection,
)
from indicators.enums import CollectionState, SubmissionAction, SubmissionState
from indicators.forms import ReasonForm, ReceiveForm
from indicators.notifications import (
    CLOSED,
    REOPENED,
    audience_of_each,
    collection_audience,
    opening_audience,
)
from indicators.selectors import (
    count_states,
    get_collection,
    list_by_office,
    list_collections,
    list_office_progress,
    list_overdue,
    list_receivable,
)
from indicators.selectors.collections import list_postponements
from indicators.selectors.reminders import reminder_words
from indicators.views import shared
from indicators.views.wording import opening_consequences, turn_of

if TYPE_CHECKING:
    from indicators.models import Collection, Submission

LIST: tuple[str, str] = ("采集任务", "indicators:collections")


@page(Permission.COLLECT)
def collections(request: AuthenticatedRequest) -> HttpResponse:
    """All collections, newest first."""
    context = {"collections": list_collections(request.user)}
    return render(request, "indicators/collections.html", context)


@page(Permission.COLLECT, objects={"public_id": "collection"})
def collection(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """How far the counties have come."""
    return collection_page(request, get_collection(request.user, public_id))


def collection_page(
    request: AuthenticatedRequest, row: "Collection", refusal: Refused | None = None
) -> HttpResponse:
    """The page of a collection, with why something was not done."""
    counts = count_states(row)
    context = {
        "collection": row,
        "counts": counts,
        "tiles": _tiles(row, counts),
        "states": list(SubmissionState),
        "progress": list_office_progress(row),
        "offices": list_by_office(row),
        "overdue": _overdue(row),
        "postponements": list_postponements(row),
        "is_draft": row.state == CollectionState.DRAFT,
        "is_open": row.state == CollectionState.OPEN,
        "is_closed": row.state == CollectionState.CLOSED,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": [(LIST[0], reverse(LIST[1])), (row.title, None)],
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "indicators/collection.html", context, status=status)


def _overdue(row: "Collection") -> list[tuple["Submission", Turn, str]]:
    """Who is late, whose turn it is, and who was told of it."""
    late = list(list_overdue(row, clock.today()))
    told = reminder_words(row, late)
    return [(one, turn_of(one), told[one.pk]) for one in late]


@dataclass(frozen=True, slots=True)
class Tile:
    """A number over the page that leads to its list."""

    label: str
    value: int
    url: str
    tone: str


_TONES = {SubmissionState.RETURNED: "danger", SubmissionState.ACCEPTED: "success"}


def _tiles(row: "Collection", counts: Mapping[str, int]) -> list[Tile]:
    home = reverse("indicators:submissions")
    return [
        Tile(
            state.label,
            counts[state],
            f"{home}?{urlencode({'collection': row.public_id, 'state': state})}",
            _TONES.get(state, ""),
        )
        for state in SubmissionState
    ]


def _act(
    request: AuthenticatedRequest, public_id: UUID, act: Callable[[], object], sentence: str
) -> HttpResponse:
    try:
        act()
    except Stale as refusal:
        return collection_page(request, get_collection(request.user, public_id), refusal)
    messages.success(request, sentence)
    return redirect("indicators:collection", public_id)


def confirm(
    request: AuthenticatedRequest, row: "Collection", label: str, **words: Any
) -> HttpResponse:
    """A last look before an act on a collection; see components/confirm.html."""
    home = reverse("indicators:collection", args=[row.public_id])
    context = {
        "label": label,
        "name": row.title,
        "cancel_url": home,
        "breadcrumbs": [(LIST[0], reverse(LIST[1])), (row.title, home), (label, None)],
        **words,
    }
    form: forms.Form | None = words.get("form")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form and form.errors else HTTPStatus.OK
    return render(request, "indicators/confirm.html", context, status=status)


@page(Permission.COLLECT, methods="GET POST", objects={"public_id": "collection"})
def collection_open(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Open it for all counties, after a last look."""
    row = get_collection(request.user, public_id)
    if request.method == "POST":

        def act() -> object:
            return open_collection(actor=request.user, collection_id=public_id)

        return _act(request, public_id, act, "采集任务已开放，各县可以填报。")
    return confirm(
        request,
        row,
        "开放填报",
        title="向全省各县（市、区）开放填报？",
        consequences=opening_consequences(row),
        mail=opening_audience(row),
    )


@page(Permission.COLLECT, methods="GET POST", objects={"public_id": "collection"})
def collection_close(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Close it."""
    row = get_collection(request.user, public_id)
    if request.method == "POST":

        def act() -> object:
            return close_collection(actor=request.user, collection_id=public_id)

        return _act(request, public_id, act, "采集任务已截止。")
    counts = count_states(row)
    return confirm(
        request,
        row,
        "截止填报",
        title="截止本次采集？",
        counts=[(SubmissionState(name).label, number) for name, number in counts.items()],
        consequences=[
            "截止后各县不能再填报和提交，未提交的填报表停留在现有状态。",
            "已提交的仍可审核和接收；确需补报可为个别县（市、区）补开。",
        ],
        mail=collection_audience(row, CLOSED),
        tone="danger",
    )


@page(Permission.COLLECT, methods="GET POST", objects={"public_id": "collection"})
def collection_reopen(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Open a closed one again, with the reason."""
    row = get_collection(request.user, public_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]

        def act() -> object:
            return reopen_collection(actor=request.user, collection_id=public_id, reason=reason)

        return _act(request, public_id, act, "采集任务已重新开放。")
    return confirm(
        request,
        row,
        "重新开放",
        title="重新开放本次采集？",
        consequences=[
            "对全省各县（市、区）重新开放；只有个别县（市、区）需要补报的，请在其填报表页面办理补开。",
            "截止日期不变：截止日期已过的，还须办理“延长期限”（全省）或逐县延期，县级才能填报。",
        ],
        mail=collection_audience(row, REOPENED),
        form=form,
    )


@page(Permission.COLLECT, methods="GET POST", objects={"public_id": "collection"})
def receive_many(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Receive all that the cities have approved, each checked on its own."""
    row = get_collection(request.user, public_id)
    waiting = list(list_receivable(request.user, row))
    form = ReceiveForm(request.POST if request.method == "POST" else None)
    result = None
    if request.method == "POST" and form.is_valid():
        result = move_submissions(
            actor=request.user,
            submission_ids=form.cleaned_data["chosen"],
            action=SubmissionAction.RECEIVE,
        )
    home = reverse("indicators:collection", args=[row.public_id])
    context = {
        "collection": row,
        "told": audience_of_each(waiting, SubmissionAction.RECEIVE, request.user),
        "waiting": waiting,
        "form": form,
        "result": result,
        "error_code": "nothing_chosen" if form.errors else "",
        "breadcrumbs": [(LIST[0], reverse(LIST[1])), (row.title, home), ("批量接收", None)],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "indicators/receive_many.html", context, status=status)


@page(Permission.COLLECT, methods="POST", objects={"public_id": "submission"})
def receive(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Receive one."""
    return shared.decide(request, public_id, SubmissionAction.RECEIVE, "已接收，可用于评价。")


@page(Permission.COLLECT, methods="POST", objects={"public_id": "submission"})
def send_back(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Send it back past the city to the county."""
    sentence = "已退回县级修改，退回意见县级和市级可见。"
    return shared.give_back(request, public_id, SubmissionAction.SEND_BACK, sentence)


@page(Permission.COLLECT, methods="POST", objects={"public_id": "submission"})
def reopen(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Open a received one again for correction."""
    sentence = "已重新开放填报，县级改正后须重新提交。"
    return shared.give_back(request, public_id, SubmissionAction.REOPEN, sentence)
