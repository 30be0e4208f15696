"""Rows of the 31-row table saved while they are typed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import JsonResponse
from django.template.loader import render_to_string

from applications.actions.table import save_table
from applications.enums import Section
from applications.forms.table import FormLine, TableForm
from applications.selectors.applications import get_application
from applications.selectors.materials import list_gaps
from applications.selectors.table import read_table
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Stale

if TYPE_CHECKING:
    from applications.models import Application

# Colleagues who save the table in the same moment are waited out so many times.
ATTEMPTS = 5


@page(Permission.APPLY, methods="POST", objects={"public_id": "application"})
def rows_save(request: AuthenticatedRequest, public_id: UUID) -> JsonResponse:
    """Save the rows that came, each by itself: one that cannot be read, or that a colleague changed, stops no other."""
    row = get_application(request.user, public_id)
    try:
        posted = _saved(request, row)
    except (Stale, Invalid) as refusal:
        answer = {"outcome": "refused", "reason": refusal.code, "sentence": refusal.sentence}
        return JsonResponse(answer, status=refusal.status)
    return JsonResponse(_reply(row, posted))


def _saved(request: AuthenticatedRequest, row: "Application") -> TableForm:
    """Write what is in order; returns what was posted, as it was understood against what was stored then."""
    for attempt in range(1, ATTEMPTS + 1):
        read = read_table(row)
        form = TableForm.read(read, request.POST)
        try:
            save_table(
                actor=request.user,
                application_id=row.public_id,
                revision=read.revision,
                lines=form.in_order(),
            )
        except Stale as stale:
            if stale.code != "section_changed" or attempt == ATTEMPTS:
                raise
            continue
        return form
    raise AssertionError  # the last attempt returned or raised


def _reply(row: "Application", posted: TableForm) -> dict[str, Any]:
    read = read_table(row)
    gaps = [gap for gap in list_gaps(row, read.materials) if gap.section == Section.TABLE]
    stored = TableForm.of(read).explained(gaps)
    saved = posted.in_order()
    faults = {each.order: each.errors for each in posted.lines}
    states = {order: "saved" if order in saved else "conflict" for order in posted.entered}
    states |= {order: "invalid" for order in posted.entered if faults[order]}
    return {
        "outcome": "saved",
        "revision": stored.revision,
        "rows": {
            str(each.order): _piece(each, states.get(each.order, ""), faults.get(each.order, {}))
            for each in stored.lines
        },
        "gaps": render_to_string(
            "applications/_table_gaps.html", {"gaps": gaps, "application": row}
        ),
    }


def _piece(stored: FormLine, state: str, faults: Mapping[str, str]) -> dict[str, Any]:
    """A row as it is stored now, what became of what was posted, and what is said of it."""
    context = {"line": stored, "faults": faults, "is_conflict": state == "conflict"}
    return {
        "state": state,
        "base": stored.base,
        "fields": stored.fields,
        "star": stored.typed.is_starred,
        "tone": "failed" if state in {"invalid", "conflict"} else stored.state,
        "faulty": list(faults),
        "asks_reason": stored.asks_reason,
        "notes": render_to_string("applications/_table_notes.html", context).strip(),
    }
