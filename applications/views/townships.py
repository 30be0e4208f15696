"""Townships of a county, which may become pilots under it (S4)."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.forms.pilots import TownshipForm
from applications.selectors.pilots import list_township_lines
from county_portal.accounts.actions import register_township
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.accounts.selectors import own_region
from county_portal.common.access import page
from county_portal.common.errors import Invalid


@page(Permission.APPLY, methods="GET POST")
def townships(request: AuthenticatedRequest) -> HttpResponse:
    """The county's townships, and a form for the next."""
    form = TownshipForm(request.POST) if request.method == "POST" else TownshipForm()
    if request.method == "POST" and form.is_valid():
        try:
            made = register_township(actor=request.user, **form.cleaned_data)
        except Invalid as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, f"已登记{made.name}。乡镇批次开放后可以为其申报试点。")
            return redirect("applications:townships")
    county = own_region(request.user)
    context = {
        "county": county,
        "lines": list_township_lines(county),
        "form": form,
        "breadcrumbs": [("试点", reverse("applications:pilots")), ("乡镇（街道）", None)],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "applications/townships.html", context, status=status)
