"""Many accounts at once: confirmed, followed while they are made, their slips shown once."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.administration.actions.newcomers import (
    SLIPS_WAIT,
    is_expired,
    show_slips,
    take_on,
)
from county_portal.administration.importing import unsealed
from county_portal.administration.selectors.newcomers import get_batch, job_of
from county_portal.administration.views.people import HOME
from county_portal.common.access import page
from county_portal.jobs.following import REFRESH_SECONDS, job_view

_KEY_COOKIE = "slips"


@page(Permission.MANAGE_USERS, methods="POST")
def confirm(request: AuthenticatedRequest) -> HttpResponse:
    """Start making all the accounts or none; the key of their slips goes to this browser and nowhere else."""
    accounts = unsealed(request.user, request.POST.get("checked", ""))
    batch, key = take_on(actor=request.user, accounts=accounts)
    url = reverse("administration:slips", args=[batch.public_id])
    response = redirect(url)
    response.set_cookie(
        _KEY_COOKIE,
        key,
        max_age=SLIPS_WAIT,
        path=url,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


@page(Permission.MANAGE_USERS, methods="GET POST", objects={"public_id": "slip_batch"})
def slips(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """How far the accounts are; then, asked for, their first passwords on this answer and nowhere else."""
    batch = get_batch(request.user, public_id)
    if request.method == "POST":
        return _shown(request, public_id)
    job = job_view(job_of(batch), request.path, request.path)
    is_running = bool(job and job.running)
    is_piece = bool(request.headers.get("HX-Request"))
    if is_piece and not is_running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {
        "batch": batch,
        "job": job,
        "is_expired": is_expired(batch),
        "refresh_seconds": REFRESH_SECONDS if is_running else None,
        "breadcrumbs": [HOME, ("初始密码条", None)],
    }
    name = "_slips_job.html" if is_piece else "slips_job.html"
    return render(request, f"administration/{name}", context)


def _shown(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    key = request.COOKIES.get(_KEY_COOKIE, "")
    context = {
        "slips": show_slips(actor=request.user, public_id=public_id, key=key),
        "breadcrumbs": [HOME, ("初始密码条", None)],
    }
    response = render(request, "administration/slips.html", context)
    response.delete_cookie(_KEY_COOKIE, path=request.path, samesite="Strict")
    return response
