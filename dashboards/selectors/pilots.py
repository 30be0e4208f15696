"""Which counties are pilots: published ones only, which everybody may see."""

from applications.enums import PILOT_TILES
from applications.selectors.programme import list_published_pilots
from county_portal.accounts.roles import Level
from dashboards.grid import PilotMark
from dashboards.selectors.reach import Reach, lines_of


def read_pilots(reach: Reach) -> dict[int, PilotMark]:
    """The newest pilot of each county, or of one that it continues, by region; two queries."""
    newest: dict[int, PilotMark] = {}
    for pilot in list_published_pilots().filter(region__level=Level.COUNTY):
        letter, shade = PILOT_TILES[pilot.state]
        word = f"{pilot.get_state_display()}（{pilot.round.title}）"
        newest.setdefault(pilot.region_id, PilotMark(letter, shade, word))
    found: dict[int, PilotMark] = {}
    for line in lines_of(reach).values():
        mark = next((newest[pk] for pk in line if pk in newest), None)
        if mark:
            # A list of an earlier year names what the county was then.
            for pk in line:
                found.setdefault(pk, mark)
    return found
