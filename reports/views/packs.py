"""Evidence packs: what there is of a pilot, built by a press, downloaded with its digest."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.documents.pdf import pdf_available
from county_portal.files.responses import serve
from county_portal.jobs.following import job_view
from county_portal.jobs.selectors import latest_job
from reports.actions.packs import pack_subject, start_pack
from reports.enums import EVIDENCE_PACK_JOB
from reports.selectors.packs import found_as_it_was, get_pack, handed_in_reports, list_packs
from reports.selectors.progress import get_pilot


@page(Permission.VIEW_PILOTS, objects={"public_id": "pilot"})
def packs(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """A pilot's packs with their digests, and a press for a new one."""
    pilot = get_pilot(request.user, public_id)
    job = latest_job(EVIDENCE_PACK_JOB, pack_subject(pilot))
    address = reverse("reports:packs", args=[public_id])
    is_own = job is not None and job.requested_by_id == request.user.pk
    poll = reverse("jobs:detail", args=[job.public_id]) if job and is_own else ""
    context = {
        "pilot": pilot,
        "packs": list_packs(pilot),
        "reports": len(handed_in_reports(pilot)),
        "job": job_view(job, "", address) if job and not job.result_file else None,
        "unchanged": job if job and found_as_it_was(job) else None,
        "job_url": poll,
        "is_running": job is not None and job.is_unfinished,
        "pdf_available": pdf_available(),
        "refresh_seconds": 5 if job and job.is_unfinished else None,
        "breadcrumbs": [
            ("试点", reverse("applications:pilots")),
            (pilot.region.full_name, reverse("applications:pilot", args=[public_id])),
            ("证据包", None),
        ],
    }
    return render(request, "reports/progress/packs.html", context)


@page(Permission.VIEW_PILOTS, methods="POST", objects={"public_id": "pilot"})
def build(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Have it built; the page follows."""
    start_pack(actor=request.user, pilot_id=public_id)
    return redirect("reports:packs", public_id)


@page(Permission.VIEW_PILOTS, objects={"public_id": "evidence_pack"})
def file(request: AuthenticatedRequest, public_id: UUID) -> HttpResponseBase:
    """The archive."""
    return serve(get_pack(request.user, public_id).file)
