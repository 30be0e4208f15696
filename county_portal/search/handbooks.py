"""Sections of the guides, by their words; by pinyin where their heading is meant."""

from collections.abc import Iterator

from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.guides.library import library
from county_portal.guides.selectors import find_places
from county_portal.search.hits import Hit
from county_portal.search.matching import Query, Rank, best_rank


def find_guides(user: User | None, query: Query) -> Iterator[Hit]:
    """What the person may read. No query."""
    if not query.letters or user is None:
        for place in find_places(user, query.folded):
            title = f"{place.title}：{place.heading}" if place.heading else place.title
            yield Hit(
                best_rank(query, [place.heading]) or Rank.INSIDE, title, place.url, place.excerpt
            )
        return
    for guide in library().guides.values():
        address = reverse("guides:guide", args=[guide.name])
        for section in guide.sections:
            rank = best_rank(query, [section.heading or guide.title])
            if rank is not None:
                url = f"{address}#{section.anchor}" if section.anchor else address
                title = f"{guide.title}：{section.heading}" if section.heading else guide.title
                yield Hit(rank, title, url)
