"""A ledger's month: what moved, what stalls, who is late; to be printed, or drafted as an official document."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Level, Permission
from county_portal.common import clock
from county_portal.common.access import page
from county_portal.documents.blocks import Heading
from county_portal.documents.selectors.composing import read_tables, read_text
from county_portal.documents.selectors.letters import list_letter_drafts, needs_letter
from measures.enums import SUPERVISION_REPORT
from measures.rules.months import closes_at, month_of, month_words, shifted
from measures.selectors.composing import compose_for, month_refusal
from measures.selectors.ledgers import get_ledger
from measures.selectors.reports import key_of
from measures.views.ledgers import crumbs, ledger_context, ledger_crumb

if TYPE_CHECKING:
    from county_portal.documents.kinds import Composed
    from measures.models import Ledger


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A paragraph of the report."""

    text: str
    is_heading: bool


@page(Permission.VIEW_MEASURES, objects={"public_id": "measure_ledger", "month": "measure_month"})
def month_report(request: AuthenticatedRequest, public_id: UUID, month: str) -> HttpResponse:
    """The report on a month as it would read now."""
    row = get_ledger(request.user, public_id)
    chosen = _month(month)
    refusal = month_refusal(row, chosen)
    composed = None if refusal else compose_for(row, chosen)
    context = {
        **ledger_context(request, row),
        "chosen": chosen,
        "refusal": refusal,
        "composed": composed,
        "is_closed": closes_at(chosen, row.due_day) <= clock.now(),
        "before": _neighbour(row, shifted(chosen, -1)),
        "after": _neighbour(row, shifted(chosen, 1)),
        **(_shown(composed) if composed else {}),
        **_drafting(request, row, chosen),
        "breadcrumbs": crumbs(ledger_crumb(row), (f"{month_words(chosen)}督导专报", None)),
    }
    return render(request, "measures/month.html", context)


def _month(text: str) -> date:
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise Http404 from error
    return month_of(day)


def _neighbour(row: "Ledger", month: date) -> str:
    if month_refusal(row, month):
        return ""
    return reverse("measures:month", args=[row.public_id, f"{month:%Y-%m}"])


def _shown(composed: "Composed") -> dict[str, Any]:
    blocks = read_text(composed.text, composed.tables)
    [table] = read_tables(composed.tables).values()
    return {
        "blocks": [
            ShownBlock(block.text, isinstance(block, Heading))  # type: ignore[union-attr]  # its one table is attached
            for block in blocks
        ],
        "table": table,
    }


def _drafting(request: AuthenticatedRequest, row: "Ledger", month: date) -> dict[str, Any]:
    """A county has no register of numbers in the portal: it prints the report and signs it on paper."""
    user = request.user
    if row.office.level == Level.COUNTY or row.office_id != user.office_id:
        return {"is_printed_only": row.office.level == Level.COUNTY}
    subject = key_of(row, month)
    drafts = list_letter_drafts([user.office_id], SUPERVISION_REPORT, [subject])
    latest = next(iter(drafts.get((user.office_id, subject), [])), None)
    may_draft = user.holds(Permission.DRAFT_DOCUMENT) and user.holds(Permission.KEEP_MEASURES)
    start = reverse("documents:start", args=[SUPERVISION_REPORT])
    return {
        "latest": latest if user.holds(Permission.VIEW_DOCUMENTS) else None,
        "start_url": f"{start}?subject={subject}" if may_draft and needs_letter(latest) else "",
    }
