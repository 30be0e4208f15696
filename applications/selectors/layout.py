"""The province's counties as tiles with candidates, pilots and a selection tried out."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.shortcuts import get_object_or_404

from applications.enums import BUILDING, PilotState, Stage
from applications.models import LayoutTrial, Pilot, PilotRound
from applications.rules.layout import Bound, CityLayout, layout_of
from applications.selectors.programme import CityCounties, city_key, county_of, list_by_city
from applications.selectors.programme import list_published_pilots as _published
from applications.selectors.selection import Candidate
from county_portal.accounts.roles import Level

_OFFERED = {Stage.PANEL, Stage.UNCHECKED, Stage.SELECTED, Stage.NOT_SELECTED}
# Pilots that occupy a place on the map.
_PRESENT = {*BUILDING, PilotState.SUSPENDED, PilotState.ACCEPTED}


@dataclass(frozen=True, slots=True)
class Layout:
    """Tiles by city, the candidates and in which county and city each lies, and the cities' counts for a selection."""

    cities: Sequence[CityCounties]
    by_county: Mapping[int, Sequence[Candidate]]  # one, or several townships of it
    by_city: Mapping[str, Sequence[Candidate]]  # as the city placed them
    present: Mapping[str, Sequence[Pilot]]  # by city, those that count beside a selection
    chosen: Collection[int]  # applications
    counts: Sequence[CityLayout]


def list_trials(call: PilotRound) -> list[LayoutTrial]:
    """Selections tried out, by name."""
    return list(call.trials.select_related("saved_by").prefetch_related("chosen").order_by("name"))


def get_trial(call: PilotRound, public_id: UUID) -> LayoutTrial:
    """One of the round's; 404 otherwise."""
    return get_object_or_404(call.trials.prefetch_related("chosen"), public_id=public_id)


def find_trial(call: PilotRound, text: str) -> LayoutTrial | None:
    """The one an address names; None for nothing or nonsense."""
    try:
        key = UUID(text)
    except ValueError:
        return None
    return call.trials.prefetch_related("chosen").filter(public_id=key).first()


def chosen_of(call: PilotRound, text: str) -> dict[int, bool]:
    """For each candidate of the round whether a trial chose it; empty without a trial."""
    trial = find_trial(call, text)
    if trial is None:
        return {}
    chosen = {each.pk for each in trial.chosen.all()}
    return {pk: pk in chosen for pk in call.applications.values_list("pk", flat=True)}


def offered(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those that may be chosen: not failed, not sent back."""
    return [each for each in candidates if each.stage in _OFFERED]


def read_layout(
    call: PilotRound, candidates: Sequence[Candidate], chosen: Collection[int], bound: Bound
) -> Layout:
    """Everything the layout page draws; three queries beside the candidates'.

    Townships are drawn on the tile of their county and counted among townships.
    """
    standing: list[Pilot] = list(_published().filter(state__in=_PRESENT).exclude(round=call))
    cities = list_by_city(each for each in standing if each.region.level == Level.COUNTY)
    rows = offered(candidates)
    by_county: defaultdict[int, list[Candidate]] = defaultdict(list)
    by_city: defaultdict[str, list[Candidate]] = defaultdict(list)
    for each in rows:
        by_county[county_of(each.application.region).pk].append(each)
        by_city[city_key(each.application.region)[2]].append(each)
    for group in by_city.values():
        group.sort(key=lambda each: (each.place is None, each.place or 0))
    present: defaultdict[str, list[Pilot]] = defaultdict(list)
    for pilot in standing:
        if pilot.region.level == call.unit_level:
            present[city_key(pilot.region)[2]].append(pilot)
    counts = layout_of(
        [city.name for city in cities],
        [(each.application.pk, city) for city, group in by_city.items() for each in group],
        set(chosen),
        [city for city, pilots in present.items() for _ in pilots],
        bound,
    )
    return Layout(cities, by_county, by_city, present, set(chosen), counts)
