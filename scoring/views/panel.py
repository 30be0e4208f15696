"""Panels: what an expert has to score, one sheet of scores, and for the province how far experts lie apart."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid
from scoring.actions.panel import give_panel_scores, record_agreed
from scoring.forms import AgreedForm, PanelForm
from scoring.panel_spread import FAR, METHODS
from scoring.selectors.panel import (
    get_panel,
    list_panel_sheets,
    list_panel_tasks,
    panel_rule,
)
from scoring.selectors.panel_spread import list_panels, read_panel_spread


@page(Permission.SCORE_PANEL)
def panel(request: AuthenticatedRequest) -> HttpResponse:
    """Collections and their qualitative indicators, with how far one has come."""
    return render(request, "scoring/panel.html", {"tasks": list_panel_tasks(request.user)})


@page(
    Permission.SCORE_PANEL,
    methods="GET POST",
    objects={"public_id": "collection", "code": "panel_indicator"},
)
def sheet(request: AuthenticatedRequest, public_id: UUID, code: str) -> HttpResponse:
    """All reviewed counties with their text and one's own scores; saved all or nothing."""
    collection, indicator = get_panel(request.user, public_id, code)
    rule = panel_rule(collection, indicator)
    sheets = list_panel_sheets(request.user, collection, indicator)
    form = PanelForm(request.POST or None, sheets=sheets, maximum=rule.maximum)
    if request.method == "POST" and form.is_valid():
        changed = give_panel_scores(
            actor=request.user, collection=collection, indicator=indicator, scores=form.scores
        )
        messages.success(request, f"已保存，本次变动{changed}个县（市、区）的评分。")
        return redirect("scoring:panel_sheet", public_id, code)
    context = {
        "collection": collection,
        "indicator": indicator,
        "maximum": rule.maximum,
        "method": METHODS[rule.method],
        "form": form,
        "given": sum(1 for row in sheets if row.score is not None),
        "breadcrumbs": [("专家评分", reverse("scoring:panel")), (indicator.name, None)],
    }
    return render(request, "scoring/panel_sheet.html", context, status=_status(form))


@page(Permission.VIEW_RESULTS)
def panels(request: AuthenticatedRequest) -> HttpResponse:
    """Every panel with how far it has come."""
    context = {
        "panels": list_panels(request.user),
        "breadcrumbs": [("评价运行", reverse("scoring:runs")), ("专家评分情况", None)],
    }
    return render(request, "scoring/panels.html", context)


@page(
    Permission.VIEW_RESULTS,
    objects={"public_id": "collection", "code": "panel_indicator"},
)
def spread(request: AuthenticatedRequest, public_id: UUID, code: str) -> HttpResponse:
    """What experts gave county by county, how far they lie apart, who has not given."""
    collection, indicator = get_panel(request.user, public_id, code)
    found = read_panel_spread(collection, indicator)
    context = {
        "collection": collection,
        "indicator": indicator,
        "spread": found,
        "method": METHODS[found.rule.method],
        "far": FAR * 100,
        "may_agree": found.is_agreed and request.user.holds(Permission.GRADE),
        "breadcrumbs": [
            ("专家评分情况", reverse("scoring:panels")),
            (f"{collection.data_year}年度{indicator.name}", None),
        ],
    }
    return render(request, "scoring/panel_spread.html", context)


@page(
    Permission.GRADE,
    methods="GET POST",
    objects={"public_id": "collection", "code": "panel_indicator"},
)
def agree(request: AuthenticatedRequest, public_id: UUID, code: str) -> HttpResponse:
    """Record what the panel agreed on for one county, with its minutes."""
    collection, indicator = get_panel(request.user, public_id, code)
    found = read_panel_spread(collection, indicator)
    county = {"county": request.GET.get("county", "")}
    form = AgreedForm(request.POST or None, spread=found, initial=county)
    home = reverse("scoring:panel_spread", args=[public_id, code])
    if request.method == "POST" and form.is_valid():
        try:
            record_agreed(
                actor=request.user,
                collection=collection,
                indicator=indicator,
                agreement=form.agreement,
            )
        except Invalid as refusal:
            known = refusal.field if refusal.field in form.fields else None
            form.add_error(known, refusal.sentence)
        else:
            messages.success(request, "已登记议定得分，以后的评价以此计分。")
            return redirect(home)
    context = {
        "collection": collection,
        "indicator": indicator,
        "spread": found,
        "method": METHODS[found.rule.method],
        "form": form,
        "home": home,
        "breadcrumbs": [(f"{indicator.name}专家评分", home), ("登记议定得分", None)],
    }
    return render(request, "scoring/panel_agree.html", context, status=_status(form))


def _status(form: AgreedForm | PanelForm) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
