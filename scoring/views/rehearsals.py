"""Trying a scheme on past years' frozen data: start, follow, read."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Stale
from county_portal.documents.workbook import XLSX
from county_portal.jobs.following import REFRESH_SECONDS, JobView, job_view
from scoring.actions.rehearsals import start_rehearsal
from scoring.enums import StudyState
from scoring.exports_rehearsals import rehearsal_workbook
from scoring.forms.rehearsals import RehearsalForm
from scoring.selectors.rehearsals import (
    get_rehearsal,
    has_moved_on,
    list_rehearsals,
    list_triable,
    read_report,
)
from scoring.views.runs import PAGE_SIZE, download
from scoring.views.wording import STUDY_TONES

if TYPE_CHECKING:
    from scoring.models import Rehearsal

_HOME = ("方案试算", "scoring:rehearsals")


@page(Permission.EDIT_SCHEME, methods="GET POST")
def rehearsals(request: AuthenticatedRequest) -> HttpResponse:
    """All rehearsals, newest first, and the form that starts one."""
    initial = {"version": request.GET.get("version", "")}
    versions = list_triable(request.user)
    form = RehearsalForm(request.POST or None, versions=versions, initial=initial)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            made, is_new = start_rehearsal(actor=request.user, version_id=version.public_id)
        except Invalid as refusal:
            form.add_error("version", refusal.sentence)
        else:
            if not is_new:
                messages.info(request, "同一方案正在试算，没有重复开始；以下是正在进行的这一次。")
            return redirect("scoring:rehearsal", made.public_id)
    rows = Paginator(list_rehearsals(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "has_versions": versions.exists(),
        "page": rows,
        "rehearsals": [(row, STUDY_TONES[StudyState(row.state)]) for row in rows],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "scoring/rehearsals.html", context, status=status)


def _job(row: "Rehearsal") -> JobView | None:
    args = [row.public_id]
    return job_view(
        row.job,
        reverse("scoring:rehearsal_progress", args=args),
        reverse("scoring:rehearsal", args=args),
    )


@page(Permission.EDIT_SCHEME, objects={"public_id": "rehearsal"})
def rehearsal(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Progress while it runs; year by year who would stand elsewhere once complete."""
    row = get_rehearsal(request.user, public_id)
    job = _job(row)
    context = {
        "rehearsal": row,
        "tone": STUDY_TONES[StudyState(row.state)],
        "job": job,
        "is_complete": row.state == StudyState.COMPLETE,
        "years": read_report(row),
        "has_moved_on": has_moved_on(row),
        "refresh_seconds": REFRESH_SECONDS if job and job.running else None,
        "breadcrumbs": [(_HOME[0], reverse(_HOME[1])), (str(row), None)],
    }
    return render(request, "scoring/rehearsal.html", context)


@page(Permission.EDIT_SCHEME, objects={"public_id": "rehearsal"})
def progress(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The progress alone, fetched again and again; asks for the whole page when the work is over."""
    job = _job(get_rehearsal(request.user, public_id))
    response = render(request, "scoring/_progress.html", {"job": job})
    if job is None or not job.running:
        response["HX-Refresh"] = "true"
    return response


@page(Permission.EDIT_SCHEME, objects={"public_id": "rehearsal"})
def workbook(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The report as a workbook, a sheet for each year."""
    row = get_rehearsal(request.user, public_id)
    if row.state != StudyState.COMPLETE:
        raise Stale("rehearsal_not_complete", "试算尚未完成，还没有结果。请在试算页查看进度。")
    return download(rehearsal_workbook(row), XLSX, f"rehearsal-{row.digest[:12]}.xlsx")
