"""A county's way from the call to the city's desk, each step by whom it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from applications.actions.applying import begin_application
from applications.actions.approval import ApprovalInput, approve_county
from applications.actions.moving import Move, Wanted, move_application
from applications.enums import ApplicationAction
from applications.models import Application, PilotRound
from county_portal.accounts.models import Region, User
from county_portal.common import clock
from county_portal.demo.approvals import shared_scan
from county_portal.demo.programme.setting import Seat, Setting, at
from county_portal.demo.programme.writing import write_materials

_A = ApplicationAction
_COUNTY_CLERK = {_A.FINISH, _A.RESUME}
_COUNTY_HEAD = {_A.SUBMIT, _A.RECALL}
_CITY = {_A.ACCEPT, _A.APPROVE, _A.RETURN, _A.LEAVE_OUT, _A.RECONSIDER}
_SCAN = "县政府常务会议纪要（扫描件）.pdf"


@dataclass(frozen=True, slots=True)
class Applicant:
    """One county in a round: who it is, and when it does things."""

    seat: Seat
    place: int
    day: date  # on which it begins
    township: Region | None = None  # which applies under the county

    def at(self, days: int) -> datetime:
        """A moment so many days after it began."""
        return at(self.day + timedelta(days=days), self.place * 11)


class Applying:
    """What counties do in one round."""

    def __init__(self, setting: Setting, call: PilotRound) -> None:
        self.setting, self.call = setting, call
        self.cast = setting.cast

    def begin(self, who: Applicant) -> Application:
        """The county opens its application."""
        with clock.playing(who.at(0)):
            return begin_application(
                actor=self.cast.filler(who.seat),
                round_id=self.call.public_id,
                township=who.township,
            )

    def write(self, who: Applicant, application: Application) -> None:
        """Every section, as its people fill them."""
        with clock.playing(who.at(4)):
            write_materials(self.setting, application)

    def finish(self, who: Applicant, application: Application, days: int = 8) -> None:
        """What the county government considers no longer moves."""
        with clock.playing(who.at(days)):
            self.move(application, ApplicationAction.FINISH)

    def approve(self, who: Applicant, application: Application, days: int = 10) -> None:
        """县政府审议通过."""
        with clock.playing(who.at(days)):
            today = clock.today()
            name = application.region.name
            approval = ApprovalInput(
                meeting=f"{name}人民政府第{3 + who.place % 9}次常务会议",
                met_on=today,
                document_number=f"{name[0]}政纪〔{today.year}〕{5 + who.place}号",
                scan=shared_scan(_SCAN),
            )
            approve_county(
                actor=self.cast.lead(who.seat),
                application_id=application.public_id,
                approval=approval,
            )

    def hand_in(self, who: Applicant, application: Application, days: int = 12) -> None:
        """To the city."""
        with clock.playing(who.at(days)):
            self.move(application, ApplicationAction.SUBMIT)

    def pass_city(self, who: Applicant, application: Application, days: int = 16) -> None:
        """Accepted and found in order."""
        with clock.playing(who.at(days)):
            self.move(application, ApplicationAction.ACCEPT)
        with clock.playing(who.at(days + 2)):
            self.move(application, ApplicationAction.APPROVE)

    def bring_to_city(self, who: Applicant) -> Application:
        """From the first day to the city's desk."""
        application = self.begin(who)
        self.write(who, application)
        self.finish(who, application)
        self.approve(who, application)
        self.hand_in(who, application)
        return application

    def move(
        self,
        application: Application,
        action: ApplicationAction,
        comment: str = "",
        wanted: Sequence[Wanted] = (),
        due_on: date | None = None,
    ) -> None:
        """One step by whoever's it is; the row is as it is afterwards."""
        move = Move(action, None, comment, wanted, due_on)
        actor = self._actor(application, action)
        move_application(actor=actor, application_id=application.public_id, move=move)
        application.refresh_from_db()

    def _actor(self, application: Application, action: ApplicationAction) -> User:
        if action in _COUNTY_CLERK:
            return self.cast.filler(application)
        if action in _COUNTY_HEAD:
            return self.cast.lead(application)
        return self.cast.reviewer(application) if action in _CITY else self.cast.manager
