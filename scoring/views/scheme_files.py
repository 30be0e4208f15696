"""Schemes out to files and in again."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Stale
from county_portal.documents.workbook import XLSX
from scoring.actions.scheme_drafts import DraftKey, edit_version
from scoring.forms.schemes import RevisionForm, SchemeFileForm
from scoring.schemes.documents import ReplacementEdit, read_document
from scoring.schemes.files import read_scheme_file
from scoring.schemes.workbook import scheme_workbook
from scoring.selectors.schemes import get_version
from scoring.views.scheme_words import scheme_crumbs
from scoring.views.schemes import READERS


@page(*READERS, objects={"public_id": "scheme_version"})
def workbook(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """A version as a workbook."""
    version = get_version(request.user, public_id)
    return _download(
        scheme_workbook(read_document(version.document)),
        XLSX,
        f"scheme-{version.sha256[:12]}.xlsx",
    )


@page(*READERS, objects={"public_id": "scheme_version"})
def document(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """A version as its canonical JSON, whose digest is the version's."""
    version = get_version(request.user, public_id)
    content = version.document.encode()
    return _download(content, "application/json", f"scheme-{version.sha256[:12]}.json")


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)


@page(Permission.EDIT_SCHEME, methods="GET POST", objects={"public_id": "scheme_version"})
def import_file(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Replace a draft's text by a file's, or change nothing."""
    version = get_version(request.user, public_id)
    form = SchemeFileForm(request.POST or None, request.FILES or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        key = DraftKey(public_id, RevisionForm(request.POST).seen)
        try:
            edit = ReplacementEdit(read_scheme_file(form.cleaned_data["file"].read()))
            edit_version(actor=request.user, key=key, edit=edit)
        except Invalid as wrong:
            form.add_error("file", wrong.sentence)
        except Stale as stale:
            refusal = stale
        else:
            messages.success(request, "已用文件内容替换草稿，请查看存在的问题。")
            return redirect("scoring:scheme", public_id)
    context = {
        "version": version,
        "form": form,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": scheme_crumbs(version, ("从文件导入", None)),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    status = HTTPStatus(refusal.status) if refusal else status
    return render(request, "scoring/scheme_import.html", context, status=status)
