"""The round a visitor finds in full swing: applications in every state, dates around today."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from applications.actions.answering import answer_request
from applications.actions.guidance import write_guidance
from applications.actions.moving import Wanted
from applications.enums import ApplicationAction, Section
from applications.models import Application, PilotRound, Request
from county_portal.common import clock
from county_portal.demo.programme.applying import Applicant, Applying
from county_portal.demo.programme.calling import Timetable, call_for_pilots, places_for
from county_portal.demo.programme.judging import (
    call_panel,
    check_formally,
    judge,
    keep_away,
    send_back,
    sheets_of,
)
from county_portal.demo.programme.recommending import leave_out, rank, write_letter
from county_portal.demo.programme.setting import Setting, ago, at
from county_portal.demo.programme.words import said
from county_portal.demo.programme.writing import write_basics, write_document
from county_portal.demo.story import PROGRAMME

OPENED_DAYS_AGO = 60
COUNTY_DAYS, CITY_DAYS = 75, 95
# Who recommends whom: the first city has gone as far as the panel, the second must write its letter anew.
_STORY: Mapping[str, Any] = PROGRAMME["present"]
RECOMMENDED: tuple[str, ...] = tuple(_STORY["recommended"])
LEFT_OUT: str = _STORY["left_out"]
RENEWED: tuple[str, ...] = tuple(_STORY["renewed"])
FRESH: tuple[str, ...] = tuple(_STORY["fresh"])
# The places a city has.
_PLACES = 2


class PresentRound:
    """How this year's round came to stand as it does."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.call: PilotRound
        self.applying: Applying
        self.applications: dict[str, Application] = {}

    def play(self) -> PilotRound:
        """Call for pilots, and bring each county to where it stands."""
        self._open()
        for place, (code, bring) in enumerate(_FATES):
            bring(self, Applicant(self.setting.seats[code], place, ago(50 - place % 8)))
        self._first_city()
        self._second_city()
        self._third_city()
        self._panel()
        return self.call

    def _open(self) -> None:
        times = Timetable.of(ago(OPENED_DAYS_AGO), COUNTY_DAYS, CITY_DAYS)
        self.call = call_for_pilots(
            self.setting, clock.today().year, times, places_for([], at_least=_PLACES)
        )
        self.applying = Applying(self.setting, self.call)

    def begin(self, who: Applicant) -> None:
        """Half written; its city has given a hint."""
        application = self.applications[who.seat.region.code] = self.applying.begin(who)
        with clock.playing(who.at(6)):
            write_document(self.setting, application)
            write_basics(self.setting, application)
        with clock.playing(who.at(9)):
            write_guidance(
                actor=self.setting.cast.reviewer(application),
                application_id=application.public_id,
                section=Section.GOALS,
                text=said("city", "guidance"),
            )

    def write(self, who: Applicant) -> Application:
        """Written, before the county government."""
        application = self.applying.begin(who)
        self.applications[who.seat.region.code] = application
        self.applying.write(who, application)
        self.applying.finish(who, application)
        return application

    def be_approved(self, who: Applicant) -> Application:
        """Approved by the county government, not yet handed in."""
        application = self.write(who)
        self.applying.approve(who, application)
        return application

    def hand_in(self, who: Applicant) -> Application:
        """Waiting at the city."""
        application = self.be_approved(who)
        self.applying.hand_in(who, application)
        return application

    def be_accepted(self, who: Applicant) -> Application:
        """The city has begun."""
        application = self.hand_in(who)
        with clock.playing(who.at(15)):
            self.applying.move(application, ApplicationAction.ACCEPT)
        return application

    def be_returned(self, who: Applicant) -> None:
        """Two things to put right; one is answered."""
        application = self.be_accepted(who)
        wanted = (
            Wanted(Section.TABLE, said("city", "wanted_table"), 2),
            Wanted(Section.SAFEGUARDS, said("city", "wanted_plan")),
        )
        with clock.playing(at(ago(5))):
            self.applying.move(
                application,
                ApplicationAction.RETURN,
                said("city", "return"),
                wanted,
                ago(-7),
            )
        with clock.playing(at(ago(2))):
            self._answer(application, first_only=True)

    def _answer(self, application: Application, *, first_only: bool = False) -> None:
        requests = Request.objects.filter(step__application=application, answer="")
        for request in requests.order_by("pk")[: 1 if first_only else None]:
            answer_request(
                actor=self.setting.cast.filler(application),
                request_id=request.public_id,
                answer=said("city", "answer"),
            )

    def pass_city(self, who: Applicant) -> None:
        """Reviewed, waiting for its place and a letter."""
        application = self.hand_in(who)
        self.applying.pass_city(who, application)

    def _of(self, codes: tuple[str, ...]) -> list[Application]:
        for code in codes:
            self.applications[code].refresh_from_db()
        return [self.applications[code] for code in codes]

    def _first_city(self) -> None:
        """Two recommended, one left out; both are admitted."""
        with clock.playing(at(ago(24))):
            leave_out(self.setting, *self._of((LEFT_OUT,)))
        self._recommend(RECOMMENDED, 23)
        self._admit(RECOMMENDED, 18)

    def _recommend(self, codes: tuple[str, ...], days_ago: int) -> None:
        applications = self._of(codes)
        with clock.playing(at(ago(days_ago))):
            rank(self.setting, self.call, applications)
            write_letter(self.setting, self.call, applications)

    def _admit(self, codes: tuple[str, ...], days_ago: int) -> None:
        with clock.playing(at(ago(days_ago))):
            for application in self._of(codes):
                check_formally(self.setting, application)

    def _second_city(self) -> None:
        """The province asks one of two for a better scan; the letter lapses, and is written anew."""
        self._recommend(RENEWED, 22)
        (application,) = self._of(RENEWED[1:])
        with clock.playing(at(ago(19))):
            send_back(self.setting, application, clock.today() + timedelta(days=9))
        with clock.playing(at(ago(16))):
            application.refresh_from_db()
            self._answer(application)
            write_document(self.setting, application)
        seat = self.setting.seats[RENEWED[1]]
        who = Applicant(seat, 3, ago(15))
        self.applying.finish(who, application, 0)
        self.applying.approve(who, application, 1)
        self.applying.hand_in(who, application, 2)
        self.applying.pass_city(who, application, 2)
        self._recommend(RENEWED, 10)
        self._admit(RENEWED, 8)

    def _third_city(self) -> None:
        """Recommended a day ago: the province's turn."""
        self._recommend(FRESH, 1)

    def _panel(self) -> None:
        """In progress: one county judged by all, one by some, an expert keeps away, two not begun."""
        with clock.playing(at(ago(7))):
            call_panel(self.setting, self.call, self._of((*RECOMMENDED, *RENEWED)))
        sheets = sheets_of(self.call)
        with clock.playing(at(ago(4))):
            for sheet in sheets[:4]:
                judge(self.call, sheet)
            keep_away(sheets[-1])


Fate = Callable[[PresentRound, Applicant], object]
_WAYS: Mapping[str, Fate] = {
    "begin": PresentRound.begin,
    "write": PresentRound.write,
    "be_approved": PresentRound.be_approved,
    "hand_in": PresentRound.hand_in,
    "be_accepted": PresentRound.be_accepted,
    "be_returned": PresentRound.be_returned,
    "pass_city": PresentRound.pass_city,
}
# The county shown first is at the beginning.
_FATES: tuple[tuple[str, Fate], ...] = (
    *((code, _WAYS[way]) for code, way in _STORY["fates"]),
    (LEFT_OUT, PresentRound.pass_city),
    *((code, PresentRound.pass_city) for code in (*RECOMMENDED, *RENEWED, *FRESH)),
)
