"""A city's ranking in a round: what it recommends, what its letter says and stands on."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from applications.enums import (
    RECOMMENDABLE,
    RECOMMENDATION_LETTER,
    UNDECIDED,
    ApplicationAction,
    ApplicationState,
)
from applications.models import Application, ApplicationStep, PilotRound, RoundOpinion, RoundQuota
from applications.rules.recommending import (
    Candidate,
    RecommendingTime,
    list_obstacles,
    recommending_refusal,
)
from applications.selectors.applications import get_round
from applications.selectors.letters import letters_of
from county_portal.accounts.models import Office, Region, User
from county_portal.accounts.roles import Level
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.documents.models import Draft, Paper
from county_portal.documents.selectors.letters import (
    list_letter_drafts,
    needs_letter,
)


def name_in_city(region: Region) -> str:
    """What a region is called within its city; a township by its county too, as names of townships repeat."""
    is_township = region.level == Level.TOWNSHIP and region.parent is not None
    return f"{region.parent.name}{region.name}" if is_township and region.parent else region.name


@dataclass(frozen=True, slots=True)
class Line:
    """One application as its city ranks it."""

    application: Application
    place: int | None
    reasons: str
    letter: Paper | None  # that names it and holds
    refused_for: str = ""  # why it is not recommended
    is_sent_back: bool = False  # by the province, once

    @property
    def name(self) -> str:
        """What the city calls it."""
        return name_in_city(self.application.region)

    @property
    def candidate(self) -> Candidate:
        """The same as plain values."""
        application = self.application
        return Candidate(
            self.name,
            application.state,
            self.place,
            self.reasons,
            application.region.ended_on,
        )

    @property
    def may_be_placed(self) -> bool:
        """Whether the city decides on it now."""
        return self.application.state in UNDECIDED


@dataclass(frozen=True, slots=True)
class Ranking:
    """What one office recommends in a round, in order of place; the others behind, by code."""

    call: PilotRound
    office: Office
    quota: int | None
    lines: Sequence[Line]
    opinion: str
    due_on: date
    drafts: Sequence[Draft]  # of letters, newest first

    @property
    def recommended(self) -> list[Line]:
        """Those a letter drafted now would name, in order."""
        return [line for line in self.lines if line.candidate.is_recommended]

    @property
    def left_out(self) -> list[Line]:
        """Those the city refused, with reasons."""
        return self._in(ApplicationState.NOT_RECOMMENDED)

    @property
    def waiting(self) -> list[Line]:
        """Those under way that the city has not reviewed yet."""
        settled = {*RECOMMENDABLE, ApplicationState.NOT_RECOMMENDED}
        return [line for line in self.lines if line.application.state not in settled]

    @property
    def papers(self) -> list[Paper]:
        """Letters issued so far, newest first, whatever their standing."""
        return [draft.paper for draft in self.drafts if draft.paper]

    @property
    def by_letter(self) -> list[Line]:
        """Those a letter that holds recommends, in order."""
        return [line for line in self.lines if line.letter]

    @property
    def obstacles(self) -> list[Invalid]:
        """What keeps a letter from being drafted, the time aside."""
        candidates = [line.candidate for line in self.lines]
        return list_obstacles(candidates, self.quota, self.opinion)

    @property
    def late(self) -> Stale | None:
        """Why the time for letters is over, or None."""
        time = RecommendingTime(self.call.title, self.call.state, self.due_on, clock.today())
        return recommending_refusal(time)

    @property
    def letter(self) -> Paper | None:
        """The letter that holds."""
        return next((line.letter for line in self.lines if line.letter), None)

    @property
    def latest(self) -> Draft | None:
        """The letter drafted last, whatever became of it."""
        return next(iter(self.drafts), None)

    @property
    def is_letter_wanted(self) -> bool:
        """Whether a letter is to be drafted: none under way, none that holds."""
        return needs_letter(self.latest)

    @property
    def frozen(self) -> Stale | None:
        """Why places, reasons and opinion may not be changed now, or None."""
        if self.letter:
            return Stale(
                "letter_stands",
                f"推荐函“{self.letter.number}”有效，推荐次序和意见不能修改。确需修改的，"
                "请签发人先撤销该函（在公文页面办理），修改保存后重新起草。",
            )
        return self.late

    @property
    def mark(self) -> str:
        """Of everything a page of the ranking shows, so that nobody writes over a colleague's saving."""
        shown = [
            [str(line.application.pk), line.application.state, str(line.place), line.reasons]
            for line in self.lines
        ]
        return _digest_of([shown, self.opinion])

    @property
    def digest(self) -> str:
        """Of places, reasons and opinion: what the letter's words are made of."""
        placed = [
            [
                line.place,
                str(line.application.public_id),
                line.name,
                approval_number(line.application),
                line.reasons,
            ]
            for line in self.lines
            if line.place is not None and line.application.state in RECOMMENDABLE
        ]
        return _digest_of([placed, self.opinion])

    def _in(self, state: ApplicationState) -> list[Line]:
        return [line for line in self.lines if line.application.state == state]


