"""The front page for everybody, the inbox for whoever is signed in, the record for the auditor."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from applications.selectors.rounds import list_open
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.administration.selectors.announcements import list_current
from county_portal.audit.selectors import list_events
from county_portal.common.access import Audience, page
from county_portal.common.province import words
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
    events = list_events(
        region_code=request.GET.get("region", ""),
        login=request.GET.get("login", ""),
        act=request.GET.get("act", ""),
    )
    context = {"page": Paginator(events, PAGE_SIZE).get_page(request.GET.get("page"))}
    return render(request, "home/audit.html", context)
