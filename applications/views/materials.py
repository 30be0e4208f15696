"""The materials as files: what is made of their present content, making it, fetching it."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.actions.exporting import start_materials
from applications.enums import MATERIALS_JOB, MaterialsKind
from applications.selectors.applications import get_application
from applications.selectors.documents import (
    document_digest,
    files_of,
    find_file,
    materials_subject,
    read_document,
)
from applications.views.plans import crumbs
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.documents.pdf import pdf_available
from county_portal.files.responses import serve
from county_portal.jobs.following import REFRESH_SECONDS, job_view
from county_portal.jobs.selectors import latest_job

if TYPE_CHECKING:
    from applications.models import Application


@page(Permission.VIEW_PILOTS, objects={"public_id": "application"})
def materials(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """What there is to fetch, and whether it is of the present content."""
    return render(request, "applications/materials.html", _context(request, public_id))


@page(Permission.VIEW_PILOTS, objects={"public_id": "application"})
def progress(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The part of the page that changes while files are made."""
    return render(request, "applications/_materials_files.html", _context(request, public_id))


def _context(request: AuthenticatedRequest, public_id: UUID) -> dict[str, Any]:
    row = get_application(request.user, public_id)
    document = read_document(row)
    digest = document_digest(document)
    files = files_of(row, digest)
    job = _job(row)
    is_running = bool(job and job.running)
    return {
        "application": row,
        "document": document,
        "digest": digest,
        "files": [(kind, files.get(kind)) for kind in MaterialsKind],
        "is_made": len(files) == len(MaterialsKind),
        "job": job if job and (is_running or job.failed or job.error) else None,
        "is_running": is_running,
        "pdf_available": pdf_available(),
        "refresh_seconds": REFRESH_SECONDS if is_running else None,
        "breadcrumbs": crumbs(row, ("申报材料文件", None)),
    }


def _job(row: "Application") -> Any:
    address = [row.public_id]
    return job_view(
        latest_job(MATERIALS_JOB, materials_subject(row)),
        reverse("applications:materials_progress", args=address),
        reverse("applications:materials", args=address),
    )


@page(Permission.VIEW_PILOTS, methods="POST", objects={"public_id": "application"})
def make(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Start making the files and follow it on their page."""
    start_materials(actor=request.user, application_id=public_id)
    return redirect("applications:materials", public_id)


@page(Permission.VIEW_PILOTS, objects={"public_id": "application", "kind": "materials_kind"})
def file(request: AuthenticatedRequest, public_id: UUID, kind: str) -> HttpResponseBase:
    """The file of the present content; where it is not made yet, the page that makes it."""
    row = get_application(request.user, public_id)
    if kind not in MaterialsKind:
        raise Http404
    found = find_file(row, MaterialsKind(kind), document_digest(read_document(row)))
    return serve(found.file) if found else redirect("applications:materials", public_id)
