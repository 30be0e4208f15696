"""Indicators as anybody may read them: of the newest version in force of each system."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.search.hits import Hit, Source
from county_portal.search.matching import Query
from county_portal.search.sources import SOURCES
from indicators.enums import VersionState
from indicators.models import Indicator, SystemVersion
from indicators.selectors.catalogue import catalogue_of

# Of a group beside others, and of one asked for alone.
SHOWN = 8
SHOWN_ALONE = 100
# While somebody types: few, and of kinds that have names.
SUGGESTED = 10
_NAMED = ("places", "indicators", "lists", "measures", "papers")


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind: the first of `count`."""

    source: Source
    count: int
    hits: list[Hit]


def search_all(user: User | None, query: Query, kind: str = "") -> list[Group]:
    """What the person may open, by kind, best first; kinds with nothing found are left out."""
    sources = [source for source in SOURCES if not kind or source.key == kind]
    shown = SHOWN_ALONE if kind else SHOWN
    groups = []
    for source in sources:
        hits = sorted(source.find(user, query), key=lambda hit: hit.rank)
        if hits:
            groups.append(Group(source, len(hits), hits[:shown]))
    return groups


def suggest(user: User | None, query: Query) -> list[tuple[Source, Hit]]:
    """What the person may open and probably means, best first, at most ten of all kinds together."""
    if not query.folded:
        return []
    found = [
        (source, hit)
        for source in SOURCES
        if source.key in _NAMED
        for hit in sorted(source.find(user, query), key=lambda hit: hit.rank)[:SUGGESTED]
    ]
    # Sorting is stable: of equal ranks the order of the kinds holds.
    return sorted(found, key=lambda pair: pair[1].rank)[:SUGGESTED]


def get_indicator(version_id: UUID, code: str) -> Indicator:
    """An indicator of a locked version; 404 for one that is still being drawn up."""
    version = get_object_or_404(SystemVersion, public_id=version_id, state=VersionState.LOCKED)
    indicator = catalogue_of(version.pk).indicators.get(code)
    if indicator is None:
        raise Http404
    return indicator
