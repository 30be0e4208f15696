"""Rounds as announced and pilots as published: anybody's, on the pages everybody reads."""

from collections.abc import Iterator

from django.urls import reverse

from applications.selectors.programme import list_published_pilots
from applications.selectors.rounds import list_announced
from county_portal.accounts.models import User
from county_portal.common.text import chinese_date
from county_portal.search.hits import Hit
from county_portal.search.matching import Query, best_rank


def find_pilots(user: User | None, query: Query) -> Iterator[Hit]:
    """Rounds by their titles, pilots by the names of their counties. Two queries."""
    for call in list_announced():
        rank = best_rank(query, [call.title])
        if rank is not None:
            url = reverse("applications:public_round", args=[call.public_id])
            yield Hit(rank, call.title, url, call.get_state_display())
    for pilot in list_published_pilots():
        rank = best_rank(query, [pilot.region.name, pilot.region.full_name])
        if rank is not None:
            term = f"{chinese_date(pilot.starts_on)}至{chinese_date(pilot.ends_on)}"
            yield Hit(
                rank,
                f"{pilot.region.full_name}试点",
                reverse("applications:public_pilot", args=[pilot.public_id]),
                f"{pilot.round.title}，{pilot.get_state_display()}，{term}",
            )
