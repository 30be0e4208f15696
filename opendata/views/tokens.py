"""Tokens of the systems of offices: issued, shown once, stopped."""

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
from county_portal.common.errors import Invalid, NotAllowed, Refused
from opendata.actions.tokens import issue_token, revoke_token
from opendata.forms import RevokeForm, TokenForm
from opendata.selectors.tokens import get_token, list_tokens, may_revoke

if TYPE_CHECKING:
    from opendata.models import ApiToken

PAGE_SIZE = 50
# Whose office may have tokens sees them; the head may stop them.
_OFFICES = (Permission.FILL, Permission.SUBMIT, Permission.PROVIDE)
_ADMINISTRATORS = (Permission.MANAGE_TOKENS, Permission.REVOKE_TOKENS)


@page(*_ADMINISTRATORS, *_OFFICES)
def tokens(request: AuthenticatedRequest) -> HttpResponse:
    """All tokens for the administrators, one's own office's for everybody else."""
    shown = Paginator(list_tokens(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "tokens": [(token, may_revoke(request.user, token)) for token in shown],
        "may_issue": request.user.holds(Permission.MANAGE_TOKENS),
    }
    return render(request, "opendata/tokens.html", context)


@page(Permission.MANAGE_TOKENS, methods="GET POST")
def issue(request: AuthenticatedRequest) -> HttpResponse:
    """Issue a token and show its text this once."""
    # An empty post is a post: it is told what it lacks.
    form = TokenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            token, text = issue_token(actor=request.user, wanted=form.wanted)
        except Invalid as refusal:
            form.add_error(
                "login" if refusal.field == "holder" else refusal.field, refusal.sentence
            )
        else:
            response = render(request, "opendata/issued.html", {"token": token, "text": text})
            response["Cache-Control"] = "private, no-store"
            return response
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "breadcrumbs": _crumbs("签发令牌")}
    return render(request, "opendata/issue.html", context, status=status)


@page(Permission.REVOKE_TOKENS, *_OFFICES, methods="GET POST", objects={"public_id": "api_token"})
def revoke(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Ask for the reason, then stop the token."""
    token = get_token(request.user, public_id)
    if not may_revoke(request.user, token):
        raise NotAllowed
    form = RevokeForm(request.POST if request.method == "POST" else None)
    refusal: Refused | None = None
    if form.is_valid():
        try:
            revoke_token(
                actor=request.user, public_id=public_id, reason=form.cleaned_data["reason"]
            )
        except Refused as stale:
            refusal = stale
        else:
            messages.success(request, f"令牌{token.prefix}已停用。")
            return redirect("opendata:tokens")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {
        "token": token,
        "form": form,
        "consequences": _consequences(token),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": _crumbs("停用令牌"),
    }
    return render(
        request, "opendata/revoke.html", context, status=refusal.status if refusal else status
    )


def _consequences(token: "ApiToken") -> list[str]:
    holder = token.holder
    return [
        f"“{token.name}”立即不能再读取和写入，已写入的数据不变。",
        f"令牌属于{holder.office_name}{holder.display_name}（{holder.login}）。",
        "停用后不能恢复，需要时重新签发。",
    ]


def _crumbs(here: str) -> list[tuple[str, str | None]]:
    return [("接口令牌", reverse("opendata:tokens")), (here, None)]
