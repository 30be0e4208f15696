"""One appeal: what is claimed, what each office says, what a correction would change, and the next step."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Level, Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused
from county_portal.common.province import words
from county_portal.files.responses import serve
from scoring.actions.appeals import (
    decide_appeal,
    go_on_without_city,
    opine,
    proposed_figure,
    reopen_appeal,
    review_appeal,
    stamp_of,
    withdraw_appeal,
)
from scoring.claims import figure_text
from scoring.corrections import figure_from_document
from scoring.enums import AppealAction, AppealState
from scoring.forms.appeals import GoOnForm, ReviewForm, VerdictForm, claim_initial
from scoring.notifications import told_of
from scoring.selectors.appeal_effects import base_list, read_effect
from scoring.selectors.appeals import (
    DECIDED,
    OPEN,
    appeal_spec,
    due_on,
    get_appeal,
    get_appeal_file,
    is_overdue,
    list_steps,
)
from scoring.views.appeal_words import appeal_history, appeal_steps, appeal_tone, appeal_turn
from scoring.views.appeals import HOME, form_status

if TYPE_CHECKING:
    from scoring.claims import ClaimSpec
    from scoring.engine.types import Figure
    from scoring.models import Appeal

_OPINE = (("yes", "支持申诉"), ("no", "不支持申诉"))
_DECIDE = (
    ("yes", "申诉成立，按拟更正的数据更正"),
    ("no", "申诉不成立，维持原数据"),
    ("reopen", "退回，请重新复查"),
)
_WITHOUT_FIGURE = tuple(answer for answer in _DECIDE if answer[0] != "yes")


@page(Permission.VIEW_APPEALS, objects={"public_id": "appeal"})
def appeal(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """One appeal whole, with the form of whoever's turn it is."""
    row = get_appeal(request.user, public_id)
    return _page(request, row, _turn_form(request, row))


def _page(request: AuthenticatedRequest, row: "Appeal", form: Any = None) -> HttpResponse:
    spec, user = appeal_spec(row), request.user
    shows_review = user.level == Level.PROVINCE or row.state in DECIDED
    context = {
        **_facts(row, spec),
        "shows_review": shows_review,
        "figure": _figure_for(row),
        **_effect(request, row, _figure_for(row)),
        "steps": appeal_steps(row),
        "history": appeal_history(list_steps(row), shows_review=shows_review),
        "files": row.files.select_related("file"),
        "form": form,
        "form_url": _form_url(row, form),
        "go_on_form": _go_on_form(request, row) if not isinstance(form, GoOnForm) else form,
        "may_review": user.holds(Permission.REVIEW_APPEAL) and row.state == AppealState.OPINED,
        "may_withdraw": user.holds(Permission.APPEAL)
        and row.state in {AppealState.FILED, AppealState.OPINED},
        "breadcrumbs": _crumbs(row, spec),
    }
    if isinstance(form, GoOnForm):
        context["form"] = None
    status = form_status(form) if form is not None else HTTPStatus.OK
    return render(request, "scoring/appeal.html", context, status=status)


def _facts(row: "Appeal", spec: "ClaimSpec") -> dict[str, Any]:
    """What every page about an appeal says of it."""
    texts = {
        name: figure_text(spec, figure_from_document(stored)) if stored else ""
        for name, stored in (
            ("scored_text", row.scored_figure),
            ("claimed_text", row.claimed_figure),
            ("proposed_text", row.proposed_figure),
        )
    }
    return {
        "appeal": row,
        "spec": spec,
        "tone": appeal_tone(row),
        "turn": appeal_turn(row, due_on(row)),
        **texts,
    }


def _crumbs(row: "Appeal", spec: "ClaimSpec", *last: str) -> list[tuple[str, str | None]]:
    name = f"{row.region.full_name}“{spec.cell.name}”"
    own = reverse("scoring:appeal", args=[row.public_id]) if last else None
    return [(HOME[0], reverse(HOME[1])), (name, own), *((label, None) for label in last)]


def _figure_for(row: "Appeal") -> "Figure | None":
    """The figure whose effect is worth knowing: as proposed, before that as claimed; none once it is over."""
    if row.state not in OPEN:
        return None
    stored = row.proposed_figure if row.state == AppealState.REVIEWED else row.claimed_figure
    return figure_from_document(stored) if stored else None


def _effect(
    request: AuthenticatedRequest, row: "Appeal", figure: "Figure | None"
) -> dict[str, Any]:
    """The effect for those who may see everybody's results; why there is none where it cannot be had."""
    if figure is None or not request.user.holds(Permission.VIEW_RESULTS):
        return {}
    try:
        effect = read_effect(row, figure)
    except Refused as refusal:
        return {"effect_refusal": refusal}
    return {"effect": effect, "base": base_list(row)}


def _turn_form(request: AuthenticatedRequest, row: "Appeal", data: Any = None) -> Any:
    """The form of the city or the decider, if it is the reader's turn."""
    user, initial = request.user, {"seen": stamp_of(row)}
    if row.state == AppealState.FILED and user.holds(Permission.OPINE_APPEAL):
        return VerdictForm(data, answers=_OPINE, initial=initial)
    if row.state == AppealState.REVIEWED and user.holds(Permission.DECIDE_APPEAL):
        return _decide_form(row, data)
    return None


