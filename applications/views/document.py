"""The county government's document: read, recorded, its scan."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render

from applications.actions.document import record_document
from applications.enums import Section
from applications.forms.document import DocumentForm
from applications.forms.refusals import seen_now
from applications.selectors.applications import get_application, may_edit, why_not_editable
from applications.selectors.document import approval_of, document_of
from applications.selectors.guidance import read_guidance
from applications.selectors.sections import revision_of
from applications.views.application_wording import crumbs
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from county_portal.files.responses import serve

if TYPE_CHECKING:
    from applications.models import Application


@page(Permission.VIEW_PILOTS, objects={"public_id": "application"})
def document(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """What is on record."""
    row = get_application(request.user, public_id)
    context = {
        "application": row,
        "document": document_of(row),
        "guidance": read_guidance(request.user, row, Section.DOCUMENT),
        "may_edit": may_edit(request.user, row, Section.DOCUMENT),
        "breadcrumbs": crumbs(row, Section.DOCUMENT.label),
    }
    return render(request, "applications/document.html", context)


@page(Permission.APPLY, methods="GET POST", objects={"public_id": "application"})
def document_edit(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Record the document, or replace what is on record."""
    row = get_application(request.user, public_id)
    stored = document_of(row)
    kept_name = stored.file.name if stored else ""
    if request.method != "POST":
        initial = DocumentForm.initial_of(stored)
        initial["revision"] = revision_of(row, Section.DOCUMENT)
        return _edit_page(request, row, DocumentForm(kept_name=kept_name, initial=initial))
    form = DocumentForm(request.POST, request.FILES, kept_name=kept_name)
    if not form.is_valid():
        return _edit_page(request, row, form)
    try:
        record_document(
            actor=request.user,
            application_id=public_id,
            revision=form.cleaned_data["revision"],
            document=form.document,
        )
    except Invalid as wrong:
        form.add_error(wrong.field if wrong.field in form.fields else None, wrong.sentence)
        return _edit_page(request, row, form)
    except Stale as stale:
        posted = seen_now(request.POST, revision_of(row, Section.DOCUMENT))
        again = DocumentForm(posted, request.FILES, kept_name=kept_name)
        return _edit_page(request, row, again, stale)
    messages.success(request, "申报文件已登记。")
    return redirect("applications:application", public_id)


def _edit_page(
    request: AuthenticatedRequest,
    row: "Application",
    form: DocumentForm,
    refusal: Refused | None = None,
) -> HttpResponse:
    closed = why_not_editable(row, Section.DOCUMENT)
    refusal = refusal or closed
    context = {
        "application": row,
        "form": form,
        "is_open": closed is None,
        "guidance": read_guidance(request.user, row, Section.DOCUMENT),
        "document": document_of(row),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(row, Section.DOCUMENT.label),
    }
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    status = refusal.status if refusal else status
    return render(request, "applications/document_edit.html", context, status=status)


@page(Permission.VIEW_PILOTS, objects={"public_id": "application_with_document"})
def document_file(request: AuthenticatedRequest, public_id: UUID) -> FileResponse:
    """The scan of the document."""
    stored = document_of(get_application(request.user, public_id))
    if stored is None:
        raise Http404
    return serve(stored.file)


@page(Permission.VIEW_PILOTS, objects={"public_id": "application_approved"})
def approval_file(request: AuthenticatedRequest, public_id: UUID) -> FileResponse:
    """The scan of the county government's approval."""
    stored = approval_of(get_application(request.user, public_id))
    if stored is None:
        raise Http404
    return serve(stored.file)
