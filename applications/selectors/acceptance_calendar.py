"""Acceptances that are to be handed in or passed on: for the calendar."""

from collections.abc import Sequence

from django.db.models import Prefetch
from django.urls import reverse

from applications.enums import AcceptanceState, PilotState
from applications.models import Acceptance, Pilot
from applications.rules.acceptance_calendar import Awaited, Desk
from applications.selectors.acceptances import EDITABLE
from applications.selectors.pilots import term_of

_AT_CITY = (AcceptanceState.SUBMITTED, AcceptanceState.CITY_REVIEW)


def list_awaited(*, lock: bool = False) -> list[Awaited]:
    """Of every pilot whose acceptance may begin and has not reached the province; two queries."""
    newest = Prefetch("acceptances", Acceptance.objects.order_by("-number"))
    pilots = (
        Pilot.objects.filter(state__in=[PilotState.ACTIVE, PilotState.RECTIFYING])
        .select_related("region__parent")
        .prefetch_related(newest)
    )
    if lock:
        # Two runs at once would both find nothing told yet, and record it twice.
        pilots = pilots.select_for_update(of=("self",))
    rows = (_awaited(pilot, list(pilot.acceptances.all())) for pilot in pilots.order_by("pk"))
    return [row for row in rows if row is not None]


def _awaited(pilot: Pilot, acceptances: Sequence[Acceptance]) -> Awaited | None:
    newest, term = (acceptances[0] if acceptances else None), term_of(pilot)
    is_over = newest is not None and newest.state == AcceptanceState.DECIDED
    under_way = None if is_over else newest
    if under_way is None and pilot.state == PilotState.ACTIVE and not term.is_acceptance_open:
        return None
    if under_way and under_way.state not in (*EDITABLE, *_AT_CITY):
        return None
    due_on = pilot.ends_on
    if newest is not None:
        due_on = (newest.rectify_by if is_over else newest.correction_due_on) or pilot.ends_on
    path = (
        reverse("applications:acceptance", args=[under_way.public_id])
        if under_way
        else reverse("applications:pilot", args=[pilot.public_id]) + "#acceptances"
    )
    return Awaited(
        pilot_id=pilot.pk,
        name=pilot.region.full_name,
        office_id=pilot.office_id,
        city_id=pilot.reviewing_office_id,
        desk=Desk.CITY if under_way and under_way.state in _AT_CITY else Desk.COUNTY,
        opens_on=term.acceptance_opens_on,
        due_on=due_on,
        path=path,
        is_begun=under_way is not None,
    )
