"""The regional layout: candidates and pilots as tiles, a selection tried out, two of them compared."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.actions.layout import delete_trial, save_trial
from applications.forms.layout import BoundForm, TrialForm
from applications.forms.refusals import show_refusal, status_of
from applications.rules.layout import Bound
from applications.selectors.applications import get_round
from applications.selectors.layout import Layout, find_trial, list_trials, offered, read_layout
from applications.selectors.recommending import name_in_city
from applications.selectors.selection import Candidate, list_candidates, ranks_of, selected_of
from applications.views.selection import crumbs_of, tabs_of
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.components import Tile, TileGroup, TileKey
from county_portal.common.errors import Invalid

if TYPE_CHECKING:
    from applications.models import LayoutTrial, Pilot, PilotRound
    from county_portal.accounts.models import Region

_BOTH = (Permission.RUN_PILOTS, Permission.DECIDE_PILOTS)
_CHOSEN = TileKey("选", "success", "拟入选")
_OFFERED = TileKey("候", "warning", "候选未选")
_PRESENT = TileKey("试", "info", "现有试点")
_OTHER = TileKey("", "none", "其他")
KEYS = (_CHOSEN, _OFFERED, _PRESENT, _OTHER)


@page(*_BOTH, methods="GET POST", objects={"public_id": "selection_round"})
def layout(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Try a selection out: preview draws it, save keeps it by name; the bound of the flags is in the address."""
    call = get_round(request.user, public_id)
    candidates = list_candidates(call)
    trial = find_trial(call, request.GET.get("trial", ""))
    limit = BoundForm(request.GET).limit
    form = TrialForm(
        request.POST if request.method == "POST" else None,
        candidates=offered(candidates),
        initial={"name": trial.name if trial else "", **BoundForm.said(limit)},
    )
    chosen = {each.pk for each in trial.chosen.all()} if trial else selected_of(candidates)
    if request.method == "POST":
        saved = _saved(request, call, form, trial)
        chosen, limit = form.picked, form.limit
        if saved is not None:
            query = urlencode({"trial": saved.public_id, **BoundForm.said(limit)})
            # Else the browser would keep the place of the form, below what is said of the saving.
            return redirect(f"{reverse('applications:layout', args=[public_id])}?{query}#main")
    context = {
        **_drawn(call, candidates, chosen, limit),
        "form": form,
        "trial": trial,
        "trials": (trials := list_trials(call)),
        "other": next((each for each in trials if each != trial), None),
        "said": BoundForm.said(limit),
        "query": urlencode(BoundForm.said(limit)),
        "may_save": request.user.holds(Permission.RUN_PILOTS),
        "tabs": tabs_of(call, "layout"),
        "breadcrumbs": crumbs_of(call, "区域布局"),
    }
    return render(request, "applications/layout.html", context, status=status_of(form))


def _saved(
    request: AuthenticatedRequest,
    call: "PilotRound",
    form: TrialForm,
    opened: "LayoutTrial | None",
) -> "LayoutTrial | None":
    """The trial kept, or None for a preview or a refusal shown at the form."""
    if not form.is_valid() or not form.is_saved:
        return None
    try:
        trial = save_trial(
            actor=request.user,
            round_id=call.public_id,
            name=form.cleaned_data["name"],
            chosen=form.keys,
            over=opened.public_id if opened else None,
        )
    except Invalid as refusal:
        show_refusal(form, refusal)
        return None
    messages.success(request, f"已保存“{trial.name}”。方案只供比较，不产生任何决定。")
    return trial


