"""Files of a sheet: evidence and the government's approval, downloaded or looked at in place."""

from typing import TYPE_CHECKING
from uuid import UUID

from csp.decorators import csp_update
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.files.responses import may_be_shown, serve, serve_inline
from indicators.selectors import get_evidence
from indicators.selectors.approval import get_approval
from indicators.views.shared import Crumbs, crumbs

if TYPE_CHECKING:
    from county_portal.files.models import StoredFile

# The frame or image of a preview comes from the portal itself; every other page has no frames at all.
FRAMED = {"frame-src": ["'self'"]}


@page(Permission.VIEW_SUBMISSIONS, objects={"public_id": "evidence"})
def evidence_file(request: AuthenticatedRequest, public_id: UUID) -> FileResponse:
    """Download the file of an item."""
    return serve(_evidence(request, public_id))


@page(Permission.VIEW_SUBMISSIONS, objects={"public_id": "evidence"})
def evidence_inline(request: AuthenticatedRequest, public_id: UUID) -> FileResponse:
    """The file of an item for the frame of its preview."""
    return serve_inline(_evidence(request, public_id))


@page(Permission.VIEW_SUBMISSIONS, objects={"public_id": "evidence"})
@csp_update(FRAMED)  # type: ignore[arg-type]  # its stubs know no narrower request
def evidence_preview(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Look at the file of an item without leaving the portal."""
    item = get_evidence(request.user, public_id)
    file = _evidence(request, public_id)
    way: Crumbs = [*crumbs(item.submission), (item.name, None)]
    return _preview(request, file, ("evidence", item.name, public_id), way)


def _evidence(request: AuthenticatedRequest, public_id: UUID) -> "StoredFile":
    item = get_evidence(request.user, public_id)
    if item.file is None:
        raise Http404
    return item.file


@page(Permission.VIEW_SUBMISSIONS, objects={"public_id": "approved"})
def approval_file(request: AuthenticatedRequest, public_id: UUID) -> FileResponse:
    """Download the scan of the approval."""
    return serve(get_approval(request.user, public_id).file)


@page(Permission.VIEW_SUBMISSIONS, objects={"public_id": "approved"})
def approval_inline(request: AuthenticatedRequest, public_id: UUID) -> FileResponse:
    """The scan for the frame of its preview."""
    return serve_inline(get_approval(request.user, public_id).file)


@page(Permission.VIEW_SUBMISSIONS, objects={"public_id": "approved"})
@csp_update(FRAMED)  # type: ignore[arg-type]  # its stubs know no narrower request
def approval_preview(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Look at the scan without leaving the portal."""
    approval = get_approval(request.user, public_id)
    title = f"县政府审定：{approval.document_number}"
    way: Crumbs = [*crumbs(approval.submission), ("县政府审定", None)]
    return _preview(request, approval.file, ("approval", title, public_id), way)


def _preview(
    request: AuthenticatedRequest, file: "StoredFile", what: tuple[str, str, UUID], way: Crumbs
) -> HttpResponse:
    kind, title, public_id = what
    context = {
        "title": title,
        "file": file,
        "is_shown": may_be_shown(file),
        "is_image": file.content_type.startswith("image/"),
        "inline_url": reverse(f"indicators:{kind}_inline", args=[public_id]),
        "file_url": reverse(f"indicators:{kind}_file", args=[public_id]),
        "breadcrumbs": way,
    }
    return render(request, "indicators/preview.html", context)
