"""Report cards: the list of those one may see, one as a page, its file, and the batch."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.documents.pdf import pdf_available
from county_portal.files.responses import serve
from county_portal.jobs.selectors import latest_job
from reports.actions import start_batch
from reports.card import class_gap, rank_change
from reports.enums import REPORT_CARDS_JOB
from reports.selectors.cards import (
    build_card,
    get_card_file,
    get_card_row,
    list_card_rows,
    newest_files,
)
from scoring.selectors.lists import get_published, list_current


@page(Permission.VIEW_REPORT_CARD)
def cards(request: AuthenticatedRequest) -> HttpResponse:
    """Years with a valid list; one's own county goes straight to its cards."""
    lists = list_current()
    own = [(published, list(list_card_rows(request.user, published)[:2])) for published in lists]
    return render(request, "reports/cards.html", {"years": own})


@page(Permission.VIEW_REPORT_CARD, objects={"public_id": "list"})
def year(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The counties of one list whose cards one may see."""
    published = get_published(public_id)
    rows = list(list_card_rows(request.user, published))
    files = newest_files(published, [row.region_id for row in rows])
    context = {
        "published": published,
        "rows": [(row, files.get(row.region_id)) for row in rows],
        "job": latest_job(REPORT_CARDS_JOB, f"list:{published.pk}"),
        "may_make": request.user.holds(Permission.REPORT_CARDS),
        "pdf_available": pdf_available(),
    }
    return render(request, "reports/year.html", context)


@page(
    Permission.VIEW_REPORT_CARD, objects={"public_id": "list", "region_id": "listed_region"}
)
def card(request: AuthenticatedRequest, public_id: UUID, region_id: UUID) -> HttpResponse:
    """A county's card as a page: every line from figure to points."""
    published = get_published(public_id)
    row = get_card_row(request.user, published, region_id)
    made = build_card(published, row.region)
    context = {
        "card": made,
        "published": published,
        "file": newest_files(published, [row.region_id]).get(row.region_id),
        "gap": class_gap(made.result.total, made.class_limits),
        "rank_change": rank_change(made.result.rank, made.result.previous_rank),
        "chart_points": [(f"{year.data_year}年", year.total) for year in made.history],
        "chart_limits": [
            (f"{limit.name}类", limit.lower) for limit in made.class_limits if limit.lower is not None
        ],
        "breadcrumbs": [
            ("得分说明书", reverse("reports:cards")),
            (f"{published.collection.data_year}年度", reverse("reports:year", args=[public_id])),
            (row.name, ""),
        ],
    }
    return render(request, "reports/card.html", context)


@page(Permission.VIEW_REPORT_CARD, objects={"public_id": "card"})
def file(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The PDF of a card."""
    return serve(get_card_file(request.user, public_id).file)  # type: ignore[return-value] -- streams


@page(Permission.REPORT_CARDS, methods="POST", objects={"public_id": "list"})
def batch(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Start the batch and follow it."""
    job, _ = start_batch(actor=request.user, list_id=public_id)
    return redirect("jobs:detail", job.public_id)
