"""The class of the yearly evaluation, told to the pilot programme: neighbours that never import each other."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.urls import reverse

from applications.evaluations import Evaluated
from county_portal.accounts.models import Region
from county_portal.accounts.selectors import lineages
from scoring.models import ListRow, PublishedList
from scoring.selectors.lists import list_current


def latest_classes(
    regions: Iterable[Region], on: datetime | None = None
) -> Mapping[int, Evaluated]:
    """By region: where it, or what it continues, stands on the newest valid list it is on; three queries.

    `on` leaves out what was published later: what was weighed in a decision is not what came after it.

    A list whose document no longer holds speaks for nobody.
    """
    past = lineages(regions)
    lists = {row.pk: row for row in list_current(on) if row.paper is None or row.paper.is_valid}
    rows = ListRow.objects.filter(
        published_list__in=lists, region__in={pk for ids in past.values() for pk in ids}
    )
    on_list: defaultdict[int, dict[int, ListRow]] = defaultdict(dict)
    for row in rows:
        on_list[row.published_list_id][row.region_id] = row
    found = {region: _newest(ids, lists, on_list) for region, ids in past.items()}
    return {region: evaluated for region, evaluated in found.items() if evaluated}


def _newest(
    ids: Iterable[int],
    lists: Mapping[int, PublishedList],
    on_list: Mapping[int, Mapping[int, ListRow]],
) -> Evaluated | None:
    """Lists come newest first."""
    for pk, published in lists.items():
        row = next((on_list[pk][each] for each in ids if each in on_list[pk]), None)
        if row:
            return Evaluated(
                row.class_name,
                row.rank,
                published.collection.data_year,
                reverse("scoring:public_list", args=[published.public_id]),
            )
    return None
