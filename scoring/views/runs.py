"""The province's pages of grading: starting a run, following it, reading what it gave."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
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
from scoring.actions.grading import RunOrder, start_run
from scoring.archive import archive_of, problems_of
from scoring.enums import RunState
from scoring.exports import results_workbook
from scoring.forms import ResultFilterForm, RunForm
from scoring.origins import NOT_KEPT
from scoring.selectors.inputs import list_unreviewed
from scoring.selectors.lists import current_list
from scoring.selectors.results import (
    RunSummary,
    list_near_limits,
    list_result_cities,
    list_result_rows,
    read_result,
    summarise,
)
from scoring.selectors.runs import (
    count_gradable,
    engine_scheme,
    get_gradable,
    get_run,
    list_left_out,
    list_runs,
    list_scheme_versions,
)
from scoring.views.as_of import run_of_day
from scoring.views.wording import run_tone

if TYPE_CHECKING:
    from scoring.models import GradingRun

PAGE_SIZE = 50
_HOME = ("评价运行", "scoring:runs")


@page(Permission.VIEW_RESULTS)
def runs(request: AuthenticatedRequest) -> HttpResponse:
    """All runs, newest first; collections that may be graded on top for whoever grades."""
    rows = Paginator(list_runs(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "gradable": count_gradable(request.user),
        "page": rows,
        "runs": [(run, run_tone(run)) for run in rows],
    }
    return render(request, "scoring/runs.html", context)


@page(Permission.GRADE, methods="GET POST", objects={"public_id": "collection"})
def start(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Choose the scheme, say why counties are left out, start."""
    collection = get_gradable(request.user, public_id)
    unreviewed = list_unreviewed(collection)
    versions = list_scheme_versions(collection.version.system_id)
    form = RunForm(request.POST or None, versions=versions, asks_reason=bool(unreviewed))
    if request.method == "POST" and form.is_valid():
        order = RunOrder(
            public_id,
            form.cleaned_data["scheme_version"].public_id,
            form.cleaned_data.get("exception_reason", ""),
        )
        try:
            made, is_new = start_run(actor=request.user, order=order)
        except Invalid as refusal:
            known = refusal.field if refusal.field in form.fields else None
            form.add_error(known, refusal.sentence)
        else:
            _say_started(request, is_new=is_new)
            return redirect("scoring:run", made.public_id)
    context = {
        "collection": collection,
        "unreviewed": unreviewed,
        "form": form,
        "breadcrumbs": [(_HOME[0], reverse(_HOME[1])), ("开始评价", None)],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "scoring/run_start.html", context, status=status)


def _say_started(request: AuthenticatedRequest, *, is_new: bool) -> None:
    if is_new:
        messages.success(request, "评价已开始，在后台进行，可以离开本页。")
    else:
        messages.info(
            request, "本次采集已有一次评价正在进行，没有重复开始；以下是正在进行的这一次。"
        )


