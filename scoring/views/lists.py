"""The province's pages of lists: drafting, consent, publication by a second person, correction."""

from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.access import page
from county_portal.common.errors import Invalid
from county_portal.documents.selectors.drafts import is_staff
from county_portal.jobs.following import REFRESH_SECONDS, JobView, job_view
from county_portal.jobs.selectors import may_start
from scoring.actions.publishing import draft_list, publish_list, record_consent, withdraw_draft
from scoring.enums import ListAction, Movement
from scoring.forms import ConsentForm, ListForm, WithdrawForm
from scoring.selectors.corrections import errata_between
from scoring.selectors.lists import (
    current_list,
    file_jobs,
    get_list,
    list_acts,
    list_changes,
    list_classes,
    list_files,
    list_lists,
    replaced_by,
)
from scoring.selectors.results import summarise
from scoring.selectors.robustness import publication_gate
from scoring.selectors.runs import engine_scheme, get_run
from scoring.views.as_of import list_of_day
from scoring.views.wording import (
    file_lines,
    files_job,
    list_buttons,
    list_history,
    list_steps,
    list_tone,
    publish_consequences,
)
from scoring.workflow import LIST_WORKFLOW

if TYPE_CHECKING:
    from scoring.models import GradingRun, PublishedList

PAGE_SIZE = 50
_HOME = ("名单", "scoring:lists")
# Stands in for words not typed yet when only the state is asked about.
_ANY_WORDS = "—"


