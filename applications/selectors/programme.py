"""What everybody may read of pilots: published lists, pilots, what they promised and what was published of reached."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404

from applications.enums import ASSESSED, AcceptanceState, ListState
from applications.models import Acceptance, Pilot, PilotList, PilotRound, PilotTarget, Reached
from applications.rules.acceptance import Summary, Tally, tally_of
from applications.selectors.handed_in import last_handed_in
from county_portal.accounts.models import Region
from county_portal.accounts.roles import Level
from county_portal.accounts.selectors import lineages, list_counties_alive_on
from county_portal.common import clock


def list_published_pilots() -> QuerySet[Pilot]:
    """Pilots of published lists, newest round first; a pilot begins by publication, so there are no others."""
    published = PilotList.objects.filter(state=ListState.PUBLISHED)
    return (
        Pilot.objects.filter(round__in=published.values("round"))
        .select_related("round", "region__parent__parent", "parent__region")
        .order_by("-round__year", "-round__opens_on", "region__code")
    )


def get_published_pilot(public_id: UUID) -> Pilot:
    """One of those; 404 otherwise."""
    return get_object_or_404(list_published_pilots(), public_id=public_id)


def published_lists(rounds: Iterable[PilotRound]) -> dict[int, PilotList]:
    """The published list of each round, with the document it was issued as; one query."""
    rows = PilotList.objects.filter(state=ListState.PUBLISHED, round__in=list(rounds))
    return {row.round_id: row for row in rows.select_related("paper").defer("paper__content")}


def published_list(call: PilotRound) -> PilotList | None:
    """The published list of one round."""
    return published_lists([call]).get(call.pk)


@dataclass(frozen=True, slots=True)
class CityCounties:
    """The counties of one city, or those directly under the province, with the pilots each is or was."""

    name: str
    counties: Sequence[tuple[Region, Sequence[Pilot]]]


def list_by_city(pilots: Iterable[Pilot]) -> list[CityCounties]:
    """Every county alive today under its city with its pilots, newest first; two queries.

    A county that lives on under another name is one with what it continues. Townships are no tiles.
    """
    regions = list(list_counties_alive_on(clock.today()))
    by_region: dict[int, list[Pilot]] = {}
    for pilot in pilots:
        if pilot.region.level == Level.COUNTY:
            by_region.setdefault(pilot.region_id, []).append(pilot)
    past = lineages(regions)
    groups: dict[tuple[bool, str, str], list[tuple[Region, Sequence[Pilot]]]] = {}
    for region in regions:
        own = [pilot for pk in past[region.pk] for pilot in by_region.get(pk, ())]
        own.sort(key=lambda pilot: pilot.starts_on, reverse=True)
        groups.setdefault(city_key(region), []).append((region, own))
    return [CityCounties(key[2], groups[key]) for key in sorted(groups)]


def county_of(region: Region) -> Region:
    """The county a township lies in; any other region itself."""
    is_township = region.level == Level.TOWNSHIP and region.parent is not None
    return region.parent if is_township and region.parent else region


def city_key(region: Region) -> tuple[bool, str, str]:
    """Orders cities by code, what is directly under the province last: (is direct, code, name).

    A township lies in its county's city.
    """
    parent = county_of(region).parent
    if parent is None:
        return (True, "", "")
    is_direct = parent.level == Level.PROVINCE
    return (is_direct, parent.code, f"{parent.name}直管" if is_direct else parent.name)


def list_promises(pilot: Pilot) -> list[PilotTarget]:
    """Assessed targets with their years, and what was reached as far as it was published; three queries."""
    published = Reached.objects.filter(published_at__isnull=False).order_by("year")
    return list(
        pilot.targets.filter(kind__in=ASSESSED)
        .prefetch_related("years", Prefetch("reached", queryset=published))
        .order_by("order")
    )


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A decided acceptance with what it was computed from."""

    acceptance: Acceptance
    summary: Summary
    tally: Tally


def list_conclusions(pilot: Pilot) -> list[Conclusion]:
    """Conclusions that were published, newest first (S0 三(三): 及时公布评估结果)."""
    decided = Acceptance.objects.filter(pilot=pilot, state=AcceptanceState.DECIDED)
    rows = decided.select_related("pilot__region", "paper__register").order_by("-number")
    read = [(row, last_handed_in(row)) for row in rows]
    return [
        Conclusion(row, kept.summary, tally_of(kept.summary.lines)) for row, kept in read if kept
    ]


def rounds_of(pilots: Iterable[Pilot]) -> Mapping[int, PilotRound]:
    """The rounds they come from, oldest first."""
    rounds = {pilot.round_id: pilot.round for pilot in pilots}
    ordered = sorted(rounds.values(), key=lambda call: (call.year, call.opens_on, call.pk))
    return {call.pk: call for call in ordered}
