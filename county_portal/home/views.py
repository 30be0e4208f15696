"""The front page for everybody, the inbox for whoever is signed in, the record for the auditor."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from applications.selectors.rounds import list_open
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.administration.selectors.announcements import list_current
from county_portal.common.access import Audience, page
from county_portal.common.province import words
from county_portal.documents.workbook import XLSX
from county_portal.home.acts import words_of
from county_portal.home.audit_form import AuditFilterForm
from county_portal.home.audit_workbook import audit_workbook
from county_portal.home.deputies import office_words
from county_portal.home.selectors import (
    class_history,
    find_histories,
    list_decisions,
    list_inbox,
    list_running,
    list_years,
)
from county_portal.notices.selectors import list_unread
from scoring.forms import SearchForm

PAGE_SIZE = 50
YEARS_CHARTED = 6
UNREAD_SHOWN = 5


@page(Audience.PUBLIC)
def front(request: HttpRequest) -> HttpResponse:
    """What the public sees first."""
    years = list_years()
    form = SearchForm(request.GET or None)
    text = form.text
    newest = years[0] if years else None
    charted = years[:YEARS_CHARTED]
    context = {
        "years": years,
        "newest": newest,
        "charts": [
            (name, class_history(charted, name)) for name, _ in (newest.classes if newest else ())
        ],
        "form": form,
        "text": text,
        "found": find_histories(text, charted),
        "charted": charted,
        "open_rounds": list_open(),
        "page_meta": {"description": f"{words().evaluation}结果查询"},
        "announcements": list_current(None),
    }
    return render(request, "home/front.html", context)


@page(Audience.SIGNED_IN)
def inbox(request: AuthenticatedRequest) -> HttpResponse:
    """What waits for me, since when, until when."""
    context = {
        "groups": list_inbox(request.user),
        "deputyships": office_words(request.user),
        "running": list_running(request.user),
        "decisions": list_decisions(request.user),
        "announcements": list_current(request.user),
        "unread": list_unread(request.user)[:UNREAD_SHOWN],
    }
    return render(request, "home/inbox.html", context)


@page(Permission.VIEW_AUDIT)
def audit(request: AuthenticatedRequest) -> HttpResponse:
    """The audit record, newest first."""
    form = AuditFilterForm(request.GET)
    shown = Paginator(form.events, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "rows": [(event, words_of(event.act)) for event in shown],
        "form": form,
        "reset_url": reverse("home:audit"),
        "query": request.GET.urlencode(),
    }
    return render(request, "home/audit.html", context)


@page(Permission.VIEW_AUDIT)
def audit_export(request: AuthenticatedRequest) -> HttpResponse:
    """The entries as the list shows them, all pages."""
    content = audit_workbook(AuditFilterForm(request.GET).events.iterator(chunk_size=2000))
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="audit.xlsx"'
    return response
