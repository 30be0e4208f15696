"""Measures of the ledgers a person may see, by their text and number."""

from collections.abc import Iterator

from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.search.hits import Hit
from county_portal.search.matching import Query, best_rank
from measures.models import Measure
from measures.selectors.ledgers import list_ledgers

# Characters of a measure's text that stand in the list.
_SHOWN = 60


def find_measures(user: User | None, query: Query) -> Iterator[Hit]:
    """Of ledgers seen whole; none for anybody. One query."""
    if user is None:
        return
    rows = Measure.objects.filter(ledger__in=list_ledgers(user)).select_related("ledger")
    for row in rows.order_by("ledger", "order"):
        rank = best_rank(query, [row.text])
        if rank is not None:
            url = reverse("measures:measure", args=[row.public_id])
            words = row.text if len(row.text) <= _SHOWN else f"{row.text[:_SHOWN]}…"
            yield Hit(rank, f"{row.number}．{words}", url, row.ledger.title)
