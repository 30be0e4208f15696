"""The county's pages: filling, evidence, submitting, recalling."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from county_portal.common.text import chinese_date
from indicators.actions.filling import save_values
from indicators.actions.reviewing import Move, move_submission
from indicators.enums import EDITABLE, SubmissionAction, SubmissionState
from indicators.forms import RevisionForm, SheetForm
from indicators.forms.approval import AcknowledgementForm
from indicators.forms.sheet import FILTERS
from indicators.notifications import audience_of
from indicators.selectors import (
    available_actions,
    get_submission,
    move_refusal,
    read_sheet,
    why_not_fillable,
)
from indicators.selectors.hands import own_figures_refusal
from indicators.views.cells import chips_of, fill_extras, marks_of
from indicators.views.shared import crumbs, submission_context, submission_page
from indicators.views.wording import buttons_of

if TYPE_CHECKING:
    from indicators.models import Submission
    from indicators.selectors import Sheet

CHECK = "check"
ONLY = "only"
AUTOSAVED = "autosaved"


@page(Permission.FILL, methods="GET POST", objects={"public_id": "submission"})
def fill(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The indicator table: saved whole or not at all, and never over somebody else's saving."""
    row = get_submission(request.user, public_id)
    sheet = read_sheet(row)
    marks = marks_of(row)
    if request.method != "POST":
        refusal = why_not_fillable(row)
        if refusal:
            return submission_page(request, row, refusal)
        return _fill_page(request, row, sheet, SheetForm.of(sheet, row.revision, marks))
    form = SheetForm.read(sheet, request.POST, marks)
    if form.faults:
        return _fill_page(request, row, sheet, form)
    try:
        return _saved(request, row, form)
    except Stale as refusal:
        return _not_saved(request, public_id, form, refusal)


def _saved(request: AuthenticatedRequest, row: "Submission", form: SheetForm) -> HttpResponse:
    saved = save_values(
        actor=request.user,
        submission_id=row.public_id,
        revision=form.revision,
        figures=form.figures,
    )
    # With autosave on there is often nothing left to save: then too it is saved.
    is_changed = saved.revision != form.revision or AUTOSAVED in request.POST
    messages.success(request, "已保存。" if is_changed else "内容没有变化，无需保存。")
    query = f"?{CHECK}=1" if request.POST.get("then") == CHECK else ""
    return redirect(reverse("indicators:fill", args=[row.public_id]) + query)


def _not_saved(
    request: AuthenticatedRequest, public_id: UUID, form: SheetForm, refusal: Stale
) -> HttpResponse:
    row = get_submission(request.user, public_id)
    sheet = read_sheet(row)
    if refusal.code == "edited_meanwhile":
        form = form.merged_with(sheet, row.revision)
        if not form.differing:
            # Only evidence was added, or the same figures saved: there is nothing to choose between.
            try:
                return _saved(request, row, form)
            except Stale as again:
                refusal = again
    return _fill_page(request, row, sheet, form, refusal)


def _fill_page(
    request: AuthenticatedRequest,
    row: "Submission",
    sheet: "Sheet",
    form: SheetForm,
    refusal: Refused | None = None,
) -> HttpResponse:
    only = request.GET.get(ONLY, "")
    only = only if only in FILTERS else ""
    context = {
        **submission_context(row, sheet),
        **fill_extras(request, row, sheet),
        "form": form,
        "only": only,
        "chips": chips_of(row, form, only),
        "is_nothing_shown": only and not any(only in cell.kinds for cell in form.cells),
        "login_url": f"{reverse('accounts:login')}?next={request.path}",
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "is_check": CHECK in request.GET,
        "buttons": buttons_of(row, available_actions(request.user, row)),
        "breadcrumbs": crumbs(row, "填报"),
    }
    status = refusal.status if refusal else HTTPStatus.OK
    if form.faults:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "indicators/fill.html", context, status=status)


@page(Permission.SUBMIT, methods="GET POST", objects={"public_id": "submission"})
def submit(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The last look before the sheet leaves the county."""
    row = get_submission(request.user, public_id)
    if row.state not in EDITABLE:
        return _already_submitted(request, row)
    if request.method == "POST":
        move = Move(
            SubmissionAction.SUBMIT,
            RevisionForm(request.POST).seen,
            approval_confirmed=AcknowledgementForm(request.POST).is_confirmed,
        )
        try:
            row = move_submission(actor=request.user, submission_id=public_id, move=move)
        except (Stale, Invalid) as refusal:
            return _submit_page(request, public_id, refusal)
        messages.success(request, f"已提交{row.reviewing_office.name}审核。")
        return redirect("indicators:submission", public_id)
    obstacle = why_not_fillable(row) or own_figures_refusal(request.user, row)
    return _submit_page(request, public_id, obstacle)


def _already_submitted(request: AuthenticatedRequest, row: "Submission") -> HttpResponse:
    # A second click is no mistake: the sheet is where its sender wants it.
    label = row.get_state_display()
    messages.info(request, f"填报表已经提交，现为“{label}”，无需重复提交。")
    return redirect("indicators:submission", row.public_id)


def _submit_page(
    request: AuthenticatedRequest, public_id: UUID, refusal: Refused | None
) -> HttpResponse:
    row = get_submission(request.user, public_id)
    if row.state not in EDITABLE:
        return _already_submitted(request, row)
    sheet = read_sheet(row)
    office = row.reviewing_office.name
    shown = submission_context(row, sheet)
    standing = shown["standing"]
    context = {
        **shown,
        "counts": [
            ("指标", sheet.total),
            ("已填", sheet.filled),
            ("缺报或不适用", sheet.absent),
            ("清单项目", sheet.item_count),
            ("提示", len(sheet.warnings)),
        ],
        "consequences": [
            f"提交后由{office}审核，县级不能再修改；审核单位受理前可以撤回。",
            f"审核期限为{chinese_date(row.collection.city_due_on)}。",
        ],
        "mail": audience_of(row, SubmissionAction.SUBMIT, request.user).words,
        "title": f"提交到{office}审核？",
        "hidden": [("revision", row.revision)],
        "acknowledgement": AcknowledgementForm() if standing.is_outdated else None,
        "is_late": why_not_fillable(row) is not None,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(row, "提交"),
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "indicators/submit.html", context, status=status)


@page(Permission.SUBMIT, methods="GET POST", objects={"public_id": "submission"})
def recall(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Take a submitted sheet back before the city has decided."""
    if request.method == "POST":
        move = Move(SubmissionAction.RECALL)
        try:
            move_submission(actor=request.user, submission_id=public_id, move=move)
        except Stale as refusal:
            return submission_page(request, get_submission(request.user, public_id), refusal)
        messages.success(request, "已撤回，可以继续修改。修改后请重新提交。")
        return redirect("indicators:submission", public_id)
    row = get_submission(request.user, public_id)
    too_late = move_refusal(SubmissionAction.RECALL, row)
    if too_late:
        return submission_page(request, row, too_late)
    context = {
        "label": "撤回",
        "name": row.region.full_name,
        "title": "撤回已提交的填报表？",
        "consequences": [
            f"{row.reviewing_office.name}不能再审核这份填报表，直到重新提交。",
            f"撤回后须于{chinese_date(row.due_on_in(SubmissionState.DRAFT))}前重新提交。",
        ],
        "mail": audience_of(row, SubmissionAction.RECALL, request.user).words,
        "cancel_url": reverse("indicators:submission", args=[public_id]),
        "breadcrumbs": crumbs(row, "撤回"),
    }
    return render(request, "indicators/confirm.html", context)
