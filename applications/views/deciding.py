"""The list of pilots: drafting, notice, withdrawal, publication, objections."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.actions.deciding import draft_pilot_list, start_notice, withdraw_pilot_list
from applications.actions.objections import answer_objection, record_objection
from applications.actions.publishing import publish_pilot_list, why_not_publish
from applications.enums import ListState
from applications.forms.deciding import (
    AnswerForm,
    DraftForm,
    NoticeForm,
    RecordedObjectionForm,
    WithdrawListForm,
)
from applications.forms.refusals import show_refusal, status_of
from applications.selectors.applications import get_round
from applications.selectors.deciding import (
    former_decisions,
    get_objection,
    get_pilot_list,
    list_decisions,
    list_objections,
    list_withdrawn,
    mark_of,
    obstacles_to_draft,
    to_decide,
    why_not_closed,
)
from applications.selectors.layout import chosen_of
from applications.selectors.narrowing import ORDERS, Wanted, narrow
from applications.selectors.selection import list_candidates, ranks_of, standing_list
from applications.views.list_words import LIST_TONES, buttons_of, list_steps_of, turn_of_list
from applications.views.round_words import Crumbs, round_crumbs
from applications.views.selection import crumbs_of, tabs_of
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Stale
from county_portal.common.province import words
from county_portal.common.text import chinese_date
from county_portal.files.responses import serve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.forms import BoundField
    from django.http import FileResponse

    from applications.models import Decision, PilotList, PilotRound
    from applications.selectors.selection import Candidate

_BOTH = (Permission.RUN_PILOTS, Permission.DECIDE_PILOTS)


@page(*_BOTH, objects={"public_id": "selection_round"})
def pilot_list(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Where the round's list stands: rows, reasons, objections, whose turn it is."""
    call = get_round(request.user, public_id)
    row = standing_list(call)
    objections = list_objections(row) if row else []
    on_notice = row if row and row.state == ListState.NOTICE else None
    refusal = why_not_publish(on_notice) if on_notice else None
    context: dict[str, Any] = {
        "call": call,
        "tabs": tabs_of(call, "pilot_list"),
        "list": row,
        "withdrawn": list_withdrawn(call),
        "turn": turn_of_list(
            call, row, has_objections=any(each.answered_at is None for each in objections)
        ),
        "steps": list_steps_of(row),
        "buttons": buttons_of(
            request.user, call, row, may_publish=on_notice is not None and refusal is None
        ),
        "objections": objections,
        "refusal": refusal.sentence if refusal else "",
        "breadcrumbs": crumbs_of(call, "名单与公示"),
    }
    if row is None:
        context["obstacles"] = obstacles_to_draft(call, list_candidates(call))
    else:
        context["tone"] = LIST_TONES[ListState(row.state)]
        decisions = list_decisions(row)
        context["decisions"] = _weighed(decisions, list_candidates(call))
        context["counts"] = _counts(decisions)
    return render(request, "applications/pilot_list.html", context)


def _weighed(
    decisions: "Sequence[Decision]", candidates: "Sequence[Candidate]"
) -> "list[tuple[Decision, Candidate | None, int | None]]":
    """Each decision with what it rests on: the candidate, the rank of its mean."""
    found = {each.application.pk: each for each in candidates}
    ranks = ranks_of(candidates)
    return [
        (each, found.get(each.application_id), ranks.get(each.application_id)) for each in decisions
    ]


