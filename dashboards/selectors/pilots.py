"""Which counties are pilots: published ones only, which everybody may see."""

from applications.selectors.programme import list_by_city, list_published_pilots
from applications.views.tiles import PILOT_TILES
from dashboards.grid import PilotMark


def read_pilots() -> dict[int, PilotMark]:
    """The newest pilot of each county, by region and by those it continues; three queries."""
    found: dict[int, PilotMark] = {}
    for city in list_by_city(list_published_pilots()):
        for region, pilots in city.counties:
            if not pilots:
                continue
            letter, shade = PILOT_TILES[pilots[0].state]
            word = f"{pilots[0].get_state_display()}（{pilots[0].round.title}）"
            found[region.pk] = PilotMark(letter, shade, word)
            for pilot in pilots:
                found.setdefault(pilot.region_id, found[region.pk])
    return found