def _decide_form(row: "Appeal", data: Any = None) -> VerdictForm:
    answers = _DECIDE if row.proposed_figure else _WITHOUT_FIGURE
    return VerdictForm(data, answers=answers, initial={"seen": stamp_of(row)})


def _form_url(row: "Appeal", form: Any) -> str:
    if not isinstance(form, VerdictForm):
        return ""
    name = "appeal_opine" if row.state == AppealState.FILED else "appeal_decide"
    return reverse(f"scoring:{name}", args=[row.public_id])


def _go_on_form(request: AuthenticatedRequest, row: "Appeal") -> GoOnForm | None:
    may = request.user.holds(Permission.REVIEW_APPEAL) and row.state == AppealState.FILED
    return GoOnForm() if may and is_overdue(row) else None


def _done(request: AuthenticatedRequest, public_id: UUID, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("scoring:appeal", public_id)


def _with_errors(
    request: AuthenticatedRequest, row: "Appeal", form: Any, refusal: Invalid | None = None
) -> HttpResponse:
    if refusal is not None:
        field = {"comment": "words"}.get(refusal.field, refusal.field)
        form.add_error(field if field in form.fields else None, refusal.sentence)
    return _page(request, row, form)


@page(Permission.OPINE_APPEAL, methods="POST", objects={"public_id": "appeal"})
def opinion(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The city's opinion."""
    row = get_appeal(request.user, public_id)
    form = VerdictForm(request.POST, answers=_OPINE)
    if not form.is_valid():
        return _with_errors(request, row, form)
    try:
        opine(actor=request.user, appeal_id=public_id, opinion=form.opinion)
    except Invalid as refusal:
        return _with_errors(request, row, form, refusal)
    return _done(request, public_id, f"意见已提出，转{words().province_office}复查。")


@page(Permission.REVIEW_APPEAL, methods="POST", objects={"public_id": "appeal"})
def go_on(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The province goes on without the city."""
    row = get_appeal(request.user, public_id)
    form = GoOnForm(request.POST)
    if not form.is_valid():
        return _with_errors(request, row, form)
    words = form.cleaned_data["words"]
    go_on_without_city(actor=request.user, appeal_id=public_id, words=words)
    return _done(request, public_id, "已转省级复查。")


@page(Permission.REVIEW_APPEAL, methods="GET POST", objects={"public_id": "appeal"})
def review(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The province's review; its effect is tried out before it is given."""
    row = get_appeal(request.user, public_id)
    spec = appeal_spec(row)
    claimed = figure_from_document(row.claimed_figure) if row.claimed_figure else None
    initial = {"seen": stamp_of(row), **claim_initial(spec, claimed)}
    form = ReviewForm(request.POST or None, spec=spec, initial=initial)
    tried: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            if "preview" not in request.POST:
                review_appeal(actor=request.user, appeal_id=public_id, review=form.review)
                return _done(request, public_id, "复查意见已提出，请另一人作出决定。")
            tried = _tried(request, row, form)
        except Invalid as refusal:
            form.show(refusal)
    context = {
        **_facts(row, spec),
        "form": form,
        **(tried or _effect(request, row, claimed)),
        "is_tried": bool(tried),
        "mail": told_of(row, AppealAction.REVIEW, request.user),
        "breadcrumbs": _crumbs(row, spec, "复查"),
    }
    return render(request, "scoring/appeal_review.html", context, status=form_status(form))


def _tried(request: AuthenticatedRequest, row: "Appeal", form: ReviewForm) -> dict[str, Any]:
    figure = proposed_figure(row, form.review)
    return _effect(request, row, figure) if figure else {"is_kept": True}


@page(Permission.DECIDE_APPEAL, methods="POST", objects={"public_id": "appeal"})
def decide(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The decision of another person, or back for another review."""
    row, user = get_appeal(request.user, public_id), request.user
    form = _decide_form(row, request.POST)
    if not form.is_valid():
        return _with_errors(request, row, form)
    given = form.opinion
    try:
        if form.cleaned_data["verdict"] == "reopen":
            reopen_appeal(actor=user, appeal_id=public_id, words=given.words, seen=given.seen)
            return _done(request, public_id, "已退回复查。")
        decide_appeal(actor=user, appeal_id=public_id, decision=given)
    except Invalid as refusal:
        return _with_errors(request, row, form, refusal)
    ended = "申诉成立，请业务管理员开始更正评价" if given.is_for else "申诉不成立，决定已通知县、市"
    return _done(request, public_id, f"{ended}。")


@page(Permission.APPEAL, methods="POST", objects={"public_id": "appeal"})
def withdraw(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The county takes it back."""
    withdraw_appeal(actor=request.user, appeal_id=public_id)
    return _done(request, public_id, "申诉已撤回。申诉期内可以再次提出。")


@page(
    Permission.VIEW_APPEALS,
    objects={"public_id": "appeal", "file_id": "appeal_file"},
)
def evidence(request: AuthenticatedRequest, public_id: UUID, file_id: UUID) -> FileResponse:
    """A piece of evidence."""
    return serve(get_appeal_file(request.user, public_id, file_id).file)
