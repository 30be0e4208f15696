"""A round for townships under a county that is a pilot (S4): one writes its application, two are only entered."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from applications.actions.applying import begin_application
from applications.models import Application, Pilot
from county_portal.accounts.actions import register_township
from county_portal.accounts.roles import Level
from county_portal.common import clock
from county_portal.demo.programme.batches import TownshipBatch
from county_portal.demo.programme.calling import Timetable, call_for_pilots, places_for
from county_portal.demo.programme.register import Batch, load_batches
from county_portal.demo.programme.setting import Setting, ago, at
from county_portal.demo.programme.writing import write_document, write_plan
from county_portal.demo.story import PROGRAMME

# Names are the demonstration's own, with codes that the county's begin.
TOWNSHIPS: Mapping[str, Any] = PROGRAMME["townships"]
_OPENED_DAYS_AGO, _COUNTY_DAYS, _CITY_DAYS = 20, 50, 70


def play_past_townships(setting: Setting) -> list[Pilot]:
    """An earlier round, where the province's story has one; returns its pilots."""
    past = TOWNSHIPS.get("past")
    if past is None:
        return []
    days = {name: date.fromisoformat(past[name]) for name in ("opens_on", "starts_on", "ends_on")}
    batch = Batch(
        number=len(load_batches()) + 1, year=past["year"], counties=(), refused=(), **days
    )
    return TownshipBatch(setting, batch, past, TOWNSHIPS["title"]).play()


def play_townships(setting: Setting) -> Application:
    """The round is open; the first township's materials are half written."""
    seat = setting.seats[TOWNSHIPS["county"]]
    times = Timetable.of(ago(_OPENED_DAYS_AGO), _COUNTY_DAYS, _CITY_DAYS)
    call = call_for_pilots(
        setting,
        clock.today().year,
        times,
        places_for([seat]),
        title=TOWNSHIPS["title"].format(year=clock.today().year),
        unit_level=Level.TOWNSHIP,
    )
    filler = setting.cast.filler(seat)
    with clock.playing(at(ago(12))):
        regions = [
            register_township(actor=filler, name=name, code=code)
            for name, code in TOWNSHIPS["places"]
        ]
        application = begin_application(actor=filler, round_id=call.public_id, township=regions[0])
    with clock.playing(at(ago(6))):
        write_document(setting, application)
        write_plan(setting, application)
    return application
