"""Writing a draft part by part; every part is saved alone and says what is wrong beside its field."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused
from uplift.actions.drafts import DraftKey, edit_draft
from uplift.actions.importing import with_targets
from uplift.enums import VersionState
from uplift.forms.goals import GoalsForm
from uplift.forms.money import MoneyForm
from uplift.forms.plans import HeadingForm, PlanFileForm, RevisionForm
from uplift.forms.stages import StagesForm
from uplift.forms.targets import TargetsForm
from uplift.selectors.plans import counties_of, get_draft, indicator_choices, names_of
from uplift.selectors.texts import meaning_names, read_text
from uplift.views.words import crumbs
from uplift.workbook import read_targets

if TYPE_CHECKING:
    from uplift.models import PlanVersion

_DRAFT = {"public_id": "uplift_draft"}


def _open(request: AuthenticatedRequest, public_id: UUID) -> "PlanVersion":
    """The draft; a version that is none any more is shown with why it cannot be written."""
    return get_draft(request.user, public_id)


@page(Permission.PLAN_UPLIFT, methods="GET POST", objects=_DRAFT)
def heading(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Name, years, counts of the base year."""
    version = _open(request, public_id)
    form = HeadingForm(request.POST or None, text=read_text(version))
    if request.method == "POST" and form.is_valid():
        return _save(request, version, form, "基本情况")
    return _page(request, version, form, "基本情况", "uplift/edit_heading.html")


@page(Permission.PLAN_UPLIFT, methods="GET POST", objects=_DRAFT)
def targets(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Targets by class."""
    version = _open(request, public_id)
    text, choices = read_text(version), indicator_choices(version)
    if request.method != "POST":
        form = TargetsForm.of(text, choices)
    else:
        form = TargetsForm.read(text, choices, request.POST)
        if not form.faults:
            return _save(request, version, form, "分类目标")
    return _page(request, version, form, "分类目标", "uplift/edit_targets.html")


@page(Permission.PLAN_UPLIFT, methods="GET POST", objects=_DRAFT)
def stages(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Stages with their named counties."""
    version = _open(request, public_id)
    text, counties = read_text(version), names_of(counties_of(version.plan.office))
    if request.method != "POST":
        form = StagesForm.of(text, counties)
    else:
        form = StagesForm.read(text, counties, request.POST)
        if not form.faults:
            return _save(request, version, form, "阶段任务")
    return _page(request, version, form, "阶段任务", "uplift/edit_stages.html")


@page(Permission.PLAN_UPLIFT, methods="GET POST", objects=_DRAFT)
def goals(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Class counts promised outside the stages."""
    version = _open(request, public_id)
    text = read_text(version)
    if request.method != "POST":
        form = GoalsForm.of(text)
    else:
        form = GoalsForm.read(text, request.POST)
        if not form.faults:
            return _save(request, version, form, "总体目标")
    return _page(request, version, form, "总体目标", "uplift/edit_goals.html")


@page(Permission.PLAN_UPLIFT, methods="GET POST", objects=_DRAFT)
def money(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Growth rules and the fund."""
    version = _open(request, public_id)
    text, meanings = read_text(version), meaning_names()
    if request.method != "POST":
        form = MoneyForm.of(text, meanings)
    else:
        form = MoneyForm.read(text, meanings, request.POST)
        if not form.faults:
            return _save(request, version, form, "增长要求与专项资金")
    return _page(request, version, form, "增长要求与专项资金", "uplift/edit_money.html")


def _save(
    request: AuthenticatedRequest, version: "PlanVersion", form: Any, label: str
) -> HttpResponse:
    key = DraftKey(version.public_id, RevisionForm(request.POST).seen)
    try:
        edit_draft(actor=request.user, key=key, edit=form.edit)
    except Refused as refusal:
        template = {
            "基本情况": "uplift/edit_heading.html",
            "分类目标": "uplift/edit_targets.html",
            "阶段任务": "uplift/edit_stages.html",
            "总体目标": "uplift/edit_goals.html",
        }.get(label, "uplift/edit_money.html")
        return _page(request, version, form, label, template, refusal)
    messages.success(request, f"{label}已保存。")
    return redirect("uplift:plan", version.public_id)


def _page(
    request: AuthenticatedRequest,
    version: "PlanVersion",
    form: Any,
    label: str,
    template: str,
    refusal: Refused | None = None,
) -> HttpResponse:
    if version.state != VersionState.DRAFTED and request.method != "POST":
        raise Http404
    faults = form.errors if isinstance(form, HeadingForm) else form.faults
    context = {
        "version": version,
        "form": form,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(version, label),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return render(request, template, context, status=refusal.status if refusal else status)


@page(Permission.PLAN_UPLIFT, methods="GET POST", objects=_DRAFT)
def import_targets(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Replace a draft's targets by a workbook's, or change nothing."""
    version = _open(request, public_id)
    initial = {"revision": version.revision}
    form = PlanFileForm(request.POST or None, request.FILES or None, initial=initial)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            lines = read_targets(
                form.cleaned_data["file"].read(),
                version.classes[:-1],
                list(indicator_choices(version)),
            )
            key = DraftKey(public_id, form.seen)
            edit_draft(actor=request.user, key=key, edit=with_targets(lines))
        except Invalid as wrong:
            form.add_error("file", wrong.sentence)
        except Refused as wrong:
            refusal = wrong
        else:
            messages.success(request, f"已导入{len(lines)}行分类目标。")
            return redirect("uplift:plan", public_id)
    context = {
        "version": version,
        "form": form,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(version, "导入分类目标"),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    status = HTTPStatus(refusal.status) if refusal else status
    return render(request, "uplift/import.html", context, status=status)
