"""One's own notices and settings."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.common.access import Audience, page
from county_portal.notices import actions, digests
from county_portal.notices.forms import SeenForm, SettingsForm
from county_portal.notices.selectors import count_unread, list_unread_first, wants_mail

PAGE_SIZE = 20


@page(Audience.SIGNED_IN)
def notices(request: AuthenticatedRequest) -> HttpResponse:
    """What one was told, unread first."""
    found = list_unread_first(request.user)
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "unread": count_unread(request.user),
    }
    return render(request, "notices/list.html", context)


@page(Audience.SIGNED_IN, objects={"public_id": "notice"})
def follow(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Go where a notice leads; it is read then."""
    notice = actions.mark_read(actor=request.user, notice_id=public_id)
    is_ours = notice.path.startswith("/") and url_has_allowed_host_and_scheme(
        notice.path, allowed_hosts=None
    )
    return redirect(notice.path if is_ours else "notices:list")


@page(Audience.SIGNED_IN, methods="POST", objects={"public_id": "notice"})
def read(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Mark one as read."""
    actions.mark_read(actor=request.user, notice_id=public_id)
    return redirect("notices:list")


@page(Audience.SIGNED_IN, methods="POST")
def read_all(request: AuthenticatedRequest) -> HttpResponse:
    """Mark as read what was on the page, or everything."""
    seen = SeenForm(request.POST).ids
    count = actions.mark_all_read(actor=request.user, seen=seen or None)
    messages.success(request, f"已将{count}条通知标为已读。")
    return redirect("notices:list")


@page(Audience.SIGNED_IN, methods="GET POST")
def settings(request: AuthenticatedRequest) -> HttpResponse:
    """One's address, and whether the daily mail is wanted."""
    if request.method == "POST":
        form = SettingsForm(request.POST)
        if form.is_valid():
            actions.change_mail(actor=request.user, **form.cleaned_data)
            messages.success(request, "个人设置已保存。")
            return redirect("notices:settings")
    else:
        form = SettingsForm.of(request.user, is_wanted=wants_mail(request.user))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "is_configured": digests.is_configured()}
    return render(request, "notices/settings.html", context, status=status)
