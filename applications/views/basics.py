"""基本情况表: raw numbers, where they are known from, and what they make of the 31-row table."""

from collections.abc import Mapping
from http import HTTPStatus
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from applications.actions.basics import adopt_known, save_basics, take_over
from applications.enums import Section
from applications.forms.basics import BasicsForm, BoundLine, RevisionForm
from applications.rules.basics import ratios_of
from applications.rules.materials import Materials
from applications.selectors.applications import get_application, may_edit, why_not_editable
from applications.selectors.basics import list_basics
from applications.selectors.guidance import read_guidance
from applications.selectors.materials import list_gaps, read_materials
from applications.selectors.plans import marks_of, revision_of
from applications.views.plans import crumbs
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale

if TYPE_CHECKING:
    from applications.models import Application


@page(Permission.VIEW_PILOTS, objects={"public_id": "application"})
def basics(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Numbers by department, to be filled by the county, and the ratios they make."""
    return _page(request, get_application(request.user, public_id))


def _form(
    row: "Application", materials: Materials, data: Mapping[str, Any] | None = None
) -> BasicsForm:
    lines, revision = list_basics(row, materials), revision_of(row, Section.BASICS)
    return BasicsForm(data, lines=lines, revision=revision)


def _page(
    request: AuthenticatedRequest,
    row: "Application",
    form: BasicsForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    materials = read_materials(row)
    form = form or _form(row, materials)
    marks = marks_of(row)
    table = marks.get(Section.TABLE)
    context = {
        "application": row,
        "form": form,
        "groups": _by_department(list(form.lines)),
        "offered": sum(each.line.offers for each in form.lines),
        "ratios": ratios_of(materials),
        "gaps": [gap for gap in list_gaps(row, materials) if gap.section == Section.BASICS],
        "mark": marks.get(Section.BASICS),
        "guidance": read_guidance(request.user, row, Section.BASICS),
        "table_revision": table.revision if table else 0,
        "may_edit": may_edit(request.user, row),
        "closed": why_not_editable(row) if request.user.holds(Permission.APPLY) else None,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(row, ("基本情况表", None)),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    status = HTTPStatus(refusal.status) if refusal else status
    return render(request, "applications/basics.html", context, status=status)


def _by_department(lines: list[BoundLine]) -> list[tuple[str, list[BoundLine]]]:
    """Lines under the department that has the number: whom the clerk asks."""

    def department(each: BoundLine) -> str:
        return str(each.line.meaning.department)

    first = {name: place for place, name in reversed(list(enumerate(map(department, lines))))}
    ordered = sorted(lines, key=lambda each: first[department(each)])
    return [(name, list(group)) for name, group in groupby(ordered, key=department)]


@page(Permission.APPLY, methods="POST", objects={"public_id": "application"})
def save(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Keep the numbers; what is still missing is listed, not refused."""
    row = get_application(request.user, public_id)
    form = _form(row, read_materials(row), request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    try:
        return _saved(request, row, form)
    except Stale as refusal:
        if refusal.code != "section_changed":
            return _page(request, row, form, refusal)
        return _merged(request, public_id, form, refusal)


def _saved(request: AuthenticatedRequest, row: "Application", form: BasicsForm) -> HttpResponse:
    try:
        save_basics(
            actor=request.user,
            application_id=row.public_id,
            revision=form.cleaned_data["revision"],
            lines=form.inputs,
        )
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return _page(request, row, form)
    messages.success(request, "基本情况表已保存。")
    return redirect("applications:basics", row.public_id)


def _merged(
    request: AuthenticatedRequest, public_id: UUID, typed: BasicsForm, refusal: Stale
) -> HttpResponse:
    """A colleague saved meanwhile: other lines are kept beside theirs, the same ones are shown with theirs."""
    row = get_application(request.user, public_id)
    lines = list_basics(row, read_materials(row))
    form = typed.merged_with(lines, revision_of(row, Section.BASICS))
    if form.is_valid() and not form.differing:
        try:
            return _saved(request, row, form)
        except Stale as again:
            refusal = again
    return _page(request, row, form, refusal)


def _revision(request: AuthenticatedRequest) -> int:
    """As the page showed it; what cannot be read matches nothing."""
    form = RevisionForm(request.POST)
    return int(form.cleaned_data["revision"]) if form.is_valid() else -1


@page(Permission.APPLY, methods="POST", objects={"public_id": "application"})
def adopt(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Fill blank lines from what is known."""
    row = get_application(request.user, public_id)
    try:
        filled = adopt_known(
            actor=request.user, application_id=public_id, revision=_revision(request)
        )
    except Stale as refusal:
        return _page(request, row, refusal=refusal)
    messages.success(request, f"已沿用已有数据{filled}项。" if filled else "没有可以沿用的数据。")
    return redirect("applications:basics", public_id)


@page(Permission.APPLY, methods="POST", objects={"public_id": "application"})
def take_over_ratios(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Write what the numbers come to into the 31-row table."""
    row = get_application(request.user, public_id)
    try:
        changed = take_over(
            actor=request.user, application_id=public_id, revision=_revision(request)
        )
    except Stale as refusal:
        return _page(request, row, refusal=refusal)
    done = (
        f"已写入指标体系表上年数值{changed}行。"
        if changed
        else "指标体系表的上年数值与计算结果相同。"
    )
    messages.success(request, done)
    return redirect("applications:basics", public_id)
