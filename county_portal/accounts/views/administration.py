"""Accounts, for the system and the security administrator."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts import actions
from county_portal.accounts.forms import AccountFilterForm, AccountForm
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission, Role
from county_portal.accounts.selectors import find_users, get_user
from county_portal.common.access import page
from county_portal.common.errors import Invalid

if TYPE_CHECKING:
    from county_portal.accounts.models import User

PAGE_SIZE = 50


@page(Permission.MANAGE_USERS, Permission.MANAGE_SECURITY)
def users(request: AuthenticatedRequest) -> HttpResponse:
    """All accounts, searched by name, login or office."""
    form = AccountFilterForm(request.GET)
    found = find_users(request.user, form.wanted)
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": form,
        "reset_url": reverse("accounts:users"),
        "query": request.GET.urlencode(),
        "may_manage": request.user.holds(Permission.MANAGE_USERS),
        "may_secure": request.user.holds(Permission.MANAGE_SECURITY),
    }
    return render(request, "accounts/users.html", context)


@page(Permission.MANAGE_USERS, methods="GET POST")
def create(request: AuthenticatedRequest) -> HttpResponse:
    """Make an account and show its one-time password once."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        account = actions.NewAccount(
            data["login"],
            data["display_name"],
            Role(data["role"]),
            data["office"],
            data["phone"],
            data["email"],
        )
        try:
            user, password = _create(request, account, data["department"].strip())
        except Invalid as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            return render(
                request, "accounts/initial_password.html", {"account": user, "password": password}
            )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "breadcrumbs": [("账号", reverse("accounts:users")), ("新建", None)]}
    return render(request, "accounts/create.html", context, status=status)


def _create(
    request: AuthenticatedRequest, account: actions.NewAccount, department: str
) -> tuple["User", str]:
    if department:
        return actions.create_provider(actor=request.user, account=account, department=department)
    return actions.create_user(actor=request.user, account=account)


@page(Permission.MANAGE_USERS, methods="POST", objects={"public_id": "user"})
def reset(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Give a new one-time password."""
    user, password = actions.reset_password(actor=request.user, public_id=public_id)
    return render(
        request, "accounts/initial_password.html", {"account": user, "password": password}
    )


@page(Permission.MANAGE_SECURITY, methods="POST", objects={"public_id": "user"})
def activation(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Enable or disable."""
    user = get_user(request.user, public_id)
    choice = request.POST.get("active")
    if choice not in {"yes", "no"}:
        raise Invalid("choice_missing", "没有指明启用还是停用，请返回账号列表重新操作。", "active")
    active = choice == "yes"
    user = actions.set_active(actor=request.user, public_id=public_id, active=active)
    messages.success(request, f"账号{user.login}已{'启用' if active else '停用'}。")
    return redirect("accounts:users")


@page(Permission.MANAGE_SECURITY, methods="POST", objects={"public_id": "user"})
def unlock(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Forget failed logins."""
    user = actions.unlock(actor=request.user, public_id=public_id)
    messages.success(request, f"账号{user.login}已解锁。")
    return redirect("accounts:users")