@page(Permission.RUN_PILOTS, methods="GET POST", objects={"public_id": "selection_round"})
def draft(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Decide each candidate with reasons; begins from a trial where one is named, else from the list before."""
    call = get_round(request.user, public_id)
    candidates = list_candidates(call)
    form = _draft_form(request, call, candidates)
    refused: Stale | None = None
    if request.method == "POST" and form.is_valid():
        try:
            draft_pilot_list(actor=request.user, round_id=public_id, data=form.draft)
        except Invalid as refusal:
            show_refusal(form, refusal)
        except Stale as refusal:
            refused = refusal
            form.show_now(mark_of(standing_list(call)))
        else:
            messages.success(request, "名单已拟定。厅务会审议后登记审议情况，开始公示。")
            return redirect("applications:pilot_list", public_id)
    context = {
        "call": call,
        "form": form,
        "lines": _lines(form, ranks_of(candidates)),
        "orders": _orders(request),
        "waiting": sum(each.panel.waiting for each in form.candidates),
        "refusal": refused,
        "error_code": refused.code if refused else "",
        "obstacles": [
            *filter(None, [why_not_closed(call)]),
            *obstacles_to_draft(call, candidates),
        ],
        "breadcrumbs": _crumbs(call, "拟定名单"),
    }
    status = refused.status if refused else status_of(form)
    return render(request, "applications/list_draft.html", context, status=status)


def _draft_form(
    request: AuthenticatedRequest, call: "PilotRound", candidates: "Sequence[Candidate]"
) -> DraftForm:
    standing = standing_list(call)
    former = former_decisions(call)
    # Not before the list can be published.
    after_notice = clock.today() + timedelta(days=call.notice_days)
    starts_on = next(iter(former.values())).pilot_list.starts_on if former else after_notice
    return DraftForm(
        request.POST or None,
        candidates=narrow(to_decide(candidates), Wanted(order=request.GET.get("order", ""))),
        former=former,
        chosen=chosen_of(call, request.GET.get("trial", "")),
        initial={"starts_on": starts_on, "seen": mark_of(standing)},
    )


def _lines(
    form: DraftForm, ranks: "Mapping[int, int]"
) -> "list[tuple[Candidate, int | None, BoundField, BoundField]]":
    """Each candidate with the rank of its mean and its two fields."""
    return [
        (each, ranks.get(each.application.pk), selected, reasons)
        for each, selected, reasons in form.lines
    ]


def _orders(request: AuthenticatedRequest) -> list[tuple[str, str, bool]]:
    """In which order the candidates may stand: label, address, whether they do; the trial stays."""
    wanted, trial = request.GET.get("order", ""), request.GET.get("trial", "")
    kept = {"trial": trial} if trial else {}
    labels = {"": "按区划代码", **{key: label for key, (label, _) in ORDERS.items()}}
    return [
        (label, "?" + urlencode({**kept, "order": key}), key == wanted)
        for key, label in labels.items()
    ]


@page(Permission.RUN_PILOTS, methods="GET POST", objects={"public_id": "pilot_list"})
def notice(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Register the meeting's consent and begin the public notice."""
    row = get_pilot_list(request.user, public_id)
    decisions = list_decisions(row)
    until = clock.today() + timedelta(days=row.round.notice_days - 1)
    initial = {"notice_from": clock.today(), "notice_until": until}
    form = NoticeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            start_notice(actor=request.user, list_id=public_id, notice=form.notice)
        except Invalid as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "名单已公示，公众可以在线提交异议。")
            return redirect("applications:pilot_list", row.round.public_id)
    return _confirm(
        request,
        row,
        form,
        label="开始公示",
        title="登记厅务会审议情况，开始公示？",
        counts=_counts(decisions),
        consequences=[
            _named(decisions),
            "公示开始后，名单和理由不能再修改；确需改变的须撤回后重新拟定。",
            "公开页面只载拟入选县（市、区）和推荐单位的名称，不载理由和评分。",
        ],
    )


