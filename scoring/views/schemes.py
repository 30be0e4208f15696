"""The province's pages of schemes: which there are, what one says, how two differ, and its way to being locked."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, NotAllowed, Refused, Stale
from scoring.actions.scheme_drafts import (
    DraftKey,
    begin_version,
    discard_version,
    lock_version,
    test_version,
)
from scoring.enums import SchemeState
from scoring.forms.schemes import DraftForm, RevisionForm
from scoring.schemes.documents import read_document
from scoring.schemes.sheet import lay_out
from scoring.schemes.words import differences
from scoring.selectors.scheme_checks import check_version, run_golden_cases
from scoring.selectors.schemes import (
    IN_PREPARATION,
    get_version,
    in_preparation,
    list_others,
    list_overview,
    list_scheme_acts,
)
from scoring.views.scheme_words import (
    scheme_crumbs,
    scheme_history,
    scheme_steps,
    scheme_tone,
    turn_words,
)

if TYPE_CHECKING:
    from scoring.models import SchemeVersion

READERS = (Permission.VIEW_RESULTS, Permission.EDIT_SCHEME, Permission.LOCK_SCHEME)


@page(*READERS)
def schemes(request: AuthenticatedRequest) -> HttpResponse:
    """All schemes and versions with state and who."""
    rows = list_overview(request.user)
    context = {
        "rows": [(row, scheme_tone(row)) for row in rows],
        "may_edit": request.user.holds(Permission.EDIT_SCHEME),
        "busy": {row.scheme_id for row in rows if row.state in IN_PREPARATION},
    }
    return render(request, "scoring/schemes.html", context)


@page(*READERS, objects={"public_id": "scheme_version"})
def scheme(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """One version: terms, indicators with their rules in words, sums, everything wrong, who did what."""
    return scheme_page(request, get_version(request.user, public_id))


def scheme_page(
    request: AuthenticatedRequest, version: "SchemeVersion", refusal: Refused | None = None
) -> HttpResponse:
    """The page of a version, with why something was not done."""
    is_open = version.state in IN_PREPARATION
    problems = check_version(version) if is_open else []
    outcomes = run_golden_cases(version)
    may_edit = request.user.holds(Permission.EDIT_SCHEME)
    context = {
        "version": version,
        "tone": scheme_tone(version),
        "sheet": lay_out(read_document(version.document), problems),
        "outcomes": outcomes,
        "cells": sum(len(each.cells) for each in outcomes),
        "wrong_cells": sum(len(each.wrong) for each in outcomes),
        "is_open": is_open,
        "may_edit": may_edit and is_open,
        "may_lock": _may_lock(request, version),
        "other_draft": in_preparation(version.scheme_id) if may_edit and not is_open else None,
        "may_begin": may_edit and not is_open,
        "may_rehearse": may_edit,
        "others": list_others(request.user, version),
        "turn": turn_words(version),
        "steps": scheme_steps(version),
        "history": scheme_history(list_scheme_acts(version)),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": scheme_crumbs(version),
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "scoring/scheme.html", context, status=status)


def _may_lock(request: AuthenticatedRequest, version: "SchemeVersion") -> bool:
    return (
        version.state == SchemeState.TESTED
        and request.user.holds(Permission.LOCK_SCHEME)
        and version.created_by_id != request.user.pk
    )


@page(*READERS, objects={"public_id": "scheme_version", "other_id": "scheme_version"})
def compare(request: AuthenticatedRequest, public_id: UUID, other_id: UUID) -> HttpResponse:
    """What differs from the other version to this one, in words."""
    version = get_version(request.user, public_id)
    other = get_version(request.user, other_id)
    before, after = read_document(other.document), read_document(version.document)
    context = {
        "version": version,
        "other": other,
        "sentences": differences(before, after),
        "breadcrumbs": scheme_crumbs(version, ("与其他版本比较", None)),
    }
    return render(request, "scoring/scheme_compare.html", context)


@page(Permission.EDIT_SCHEME, methods="GET POST", objects={"public_id": "locked_scheme_version"})
def begin(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """A new draft from a locked version."""
    version = get_version(request.user, public_id)
    form = DraftForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = begin_version(
                actor=request.user, based_on=public_id, note=form.cleaned_data["note"]
            )
        except (Invalid, Stale) as refusal:
            return scheme_page(request, version, refusal)
        messages.success(
            request, f"已建立“{made}”，内容和验证用例与第{version.number}版相同，请修改。"
        )
        return redirect("scoring:scheme", made.public_id)
    return _confirm(
        request,
        version,
        "拟定新版本",
        title=f"据“{version}”拟定新版本？",
        form=form,
        consequences=[
            "新版本内容和验证用例与本版相同，在新版本上修改；本版不变，仍可用于评价。",
            "同一方案同时只能有一个未锁定的版本。",
        ],
    )


def _confirm(
    request: AuthenticatedRequest, version: "SchemeVersion", label: str, **words: Any
) -> HttpResponse:
    context = {
        "version": version,
        "label": label,
        "cancel_url": reverse("scoring:scheme", args=[version.public_id]),
        "hidden": [("revision", version.revision)],
        "breadcrumbs": scheme_crumbs(version, (label, None)),
        **words,
    }
    form = words.get("form")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form and form.errors else HTTPStatus.OK
    return render(request, "scoring/scheme_confirm.html", context, status=status)


def _act(
    request: AuthenticatedRequest, public_id: UUID, act: Callable[[DraftKey], object], done: str
) -> HttpResponse:
    key = DraftKey(public_id, RevisionForm(request.POST).seen)
    try:
        act(key)
    except (Invalid, Stale, NotAllowed) as refusal:
        return scheme_page(request, get_version(request.user, public_id), refusal)
    messages.success(request, done)
    return redirect("scoring:scheme", public_id)


@page(Permission.EDIT_SCHEME, methods="POST", objects={"public_id": "scheme_version"})
def test(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Check everything and run all cases."""
    return _act(
        request,
        public_id,
        lambda key: test_version(actor=request.user, key=key),
        "方案没有问题，验证用例全部相符，已转为“已验证”，待复核员锁定。",
    )


@page(Permission.LOCK_SCHEME, methods="GET POST", objects={"public_id": "scheme_version"})
def lock(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Lock it for good."""
    version = get_version(request.user, public_id)
    if request.method == "POST":
        return _act(
            request,
            public_id,
            lambda key: lock_version(actor=request.user, key=key),
            "方案已锁定，可以用于评价。",
        )
    return _confirm(
        request,
        version,
        "锁定方案",
        title=f"锁定“{version}”？",
        final=True,
        consequences=["锁定后内容和验证用例不能再改，只能另拟新版本。", "锁定后可以用于评价。"],
    )


@page(Permission.EDIT_SCHEME, methods="GET POST", objects={"public_id": "scheme_version"})
def discard(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Give a draft up."""
    version = get_version(request.user, public_id)
    if request.method == "POST":
        key = DraftKey(public_id, RevisionForm(request.POST).seen)
        try:
            discard_version(actor=request.user, key=key)
        except Stale as refusal:
            return scheme_page(request, version, refusal)
        messages.success(request, f"已删除“{version}”。")
        return redirect("scoring:schemes")
    return _confirm(
        request,
        version,
        "删除草稿",
        title=f"删除“{version}”？",
        final=True,
        tone="danger",
        consequences=["方案草稿、它的验证用例和试算结果一并删除；审计记录保留。"],
    )
