"""Workbooks: taken away, brought back, looked at, confirmed or put aside."""

import io
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from county_portal.documents.workbook import XLSX
from county_portal.files.responses import serve
from indicators.actions.workbooks import (
    FILE,
    SERVER,
    apply_upload,
    discard_upload,
    make_copy,
    receive_upload,
)
from indicators.enums import WorkbookState
from indicators.forms.workbooks import (
    SETTLED_WORDS,
    WorkbookForm,
    read_choices,
    shown_lines,
)
from indicators.selectors import get_submission, list_indicators, may_fill, why_not_fillable
from indicators.selectors.workbooks import get_upload, list_uploads, preview_upload
from indicators.views.shared import crumbs, submission_page

if TYPE_CHECKING:
    from indicators.models import Submission, WorkbookUpload

_READERS = (Permission.FILL, Permission.SUBMIT)


@page(Permission.FILL, objects={"public_id": "submission"})
def workbook(request: AuthenticatedRequest, public_id: UUID) -> HttpResponseBase:
    """A workbook of the sheet as it stands; each download is a copy of its own, on record."""
    try:
        made = make_copy(actor=request.user, submission_id=public_id)
    except Stale as refusal:
        return submission_page(request, get_submission(request.user, public_id), refusal)
    response = FileResponse(
        io.BytesIO(made.content), as_attachment=True, filename=made.name, content_type=XLSX
    )
    response["Cache-Control"] = "private, no-store"
    return response


@page(Permission.FILL, methods="GET POST", objects={"public_id": "submission"})
def workbook_upload(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Bring one back, and the list of those that came."""
    row = get_submission(request.user, public_id)
    if request.method != "POST":
        return _upload_page(request, row, WorkbookForm())
    form = WorkbookForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            upload = receive_upload(
                actor=request.user, submission_id=public_id, upload=form.cleaned_data["file"]
            )
        except Invalid as refusal:
            form.add_error("file", refusal.sentence)
            return _upload_page(request, row, form, refusal)
        except Stale as refusal:
            return submission_page(request, row, refusal)
        return redirect("indicators:workbook_preview", upload.public_id)
    return _upload_page(request, row, form)


def _upload_page(
    request: AuthenticatedRequest,
    row: "Submission",
    form: WorkbookForm,
    refusal: Refused | None = None,
) -> HttpResponse:
    context = {
        "submission": row,
        "form": form,
        "uploads": list_uploads(row),
        "may_fill": may_fill(request.user, row),
        "shut": why_not_fillable(row),
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(row, "Excel填报"),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "indicators/workbook_upload.html", context, status=status)


@page(*_READERS, objects={"public_id": "workbook_upload"})
def workbook_preview(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """What confirming would do, line by line; afterwards what it did."""
    return _preview_page(request, get_upload(request.user, public_id))


def _preview_page(
    request: AuthenticatedRequest, upload: "WorkbookUpload", refusal: Refused | None = None
) -> HttpResponse:
    row = get_submission(request.user, upload.submission.public_id)
    context = {
        "submission": row,
        "upload": upload,
        "problems": upload.problems,
        "blocking": sum(1 for problem in upload.problems if problem["blocks"]),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(row, "Excel预览"),
        **_state_context(request, row, upload),
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "indicators/workbook_preview.html", context, status=status)


def _state_context(
    request: AuthenticatedRequest, row: "Submission", upload: "WorkbookUpload"
) -> dict[str, Any]:
    if upload.state == WorkbookState.APPLIED:
        names = {each.code: each.name for each in list_indicators(row.collection.version)}
        settled = [
            (names.get(code, code), *SETTLED_WORDS[outcome])
            for code, outcome in sorted(upload.outcome.items())
            if outcome in SETTLED_WORDS
        ]
        return {"is_applied": True, "settled": settled, "same": len(upload.outcome) - len(settled)}
    if upload.state != WorkbookState.PREVIEW:
        return {"is_refused": upload.state == WorkbookState.REFUSED}
    preview = preview_upload(upload, row)
    choices = read_choices(request.POST)
    if request.GET.get("all") in {FILE, SERVER}:
        choices = {change.code: request.GET["all"] for change in preview.conflicts}
    return {
        "is_open": True,
        "preview": preview,
        "lines": shown_lines(preview, choices),
        "may_fill": may_fill(request.user, row),
        "shut": why_not_fillable(row),
    }


@page(Permission.FILL, methods="POST", objects={"public_id": "workbook_upload"})
def workbook_confirm(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Write it, with the choices made."""
    try:
        applied = apply_upload(
            actor=request.user,
            upload_id=public_id,
            seen=request.POST.get("seen", ""),
            choices=read_choices(request.POST),
        )
    except (Invalid, Stale) as refusal:
        return _preview_page(request, get_upload(request.user, public_id), refusal)
    left_out = f"；有问题的{applied.left_out}项未写入" if applied.left_out else ""
    messages.success(request, f"已写入{applied.written}项{left_out}。")
    return redirect("indicators:workbook_preview", public_id)


@page(Permission.FILL, methods="POST", objects={"public_id": "workbook_upload"})
def workbook_discard(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Put it aside: nothing is written, the file stays."""
    try:
        upload = discard_upload(actor=request.user, upload_id=public_id)
    except Stale as refusal:
        return _preview_page(request, get_upload(request.user, public_id), refusal)
    messages.success(request, "已放弃，没有写入任何内容。上传的文件仍保留。")
    return redirect("indicators:workbook_upload", upload.submission.public_id)


@page(*_READERS, objects={"public_id": "workbook_upload"})
def workbook_file(request: AuthenticatedRequest, public_id: UUID) -> FileResponse:
    """The file as it was uploaded."""
    return serve(get_upload(request.user, public_id).file)