@page(*_BOTH, methods="GET POST", objects={"public_id": "pilot_list"})
def withdraw(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Take a draft or a notice back, with the reason."""
    row = get_pilot_list(request.user, public_id)
    form = WithdrawListForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        withdraw_pilot_list(actor=request.user, list_id=public_id, reason=reason)
        messages.success(request, "名单已撤回，可以重新拟定。")
        return redirect("applications:pilot_list", row.round.public_id)
    return _confirm(
        request,
        row,
        form,
        label="撤回名单",
        title="撤回本名单？",
        consequences=["名单作废并留存备查；正在公示的，公开页面标明“已撤回”。"],
        tone="danger",
    )


@page(Permission.DECIDE_PILOTS, methods="GET POST", objects={"public_id": "pilot_list"})
def publish(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Publish after a last look; two people publish."""
    row = get_pilot_list(request.user, public_id)
    if request.method == "POST":
        made = publish_pilot_list(actor=request.user, list_id=public_id)
        number = made.paper.number if made.paper else ""
        messages.success(request, f"名单已以{number}公布，试点建设期已登记。")
        return redirect("applications:pilot_list", row.round.public_id)
    refusal = why_not_publish(row)
    if refusal:
        raise refusal
    decisions = list_decisions(row)
    selected = sum(1 for each in decisions if each.is_selected)
    return _confirm(
        request,
        row,
        None,
        label="公布名单",
        title=f"公布“{row.round.title}”名单？",
        counts=_counts(decisions),
        consequences=[
            _named(decisions),
            f"以通知附名单的形式编号印发，送各{words().city}科技局，任何人可以查阅和核验。",
            f"入选的{selected}个县（市、区）自{chinese_date(row.starts_on)}起纳入试点，考核目标随即锁定。",
        ],
        final=True,
    )


def _counts(decisions: "Sequence[Decision]") -> list[tuple[str, int]]:
    selected = sum(1 for each in decisions if each.is_selected)
    return [("入选", selected), ("不入选", len(decisions) - selected)]


def _named(decisions: "Sequence[Decision]") -> str:
    """Who is chosen, for the last look."""
    names = [each.application.region.full_name for each in decisions if each.is_selected]
    return f"入选：{'、'.join(names)}。"


def _confirm(
    request: AuthenticatedRequest,
    row: "PilotList",
    form: forms.Form | None,
    *,
    label: str,
    **words: Any,
) -> HttpResponse:
    context = {
        "list": row,
        "label": label,
        "form": form,
        "cancel_url": reverse("applications:pilot_list", args=[row.round.public_id]),
        "breadcrumbs": _crumbs(row.round, label),
        **words,
    }
    status = status_of(form) if form else 200
    return render(request, "applications/list_confirm.html", context, status=status)


def _crumbs(call: "PilotRound", here: str) -> Crumbs:
    home = reverse("applications:pilot_list", args=[call.public_id])
    return round_crumbs(call, ("名单与公示", home), (here, None))


@page(Permission.RUN_PILOTS, methods="GET POST", objects={"public_id": "pilot_list"})
def objection_new(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Enter an objection that came by letter or telephone."""
    row = get_pilot_list(request.user, public_id)
    regions = [
        (each.application.region.code, each.application.region.full_name)
        for each in list_decisions(row)
    ]
    initial = {"received_on": clock.today()}
    form = RecordedObjectionForm(
        request.POST or None, request.FILES or None, regions=regions, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            record_objection(
                actor=request.user,
                list_id=public_id,
                objection=form.objection,
                received_on=form.received,
            )
        except Invalid as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "异议已登记，请在公布名单前办结。")
            return redirect("applications:pilot_list", row.round.public_id)
    context = {"list": row, "form": form, "breadcrumbs": _crumbs(row.round, "登记异议")}
    return render(request, "applications/objection_new.html", context, status=status_of(form))


@page(*_BOTH, methods="GET POST", objects={"public_id": "objection"})
def objection(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """One objection with its answer; whoever runs the round settles it."""
    row = get_objection(request.user, public_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["answer"]
        answer_objection(actor=request.user, objection_id=public_id, answer=answer)
        messages.success(request, "处理意见已保存，该异议已办结。")
        return redirect("applications:pilot_list", row.pilot_list.round.public_id)
    may_answer = row.answered_at is None and request.user.holds(Permission.RUN_PILOTS)
    context = {
        "objection": row,
        "form": form if may_answer else None,
        "breadcrumbs": _crumbs(row.pilot_list.round, "异议"),
    }
    return render(request, "applications/objection.html", context, status=status_of(form))


@page(*_BOTH, objects={"public_id": "objection"})
def objection_file(request: AuthenticatedRequest, public_id: UUID) -> "FileResponse":
    """What came with an objection."""
    row = get_objection(request.user, public_id)
    if row.file is None:
        raise Http404
    return serve(row.file)
