"""An application as its county works on it, and as everybody concerned reads it."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from applications.actions.applying import begin_application
from applications.enums import PLAN_SECTIONS, Section
from applications.forms.beginning import BeginForm
from applications.rules.plan import WRITTEN
from applications.selectors.applications import (
    available_actions,
    get_application,
    get_round,
    list_steps,
    may_edit,
)
from applications.selectors.beginning import why_not_begin
from applications.selectors.guidance import list_guidance
from applications.selectors.letters import valid_letter
from applications.selectors.materials import list_gaps
from applications.selectors.overview import may_extend
from applications.selectors.plans import find_plan_file
from applications.selectors.requests import last_return, may_answer
from applications.selectors.rounds import places_of
from applications.selectors.sections import list_sections
from applications.selectors.townships import list_townships
from applications.views.application_wording import (
    buttons_of,
    crumbs,
    history_of,
    outcome_of,
    steps_of,
    turn_of,
)
from applications.views.round_words import round_crumbs
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Level, Permission
from county_portal.accounts.selectors import own_region
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from county_portal.common.province import words
from county_portal.common.text import chinese_date

if TYPE_CHECKING:
    from applications.models import Application, PilotRound
    from county_portal.accounts.models import Region


@page(Permission.APPLY, methods="GET POST", objects={"public_id": "round"})
def begin(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Begin the county's application in a round, or that of one of its townships."""
    call = get_round(request.user, public_id)
    is_township = call.unit_level == Level.TOWNSHIP
    townships = list_townships(own_region(request.user)) if is_township else None
    is_posted = request.method == "POST"
    form = BeginForm(request.POST if is_posted else None, townships=townships)
    refusal: Refused | None = why_not_begin(call, own_region(request.user))
    if is_posted and not refusal and form.is_valid():
        try:
            begun = begin_application(
                actor=request.user, round_id=public_id, township=form.township
            )
        except Invalid as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, wrong.sentence)
        except Stale as stale:
            refusal = stale
        else:
            messages.success(request, "已开始编制申报材料，各部分可由多人分别填写、随时保存。")
            return redirect("applications:application", begun.public_id)
    return _begin_page(request, call, form, refusal)


def _begin_page(
    request: AuthenticatedRequest, call: "PilotRound", form: BeginForm, refusal: Refused | None
) -> HttpResponse:
    context = {
        "round": call,
        "form": form,
        "title": f"开始编制{own_region(request.user).full_name}的申报材料？",
        "consequences": [
            f"须于{chinese_date(call.county_due_on)}前填写完整、经县政府审议通过并报送市级。",
            f"指标表的年份：{call.last_year}年为上年数值，{call.year}—{call.year + 2}年为目标。",
            *_about_places(call, own_region(request.user)),
        ],
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": round_crumbs(call, ("开始申报", None)),
    }
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    status = refusal.status if refusal else status
    return render(request, "applications/begin.html", context, status=status)


def _about_places(call: "PilotRound", county: "Region") -> list[str]:
    """That the county's reviewing office has no place to give, where it has none."""
    office = county.reviewing_office
    if office is None or places_of(call).get(office.pk):
        return []
    return [
        f"{office.name}在本批次没有推荐名额，开始之前请先与其和{words().province_office}联系核实。"
    ]


@page(Permission.VIEW_PILOTS, objects={"public_id": "application"})
def application(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Where it stands, what is missing, what was done, and what may be done next."""
    return application_page(request, get_application(request.user, public_id))


def application_page(
    request: AuthenticatedRequest, row: "Application", refusal: Refused | None = None
) -> HttpResponse:
    """The page of an application, headed by a refusal if something was just not done."""
    gaps = list_gaps(row)
    letter = valid_letter(row)
    is_recommended = letter is not None
    moves = list_steps(row)
    context = {
        "application": row,
        "turn": turn_of(row, is_recommended=is_recommended),
        "steps": steps_of(row, is_recommended=is_recommended),
        "history": history_of(moves),
        "outcome": outcome_of(row, moves),
        "letter": letter,
        "gaps": gaps,
        "sections": list_sections(row, gaps),
        "may_edit": may_edit(request.user, row),
        "may_extend": may_extend(request.user, row),
        "packet": last_return(row),
        "may_answer": may_answer(request.user, row),
        "guidance": [
            each for each in list_guidance(request.user, row, list(Section)) if each.remarks
        ],
        "may_review": request.user.level != Level.COUNTY,
        "buttons": buttons_of(row, available_actions(request.user, row)),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(row),
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "applications/application.html", context, status=status)


# Parts with pages of their own: read, and filled by who may change it now.
_SECTION_PAGES = {
    Section.DOCUMENT: ("applications:document", "applications:document_edit"),
    Section.TABLE: ("applications:table", "applications:table_edit"),
    Section.BASICS: ("applications:basics", "applications:basics"),
}


@page(Permission.VIEW_PILOTS, objects={"public_id": "application", "section": "section"})
def section(request: AuthenticatedRequest, public_id: UUID, section: str) -> HttpResponse:
    """Lead to the page of a part; a browser keeps the anchor of the place it was asked for."""
    row = get_application(request.user, public_id)
    if section not in Section.values:
        raise Http404
    part = Section(section)
    if part in WRITTEN and may_edit(request.user, row) and find_plan_file(row) is None:
        return redirect("applications:plan_section", public_id, part)
    if part in PLAN_SECTIONS:
        return redirect("applications:plan", public_id)
    read, edit = _SECTION_PAGES[part]
    return redirect(edit if may_edit(request.user, row, part) else read, public_id)
