"""Counties as tiles: how each pilot stands, and which round it comes from. No rows, no request."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from django.urls import reverse

from applications.enums import PILOT_TILES, PilotState
from county_portal.common.components import Tile, TileGroup, TileKey

if TYPE_CHECKING:
    from applications.models import Pilot, PilotRound
    from applications.selectors.programme import CityCounties
    from county_portal.accounts.models import Region

NO_PILOT = ("", "none")
_CIRCLED = 0x2460
_LAST_CIRCLED = 20


def round_marks(rounds: Iterable["PilotRound"]) -> dict[int, str]:
    """A number for each round, oldest first: ① ② …"""
    return {
        call.pk: chr(_CIRCLED + place - 1) if place <= _LAST_CIRCLED else f"({place})"
        for place, call in enumerate(rounds, 1)
    }


def pilot_tiles(groups: Iterable["CityCounties"], marks: Mapping[int, str]) -> list[TileGroup]:
    """Every county: the state of the newest pilot it is, and the rounds of all."""
    return [
        TileGroup(group.name, [_tile(region, pilots, marks) for region, pilots in group.counties])
        for group in groups
    ]


def _tile(region: "Region", pilots: Sequence["Pilot"], marks: Mapping[int, str]) -> Tile:
    if not pilots:
        return Tile(region.name, *NO_PILOT, word="不是试点")
    letter, shade = PILOT_TILES[pilots[0].state]
    return Tile(
        region.name,
        letter,
        shade,
        word="；".join(f"{pilot.get_state_display()}（{pilot.round.title}）" for pilot in pilots),
        mark="".join(marks[pilot.round_id] for pilot in reversed(pilots)),
        url=reverse("applications:public_pilot", args=[pilots[0].public_id]),
    )


def pilot_keys(rounds: Mapping[int, "PilotRound"], marks: Mapping[int, str]) -> list[TileKey]:
    """The legend: states, then rounds."""
    states = [TileKey(*PILOT_TILES[state], state.label) for state in PilotState]
    calls = [TileKey(marks[pk], "none", call.title) for pk, call in rounds.items()]
    return [*states, TileKey(*NO_PILOT, "不是试点"), *calls]
