"""Remarks on single lines: written, settled, opened again; each leads back to where one was."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Refused
from indicators.actions.comments import reopen_comment, settle_comment, write_comment
from indicators.forms.review import CommentForm
from indicators.selectors import get_submission
from indicators.selectors.comments import COMMENTING, get_comment
from indicators.views import shared

if TYPE_CHECKING:
    from indicators.models import CellComment, Submission

# Pages one may come from, by the word in the form.
_PAGES = {"review": "indicators:review", "submission": "indicators:submission"}


@page(
    *COMMENTING,
    methods="POST",
    objects={"public_id": "submission", "code": "indicator"},
)
def comment(request: AuthenticatedRequest, public_id: UUID, code: str) -> HttpResponse:
    """Write one."""
    row = get_submission(request.user, public_id)
    form = CommentForm(request.POST)
    if not form.is_valid():
        messages.error(request, "；".join(map(str, form.errors["text"])))
        return _back(request, row, code)
    try:
        write_comment(
            actor=request.user, submission_id=public_id, code=code, text=form.cleaned_data["text"]
        )
    except Refused as refusal:
        return shared.submission_page(request, row, refusal)
    messages.success(request, "批注已保存，已通知对方单位。")
    return _back(request, row, code)


@page(*COMMENTING, methods="POST", objects={"public_id": "comment"})
def comment_settle(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Call it settled."""
    return _turn(request, public_id, settle_comment, "批注已办结。")


@page(*COMMENTING, methods="POST", objects={"public_id": "comment"})
def comment_reopen(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Take that back."""
    return _turn(request, public_id, reopen_comment, "批注已重新打开。")


def _turn(
    request: AuthenticatedRequest,
    public_id: UUID,
    act: Callable[..., "CellComment"],
    sentence: str,
) -> HttpResponse:
    seen = get_comment(request.user, public_id)
    try:
        act(actor=request.user, comment_id=public_id)
    except Refused as refusal:
        row = get_submission(request.user, seen.submission.public_id)
        return shared.submission_page(request, row, refusal)
    messages.success(request, sentence)
    return _back(request, seen.submission, seen.indicator_code)


def _back(request: AuthenticatedRequest, row: "Submission", code: str) -> HttpResponse:
    is_reviewer = request.user.holds(Permission.REVIEW) or request.user.holds(Permission.COLLECT)
    if request.POST.get("then") == "heat" and is_reviewer:
        home = reverse("indicators:heat", args=[row.collection.public_id])
        return redirect(f"{home}?cell={row.region.code}-{code}#cell")
    name = "review" if is_reviewer and request.POST.get("then") == "review" else "submission"
    query = "?all=1" if name == "review" else ""
    return redirect(f"{reverse(_PAGES[name], args=[row.public_id])}{query}#line-{code}")