def _drawn(
    call: "PilotRound", candidates: Sequence[Candidate], chosen: Collection[int], limit: Bound
) -> dict[str, Any]:
    drawn = read_layout(call, candidates, chosen, limit)
    ranks = ranks_of(candidates)
    return {
        "call": call,
        "tiles": [
            TileGroup(city.name, [_tile(region, pilots, drawn) for region, pilots in city.counties])
            for city in drawn.cities
        ],
        "keys": KEYS,
        "cities": [
            (
                city,
                [_choice(each, drawn, ranks) for each in drawn.by_city.get(city.name, ())],
                [name_in_city(each.region) for each in drawn.present.get(city.name, ())],
            )
            for city in drawn.counts
        ],
        "offered": sum(city.candidates for city in drawn.counts),
        "picked": len(drawn.chosen),
        "standing": sum(city.present for city in drawn.counts),
        "whole": sum(city.whole for city in drawn.counts),
        "blank": [city.name for city in drawn.counts if city.is_blank],
    }


def _choice(each: Candidate, drawn: Layout, ranks: Mapping[int, int]) -> dict[str, Any]:
    """A candidate as its city's line offers it."""
    key = each.application.pk
    return {
        "candidate": each,
        "name": name_in_city(each.application.region),
        "is_chosen": key in drawn.chosen,
        "rank": ranks.get(key),
    }


def _tile(region: "Region", pilots: "Sequence[Pilot]", drawn: Layout) -> Tile:
    candidates = drawn.by_county.get(region.pk, ())
    mark = str(pilots[0].round.year) if pilots else ""
    notes = [f"{mark}年批次试点"] if pilots else []
    if not candidates:
        key = _PRESENT if pilots else _OTHER
        word = key.word if pilots else ""
        return Tile(region.name, key.letter, key.shade, word, mark, "；".join(notes))
    chosen = [each for each in candidates if each.application.pk in drawn.chosen]
    key = _CHOSEN if chosen else _OFFERED
    units = [each.application.region for each in chosen or candidates]
    if units != [region]:
        notes.append("、".join(unit.name for unit in units))
    url = reverse("applications:candidate", args=[(chosen or candidates)[0].application.public_id])
    return Tile(region.name, key.letter, key.shade, key.word, mark, "；".join(notes), url)


@page(Permission.RUN_PILOTS, methods="POST", objects={"public_id": "selection_round"})
def discard(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Throw a trial away."""
    call = get_round(request.user, public_id)
    trial = find_trial(call, request.POST.get("trial", ""))
    if trial is not None:
        delete_trial(actor=request.user, round_id=public_id, trial_id=trial.public_id)
        messages.success(request, f"已删除“{trial.name}”。")
    return redirect("applications:layout", public_id)


@page(*_BOTH, objects={"public_id": "selection_round"})
def compare(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Two trials side by side, city by city."""
    call = get_round(request.user, public_id)
    candidates = list_candidates(call)
    trials = list_trials(call)
    sides = [
        (trial, {each.pk for each in trial.chosen.all()})
        for trial in (find_trial(call, request.GET.get(name, "")) for name in ("a", "b"))
        if trial is not None
    ]
    limit = BoundForm(request.GET).limit
    drawn = [read_layout(call, candidates, chosen, limit) for _, chosen in sides]
    context = {
        "form": BoundForm(initial=BoundForm.said(limit)),
        "call": call,
        "tabs": tabs_of(call, "layout"),
        "trials": trials,
        "sides": [trial for trial, _ in sides],
        "rows": _compared(candidates, [chosen for _, chosen in sides]),
        "cities": list(zip(*(each.counts for each in drawn), strict=True)) if drawn else [],
        "breadcrumbs": crumbs_of(call, "方案比较"),
    }
    return render(request, "applications/layout_compare.html", context)


def _compared(
    candidates: Sequence[Candidate], sides: Sequence[Collection[int]]
) -> list[tuple[Candidate, list[bool], bool]]:
    """Each candidate, whether each side chose it, whether they differ; only those somebody chose."""
    rows = []
    for each in candidates:
        picks = [each.application.pk in chosen for chosen in sides]
        if any(picks):
            rows.append((each, picks, len(set(picks)) > 1))
    return rows
