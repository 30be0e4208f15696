"""The log of sign-ins, for the auditor; one's own, for everybody."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.accounts.selectors import list_own_sign_ins, list_sign_ins
from county_portal.administration.forms.sign_ins import SignInFilterForm
from county_portal.administration.sign_ins_workbook import UNKNOWN, sign_ins_workbook
from county_portal.administration.views.people import workbook_response
from county_portal.common.access import Audience, page

PAGE_SIZE = 50
TONES = {"success": "success", "failure": "warning", "locked": "danger", "sign_out": "neutral"}


@page(Permission.VIEW_SIGN_INS)
def sign_ins(request: AuthenticatedRequest) -> HttpResponse:
    """Everybody's, newest first."""
    form = SignInFilterForm(request.GET)
    found = Paginator(list_sign_ins(request.user, form.wanted), PAGE_SIZE)
    shown = found.get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "rows": [(event, TONES[event.kind]) for event in shown],
        "form": form,
        "reset_url": reverse("administration:sign_ins"),
        "query": request.GET.urlencode(),
        "unknown": UNKNOWN,
    }
    return render(request, "administration/sign_ins.html", context)


@page(Permission.VIEW_SIGN_INS)
def export(request: AuthenticatedRequest) -> HttpResponse:
    """The events as the list shows them, all pages."""
    events = list_sign_ins(request.user, SignInFilterForm(request.GET).wanted)
    return workbook_response(sign_ins_workbook(events.iterator(chunk_size=2000)), "sign-ins")


@page(Audience.SIGNED_IN)
def own(request: AuthenticatedRequest) -> HttpResponse:
    """One's own last ones: somebody else at the door would show."""
    events = list_own_sign_ins(request.user)
    context = {"rows": [(event, TONES[event.kind]) for event in events]}
    return render(request, "administration/own_sign_ins.html", context)