@page(Permission.VIEW_RESULTS)
def lists(request: AuthenticatedRequest) -> HttpResponse:
    """All lists with their state, newest year first."""
    rows = Paginator(list_lists(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": rows, "lists": [(row, list_tone(row)) for row in rows]}
    return render(request, "scoring/lists.html", context)


@page(Permission.PREPARE_LIST, methods="GET POST", objects={"public_id": "run"})
def draft(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Draft a list from a complete run."""
    run = get_run(request.user, public_id)
    corrected = current_list(run.collection)
    initial = {"publish_on": clock.today(), "correction_reason": _suggested_reason(run, corrected)}
    form = ListForm(request.POST or None, is_correction=corrected is not None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = draft_list(actor=request.user, data=form.list_input(public_id))
        except Invalid as refusal:
            _show(form, refusal)
        else:
            messages.success(request, "名单已拟定，请登记领导小组意见后由发布人公布。")
            return redirect("scoring:list", made.public_id)
    context = {
        "run": run,
        "summary": summarise(run, engine_scheme(run.scheme_version)),
        "corrected": corrected,
        "form": form,
        "breadcrumbs": [
            ("评价运行", reverse("scoring:runs")),
            (str(run), reverse("scoring:run", args=[public_id])),
            ("拟定名单", None),
        ],
    }
    return render(request, "scoring/list_draft.html", context, status=_status(form))


def _suggested_reason(run: "GradingRun", corrected: "PublishedList | None") -> str:
    """What appeals corrected since the list that is replaced; the office edits it."""
    errata = errata_between(corrected.run_id, run) if corrected else []
    return f"{'；'.join(row.sentence for row in errata)}。" if errata else ""


def _show(form: forms.Form, refusal: Invalid) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


def _status(form: forms.Form) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


@page(Permission.VIEW_RESULTS, objects={"public_id": "list"})
def detail(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Rows by class with movement, what a correction changes, files, who did what."""
    row, moment = list_of_day(request, get_list(request.user, public_id))
    job = _job(row)
    files = file_lines(list_files(row), has_paper=row.paper_id is not None)
    moves = LIST_WORKFLOW.actions_from(row.state, request.user.permissions)
    context = {
        "list": row,
        "as_of": moment,
        "may_open_paper": is_staff(request.user),
        "tone": list_tone(row),
        "groups": list_classes(row),
        "changes": list_changes(row),
        "replaced_by": None if moment.day else replaced_by(row),
        "job": job,
        "may_retry": _may_retry(request, row),
        "files": files,
        "buttons": list_buttons(row, moves),
        "gate": publication_gate(row.run) if row.is_in_preparation else None,
        "steps": list_steps(row, has_files=all(file for _, file, _ in files)),
        "history": list_history(list_acts(row)),
        "refresh_seconds": REFRESH_SECONDS if job and job.running else None,
        "breadcrumbs": [(_HOME[0], reverse(_HOME[1])), (str(row), None)],
    }
    return render(request, "scoring/list.html", context)


def _job(row: "PublishedList") -> JobView | None:
    args = [row.public_id]
    return files_job(
        job_view(
            next(iter(file_jobs(row)), None),
            reverse("scoring:list_progress", args=args),
            reverse("scoring:list", args=args),
        )
    )


def _may_retry(request: AuthenticatedRequest, row: "PublishedList") -> bool:
    job = next(iter(file_jobs(row)), None)
    return job is not None and bool(job.error) and may_start(request.user, job)


@page(Permission.VIEW_RESULTS, objects={"public_id": "list"})
def progress(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The progress alone; asks for the whole page when the files are made."""
    job = _job(get_list(request.user, public_id))
    response = render(request, "scoring/_progress.html", {"job": job})
    if job is None or not job.running:
        response["HX-Refresh"] = "true"
    return response


def _require(request: AuthenticatedRequest, row: "PublishedList", action: ListAction) -> None:
    """Say at once that the state no longer allows it, before anybody fills a form in."""
    LIST_WORKFLOW.find(action, row.state, request.user.permissions, _ANY_WORDS)


def _confirm(
    request: AuthenticatedRequest, row: "PublishedList", label: str, **words: Any
) -> HttpResponse:
    home = reverse("scoring:list", args=[row.public_id])
    context = {
        "list": row,
        "label": label,
        "cancel_url": home,
        "breadcrumbs": [(_HOME[0], reverse(_HOME[1])), (str(row), home), (label, None)],
        **words,
    }
    form: forms.Form | None = words.get("form")
    status = _status(form) if form else HTTPStatus.OK
    return render(request, "scoring/list_confirm.html", context, status=status)


@page(Permission.PREPARE_LIST, methods="GET POST", objects={"public_id": "list"})
def consent(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Register the leading group's consent."""
    row = get_list(request.user, public_id)
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            record_consent(actor=request.user, list_id=public_id, consent=form.consent)
        except Invalid as refusal:
            _show(form, refusal)
        else:
            messages.success(request, "已登记领导小组同意，待发布人公布。")
            return redirect("scoring:list", public_id)
    _require(request, row, ListAction.CONSENT)
    return _confirm(
        request,
        row,
        "登记领导小组意见",
        title="登记领导小组同意公布本名单？",
        consequences=[
            "同意日期和文号印在公布的名单上。",
            "登记后由发布人公布；登记人不能公布同一名单。",
        ],
        form=form,
    )


@page(Permission.PUBLISH_LIST, methods="GET POST", objects={"public_id": "list"})
def publish(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Publish after a last look; two people publish."""
    row = get_list(request.user, public_id)
    if request.method == "POST":
        made = publish_list(actor=request.user, list_id=public_id)
        messages.success(
            request, f"名单已以{made.document_number}公布，PDF、Word和Excel文件正在生成。"
        )
        return redirect("scoring:list", public_id)
    _require(request, row, ListAction.PUBLISH)
    groups = list_classes(row)
    moved = Counter(member.movement for group in groups for member in group.rows)
    return _confirm(
        request,
        row,
        "公布",
        title=f"公布{row.collection.data_year}年度名单？",
        counts=[(f"{group.name}类", len(group.rows)) for group in groups],
        consequences=publish_consequences(row, moved[Movement.RISE], moved[Movement.FALL]),
        final=True,
        gate=publication_gate(row.run),
    )


@page(Permission.PREPARE_LIST, methods="GET POST", objects={"public_id": "list"})
def withdraw(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Take a draft back, with the reason."""
    row = get_list(request.user, public_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        withdraw_draft(actor=request.user, list_id=public_id, reason=form.cleaned_data["reason"])
        messages.success(request, "拟稿已撤回。")
        return redirect("scoring:list", public_id)
    _require(request, row, ListAction.WITHDRAW)
    return _confirm(
        request,
        row,
        "撤回拟稿",
        title="撤回本名单拟稿？",
        consequences=["拟稿作废并留存备查，不对外公开；拟稿没有编号，不占用发文字号。"],
        form=form,
        tone="danger",
    )
