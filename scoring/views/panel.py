"""The experts' pages: what there is to score, and one sheet of scores."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from scoring.actions.panel import give_panel_scores
from scoring.forms import PanelForm
from scoring.selectors.panel import (
    get_panel,
    list_panel_sheets,
    list_panel_tasks,
    panel_maximum,
)


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
    maximum = panel_maximum(collection, indicator)
    sheets = list_panel_sheets(request.user, collection, indicator)
    form = PanelForm(request.POST or None, sheets=sheets, maximum=maximum)
    if request.method == "POST" and form.is_valid():
        changed = give_panel_scores(
            actor=request.user, collection=collection, indicator=indicator, scores=form.scores
        )
        messages.success(request, f"已保存，本次变动{changed}个县（市、区）的评分。")
        return redirect("scoring:panel_sheet", public_id, code)
    context = {
        "collection": collection,
        "indicator": indicator,
        "maximum": maximum,
        "form": form,
        "given": sum(1 for row in sheets if row.score is not None),
        "breadcrumbs": [("专家评分", reverse("scoring:panel")), (indicator.name, None)],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "scoring/panel_sheet.html", context, status=status)
