"""A past batch, from the call to the list of pilots: every step at the moment it would have had."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from applications.models import Application, Pilot, PilotRound
from county_portal.accounts.actions import register_township
from county_portal.accounts.roles import Level
from county_portal.common import clock
from county_portal.demo.programme.applying import Applicant, Applying
from county_portal.demo.programme.calling import Timetable, call_for_pilots, places_for
from county_portal.demo.programme.judging import call_panel, check_formally, judge, sheets_of
from county_portal.demo.programme.listing import close_call, publish_pilots
from county_portal.demo.programme.recommending import by_office, rank, write_letter
from county_portal.demo.programme.register import Batch
from county_portal.demo.programme.setting import Setting, at, count_anew
from county_portal.demo.receipt import have_read

# Days after the opening.
_COUNTY_DUE, _CITY_DUE = 60, 90
_BEGINS, _RANKS, _LETTERS = 8, 62, 66
_CHECK, _PANEL, _OPINIONS = 95, 100, 108
# Counties after whose applications the database counts its rows.
_COUNTED = (0, 3, 6, 12, 18)


class PastBatch:
    """One of the two."""

    def __init__(self, setting: Setting, batch: Batch) -> None:
        self.setting, self.batch = setting, batch
        self.call: PilotRound

    def at(self, days: int, minutes: int = 0) -> datetime:
        """So many days after the opening."""
        return at(self.batch.opens_on + timedelta(days=days), minutes)

    def play(self) -> list[Pilot]:
        """The round, whole; returns its pilots."""
        self.call = self._open(Timetable.of(self.batch.opens_on, _COUNTY_DUE, _CITY_DUE))
        applications = self._apply()
        count_anew()
        self._recommend(applications)
        close_call(self.setting, self.call, self.batch)
        self._judge(applications)
        count_anew()
        publish_pilots(self.setting, self.call, self.batch, applications, self.batch.refused)
        pilots = Pilot.objects.filter(round=self.call).select_related("region", "application")
        return list(pilots.order_by("region__code"))

    def _open(self, times: Timetable) -> PilotRound:
        seats = [self.setting.seats[code] for code in self._codes()]
        return call_for_pilots(self.setting, self.batch.year, times, places_for(seats))

    def _applicants(self) -> list[Applicant]:
        return [
            Applicant(self.setting.seats[code], place, self._day(_BEGINS + place % 20))
            for place, code in enumerate(self._codes())
        ]

    def _codes(self) -> list[str]:
        """Those that will be chosen, and those that will not."""
        return sorted([*(county.code for county in self.batch.counties), *self.batch.refused])

    def _apply(self) -> list[Application]:
        applying = Applying(self.setting, self.call)
        applications = []
        for who in self._applicants():
            application = applying.bring_to_city(who)
            applying.pass_city(who, application)
            applications.append(application)
            if who.place in _COUNTED:
                count_anew()
        return applications

    def _day(self, days: int) -> date:
        return self.batch.opens_on + timedelta(days=days)

    def _recommend(self, applications: Sequence[Application]) -> None:
        for place, own in enumerate(by_office(applications)):
            with clock.playing(self.at(_RANKS, place * 7)):
                rank(self.setting, self.call, own)
            with clock.playing(self.at(_LETTERS, place * 7)):
                letter = write_letter(self.setting, self.call, own)
            with clock.playing(self.at(_LETTERS + 1, place * 7)):
                have_read(letter)

    def _judge(self, applications: Sequence[Application]) -> None:
        with clock.playing(self.at(_CHECK)):
            for application in applications:
                check_formally(self.setting, application)
        with clock.playing(self.at(_PANEL)):
            call_panel(self.setting, self.call, applications)
        for place, sheet in enumerate(sheets_of(self.call)):
            with clock.playing(self.at(_OPINIONS, place * 3)):
                judge(self.call, sheet)


class TownshipBatch(PastBatch):
    """A past round for townships under one county that is a pilot."""

    def __init__(
        self, setting: Setting, batch: Batch, words: Mapping[str, Any], title: str
    ) -> None:
        super().__init__(setting, batch)
        self._words, self._title = words, title

    def _open(self, times: Timetable) -> PilotRound:
        seats = [self.setting.seats[self._words["county"]]] * len(self._words["places"])
        return call_for_pilots(
            self.setting,
            self.batch.year,
            times,
            places_for(seats),
            title=self._title.format(year=self.batch.year),
            unit_level=Level.TOWNSHIP,
        )

    def _applicants(self) -> list[Applicant]:
        seat = self.setting.seats[self._words["county"]]
        clerk = self.setting.cast.filler(seat)
        applicants = []
        for place, (name, code) in enumerate(self._words["places"]):
            with clock.playing(self.at(1, place * 9)):
                township = register_township(actor=clerk, name=name, code=code)
            day = self._day(_BEGINS + place)
            applicants.append(Applicant(seat, place, day, township))
        return applicants
