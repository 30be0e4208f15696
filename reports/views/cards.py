"""Report cards: the list of those one may see, one as a page, its file, and the batch."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.province import province
from county_portal.documents.pdf import pdf_available
from county_portal.files.responses import serve
from county_portal.jobs.selectors import latest_job
from reports.actions.cards import cards_subject, start_batch
from reports.card import card_digest, presentation
from reports.card_facts import CardResult, ReportCard
from reports.enums import REPORT_CARDS_JOB
from reports.forms.cards import CardFilterForm
from reports.selectors.cards import build_card, grouped_flags
from reports.selectors.files import (
    CardFilter,
    get_card_file,
    list_card_rows,
    list_card_years,
    list_files_of,
    narrow_rows,
    newest_files,
)
from scoring.selectors.lists import get_published, replaced_by
from scoring.selectors.reach import get_listed_row
from scoring.views.as_of import list_of_day

if TYPE_CHECKING:
    from scoring.models import ListRow, PublishedList

_HOME = "得分说明书"


@page(Permission.VIEW_REPORT_CARD)
def cards(request: AuthenticatedRequest) -> HttpResponse:
    """Years with a valid list; one's own county goes straight to its cards."""
    return render(request, "reports/cards.html", {"years": list_card_years(request.user)})


@page(Permission.VIEW_REPORT_CARD, objects={"public_id": "published_list"})
def year(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The counties of one list whose cards one may see."""
    published = get_published(public_id)
    rows = list(list_card_rows(request.user, published))
    form = CardFilterForm(request.GET, cities=list(dict.fromkeys(row.city for row in rows)))
    found = narrow_rows(rows, form.wanted)
    files = newest_files(published, [row.region_id for row in found])
    may_make = request.user.holds(Permission.REPORT_CARDS)
    context = {
        "published": published,
        "replaced_by": replaced_by(published),
        "rows": [(row, files.get(row.region_id)) for row in found],
        "total": len(rows),
        "form": form if len(rows) > 1 else None,
        "chips": _chips(form.wanted, rows),
        "job": latest_job(REPORT_CARDS_JOB, cards_subject(published)) if may_make else None,
        "may_make": may_make,
        "pdf_available": pdf_available(),
        "breadcrumbs": [(_HOME, reverse("reports:cards")), (_year_label(published), None)],
    }
    return render(request, "reports/year.html", context)


def _year_label(published: "PublishedList") -> str:
    return f"{published.collection.data_year}年度"


def _chips(wanted: CardFilter, rows: Sequence["ListRow"]) -> list[dict[str, object]]:
    """Ready-made filters by class with the numbers of the whole list; city and name stay as they are."""
    kept = {"q": wanted.text, "city": wanted.city}
    counts = Counter(row.class_name for row in rows)
    names = province().best_first(counts)
    return [
        {
            "label": f"{name}类" if name else "全部",
            "count": count,
            "url": "?" + urlencode({**kept, "klass": name}),
            "current": wanted.class_name == name,
        }
        for name, count in [("", len(rows)), *((name, counts[name]) for name in names)]
    ]


@page(
    Permission.VIEW_REPORT_CARD,
    objects={"public_id": "published_list", "region_id": "listed_region"},
)
def card(request: AuthenticatedRequest, public_id: UUID, region_id: UUID) -> HttpResponse:
    """A county's card as a page: every line from figure to points."""
    published, moment = list_of_day(request, get_published(public_id))
    row = get_listed_row(request.user, published, region_id)
    made = build_card(published, row.region)
    current = list_files_of(published, [card_digest(made)]).get(row.region_id)
    context = {
        **_shown(made),
        "published": published,
        "region": row.region,
        "as_of": moment,
        "replaced_by": None if moment.day else replaced_by(published),
        "file": current or newest_files(published, [row.region_id]).get(row.region_id),
        "breadcrumbs": [
            (_HOME, reverse("reports:cards")),
            (_year_label(published), reverse("reports:year", args=[public_id])),
            (f"{row.city}{row.name}", None),
        ],
    }
    return render(request, "reports/card.html", context)


def _shown(made: ReportCard) -> dict[str, Any]:
    """What the page says in words of its own or draws."""
    result = made.result
    return {
        **presentation(made),
        "card": made,
        "flag_groups": grouped_flags(made),
        "in_class_note": f"{result.class_name}类共{result.class_size}个县（市、区）",
        "in_city_note": f"{result.city.name}共{result.city.size}个县（市、区）",
        "mean_note": _medians(result),
        "best_note": f"{result.best_rank_year}年度" if result.best_rank_year else "",
        "chart_points": [(f"{point.data_year}年", point.total) for point in made.history],
        "chart_limits": [
            (f"{limit.name}类", limit.lower)
            for limit in made.class_limits
            if limit.lower is not None
        ],
    }


def _medians(result: CardResult) -> str:
    """The medians that may be told."""
    medians = (
        (f"{result.class_name}类", result.class_median),
        (result.city.name, result.city.median),
    )
    return "，".join(f"{name}中位数{value}分" for name, value in medians if value is not None)


@page(Permission.VIEW_REPORT_CARD, objects={"public_id": "card"})
def file(request: AuthenticatedRequest, public_id: UUID) -> HttpResponseBase:
    """The PDF of a card."""
    return serve(get_card_file(request.user, public_id).file)


@page(Permission.REPORT_CARDS, methods="POST", objects={"public_id": "published_list"})
def batch(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Start the batch and follow it."""
    job, _ = start_batch(actor=request.user, list_id=public_id)
    return redirect("jobs:detail", job.public_id)
