"""A job's page and its state as JSON."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.common.access import Audience, page
from county_portal.files.responses import serve
from county_portal.jobs.actions import retry_job
from county_portal.jobs.enums import JobState
from county_portal.jobs.following import JOB_TONES, REFRESH_SECONDS
from county_portal.jobs.selectors import get_job, list_failed_units, may_start


@page(Audience.SIGNED_IN, objects={"public_id": "job"})
def detail(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Progress, refreshed by HTMX or by reloading."""
    job = get_job(request.user, public_id)
    template = "jobs/_progress.html" if request.headers.get("HX-Request") else "jobs/detail.html"
    context = {
        "job": job,
        "progress": job.progress,
        "failed_units": list_failed_units(job),
        "tone": JOB_TONES[JobState(job.state)],
        "may_retry": job.state == JobState.FAILED and may_start(request.user, job),
        "refresh_seconds": REFRESH_SECONDS if job.is_unfinished else None,
    }
    return render(request, template, context)


@page(Audience.SIGNED_IN, objects={"public_id": "job"})
def state(request: AuthenticatedRequest, public_id: UUID) -> JsonResponse:
    """expected, done, failed, digest: for whoever follows the job by program."""
    job = get_job(request.user, public_id)
    progress = job.progress
    return JsonResponse(
        {
            "id": str(job.public_id),
            "kind": job.kind,
            "state": job.state,
            "expected": progress.expected,
            "done": progress.done,
            "failed": progress.failed,
            "digest": job.digest,
            "error": job.error,
        }
    )


@page(Audience.SIGNED_IN, objects={"public_id": "job"})
def result(request: AuthenticatedRequest, public_id: UUID) -> HttpResponseBase:
    """The file a finished job left."""
    job = get_job(request.user, public_id)
    if job.result_file is None:
        return redirect("jobs:detail", public_id)
    return serve(job.result_file)


@page(Audience.SIGNED_IN, methods="POST", objects={"public_id": "job"})
def retry(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Try failed units again."""
    retry_job(actor=request.user, public_id=public_id)
    return redirect("jobs:detail", public_id)
