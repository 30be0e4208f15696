"""总结验收 at the end of a term: summed up, reviewed, defended, judged, decided."""

from datetime import date, datetime, timedelta

from applications.actions.acceptance_moves import AcceptanceMove, move_acceptance
from applications.actions.accepting import (
    FigureInput,
    SummaryInput,
    add_file,
    begin_acceptance,
    save_summary,
)
from applications.actions.judging import (
    OpinionInput,
    ProposalInput,
    RecordInput,
    assign_experts,
    give_opinion,
    propose_outcome,
    record_meeting,
)
from applications.enums import AcceptanceAction, AcceptanceOutcome, RecordKind
from applications.models import Acceptance, Pilot
from applications.selectors.acceptances import read_summary
from county_portal.accounts.models import User
from county_portal.common import clock
from county_portal.common.numbers import plain
from county_portal.common.province import words
from county_portal.demo.approvals import shared_scan
from county_portal.demo.programme.setting import Setting, at
from county_portal.demo.programme.words import one_of, said
from county_portal.demo.receipt import have_read

_EVIDENCE = "总结验收证明材料"
_SCAN = f"{_EVIDENCE}（扫描件）.pdf"
_TEXTS = ("work", "results", "problems", "outlook")
_A, _O = AcceptanceAction, AcceptanceOutcome
_CITY = {_A.ACCEPT, _A.APPROVE, _A.RETURN}


class Accepting:
    """One pilot's acceptance, as far as it is brought; days are counted from its beginning."""

    def __init__(self, setting: Setting, pilot: Pilot, begins: date) -> None:
        self.setting, self.pilot, self.begins = setting, pilot, begins
        self.cast = setting.cast
        self.acceptance: Acceptance

    def begin(self) -> "Accepting":
        """Begun by the county; what the reports said is there."""
        with clock.playing(self._at(0)):
            self.acceptance = begin_acceptance(
                actor=self.cast.filler(self.pilot), pilot_id=self.pilot.public_id
            )
        return self

    def hand_in(self) -> "Accepting":
        """Written, proved and handed in to the city."""
        filler = self.cast.filler(self.pilot)
        fields = {"name": self.pilot.region.name}
        with clock.playing(self._at(8)):
            save_summary(
                actor=filler,
                acceptance_id=self.acceptance.public_id,
                summary=SummaryInput(
                    revision=self.acceptance.revision,
                    texts={name: said("acceptance", name).format(**fields) for name in _TEXTS},
                    figures=_explained(self.acceptance),
                ),
            )
            add_file(
                actor=filler,
                acceptance_id=self.acceptance.public_id,
                name=_EVIDENCE,
                file=shared_scan(_SCAN),
            )
            self._move(_A.SUBMIT)
        return self

    def be_accepted(self) -> "Accepting":
        """Before the city."""
        with clock.playing(self._at(12)):
            self._move(_A.ACCEPT)
        return self

    def be_returned(self) -> "Accepting":
        """Given back by the city."""
        with clock.playing(self._at(15)):
            due_on = clock.today() + timedelta(days=30)
            self._move(_A.RETURN, said("city", "return"), due_on)
        return self

    def pass_city(self) -> "Accepting":
        """Before the province."""
        with clock.playing(self._at(15)):
            self._move(_A.APPROVE)
        return self

    def examine(self, *, opinions: int | None = None) -> "Accepting":
        """A defence, a visit, and experts' opinions, of all or of the first few."""
        with clock.playing(self._at(25)):
            for kind in (RecordKind.DEFENCE, RecordKind.ON_SITE):
                self._record(kind)
            assign_experts(
                actor=self.cast.manager,
                acceptance_id=self.acceptance.public_id,
                experts=[expert.public_id for expert in self.cast.experts],
            )
        given = self.acceptance.opinions.select_related("expert").order_by("expert__login")
        for place, row in enumerate(given[:opinions]):
            with clock.playing(self._at(27, place * 20)):
                give_opinion(
                    actor=row.expert, opinion_id=row.public_id, opinion=self._opinion(place)
                )
        return self

    def _record(self, kind: RecordKind) -> None:
        record_meeting(
            actor=self.cast.manager,
            acceptance_id=self.acceptance.public_id,
            data=RecordInput(
                kind=kind,
                held_on=clock.today(),
                place=self.pilot.region.name
                if kind == RecordKind.ON_SITE
                else f"{words().province_office}会议室",
                participants="专家组全体成员，省、市科技主管部门有关人员，县（市、区）政府及有关部门负责人",
                findings=said("acceptance", kind),
            ),
        )

    def _opinion(self, place: int) -> OpinionInput:
        return OpinionInput(_O.PASSED, one_of(place, "acceptance", "opinion"))

    def propose(self, outcome: AcceptanceOutcome, rectify_by: date | None = None) -> "Accepting":
        """The conclusion in the manager's words."""
        with clock.playing(self._at(32)):
            is_again = outcome == _O.PASSED and self.acceptance.number > 1
            reasons = said("acceptance", "passed_again" if is_again else outcome)
            propose_outcome(
                actor=self.cast.manager,
                acceptance_id=self.acceptance.public_id,
                data=ProposalInput(None, outcome, reasons, rectify_by),
            )
        return self

    def decide(self) -> "Accepting":
        """Decided by the publisher, and issued."""
        with clock.playing(self._at(38)):
            self._move(_A.DECIDE)
            if self.acceptance.paper:
                have_read(self.acceptance.paper)
        return self

    def _move(
        self, action: AcceptanceAction, comment: str = "", due_on: date | None = None
    ) -> None:
        self.acceptance = move_acceptance(
            actor=self._actor(action),
            acceptance_id=self.acceptance.public_id,
            move=AcceptanceMove(action, None, comment, due_on),
        )

    def _actor(self, action: AcceptanceAction) -> User:
        if action == _A.SUBMIT:
            return self.cast.lead(self.pilot)
        if action in _CITY:
            return self.cast.reviewer(self.pilot)
        return self.cast.publisher if action == _A.DECIDE else self.cast.manager

    def _at(self, days: int, minutes: int = 0) -> datetime:
        return at(self.begins + timedelta(days=days), minutes)


def conclude(
    setting: Setting,
    pilot: Pilot,
    begins: date,
    outcome: AcceptanceOutcome = AcceptanceOutcome.PASSED,
    rectify_by: date | None = None,
) -> Accepting:
    """From the first day to the conclusion."""
    play = Accepting(setting, pilot, begins).begin().hand_in().be_accepted().pass_city()
    return play.examine().propose(outcome, rectify_by).decide()


def _explained(acceptance: Acceptance) -> dict[int, FigureInput]:
    """Figures that fall short of the last target without a word, with one."""
    return {
        line.key: FigureInput(plain(line.number) or "", said("acceptance", "short"))
        for line in read_summary(acceptance).assessed
        if line.achievement.is_reached is False and not line.words.strip()
    }
