"""What a search brings back, and who is asked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from county_portal.accounts.models import User
from county_portal.search.matching import Query, Rank


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found, which the searcher may open at `url`."""

    rank: Rank
    title: str
    url: str
    note: str = ""


# Asked with the person (None: anybody) and what was typed; brings only what that person may open, best first
# within a rank, in a number of queries that does not depend on how much there is.
Finder = Callable[[User | None, Query], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of thing that may be searched."""

    key: str
    label: str
    find: Finder
