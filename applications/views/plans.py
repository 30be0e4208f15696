"""The implementation plan (实施方案) as everybody concerned reads it and as its county writes it."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.actions.plans import remove_plan_file, save_text, upload_plan
from applications.enums import PLAN_SECTIONS, KeyTask, Section
from applications.forms.plans import PlanFileForm, TextForm
from applications.rules.materials import Materials
from applications.rules.plan import WRITTEN, section_title
from applications.rules.schedule import draw_schedule
from applications.selectors.applications import get_application, may_edit, why_not_editable
from applications.selectors.guidance import list_guidance
from applications.selectors.materials import list_gaps, read_materials
from applications.selectors.plans import (
    PlanPart,
    find_plan_file,
    list_plan_parts,
    written_section,
)
from applications.views.round_words import Crumbs, office_crumbs
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from county_portal.documents.wording import numbering_problems
from county_portal.files.responses import serve

if TYPE_CHECKING:
    from applications.models import Application


def crumbs(row: "Application", *rest: tuple[str, str | None]) -> Crumbs:
    """The way to a page of an application."""
    here = reverse("applications:application", args=[row.public_id])
    return office_crumbs((f"{row.region.full_name}申报材料", here), *rest)


def plan_crumb(row: "Application") -> tuple[str, str | None]:
    """The way to the plan."""
    return ("实施方案", reverse("applications:plan", args=[row.public_id]))


@page(Permission.VIEW_PILOTS, objects={"public_id": "application"})
def plan(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The seven sections, the key tasks and the picture of the schedule."""
    return _plan_page(request, public_id)


def _plan_page(
    request: AuthenticatedRequest,
    public_id: UUID,
    form: PlanFileForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    row = get_application(request.user, public_id)
    materials = read_materials(row)
    parts = list_plan_parts(row, materials, list_gaps(row, materials))
    context = {
        "application": row,
        "parts": parts,
        "tasks_part": _part(parts, Section.TASKS),
        "schedule": draw_schedule(materials),
        "choices": _choices(materials),
        "plan_file": find_plan_file(row),
        "guidance": list_guidance(request.user, row, PLAN_SECTIONS),
        "form": form or PlanFileForm(),
        "may_edit": may_edit(request.user, row),
        "closed": why_not_editable(row) if request.user.holds(Permission.APPLY) else None,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(row, ("实施方案", None)),
    }
    return render(request, "applications/plan.html", context, status=_status(form, refusal))


def _choices(materials: Materials) -> list[tuple[str, str, bool]]:
    """The ten key tasks, and whether each is chosen."""
    chosen = {task.kind for task in materials.tasks}
    return [(str(kind), str(kind.label), kind in chosen) for kind in KeyTask]


def _part(parts: list[PlanPart], section: Section) -> PlanPart:
    return next(part for part in parts if part.section == section)


def _status(form: Any, refusal: Refused | None) -> int:
    if refusal:
        return refusal.status
    return HTTPStatus.UNPROCESSABLE_ENTITY if form and form.errors else HTTPStatus.OK


@page(Permission.VIEW_PILOTS, objects={"public_id": "application", "section": "plan_section"})
def section(request: AuthenticatedRequest, public_id: UUID, section: str) -> HttpResponse:
    """One written section to be edited; whoever cannot edit it, and tasks and schedule, are on the plan's page."""
    row = get_application(request.user, public_id)
    chosen = written_section(section)
    if chosen not in WRITTEN or not may_edit(request.user, row):
        return redirect(f"{reverse('applications:plan', args=[public_id])}#{chosen}")
    return _section_page(request, row, chosen)


def _section_page(
    request: AuthenticatedRequest,
    row: "Application",
    chosen: Section,
    form: TextForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    materials = read_materials(row)
    parts = list_plan_parts(row, materials, list_gaps(row, materials))
    part = _part(parts, chosen)
    initial = {"revision": part.revision, "text": part.text, "renumber": True}
    theirs = part.text if refusal and refusal.code == "section_changed" else None
    if form and theirs is not None:
        # Saved once more, after both were compared, it is the typing that stands.
        form = TextForm(initial=initial | {"text": form.data.get("text", "")})
    context = {
        "application": row,
        "part": part,
        "parts": parts,
        "form": form or TextForm(initial=initial),
        "theirs": theirs,
        "problems": numbering_problems(form["text"].value() or "" if form else part.text),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(row, plan_crumb(row), (section_title(chosen), None)),
    }
    return render(request, "applications/plan_section.html", context, status=_status(form, refusal))


@page(
    Permission.APPLY,
    methods="POST",
    objects={"public_id": "application", "section": "plan_section"},
)
def save(request: AuthenticatedRequest, public_id: UUID, section: str) -> HttpResponse:
    """Keep a section's text; stay on it, where its numbers can be looked at."""
    row = get_application(request.user, public_id)
    chosen = written_section(section)
    if chosen not in WRITTEN:
        return redirect(f"{reverse('applications:plan', args=[public_id])}#{chosen}")
    form = TextForm(request.POST)
    if not form.is_valid():
        return _section_page(request, row, chosen, form)
    try:
        save_text(actor=request.user, application_id=public_id, section=chosen, **form.cleaned_data)
    except Invalid as refusal:
        form.add_error("text", refusal.sentence)
        return _section_page(request, row, chosen, form)
    except Stale as refusal:
        return _section_page(request, row, chosen, form, refusal)
    messages.success(request, f"“{chosen.label}”已保存。")
    return redirect("applications:plan_section", public_id, chosen)


@page(Permission.APPLY, methods="POST", objects={"public_id": "application"})
def upload(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Keep a file in place of the written text."""
    get_application(request.user, public_id)
    form = PlanFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _plan_page(request, public_id, form)
    try:
        upload_plan(actor=request.user, application_id=public_id, upload=form.cleaned_data["file"])
    except Invalid as refusal:
        form.add_error("file", refusal.sentence)
        return _plan_page(request, public_id, form)
    except Stale as refusal:
        return _plan_page(request, public_id, form, refusal)
    messages.success(request, "实施方案文件已上传。重点任务和进度安排仍在本页填写。")
    return redirect("applications:plan", public_id)


@page(Permission.APPLY, methods="POST", objects={"public_id": "application"})
def remove_file(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Go back to the text written here."""
    try:
        remove_plan_file(actor=request.user, application_id=public_id)
    except Stale as refusal:
        return _plan_page(request, public_id, refusal=refusal)
    messages.success(request, "已取消上传的文件，以在线填写的正文为准。")
    return redirect("applications:plan", public_id)


@page(Permission.VIEW_PILOTS, objects={"public_id": "application"})
def file(request: AuthenticatedRequest, public_id: UUID) -> HttpResponseBase:
    """The uploaded plan; where there is none, the page that says so."""
    found = find_plan_file(get_application(request.user, public_id))
    return serve(found.file) if found else redirect("applications:plan", public_id)
