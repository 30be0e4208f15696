"""The county writes its report."""

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
from reports.actions.filling import FileInput, add_file, remove_file, save_report
from reports.forms.progress import FileForm, ProgressForm
from reports.rules.drafting import draft_texts
from reports.rules.progress import lacks_of
from reports.selectors.progress import get_report, turn_of, why_not_editable
from reports.selectors.progress_content import (
    handed_in_before,
    known_figures,
    list_targets,
    past_figures,
    read_report,
)
from reports.views.progress_wording import figures_of

if TYPE_CHECKING:
    from reports.models import ProgressReport


DRAFT = "draft"
_MERGED = (
    "同事刚才保存过这份报告，本次没有保存。您没有改动的已换成同事保存的内容，您改动的都留在页面上；"
    "标有“同事已改为”的请核对，再点“保存”。"
)


@page(Permission.APPLY, methods="GET POST", objects={"public_id": "progress_report"})
def fill(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The table, the texts, the evidence."""
    row = get_report(request.user, public_id)
    form = _form(row)
    refusal = why_not_editable(row)
    if request.method != "POST" or refusal:
        if DRAFT in request.GET and refusal is None:
            form.propose(draft_texts(read_report(row)))
        return _fill_page(request, row, form, refusal)
    form.read(request.POST)
    if form.faults:
        return _fill_page(request, row, form)
    try:
        count = save_report(actor=request.user, report_id=public_id, entered=form.entered)
    except Stale as refused:
        return _merged_page(request, public_id, refused)
    except Invalid as refused:
        return _fill_page(request, row, form, refused)
    messages.success(request, f"已保存{count}处。" if count else "内容没有变化，无需保存。")
    address = reverse("reports:progress_fill", args=[public_id])
    return redirect(f"{address}?{DRAFT}=1#texts-title" if DRAFT in request.POST else address)


def _merged_page(request: AuthenticatedRequest, public_id: UUID, refusal: Stale) -> HttpResponse:
    """The report as a colleague left it with what this reader changed laid over it: nobody's work is lost."""
    row = get_report(request.user, public_id)
    form = _form(row)
    if why_not_editable(row) is None:
        form.merge(request.POST)
        refusal = Stale(refusal.code, _MERGED)
    return _fill_page(request, row, form, refusal)


def _form(row: "ProgressReport") -> ProgressForm:
    targets = list_targets(row)
    form = ProgressForm.of(row, targets, read_report(row), known_figures(row, targets))
    before = handed_in_before(row)
    form.remember(before.texts if before else {})
    return form


def _fill_page(
    request: AuthenticatedRequest,
    row: "ProgressReport",
    form: ProgressForm,
    refusal: Refused | None = None,
    file_form: FileForm | None = None,
) -> HttpResponse:
    content = read_report(row)
    figures = figures_of(content, past_figures(row))
    shown = {each.reading.order: each for each in (*figures.assessed, *figures.watched)}
    pairs = [(block, shown[block.reading.order]) for block in form.blocks]
    context = {
        "report": row,
        "turn": turn_of(row),
        "form": form,
        "assessed": [pair for pair in pairs if pair[0].reading.is_assessed],
        "watched": [pair for pair in pairs if not pair[0].reading.is_assessed],
        "figures": figures,
        "content": content,
        "lacks": list(lacks_of(content)),
        "files": row.files.select_related("file", "target"),
        "file_form": file_form or FileForm(targets=list_targets(row)),
        "is_open": why_not_editable(row) is None,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": [
            ("进展报告", reverse("reports:progress")),
            (str(row), reverse("reports:progress_report", args=[row.public_id])),
            ("填写", None),
        ],
    }
    faulty = form.faults or (file_form and file_form.errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faulty else HTTPStatus.OK
    status_code = refusal.status if refusal and request.method == "POST" else status
    return render(request, "reports/progress/fill.html", context, status=status_code)


@page(Permission.APPLY, methods="POST", objects={"public_id": "progress_report"})
def files(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Add a piece of evidence."""
    row = get_report(request.user, public_id)
    form = FileForm(request.POST, request.FILES, targets=list_targets(row))
    if not form.is_valid():
        return _fill_page(request, row, _form(row), file_form=form)
    entered = FileInput(form.cleaned_data["name"], form.cleaned_data["upload"], form.proves)
    try:
        kept = add_file(actor=request.user, report_id=public_id, entered=entered)
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field == "name" else "upload", refusal.sentence)
        return _fill_page(request, row, _form(row), file_form=form)
    except Stale as refusal:
        return _fill_page(request, row, _form(row), refusal)
    messages.success(request, f"“{kept.name}”已上传。")
    return redirect(reverse("reports:progress_fill", args=[public_id]) + "#files")


@page(Permission.APPLY, methods="POST", objects={"public_id": "progress_file"})
def file_remove(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Take one off."""
    row = remove_file(actor=request.user, file_id=public_id)
    messages.success(request, "材料已移除，以前报送的内容不受影响。")
    return redirect(reverse("reports:progress_fill", args=[row.public_id]) + "#files")
