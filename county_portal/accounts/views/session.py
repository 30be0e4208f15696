"""Logging in and out, and changing one's password."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from county_portal.accounts.actions import (
    Visitor,
    change_own_password,
    note_kept_out,
    note_signed_in,
    note_signed_out,
)
from county_portal.accounts.addresses import client_address
from county_portal.accounts.forms import LoginForm, PasswordForm
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.common.access import Audience, page, page_above
from county_portal.common.errors import Invalid
from county_portal.common.misses import count_miss, is_over_limit

_FAILURES = "login-failures"


@page(Audience.PUBLIC, methods="GET POST")
def login(request: HttpRequest) -> HttpResponse:
    """The login page; returns to where one came from."""
    if request.user.is_authenticated:
        return redirect("home:inbox")
    if request.method == "POST" and is_over_limit(
        client_address(request), _FAILURES, settings.LOGIN_FAILURES
    ):
        return _kept_off(request)
    form = LoginForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid() and form.user:
        start_session(request, form.user)
        note_signed_in(user=form.user, visitor=_visitor(request))
        return redirect(_safe_next(request))
    if form.errors.get("__all__"):
        is_locked = bool(getattr(request, "axes_locked_out", False))
        login_name = form.cleaned_data.get("login", "")
        count_miss(client_address(request), _FAILURES)
        note_kept_out(login=login_name, visitor=_visitor(request), is_locked=is_locked)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "accounts/login.html", context, status=status)


def _kept_off(request: HttpRequest) -> HttpResponse:
    """Somebody tries one name after another: nothing is looked up, hashed or noted for this address meanwhile."""
    context = {
        "error_code": "login_too_many",
        "sentence": "当前地址10分钟内登录失败次数过多，暂不受理登录。请10分钟后再试。",
    }
    return render(request, "accounts/locked.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)


def _visitor(request: HttpRequest) -> Visitor:
    return Visitor(client_address(request) or "", request.headers.get("User-Agent", ""))


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if not (target and is_ours):
        return "home:inbox"
    above = page_above(target)
    if above:
        messages.warning(request, "登录失效后提交的内容没有办理，请核对后重新提交。")
    return above or target


def locked_out(
    request: HttpRequest, credentials: Any = None, *args: Any, **kwargs: Any
) -> HttpResponse:
    """What axes answers while a login name is locked at this address."""
    context = {
        "error_code": "login_locked",
        "sentence": "该登录名在当前地址连续输错密码，已锁定15分钟。请稍后再试，或联系安全管理员解锁。",
    }
    return render(request, "accounts/locked.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)


@page(Audience.SIGNED_IN, methods="POST")
def logout(request: AuthenticatedRequest) -> HttpResponse:
    """End the session on the server."""
    note_signed_out(user=request.user, visitor=_visitor(request))
    end_session(request)
    return redirect("accounts:login")


@page(Audience.SIGNED_IN, methods="GET POST")
def password(request: AuthenticatedRequest) -> HttpResponse:
    """Change one's own password."""
    form = PasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            change_own_password(actor=request.user, new_password=form.cleaned_data["new_password"])
        except Invalid as refusal:
            form.add_error("new_password", refusal.sentence)
        else:
            request.user.refresh_from_db()
            update_session_auth_hash(request, request.user)
            messages.success(request, "密码已修改。")
            return redirect("home:inbox")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "is_first": request.user.must_change_password}
    return render(request, "accounts/password.html", context, status=status)
