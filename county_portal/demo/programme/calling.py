"""The province calls for pilots."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from applications.actions.rounds import RoundInput, create_round, open_round
from applications.models import PilotRound
from county_portal.accounts.models import Office
from county_portal.accounts.roles import Level, OfficeKind
from county_portal.common import clock
from county_portal.demo.programme.setting import Seat, Setting, at
from county_portal.demo.story import PROGRAMME


@dataclass(frozen=True, slots=True)
class Timetable:
    """The days of a round."""

    opens_on: date
    county_due_on: date
    city_due_on: date

    @classmethod
    def of(cls, opens_on: date, county_days: int, city_days: int) -> "Timetable":
        """So many days for counties and for cities, from the first."""
        first = timedelta(days=county_days)
        return cls(opens_on, opens_on + first, opens_on + timedelta(days=city_days))


def call_for_pilots(
    setting: Setting,
    year: int,
    times: Timetable,
    quotas: dict[Office, int],
    title: str = "",
    unit_level: str = Level.COUNTY,
) -> PilotRound:
    """Drawn up, and opened the same day."""
    manager = setting.cast.manager
    with clock.playing(at(times.opens_on)):
        drawn_up = create_round(
            actor=manager,
            data=RoundInput(
                title=title or PROGRAMME["title"].format(year=year),
                year=year,
                version=setting.version,
                unit_level=unit_level,
                basis=PROGRAMME["basis"],
                notes=PROGRAMME["notes"],
                opens_on=times.opens_on,
                county_due_on=times.county_due_on,
                city_due_on=times.city_due_on,
                quotas=quotas,
            ),
        )
        return open_round(actor=manager, round_id=drawn_up.public_id)


def places_for(seats: Iterable[Seat], *, at_least: int = 1) -> dict[Office, int]:
    """Places of every reviewing office: as many as it will recommend, one at least."""
    wanted = Counter(seat.reviewing_office_id for seat in seats)
    offices = Office.objects.filter(level=Level.CITY, kind=OfficeKind.BUREAU)
    return {office: max(wanted[office.pk], at_least) for office in offices}
