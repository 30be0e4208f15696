"""Announcements for those who keep them: the list, one of them, and what may be done with it."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.administration.actions import announcements as acts
from county_portal.administration.forms.announcements import (
    AnnouncementForm,
    AttachmentForm,
    WithdrawForm,
)
from county_portal.administration.selectors.announcements import (
    get_managed,
    list_managed,
    readings,
    versions_of,
)
from county_portal.administration.views.people import status_of
from county_portal.common.access import page
from county_portal.common.errors import Invalid

if TYPE_CHECKING:
    from django import forms

    from county_portal.administration.models import Announcement

PAGE_SIZE = 30
HOME = ("公告管理", "/system/announcements/")
TONES = {"发布中": "success", "待生效": "info", "已撤回": "warning"}


@page(Permission.MANAGE_NOTICES)
def announcements(request: AuthenticatedRequest) -> HttpResponse:
    """Every version of every announcement."""
    rows = Paginator(list_managed(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    listed = [(row, TONES.get(row.standing_words, "neutral")) for row in rows]
    return render(request, "administration/announcements.html", {"page": rows, "listed": listed})


@page(Permission.MANAGE_NOTICES, methods="GET POST")
def create(request: AuthenticatedRequest) -> HttpResponse:
    """Draft one."""
    form = AnnouncementForm(request.POST) if request.method == "POST" else AnnouncementForm.of(None)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.draft(actor=request.user, wording=form.wording)
        except Invalid as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, "草稿已保存，可添加附件，核对后发布。")
            return redirect("administration:announcement", made.public_id)
    context = {"form": form, "breadcrumbs": [HOME, ("起草", None)]}
    return render(request, "administration/announcement_edit.html", context, status=status_of(form))


@page(Permission.MANAGE_NOTICES, methods="GET POST", objects={"public_id": "announcement"})
def edit(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Change a draft."""
    found = get_managed(request.user, public_id)
    is_sent = request.method == "POST"
    form = AnnouncementForm(request.POST) if is_sent else AnnouncementForm.of(found)
    if is_sent and form.is_valid():
        try:
            acts.reword(
                actor=request.user,
                public_id=public_id,
                wording=form.wording,
                revision=form.seen,
            )
        except Invalid as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, "草稿已保存。")
            return redirect("administration:announcement", public_id)
    url = reverse("administration:announcement", args=[public_id])
    context = {"form": form, "announcement": found}
    context["breadcrumbs"] = [HOME, (found.title, url), ("修改", None)]
    return render(request, "administration/announcement_edit.html", context, status=status_of(form))


@page(Permission.MANAGE_NOTICES, objects={"public_id": "announcement"})
def announcement(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """One announcement: as readers see it, who has read it, what may be done."""
    return _shown(request, get_managed(request.user, public_id))


def _shown(
    request: AuthenticatedRequest, found: "Announcement", wrong: "forms.Form | None" = None
) -> HttpResponse:
    """The page with the forms; the one that was filled in wrongly keeps what was typed."""
    offices = () if found.state == "draft" else readings(found)
    context = {
        "announcement": found,
        "tone": TONES.get(found.standing_words, "neutral"),
        "files": list(found.files.select_related("file")),
        "earlier": versions_of(found),
        "offices": offices,
        "read": sum(each.read for each in offices),
        "people": sum(each.people for each in offices),
        "attaching": wrong if isinstance(wrong, AttachmentForm) else AttachmentForm(),
        "withdrawing": wrong if isinstance(wrong, WithdrawForm) else WithdrawForm(),
        "wrong": wrong,
        "breadcrumbs": [HOME, (found.title, None)],
    }
    status = status_of(wrong) if wrong is not None else 200
    return render(request, "administration/announcement.html", context, status=status)


@page(Permission.MANAGE_NOTICES, methods="POST", objects={"public_id": "announcement"})
def attach(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Add a file to a draft."""
    found = get_managed(request.user, public_id)
    form = AttachmentForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            row = acts.attach(
                actor=request.user, public_id=public_id, upload=form.cleaned_data["file"]
            )
        except Invalid as refusal:
            form.add_error("file", refusal.sentence)
        else:
            messages.success(request, f"已添加附件“{row.file.name}”。")
            return redirect("administration:announcement", public_id)
    return _shown(request, found, form)


@page(
    Permission.MANAGE_NOTICES,
    methods="POST",
    objects={"public_id": "announcement", "file_id": "announcement_file"},
)
def detach(request: AuthenticatedRequest, public_id: UUID, file_id: UUID) -> HttpResponse:
    """Take a file off a draft."""
    acts.detach(actor=request.user, public_id=public_id, file_id=file_id)
    messages.success(request, "附件已删去。")
    return redirect("administration:announcement", public_id)


@page(Permission.MANAGE_NOTICES, methods="POST", objects={"public_id": "announcement"})
def publish(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Tell it."""
    text = request.POST.get("revision", "")
    longest = 9
    revision = int(text) if text.isascii() and text.isdecimal() and len(text) <= longest else -1
    done = acts.publish(actor=request.user, public_id=public_id, revision=revision)
    messages.success(request, f"公告“{done.title}”已发布。")
    return redirect("administration:announcement", public_id)


@page(Permission.MANAGE_NOTICES, methods="POST", objects={"public_id": "announcement"})
def withdraw(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Take a published one back."""
    found = get_managed(request.user, public_id)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        acts.withdraw(actor=request.user, public_id=public_id, **form.cleaned_data)
        messages.success(request, f"公告“{found.title}”已撤回。")
        return redirect("administration:announcement", public_id)
    return _shown(request, found, form)


@page(Permission.MANAGE_NOTICES, methods="POST", objects={"public_id": "announcement"})
def renew(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Begin the next version."""
    made = acts.begin_version(actor=request.user, public_id=public_id)
    messages.success(request, "已按现行内容起草新版；发布之前，原版继续有效。")
    return redirect("administration:announcement_edit", made.public_id)


@page(Permission.MANAGE_NOTICES, methods="POST", objects={"public_id": "announcement"})
def discard(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Drop a draft."""
    acts.discard(actor=request.user, public_id=public_id)
    messages.success(request, "草稿已删除。")
    return redirect("administration:announcements")
