"""Whose points somebody may see on a board: a county its own, a city its counties', the province all.

Classes and movements are published; totals, points, figures and ranks are not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.http import Http404

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Level
from county_portal.accounts.selectors import lineages

_DIRECT = "直管"


@dataclass(frozen=True, slots=True)
class Place:
    """A county of the register, ended ones too; `city` is the name it stands under on boards."""

    region: Region
    city: str
    city_code: str
    is_direct: bool

    @property
    def pk(self) -> int:
        """The region's key."""
        return self.region.pk

    @property
    def code(self) -> str:
        """The region's code."""
        return self.region.code

    @property
    def city_order(self) -> tuple[bool, str]:
        """Cities by code, what lies directly under the province last."""
        return (self.is_direct, self.city_code)


@dataclass(frozen=True, slots=True)
class Reach:
    """The register, and the counties whose points may be shown; `own` only for a county."""

    level: str
    places: Mapping[int, Place]
    regions: frozenset[int]
    own: Place | None = None
    # For each county itself and those it continues, latest first, where that was read already.
    lines: Mapping[int, Sequence[int]] = field(default_factory=dict)

    @property
    def line(self) -> Sequence[int]:
        """The own county and those it continues; nothing for a city or the province."""
        return self.lines[self.own.pk] if self.own else ()

    def sees(self, region: int) -> bool:
        """Whether this county's points may be shown."""
        return region in self.regions

    def get(self, public_id: UUID) -> Place:
        """A county whose points may be shown; 404 otherwise."""
        for pk in self.regions:
            place = self.places[pk]
            if place.region.public_id == public_id:
                return place
        raise Http404

    @property
    def cities(self) -> list[tuple[str, str]]:
        """Code and name of what the counties lie in, in the register's order."""
        found = {place.city_code: place for place in self.places.values()}
        ordered = sorted(found.values(), key=lambda place: place.city_order)
        return [(place.city_code, place.city) for place in ordered]

    @property
    def living(self) -> list[Place]:
        """Counties within reach that still exist, by code."""
        rows = [self.places[pk] for pk in self.regions if self.places[pk].region.is_alive]
        return sorted(rows, key=lambda place: place.code)


def public_reach() -> Reach:
    """Nobody's points; one query."""
    return Reach("public", _places(), frozenset())


def reach_of(user: User) -> Reach:
    """What this person's level may see; one query, and the office of a county."""
    places = _places()
    if user.level == Level.COUNTY:
        return _own(user, places)
    if user.level == Level.CITY:
        seen = {
            pk for pk, row in places.items() if row.region.reviewing_office_id == user.office_id
        }
        return Reach(Level.CITY, places, frozenset(seen))
    return Reach(Level.PROVINCE, places, frozenset(places))


def _own(user: User, places: Mapping[int, Place]) -> Reach:
    own = places.get(user.office.region_id or 0)
    if own is None:
        return Reach(Level.COUNTY, places, frozenset())
    lines = _lineages(places)
    seen = frozenset(pk for pk in lines[own.pk] if pk in places)
    return Reach(Level.COUNTY, places, seen, own, lines)


def _places() -> dict[int, Place]:
    rows = Region.objects.counties().filter(is_practice=False).select_related("parent")
    return {row.pk: _place(row) for row in rows.order_by("code", "valid_from")}


def _place(region: Region) -> Place:
    parent = region.parent
    is_direct = parent is not None and parent.level == Level.PROVINCE
    name = parent.name if parent else ""
    return Place(
        region,
        city=f"{name}{_DIRECT}" if is_direct else name,
        city_code=parent.code if parent else "",
        is_direct=is_direct,
    )


def lines_of(reach: Reach) -> Mapping[int, Sequence[int]]:
    """For each county itself and those it continues, latest first; no query."""
    return reach.lines or _lineages(reach.places)


def _lineages(places: Mapping[int, Place]) -> dict[int, list[int]]:
    """Of counties from counties: the register on hand has those that ended too."""
    regions = [place.region for place in places.values()]
    ended = [(row.valid_to, row) for row in regions if row.valid_to]
    latest_first = [row for _, row in sorted(ended, key=lambda pair: pair[0], reverse=True)]
    return lineages(regions, latest_first)
