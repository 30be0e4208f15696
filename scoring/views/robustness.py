"""The province's pages of robustness: the study, each boundary county, the word on it."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Stale
from county_portal.jobs.following import REFRESH_SECONDS, JobView, job_view
from scoring.actions.robustness import ReviewInput, review_case, start_study
from scoring.enums import RunState
from scoring.forms import BoundaryForm, StudyForm
from scoring.robustness.chart import chart_of
from scoring.robustness.report import read_report
from scoring.robustness.settings import Source
from scoring.selectors.robustness import (
    find_boundary,
    list_studies,
    newest_study,
    publication_gate,
    study_job,
)
from scoring.selectors.runs import get_run

if TYPE_CHECKING:
    from scoring.models import GradingRun, RobustnessStudy

_HOME = ("评价运行", "scoring:runs")
_HERE = "稳健性分析"


@page(Permission.VIEW_RESULTS, objects={"public_id": "run"})
def study(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Boundary counties with their intervals, reasons and words; what still keeps the list from publication."""
    run, done = _run(request, public_id), None
    newest, gate, job = newest_study(run), publication_gate(run), _job(run)
    if newest is not None:
        done = read_report(newest.report)
    context = {
        "run": run,
        "gate": gate,
        "newest": newest,
        "study": done,
        "chart": chart_of(done, [row.case.region.code for row in gate.cases]) if done else None,
        "studies": list_studies(run),
        "job": job,
        "may_check": request.user.holds(Permission.CHECK_ROBUSTNESS),
        "refresh_seconds": REFRESH_SECONDS if job and job.running else None,
        "breadcrumbs": _crumbs(run, None),
    }
    return render(request, "scoring/robustness.html", context)


def _run(request: AuthenticatedRequest, public_id: UUID) -> "GradingRun":
    run = get_run(request.user, public_id)
    if run.state != RunState.COMPLETE:
        raise Stale("run_not_complete", "该次评价尚未完成，没有稳健性分析。请在运行页查看进度。")
    return run


def _crumbs(run: "GradingRun", label: str | None) -> list[tuple[str, str | None]]:
    home = [(_HOME[0], reverse(_HOME[1])), (str(run), reverse("scoring:run", args=[run.public_id]))]
    if label is None:
        return [*home, (_HERE, None)]
    return [*home, (_HERE, reverse("scoring:robustness", args=[run.public_id])), (label, None)]


def _job(run: "GradingRun") -> JobView | None:
    args = [run.public_id]
    return job_view(
        study_job(run),
        reverse("scoring:robustness_progress", args=args),
        reverse("scoring:robustness", args=args),
    )


@page(Permission.VIEW_RESULTS, objects={"public_id": "run"})
def progress(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The progress alone; asks for the whole page when the study is done."""
    job = _job(_run(request, public_id))
    response = render(request, "scoring/_progress.html", {"job": job})
    if job is None or not job.running:
        response["HX-Refresh"] = "true"
    return response


@page(Permission.CHECK_ROBUSTNESS, methods="GET POST", objects={"public_id": "run"})
def start(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Study the run with other settings."""
    run = _run(request, public_id)
    form = StudyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _, is_new = start_study(actor=request.user, run_id=public_id, order=form.order)
        except Invalid as refusal:
            form.add_error(
                refusal.field if refusal.field in form.fields else None, refusal.sentence
            )
        else:
            words = "稳健性分析已开始，在后台进行，可以离开本页。"
            messages.success(request, words if is_new else "已有一次分析正在进行，没有重复开始。")
            return redirect("scoring:robustness", public_id)
    context = {"run": run, "form": form, "breadcrumbs": _crumbs(run, "重新分析")}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "scoring/robustness_start.html", context, status=status)


@page(Permission.VIEW_RESULTS, objects={"public_id": "run"})
def report(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The newest study to the byte its digest is of."""
    newest = _newest(_run(request, public_id))
    name = f"robustness-{newest.digest[:12]}.json"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(newest.report, content_type="application/json", headers=headers)


def _newest(run: "GradingRun") -> "RobustnessStudy":
    newest = newest_study(run)
    if newest is None:
        raise Stale("robustness_missing", "稳健性分析尚未完成，请稍后再看。")
    return newest


@page(Permission.VIEW_RESULTS, objects={"public_id": "run", "region_id": "graded_region"})
def county(request: AuthenticatedRequest, public_id: UUID, region_id: UUID) -> HttpResponse:
    """One county source by source, with what was said of it."""
    run = _run(request, public_id)
    form = BoundaryForm(initial={"study": _newest(run).public_id})
    return _county(request, run, region_id, form)


def _county(
    request: AuthenticatedRequest, run: "GradingRun", region_id: UUID, form: BoundaryForm
) -> HttpResponse:
    newest = _newest(run)
    found = find_boundary(run, region_id)
    done = read_report(newest.report)
    row = next((each for each in done.counties if each.code == found.region.code), None)
    if row is None:
        raise Http404
    context = {
        "run": run,
        "region": found.region,
        "county": row,
        "boundary": found.boundary,
        "sources": [(source.label, row.spreads[source]) for source in Source],
        "doubts": [doubt for doubt in done.doubts if doubt.county == row.code],
        "form": form
        if found.boundary and request.user.holds(Permission.CHECK_ROBUSTNESS)
        else None,
        "breadcrumbs": _crumbs(run, found.region.full_name),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "scoring/robustness_county.html", context, status=status)


@page(
    Permission.CHECK_ROBUSTNESS,
    methods="POST",
    objects={"public_id": "run", "region_id": "graded_region"},
)
def review(request: AuthenticatedRequest, public_id: UUID, region_id: UUID) -> HttpResponse:
    """Mark a boundary county 已复核 with a word; back to the table, where the next one waits."""
    run = _run(request, public_id)
    form = BoundaryForm(request.POST)
    if form.is_valid():
        said = ReviewInput(form.cleaned_data["study"], region_id, form.cleaned_data["word"])
        try:
            made = review_case(actor=request.user, run_id=public_id, review=said)
        except Invalid as refusal:
            form.add_error("word", refusal.sentence)
        else:
            messages.success(request, f"{made.region.full_name}已复核。")
            return redirect("scoring:robustness", public_id)
    return _county(request, run, region_id, form)