@page(Permission.VIEW_RESULTS, objects={"public_id": "run"})
def run(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """State while it runs; results once complete."""
    row, moment = run_of_day(request, get_run(request.user, public_id))
    job = _job(row)
    is_complete = row.state == RunState.COMPLETE
    context = {
        "run": row,
        "as_of": moment,
        "tone": run_tone(row),
        "job": job,
        "is_complete": is_complete,
        "left_out": list_left_out(row),
        "refresh_seconds": REFRESH_SECONDS if job and job.running else None,
        "breadcrumbs": [(_HOME[0], reverse(_HOME[1])), (str(row), None)],
        **(_results(request, row) if is_complete else {}),
    }
    return render(request, "scoring/run.html", context)


def _job(row: "GradingRun") -> JobView | None:
    args = [row.public_id]
    return job_view(
        row.job, reverse("scoring:run_progress", args=args), reverse("scoring:run", args=args)
    )


def _results(request: AuthenticatedRequest, row: "GradingRun") -> dict[str, Any]:
    scheme = engine_scheme(row.scheme_version)
    summary = summarise(row, scheme)
    form = ResultFilterForm(request.GET, cities=list_result_cities(row))
    results = list_result_rows(row, form.wanted)
    return {
        "summary": summary,
        "near": list_near_limits(row, scheme),
        "form": form,
        "chips": _chips(request, summary),
        "page": Paginator(results, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_draft": request.user.holds(Permission.PREPARE_LIST),
        "is_correction": current_list(row.collection) is not None,
    }


def _chips(request: AuthenticatedRequest, summary: RunSummary) -> list[dict[str, object]]:
    """Ready-made filters by class; city and order stay as they are."""
    kept = {key: request.GET[key] for key in ("city", "order") if request.GET.get(key)}
    chosen = request.GET.get("klass", "")
    return [
        {
            "label": f"{name}类" if name else "全部",
            "count": count,
            "url": "?" + urlencode({**kept, **({"klass": name} if name else {})}),
            "current": chosen == name,
        }
        for name, count in [("", summary.counties), *summary.classes]
    ]


@page(Permission.VIEW_RESULTS, objects={"public_id": "run"})
def progress(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The progress alone, fetched again and again; asks for the whole page when the work is over."""
    job = _job(get_run(request.user, public_id))
    response = render(request, "scoring/_progress.html", {"job": job})
    if job is None or not job.running:
        response["HX-Refresh"] = "true"
    return response


@page(Permission.VIEW_RESULTS, objects={"public_id": "run", "region_id": "graded_region"})
def result(request: AuthenticatedRequest, public_id: UUID, region_id: UUID) -> HttpResponse:
    """One county line by line: figure, source, ratio, band, arithmetic, points."""
    row, moment = run_of_day(request, complete_run(request, public_id))
    sheet = read_result(row, region_id)
    name = sheet.result.region.full_name
    home = reverse("scoring:run", args=[public_id])
    context = {
        "run": row,
        "as_of": moment,
        "sheet": sheet,
        "result": sheet.result,
        "not_kept": NOT_KEPT,
        "statuses_url": reverse("scoring:statuses", args=[row.public_id, region_id]),
        "breadcrumbs": [(_HOME[0], reverse(_HOME[1])), (str(row), home), (name, None)],
    }
    return render(request, "scoring/result.html", context)


@page(Permission.VIEW_RESULTS, methods="POST", objects={"public_id": "run"})
def verify(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Grade the frozen inputs again now, and say whether all is the same to the bit."""
    problems = problems_of(complete_run(request, public_id))
    if problems:
        messages.error(
            request, f"核验不符：{'；'.join(problems)}。请停止使用本次结果并报告系统管理员。"
        )
    else:
        messages.success(
            request, "核验一致：按冻结输入重新计分，结果、明细和摘要与存储的完全相同。"
        )
    return redirect("scoring:run", public_id)


@page(Permission.VIEW_RESULTS, objects={"public_id": "run"})
def archive(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Everything needed to grade again elsewhere, as one zip."""
    row = complete_run(request, public_id)
    return download(archive_of(row), "application/zip", f"run-{row.digest[:12]}.zip")


@page(Permission.VIEW_RESULTS, objects={"public_id": "run"})
def workbook(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """All results as a workbook for the office's own use."""
    row = complete_run(request, public_id)
    return download(results_workbook(row), XLSX, f"results-{row.digest[:12]}.xlsx")


def complete_run(request: AuthenticatedRequest, public_id: UUID) -> "GradingRun":
    """A run that has results; raises Stale for one that has none yet."""
    row = get_run(request.user, public_id)
    if row.state == RunState.UNCHANGED:
        raise Stale(
            "run_unchanged",
            f"该次评价的数据、方案与{row.same_as}完全相同，没有另存结果。请到那一次评价查看。",
        )
    if row.state != RunState.COMPLETE:
        raise Stale("run_not_complete", "该次评价尚未完成，还没有结果。请在运行页查看进度。")
    return row


def download(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file made for this answer alone."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)
