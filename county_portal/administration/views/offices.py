"""Offices: the list, one of them, and what may be done with it."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.actions import close_office, create_office, order_office, rename_office
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.accounts.selectors import find_offices, get_managed_office
from county_portal.administration.forms.register import (
    OfficeCloseForm,
    OfficeFilterForm,
    OfficeForm,
    OfficeNameForm,
    OfficeOrderForm,
)
from county_portal.administration.views.people import status_of
from county_portal.common.access import page
from county_portal.common.errors import Invalid

if TYPE_CHECKING:
    from django import forms

    from county_portal.accounts.models import Office

PAGE_SIZE = 50
HOME = ("单位", "/system/offices/")


@page(Permission.MANAGE_REGIONS)
def offices(request: AuthenticatedRequest) -> HttpResponse:
    """Offices, with how many people each has."""
    form = OfficeFilterForm(request.GET)
    found = find_offices(request.user, form.wanted)
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": form,
        "reset_url": reverse("administration:offices"),
    }
    return render(request, "administration/offices.html", context)


@page(Permission.MANAGE_REGIONS, methods="GET POST")
def create(request: AuthenticatedRequest) -> HttpResponse:
    """Set up an office."""
    form = OfficeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            office = create_office(actor=request.user, office=form.office)
        except Invalid as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, f"已建立{office.name}。")
            return redirect("administration:office", office.public_id)
    context = {"form": form, "breadcrumbs": [HOME, ("新建", None)]}
    return render(request, "administration/office_new.html", context, status=status_of(form))


@page(Permission.MANAGE_REGIONS, objects={"public_id": "office"})
def office(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """One office: what it is and was called, and what may be done."""
    found = get_managed_office(request.user, public_id)
    return _shown(request, found)


def _shown(
    request: AuthenticatedRequest, found: "Office", wrong: "forms.Form | None" = None
) -> HttpResponse:
    """The page with the forms; the one that was filled in wrongly keeps what was typed."""
    initial = {"name": found.name, "short_name": found.short_name}
    forms_shown: dict[str, forms.Form] = {
        "naming": OfficeNameForm(initial=initial, prefix="naming"),
        "ordering": OfficeOrderForm(initial={"order": found.order}, prefix="ordering"),
        "closing": OfficeCloseForm(prefix="closing"),
    }
    if wrong is not None:
        forms_shown[str(wrong.prefix)] = wrong
    context = {
        **forms_shown,
        "office": found,
        "former": list(found.former_names.all()),
        "people": found.users.filter(is_active=True).count(),
        "wrong": wrong,
        "breadcrumbs": [HOME, (found.name, None)],
    }
    status = status_of(wrong) if wrong is not None else 200
    return render(request, "administration/office.html", context, status=status)


@page(Permission.MANAGE_REGIONS, methods="POST", objects={"public_id": "office"})
def rename(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Give it another name."""
    found = get_managed_office(request.user, public_id)
    form = OfficeNameForm(request.POST, prefix="naming")
    if form.is_valid():
        try:
            rename_office(actor=request.user, public_id=public_id, **form.cleaned_data)
        except Invalid as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, "名称已更改，原名称留作曾用名。")
            return redirect("administration:office", public_id)
    return _shown(request, found, form)


@page(Permission.MANAGE_REGIONS, methods="POST", objects={"public_id": "office"})
def order(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Put it in its place."""
    found = get_managed_office(request.user, public_id)
    form = OfficeOrderForm(request.POST, prefix="ordering")
    if form.is_valid():
        order_office(actor=request.user, public_id=public_id, **form.cleaned_data)
        messages.success(request, "排序已保存。")
        return redirect("administration:office", public_id)
    return _shown(request, found, form)


@page(Permission.MANAGE_REGIONS, methods="POST", objects={"public_id": "office"})
def close(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Close it, once nobody is left."""
    found = get_managed_office(request.user, public_id)
    form = OfficeCloseForm(request.POST, prefix="closing")
    if form.is_valid():
        try:
            close_office(actor=request.user, public_id=public_id, **form.cleaned_data)
        except Invalid as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, f"{found.name}已撤销。")
            return redirect("administration:office", public_id)
    return _shown(request, found, form)