def _digest_of(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def get_ranking(user: User, round_id: UUID) -> Ranking:
    """The ranking of the user's own office; NotAllowed for people of no reviewing office, 404 for a foreign round."""
    if user.level != Level.CITY:
        raise NotAllowed
    return read_ranking(get_round(user, round_id), user.office)


def read_ranking(call: PilotRound, office: Office) -> Ranking:
    """The ranking of an office, which the caller may see; a constant number of queries."""
    return read_rankings(call, [office])[0]


def read_rankings(call: PilotRound, offices: Sequence[Office]) -> list[Ranking]:
    """The same of several offices."""
    applications = list(_applications(call, offices))
    quotas = dict(
        RoundQuota.objects.filter(round=call, office__in=offices).values_list("office", "places")
    )
    opinions = dict(
        RoundOpinion.objects.filter(round=call, office__in=offices).values_list("office", "text")
    )
    letters = letters_of(applications)
    steps = _last_steps(applications)
    sent_back = _sent_back_on(steps)
    drafts = list_letter_drafts(
        (office.pk for office in offices), RECOMMENDATION_LETTER, [str(call.public_id)]
    )
    return [
        Ranking(
            call=call,
            office=office,
            quota=quotas.get(office.pk),
            lines=_lines((each for each in applications if _is_of(each, office)), letters, steps),
            opinion=opinions.get(office.pk, ""),
            due_on=_due_on(
                call, (each for each in applications if _is_of(each, office)), sent_back
            ),
            drafts=drafts.get((office.pk, str(call.public_id)), []),
        )
        for office in offices
    ]


def list_all_rankings(user: User, call: PilotRound) -> list[Ranking]:
    """Those of all offices with places or applications in a round, for people of the province."""
    if user.level != Level.PROVINCE:
        raise NotAllowed
    return read_rankings(call, list_offices(call))


def list_offices(call: PilotRound) -> list[Office]:
    """Offices with places or applications in a round."""
    with_places = RoundQuota.objects.filter(round=call).values("office")
    with_counties = Application.objects.filter(round=call).values("reviewing_office")
    offices = Office.objects.filter(Q(pk__in=with_places) | Q(pk__in=with_counties))
    return list(offices.order_by("order", "pk"))


def _applications(call: PilotRound, offices: Sequence[Office]) -> QuerySet[Application]:
    return (
        Application.objects.filter(round=call, reviewing_office__in=offices)
        .select_related("round", "region__parent", "office", "city_opinion", "county_approval")
        .order_by("region__code")
    )


def _is_of(application: Application, office: Office) -> bool:
    return application.reviewing_office_id == office.pk


_Steps = Mapping[tuple[int, str], ApplicationStep]


def _last_steps(applications: Sequence[Application]) -> _Steps:
    """The last refusal by the city and the last return by the province, by application."""
    wanted = (ApplicationAction.SEND_BACK, ApplicationAction.LEAVE_OUT)
    steps = ApplicationStep.objects.filter(application__in=applications, action__in=wanted)
    return {(step.application_id, step.action): step for step in steps.order_by("at", "pk")}


def _lines(
    applications: Iterable[Application], letters: Mapping[int, Paper], steps: _Steps
) -> list[Line]:
    lines = []
    for application in applications:
        opinion = getattr(application, "city_opinion", None)
        place, reasons = (opinion.place, opinion.reasons) if opinion else (None, "")
        refusal = steps.get((application.pk, ApplicationAction.LEAVE_OUT))
        lines.append(
            Line(
                application,
                place,
                reasons,
                letters.get(application.pk),
                refusal.comment if refusal else "",
                (application.pk, ApplicationAction.SEND_BACK) in steps,
            )
        )
    return sorted(lines, key=lambda line: (line.place is None, line.place or 0))


def approval_number(application: Application) -> str:
    """Of 县政府审议通过; blank before that."""
    approval = getattr(application, "county_approval", None)
    return approval.document_number if approval else ""


# --- until when ------------------------------------------------------------------------------------


def _sent_back_on(steps: _Steps) -> dict[int, date]:
    return {
        pk: clock.day_of(step.at)
        for (pk, action), step in steps.items()
        if action == ApplicationAction.SEND_BACK
    }


def _due_on(
    call: PilotRound, applications: Iterable[Application], sent_back: Mapping[int, date]
) -> date:
    """The round's day for cities, later by as much as the province gave one of its counties more time.

    After a deferral, or what the province itself sent back, the city has as long as the round gives everybody.
    """
    its_time = call.city_due_on - call.county_due_on
    days = [call.city_due_on]
    for each in applications:
        if each.extended_to and each.extended_to > call.county_due_on:
            days.append(each.extended_to + its_time)
        if each.pk in sent_back:
            days.append(_handed_in_again(each, sent_back[each.pk]) + its_time)
    return max(days)


def _handed_in_again(application: Application, sent_back_on: date) -> date:
    if application.correction_due_on:
        return application.correction_due_on
    if application.submitted_at is None:
        return sent_back_on
    return max(sent_back_on, clock.day_of(application.submitted_at))
