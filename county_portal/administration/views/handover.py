"""Handing over a person's work."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.accounts.selectors import get_user
from county_portal.administration.actions.handover import Handed, hand_over
from county_portal.administration.forms.handover import HandoverForm
from county_portal.administration.handover import work_of
from county_portal.administration.views.people import HOME, status_of
from county_portal.common.access import page
from county_portal.common.errors import Invalid


@page(
    *(Permission.MANAGE_USERS, Permission.MANAGE_SECURITY),
    methods="GET POST",
    objects={"public_id": "user"},
)
def handover(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """What waits for a person, and who goes on with it."""
    person = get_user(request.user, public_id)
    work = work_of(person)
    may_disable = request.user.holds(Permission.MANAGE_SECURITY) and person.is_active
    form = HandoverForm(request.POST or None, colleagues=work.colleagues, may_disable=may_disable)
    if request.method == "POST" and form.is_valid():
        try:
            handed = hand_over(actor=request.user, public_id=public_id, handover=form.handover)
        except Invalid as refusal:
            form.add_error(
                refusal.field if refusal.field in form.fields else None, refusal.sentence
            )
        else:
            messages.success(request, _told(handed, disabled=form.handover.disable))
            return redirect("administration:person", public_id)
    url = reverse("administration:person", args=[public_id])
    context = {
        "form": form,
        "account": person,
        "work": work,
        "may_disable": may_disable,
        "breadcrumbs": [HOME, (person.display_name, url), ("移交工作", None)],
    }
    return render(request, "administration/handover.html", context, status=status_of(form))


def _told(handed: Handed, *, disabled: bool) -> str:
    said = f"已移交文稿{handed.drafts.handed}件、未读通知{handed.unread}条"
    if handed.drafts.kept:
        said += f"；接手人核过的文稿{handed.drafts.kept}件不能由他拟稿，请移交给其他人"
    return f"{said}；账号已停用。" if disabled else f"{said}。"
