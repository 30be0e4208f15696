"""Accounts: what they say, changed; many brought in at once; the list out."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.actions import edit_user
from county_portal.accounts.forms import AccountFilterForm
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.accounts.selectors import (
    find_users,
    get_user,
    is_coverable,
    list_standing_offices,
)
from county_portal.administration.forms.people import CheckedForm, PeopleFileForm, PersonForm
from county_portal.administration.importing import check_people, sealed
from county_portal.administration.people_workbook import (
    MOST_PEOPLE,
    accounts_workbook,
    read_people,
    template_workbook,
)
from county_portal.common.access import page
from county_portal.common.errors import Invalid
from county_portal.documents.workbook import XLSX

if TYPE_CHECKING:
    from django import forms

HOME = ("账号", "/users/")


def workbook_response(content: bytes, name: str) -> HttpResponse:
    """A workbook to be kept."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def status_of(form: "forms.Form") -> HTTPStatus:
    """422 where something entered cannot be taken."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


@page(Permission.MANAGE_USERS, Permission.MANAGE_SECURITY, objects={"public_id": "user"})
def person(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """One account, and what may be done with it."""
    user = get_user(request.user, public_id)
    context = {
        "account": user,
        "is_coverable": is_coverable(user),
        "may_manage": request.user.holds(Permission.MANAGE_USERS),
        "may_secure": request.user.holds(Permission.MANAGE_SECURITY),
        "breadcrumbs": [HOME, (user.display_name, None)],
    }
    return render(request, "administration/person.html", context)


@page(Permission.MANAGE_USERS, methods="GET POST", objects={"public_id": "user"})
def edit(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Change name, post, office, telephone and mail."""
    user = get_user(request.user, public_id)
    form = PersonForm(request.POST) if request.method == "POST" else PersonForm.of(user)
    if request.method == "POST" and form.is_valid():
        try:
            edit_user(actor=request.user, public_id=public_id, change=form.change)
        except Invalid as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, f"账号{user.login}已保存。")
            return redirect("administration:person", public_id)
    url = reverse("administration:person", args=[public_id])
    context = {
        "form": form,
        "account": user,
        "breadcrumbs": [HOME, (user.display_name, url), ("修改", None)],
    }
    return render(request, "administration/person_edit.html", context, status=status_of(form))


@page(Permission.MANAGE_USERS, Permission.MANAGE_SECURITY)
def export(request: AuthenticatedRequest) -> HttpResponse:
    """The accounts as the list shows them."""
    users = find_users(request.user, AccountFilterForm(request.GET).wanted)
    return workbook_response(accounts_workbook(users), "accounts")


@page(Permission.MANAGE_USERS)
def template(request: AuthenticatedRequest) -> HttpResponse:
    """The workbook to be filled in."""
    return workbook_response(template_workbook(list_standing_offices()), "people-template")


@page(Permission.MANAGE_USERS, methods="GET POST")
def upload(request: AuthenticatedRequest) -> HttpResponse:
    """Look at a workbook of people: everything wrong with it, or what it would make."""
    form = PeopleFileForm(request.POST or None, request.FILES or None)
    context = {"form": form, "most": MOST_PEOPLE, "breadcrumbs": [HOME, ("批量建立", None)]}
    if request.method == "POST" and form.is_valid():
        try:
            checked = check_people(read_people(form.cleaned_data["file"].read()))
        except Invalid as refusal:
            form.add_error("file", refusal.sentence)
        else:
            if not checked.problems:
                context |= {
                    "accounts": checked.accounts,
                    "checked": CheckedForm(
                        initial={"checked": sealed(request.user, checked.accounts)}
                    ),
                }
                return render(request, "administration/people_check.html", context)
            context["problems"] = checked.problems
    has_problems = bool(form.errors or context.get("problems"))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if has_problems else HTTPStatus.OK
    return render(request, "administration/people_upload.html", context, status=status)
