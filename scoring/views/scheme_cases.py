"""Golden cases of a version: run cell by cell, added, taken away."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from scoring.actions.golden_cases import add_case, remove_case
from scoring.actions.scheme_drafts import DraftKey
from scoring.forms.golden import CaseEntry
from scoring.forms.schemes import RevisionForm
from scoring.schemes.documents import read_document
from scoring.selectors.scheme_checks import run_golden_cases
from scoring.selectors.schemes import (
    IN_PREPARATION,
    get_case,
    get_version,
    list_cases,
    list_system_indicators,
)
from scoring.views.scheme_words import scheme_crumbs
from scoring.views.schemes import READERS


@page(*READERS, objects={"public_id": "scheme_version"})
def cases(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Every cell: expected, got, whether they agree."""
    return _cases_page(request, public_id)


def _cases_page(
    request: AuthenticatedRequest, public_id: UUID, refusal: Refused | None = None
) -> HttpResponse:
    version = get_version(request.user, public_id)
    outcomes = {each.name: each for each in run_golden_cases(version)}
    is_open = version.state in IN_PREPARATION
    context = {
        "version": version,
        "cases": [(row, outcomes.get(row.name)) for row in list_cases(version)],
        "may_edit": is_open and request.user.holds(Permission.EDIT_SCHEME),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": scheme_crumbs(version, ("验证用例", None)),
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "scoring/scheme_cases.html", context, status=status)


@page(Permission.EDIT_SCHEME, methods="GET POST", objects={"public_id": "scheme_version"})
def case_add(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """A case typed in; run at once on the page it leads to."""
    version = get_version(request.user, public_id)
    document = read_document(version.document)
    system = list_system_indicators(version)
    posted = request.POST if request.method == "POST" else None
    entry, refusal = CaseEntry(document, system, posted), None
    if posted is not None and (case := entry.read()) is not None:
        key = DraftKey(public_id, RevisionForm(posted).seen)
        try:
            add_case(actor=request.user, key=key, case=case)
        except (Invalid, Stale) as refused:
            refusal = refused
        else:
            messages.success(request, f"已增加用例“{case.name}”，结果如下。")
            return redirect("scoring:scheme_cases", public_id)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if entry.is_wrong else HTTPStatus.OK
    context = {
        "version": version,
        "entry": entry,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": scheme_crumbs(version, ("增加用例", None)),
    }
    status = HTTPStatus(refusal.status) if refusal else status
    return render(request, "scoring/scheme_case_add.html", context, status=status)


@page(
    Permission.EDIT_SCHEME,
    methods="GET POST",
    objects={"public_id": "scheme_version", "case_id": "golden_case"},
)
def case_remove(request: AuthenticatedRequest, public_id: UUID, case_id: UUID) -> HttpResponse:
    """Take a case away, after a last look."""
    version = get_version(request.user, public_id)
    case = get_case(version, case_id)
    if request.method == "POST":
        key = DraftKey(public_id, RevisionForm(request.POST).seen)
        try:
            remove_case(actor=request.user, key=key, case_id=case_id)
        except Stale as refusal:
            return _cases_page(request, public_id, refusal)
        messages.success(request, f"已删去用例“{case.name}”。")
        return redirect("scoring:scheme_cases", public_id)
    context = {
        "version": version,
        "label": "删去用例",
        "title": f"删去用例“{case.name}”？",
        "consequences": ["只影响这个未锁定的版本；已通过验证的须重新验证。"],
        "hidden": [("revision", version.revision)],
        "tone": "danger",
        "cancel_url": reverse("scoring:scheme_cases", args=[public_id]),
        "breadcrumbs": scheme_crumbs(version, ("删去用例", None)),
    }
    return render(request, "scoring/scheme_confirm.html", context)
