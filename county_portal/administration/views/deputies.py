"""代办: one's own, and all of them for the administrators of accounts."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.accounts.selectors import (
    get_deputyship,
    get_user,
    is_coverable,
    list_deputyships,
)
from county_portal.accounts.selectors import list_own_deputyships as list_own
from county_portal.accounts.selectors import list_possible_deputies as possible
from county_portal.administration.actions import deputies as actions
from county_portal.administration.forms.deputies import DeputyForm
from county_portal.administration.views.deputy_words import covering_words, deputy_rows, end_words
from county_portal.administration.views.people import HOME as ACCOUNTS
from county_portal.administration.views.people import status_of
from county_portal.common.access import Audience, page
from county_portal.common.errors import Invalid

if TYPE_CHECKING:
    from county_portal.accounts.models import User

PAGE_SIZE = 50


@page(Audience.SIGNED_IN, methods="GET POST")
def own(request: AuthenticatedRequest) -> HttpResponse:
    """Who may stand in for me and with what; whom I stand in for; what was."""
    user = request.user
    form = _form(request, user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.name_deputy(actor=user, data=form.data_entered)
        except Invalid as refusal:
            _note(form, refusal)
        else:
            messages.success(request, "代办已指定，双方已收到通知。")
            return redirect("administration:own_deputies")
    context = {
        "form": form,
        "rows": deputy_rows(list_own(user), user),
        "covering": covering_words(possible(user), user) if is_coverable(user) else [],
        "is_coverable": is_coverable(user),
        "breadcrumbs": [("个人设置", reverse("notices:settings")), ("代办", None)],
    }
    return render(request, "administration/own_deputies.html", context, status=status_of(form))


def _form(request: AuthenticatedRequest, absent: "User") -> DeputyForm:
    colleagues = possible(absent) if is_coverable(absent) else ()
    return DeputyForm(request.POST or None, colleagues=colleagues)


def _note(form: DeputyForm, refusal: Invalid) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


@page(Permission.MANAGE_USERS, Permission.MANAGE_SECURITY)
def deputies(request: AuthenticatedRequest) -> HttpResponse:
    """All, newest first; those that wait for the security administrator come first."""
    found = Paginator(list_deputyships(request.user).waiting_first(), PAGE_SIZE)
    shown = found.get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "rows": deputy_rows(shown, request.user),
        "may_propose": request.user.holds(Permission.MANAGE_USERS),
    }
    return render(request, "administration/deputies.html", context)


@page(Permission.MANAGE_USERS, methods="GET POST", objects={"public_id": "user"})
def propose(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """For somebody who cannot name a deputy himself, at the office's written request."""
    account = get_user(request.user, public_id)
    form = _form(request, account)
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose_deputy(actor=request.user, absent_id=public_id, data=form.data_entered)
        except Invalid as refusal:
            _note(form, refusal)
        else:
            messages.success(request, "已提出，待安全管理员确认后生效。")
            return redirect("administration:deputies")
    url = reverse("administration:person", args=[public_id])
    context: dict[str, Any] = {
        "form": form,
        "account": account,
        "covering": covering_words(possible(account), account) if is_coverable(account) else [],
        "breadcrumbs": [ACCOUNTS, (account.display_name, url), ("指定代办人", None)],
    }
    return render(request, "administration/deputy_propose.html", context, status=status_of(form))


@page(Permission.MANAGE_SECURITY, methods="POST", objects={"public_id": "any_deputyship"})
def confirm(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Let a proposed one hold."""
    found = actions.confirm_deputy(actor=request.user, deputyship_id=public_id)
    messages.success(
        request, f"已确认{found.deputy.display_name}代{found.absent.display_name}办理。"
    )
    return redirect("administration:deputies")


@page(Audience.SIGNED_IN, methods="GET POST", objects={"public_id": "deputyship"})
def end(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The last look before one is ended, then the end."""
    found = get_deputyship(request.user, public_id)
    is_own = request.user.pk in {found.absent_id, found.deputy_id}
    back = "administration:own_deputies" if is_own else "administration:deputies"
    if request.method == "POST":
        actions.end_deputy(actor=request.user, deputyship_id=public_id)
        messages.success(request, "代办已结束，双方已收到通知。")
        return redirect(back)
    context = {
        **end_words(found, request.user),
        "back": reverse(back),
        "breadcrumbs": [("代办", reverse(back)), ("结束代办", None)],
    }
    return render(request, "administration/deputy_end.html", context)
