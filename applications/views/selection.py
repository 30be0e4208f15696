"""The province compares the candidates of a round."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from applications.enums import Stage
from applications.exports_meeting import figures_sheet, layout_sheet, words_sheet
from applications.exports_selection import candidates_workbook, class_words, decision_words
from applications.forms.selection import CandidateFilterForm, FiguresForm
from applications.rules.layout import Bound
from applications.selectors.applications import get_round
from applications.selectors.comparison import SHOWN, Comparison, read_comparison
from applications.selectors.layout import read_layout
from applications.selectors.narrowing import ORDERS, decision_key, narrow
from applications.selectors.selection import (
    Candidate,
    list_candidates,
    list_criteria,
    ranks_of,
    selected_of,
    standing_list,
)
from applications.views.round_words import Crumbs, round_crumbs
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.documents.workbook import XLSX, Sheet

if TYPE_CHECKING:
    from applications.models import PilotRound

STAGE_TONES = {
    Stage.UNCHECKED: "warning",
    Stage.SENT_BACK: "info",
    Stage.FAILED: "danger",
    Stage.PANEL: "info",
    Stage.SELECTED: "success",
    Stage.NOT_SELECTED: "neutral",
}
_DECISION_TONES = {"yes": "success", "no": "neutral"}


@page(Permission.RUN_PILOTS, Permission.DECIDE_PILOTS, objects={"public_id": "selection_round"})
def selection(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """All candidates side by side; the address carries filter and order."""
    call = get_round(request.user, public_id)
    candidates = list_candidates(call)
    form = CandidateFilterForm(request.GET, candidates=candidates, call=call)
    found = narrow(candidates, form.wanted)
    ranks = ranks_of(candidates)
    context = {
        "call": call,
        "tabs": tabs_of(call, "selection"),
        "criteria": list_criteria(call),
        "rows": [_line(each, ranks) for each in found],
        "total": len(candidates),
        "form": form,
        "chips": form.chips("stage", Stage.choices, _stages(candidates), STAGE_TONES),
        "sorted": {key: form.address(order=key) for key in ORDERS},
        "order": form.said("order"),
        "unsorted": form.address(order=""),
        "list": standing_list(call),
        "query": request.GET.urlencode(),
        "breadcrumbs": crumbs_of(call, "候选比较"),
    }
    return render(request, "applications/selection.html", context)


@page(Permission.RUN_PILOTS, Permission.DECIDE_PILOTS, objects={"public_id": "selection_round"})
def export(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The table as it is shown, as a workbook, with what a meeting wants beside it."""
    call = get_round(request.user, public_id)
    candidates = list_candidates(call)
    form = FiguresForm(request.GET, candidates=candidates, call=call)
    found = read_comparison(call, narrow(candidates, form.wanted), form.shown, form.row)
    content = candidates_workbook(
        call,
        found.candidates,
        list_criteria(call),
        ranks_of(candidates),
        _meeting_sheets(call, candidates, found),
    )
    headers = {
        "Content-Disposition": f'attachment; filename="candidates-{call.year}.xlsx"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=XLSX, headers=headers)


def _meeting_sheets(
    call: "PilotRound", candidates: Sequence[Candidate], found: Comparison
) -> list[Sheet]:
    """Figures of the same candidates in the same order, and the layout of all."""
    counts = read_layout(call, candidates, selected_of(candidates), Bound()).counts
    return [
        *(
            figures_sheet(call, read_comparison(call, found.candidates, shown), shown)
            for shown in SHOWN
        ),
        words_sheet(call, found),
        layout_sheet(call, counts),
    ]


def _line(each: Candidate, ranks: Mapping[int, int]) -> dict[str, Any]:
    return {
        "candidate": each,
        "rank": ranks.get(each.application.pk),
        "stage_tone": STAGE_TONES[each.stage],
        "class_words": class_words(each),
        "decision": decision_words(each),
        "decision_tone": _DECISION_TONES.get(decision_key(each), "neutral"),
    }


def _stages(candidates: Sequence[Candidate]) -> Counter[str]:
    return Counter(str(each.stage) for each in candidates)


def tabs_of(call: "PilotRound", current: str) -> list[tuple[str, str, bool]]:
    """The pages of a round's selection: label, address, whether it is this one."""
    args = [call.public_id]
    return [
        (label, reverse(f"applications:{name}", args=args), name == current)
        for name, label in _TABS
    ]


_TABS = (
    ("selection", "候选比较"),
    ("selection_figures", "指标对比"),
    ("panel_setup", "专家评审"),
    ("layout", "区域布局"),
    ("pilot_list", "名单与公示"),
)


def crumbs_of(call: "PilotRound", here: str) -> Crumbs:
    """The way to a page of a round's selection."""
    return round_crumbs(call, (here, None))
