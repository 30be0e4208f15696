"""The list of appeals, the lines one may appeal against, and filing."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.access import page
from county_portal.common.components import Turn
from county_portal.common.errors import Invalid
from county_portal.documents.workbook import XLSX
from scoring.actions.appeals import file_appeal
from scoring.claims import figure_text
from scoring.enums import AppealState
from scoring.exports_appeals import appeals_workbook
from scoring.forms.appeals import AppealFilterForm, AppealForm
from scoring.selectors.appeal_lines import (
    get_line,
    get_own_result,
    list_appealable,
    list_lines,
    settled_refusal,
    window_refusal,
)
from scoring.selectors.appeals import count_appeals, due_on, indicator_names, search_appeals
from scoring.selectors.corrections import list_waiting_years
from scoring.selectors.lists import get_published
from scoring.views.appeal_words import TONES, appeal_tone, appeal_turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.models import Appeal

PAGE_SIZE = 30
HOME = ("申诉", "scoring:appeals")


@dataclass(frozen=True, slots=True)
class ListedAppeal:
    """A row of the list."""

    appeal: "Appeal"
    indicator: str
    tone: str
    turn: Turn

    @property
    def url(self) -> str:
        """Its page."""
        return reverse("scoring:appeal", args=[self.appeal.public_id])


def listed(appeals: "Sequence[Appeal]") -> list[ListedAppeal]:
    """Appeals as lists show them; one query for the names."""
    names = indicator_names(appeals)
    return [
        ListedAppeal(
            row,
            names.get(
                (row.published_list.collection.version_id, row.indicator_code), row.indicator_code
            ),
            appeal_tone(row),
            appeal_turn(row, due_on(row)),
        )
        for row in appeals
    ]


@page(Permission.VIEW_APPEALS)
def appeals(request: AuthenticatedRequest) -> HttpResponse:
    """The county's own, the city's counties', the province's all; the address carries the filters."""
    user = request.user
    form = AppealFilterForm(request.GET, user=user)
    shown = Paginator(search_appeals(user, form.wanted), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": shown,
        "rows": listed(list(shown)),
        "form": form,
        "chips": form.chips(
            "state", AppealState.choices, count_appeals(request.user, form.wanted), TONES
        ),
        "is_narrowed": form.is_narrowed,
        "level": user.level,
        "appealable": list_appealable(user),
        "waiting": list_waiting_years(user),
        "may_grade": user.holds(Permission.GRADE),
        "export_url": reverse("scoring:appeals_xlsx") + form.address(),
    }
    return render(request, "scoring/appeals.html", context)


@page(Permission.VIEW_APPEALS)
def appeals_xlsx(request: AuthenticatedRequest) -> HttpResponse:
    """The list as filtered, with outcomes, as a workbook."""
    form = AppealFilterForm(request.GET, user=request.user)
    found = list(search_appeals(request.user, form.wanted))
    content = appeals_workbook(found, indicator_names(found), clock.today())
    headers = {
        "Content-Disposition": 'attachment; filename="appeals.xlsx"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=XLSX, headers=headers)


@page(
    Permission.VIEW_APPEALS,
    objects={"public_id": "published_list", "region_id": "listed_region"},
)
def lines(request: AuthenticatedRequest, public_id: UUID, region_id: UUID) -> HttpResponse:
    """A county's result line by line, each with its appeal or the way to one."""
    published = get_published(public_id)
    result = get_own_result(request.user, published, region_id)
    refusal = window_refusal(published)
    context = {
        "list": published,
        "result": result,
        "lines": list_lines(published, result),
        "refusal": refusal,
        "may_appeal": refusal is None and request.user.holds(Permission.APPEAL),
        "breadcrumbs": [_crumb(), (f"{result.region.full_name}得分明细", None)],
    }
    return render(request, "scoring/appeal_lines.html", context)


def _crumb() -> tuple[str, str | None]:
    return HOME[0], reverse(HOME[1])


@page(
    Permission.APPEAL,
    methods="GET POST",
    objects={
        "public_id": "published_list",
        "region_id": "listed_region",
        "code": "scored_indicator",
    },
)
def file(
    request: AuthenticatedRequest, public_id: UUID, region_id: UUID, code: str
) -> HttpResponse:
    """The county's head appeals against one line."""
    published = get_published(public_id)
    result = get_own_result(request.user, published, region_id)
    line, spec = get_line(published, result, code)
    form = AppealForm(*_sent(request), spec=spec)
    if request.method == "POST" and form.is_valid():
        try:
            made = file_appeal(actor=request.user, data=form.appeal_input(public_id, region_id))
        except Invalid as refusal:
            form.show(refusal)
        else:
            messages.success(request, f"申诉已提出，请{made.reviewing_office.name}提出意见。")
            return redirect("scoring:appeal", made.public_id)
    closed = window_refusal(published) or settled_refusal(published, result.region, spec)
    if closed:
        raise closed
    context = {
        "list": published,
        "result": result,
        "line": line,
        "spec": spec,
        "figure": figure_text(spec, spec.scored),
        "form": form,
        "breadcrumbs": _file_crumbs(published.public_id, region_id, spec.cell.name),
    }
    return render(request, "scoring/appeal_file.html", context, status=form_status(form))


def _file_crumbs(list_id: UUID, region_id: UUID, name: str) -> list[tuple[str, str | None]]:
    url = reverse("scoring:appeal_lines", args=[list_id, region_id])
    return [_crumb(), ("得分明细", url), (f"对“{name}”提出申诉", None)]


def _sent(request: AuthenticatedRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def form_status(form: Any) -> int:
    """422 for a form with errors."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
