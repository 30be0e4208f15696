"""收文: what was sent to one's office."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.documents.actions.receiving import open_delivery
from county_portal.documents.codes import shown_code
from county_portal.documents.enums import PaperFileKind, PaperStatus
from county_portal.documents.forms import ReceivedFilterForm
from county_portal.documents.selectors.drafts import is_staff, kind_label
from county_portal.documents.selectors.issued import files_of, predecessor_of
from county_portal.documents.selectors.previews import sealed_document
from county_portal.documents.selectors.received import (
    filter_received,
    get_delivery,
    later_received,
    list_received,
    list_unopened,
)
from county_portal.documents.views.wording import PAPER_TONES, tabs

PAGE_SIZE = 50


@page(Permission.VIEW_DOCUMENTS)
def received(request: AuthenticatedRequest) -> HttpResponse:
    """Everything sent to the office, newest first."""
    form = ReceivedFilterForm(request.GET or None)
    rows = Paginator(filter_received(list_received(request.user), form.wanted), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "tabs": tabs("received") if is_staff(request.user) else [],
        "form": form,
        "is_filtered": bool(form.wanted.text or form.wanted.status),
        "page": rows,
        "rows": [
            (row, kind_label(row.paper.kind), PAPER_TONES[PaperStatus(row.paper.status)])
            for row in rows
        ],
        "unopened": list_unopened(request.user).count(),
        "breadcrumbs": [("收文", None)],
    }
    return render(request, "documents/received.html", context)


@page(Permission.VIEW_DOCUMENTS, objects={"public_id": "received_paper"})
def detail(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """One of them; the office's first look is its receipt."""
    if request.method == "HEAD":
        # Asked by programs that look ahead; no person has read it.
        delivery = get_delivery(request.user, public_id)
    else:
        delivery = open_delivery(actor=request.user, paper_id=public_id)
    paper = delivery.paper
    made = files_of(paper)
    context = {
        "delivery": delivery,
        "paper": paper,
        "kind_label": kind_label(paper.kind),
        "tone": PAPER_TONES[PaperStatus(paper.status)],
        "document": sealed_document(paper),
        "code": shown_code(paper.code),
        "predecessor": predecessor_of(paper),
        "later": later_received(request.user, paper),
        "files": [
            (kind.label, made.get(kind), reverse(f"documents:paper_{kind}", args=[public_id]))
            for kind in PaperFileKind
        ],
        "breadcrumbs": [("收文", reverse("documents:received")), (paper.number, None)],
    }
    return render(request, "documents/received_paper.html", context)
