"""推荐: the city ranks its counties and has its letter drafted; the province sees what reached it."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.actions.moving import Move, move_application
from applications.actions.recommending import save_ranking
from applications.enums import RECOMMENDATION_LETTER, ApplicationAction
from applications.evaluations import Evaluated, latest_classes
from applications.forms.city import RankingForm, ReasonForm
from applications.notifications import told_of
from applications.selectors.applications import get_application, get_round
from applications.selectors.recommending import (
    Line,
    Ranking,
    get_ranking,
    list_all_rankings,
)
from applications.views.city import READING
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Level, Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from county_portal.documents.selectors.drafts import turns_of

if TYPE_CHECKING:
    from applications.models import PilotRound


@page(*READING, objects={"public_id": "round"})
def recommending(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The city's ranking and its letter; for the province what every city recommends by letter."""
    call = get_round(request.user, public_id)
    if request.user.level == Level.CITY:
        return ranking_page(request, get_ranking(request.user, public_id))
    rankings = list_all_rankings(request.user, call)
    context = {
        "round": call,
        "rankings": rankings,
        "recommended": sum(len(each.by_letter) for each in rankings),
        "breadcrumbs": crumbs_of(call),
    }
    return render(request, "applications/recommendations.html", context)


@page(Permission.RECOMMEND, methods="POST", objects={"public_id": "round"})
def ranking_save(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Keep places, reasons and opinion."""
    ranking = get_ranking(request.user, public_id)
    form = RankingForm(request.POST, ranking=ranking)
    if not form.is_valid():
        return ranking_page(request, ranking, form)
    try:
        saved = save_ranking(actor=request.user, round_id=public_id, data=form.entered)
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return ranking_page(request, ranking, form)
    except Stale as refusal:
        now = get_ranking(request.user, public_id)
        form.show_now(now)
        return ranking_page(request, now, form, refusal)
    left = len(saved.obstacles)
    messages.success(
        request, f"已保存。起草推荐函之前还须办理{left}项。" if left else "已保存，可以起草推荐函。"
    )
    return redirect("applications:recommending", public_id)


@page(Permission.RECOMMEND, methods="POST", objects={"public_id": "application"})
def leave_out(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Refuse a reviewed county its recommendation, with reasons."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        sentence = "".join(map(str, form.errors["comment"]))
        return _refused(request, public_id, Invalid("comment_required", sentence, "comment"))
    move = Move(ApplicationAction.LEAVE_OUT, comment=form.cleaned_data["comment"])
    return _step(request, public_id, move, "已办理不予推荐，理由县级可见。")


@page(Permission.RECOMMEND, methods="POST", objects={"public_id": "application"})
def reconsider(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Take that back."""
    move = Move(ApplicationAction.RECONSIDER)
    return _step(request, public_id, move, "已重新列入考虑，请填写推荐次序和理由。")


def _step(
    request: AuthenticatedRequest, public_id: UUID, move: Move, sentence: str
) -> HttpResponse:
    try:
        row = move_application(actor=request.user, application_id=public_id, move=move)
    except (Stale, Invalid) as refusal:
        return _refused(request, public_id, refusal)
    messages.success(request, f"{row.region.full_name}：{sentence}")
    return redirect("applications:recommending", row.round.public_id)


def _refused(request: AuthenticatedRequest, application_id: UUID, refusal: Refused) -> HttpResponse:
    row = get_application(request.user, application_id)
    ranking = get_ranking(request.user, row.round.public_id)
    return ranking_page(request, ranking, refusal=refusal)


def ranking_page(
    request: AuthenticatedRequest,
    ranking: Ranking,
    form: RankingForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    """The city's page of a round; with `form` or `refusal` it says what was not done and keeps what was typed."""
    form = form or RankingForm(ranking=ranking)
    is_editable = request.user.holds(Permission.RECOMMEND) and ranking.frozen is None
    context: dict[str, Any] = {
        "round": ranking.call,
        "ranking": ranking,
        "form": form,
        "rows": _rows(form, ranking),
        "is_editable": is_editable,
        "told": _told(request, ranking) if is_editable else "",
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs_of(ranking.call),
        **_letter_context(request, ranking),
    }
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    status = refusal.status if refusal else status
    return render(request, "applications/recommending.html", context, status=status)


@dataclass(frozen=True, slots=True)
class RankedRow:
    """An application the city decides on, with its fields and its class in the latest evaluation."""

    line: Line
    place: BoundField
    reasons: BoundField
    evaluated: Evaluated | None


def _rows(form: RankingForm, ranking: Ranking) -> list[RankedRow]:
    classes = latest_classes([line.application.region for line in ranking.lines])
    return [
        RankedRow(line, place, reasons, classes.get(line.application.region_id))
        for line, place, reasons in form.rows
    ]


def _letter_context(request: AuthenticatedRequest, ranking: Ranking) -> dict[str, Any]:
    latest = ranking.latest
    may_draft = request.user.holds(Permission.DRAFT_DOCUMENT)
    is_ready = ranking.is_letter_wanted and not ranking.obstacles and ranking.late is None
    start = reverse("documents:start", args=[RECOMMENDATION_LETTER])
    return {
        "latest": latest,
        "letter_turn": turns_of(request.user).words(latest) if latest else "",
        "start_url": f"{start}?subject={ranking.call.public_id}" if may_draft and is_ready else "",
    }


def _told(request: AuthenticatedRequest, ranking: Ranking) -> str:
    """Whom leaving somebody out would tell: the same posts in every county, so one stands for all."""
    line = next((line for line in ranking.lines if line.may_be_placed), None)
    if line is None:
        return ""
    return told_of(line.application, ApplicationAction.LEAVE_OUT, request.user)


def crumbs_of(call: "PilotRound") -> list[tuple[str, str | None]]:
    """The way from the round."""
    return [(call.title, reverse("applications:round", args=[call.public_id])), ("推荐", None)]
