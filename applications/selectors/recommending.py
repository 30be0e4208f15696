"""A city's ranking in a round: what it recommends, what its letter says and stands on."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import Max, QuerySet

from applications.enums import (
    RANKING_DATA,
    RECOMMENDABLE,
    RECOMMENDATION_LETTER,
    UNDECIDED,
    ApplicationAction,
    ApplicationState,
)
from applications.models import Application, ApplicationStep, PilotRound, RoundOpinion, RoundQuota
from applications.recommendation import (
    TEMPLATE,
    Recommendation,
    Recommended,
    compose_recommendation,
)
from applications.rules.recommending import (
    Candidate,
    RecommendingTime,
    list_obstacles,
    recommending_refusal,
)
from applications.selectors.applications import get_round
from applications.selectors.letters import letters_of, source_of
from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import Level, Permission
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.documents.enums import Layout
from county_portal.documents.kinds import Composed, DataKind, DocumentKind, Source
from county_portal.documents.models import Paper
from county_portal.documents.selectors.letters import (
    calls_itself,
    province_office,
    territory_of,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One application as its city ranks it."""

    application: Application
    place: int | None
    reasons: str
    letter: Paper | None  # that names it and holds

    @property
    def candidate(self) -> Candidate:
        """The same as plain values."""
        application = self.application
        return Candidate(application.region.name, application.state, self.place, self.reasons)

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
    def digest(self) -> str:
        """Of places, reasons and opinion: what the letter's words are made of."""
        placed = [
            [
                line.place,
                str(line.application.public_id),
                line.application.region.name,
                _approval_number(line.application),
                line.reasons,
            ]
            for line in self.lines
            if line.place is not None and line.application.state in RECOMMENDABLE
        ]
        text = json.dumps([placed, self.opinion], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def _in(self, state: ApplicationState) -> list[Line]:
        return [line for line in self.lines if line.application.state == state]


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
    sent_back = _last_sent_back(applications)
    return [
        Ranking(
            call=call,
            office=office,
            quota=quotas.get(office.pk),
            lines=_lines((each for each in applications if _is_of(each, office)), letters),
            opinion=opinions.get(office.pk, ""),
            due_on=_due_on(
                call, (each for each in applications if _is_of(each, office)), sent_back
            ),
        )
        for office in offices
    ]


def _applications(call: PilotRound, offices: Sequence[Office]) -> QuerySet[Application]:
    return (
        Application.objects.filter(round=call, reviewing_office__in=offices)
        .select_related("round", "region", "office", "city_opinion", "county_approval")
        .order_by("region__code")
    )


def _is_of(application: Application, office: Office) -> bool:
    return application.reviewing_office_id == office.pk


def _lines(applications: Iterable[Application], letters: Mapping[int, Paper]) -> list[Line]:
    lines = []
    for application in applications:
        opinion = getattr(application, "city_opinion", None)
        place, reasons = (opinion.place, opinion.reasons) if opinion else (None, "")
        lines.append(Line(application, place, reasons, letters.get(application.pk)))
    return sorted(lines, key=lambda line: (line.place is None, line.place or 0))


def _approval_number(application: Application) -> str:
    approval = getattr(application, "county_approval", None)
    return approval.document_number if approval else ""


# --- until when ------------------------------------------------------------------------------------


def _last_sent_back(applications: Sequence[Application]) -> dict[int, date]:
    steps = ApplicationStep.objects.filter(
        application__in=applications, action=ApplicationAction.SEND_BACK
    )
    found = steps.order_by().values_list("application").annotate(Max("at"))
    return {pk: at.astimezone(clock.BEIJING).date() for pk, at in found}


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
    return max(sent_back_on, application.submitted_at.astimezone(clock.BEIJING).date())


# --- the letter ------------------------------------------------------------------------------------


def compose_letter(actor: User, subject: str) -> Composed:
    """The letter on what the actor's office recommends in a round, by the round's public id.

    Raises Invalid or Stale, in words, while it may not be drafted.
    """
    if actor.level != Level.CITY or not actor.holds(Permission.RECOMMEND):
        raise NotAllowed
    call = get_round(actor, subject)  # type: ignore[arg-type]  # text that is no id is refused below documents
    ranking = read_ranking(call, actor.office)
    refusal = ranking.late or _letter_stands(ranking) or next(iter(ranking.obstacles), None)
    if refusal:
        raise refusal
    recommended = ranking.recommended
    recipient = province_office()
    composed = compose_recommendation(
        Recommendation(
            round_name=call.title,
            territory=territory_of(actor.office, (_name(line) for line in recommended)),
            addressee=recipient.name if recipient else "",
            counties=[_recommended(line) for line in recommended],
            opinion=ranking.opinion,
            we=calls_itself(actor.office),
            source=ranking_source(ranking),
        )
    )
    return replace(composed, recipients=(recipient,) if recipient else ())


def _letter_stands(ranking: Ranking) -> Stale | None:
    letter = ranking.letter
    if letter is None:
        return None
    return Stale(
        "letter_stands",
        f"推荐函“{letter.number}”有效，不能再起草一份。需要改变推荐的，请签发人先撤销该函，修改后重新起草。",
    )


def _name(line: Line) -> str:
    return line.application.region.name


def _recommended(line: Line) -> Recommended:
    application = line.application
    return Recommended(
        application.region.name,
        _approval_number(application),
        line.reasons.strip(),
        source_of(application),
    )


def ranking_source(ranking: Ranking) -> Source:
    """Places, reasons and opinion, as what the letter speaks of beside the applications."""
    key = f"{ranking.call.public_id}:{ranking.office.pk}"
    label = f"{ranking.office.short_name}{ranking.call.title}推荐次序和理由"
    return Source(RANKING_DATA, key, label, ranking.digest)


def _ranking_digest(key: str) -> str | None:
    quota = _quota(key).select_related("round", "office").first()
    return read_ranking(quota.round, quota.office).digest if quota else None


def lock_ranking(key: str) -> None:
    """Let nobody change or issue it until the transaction ends; taken before its applications."""
    _quota(key).select_for_update().values_list("pk").first()


def _quota(key: str) -> QuerySet[RoundQuota]:
    # A city without a row has no place to give: it has no ranking either.
    round_id, _, office = key.partition(":")
    return RoundQuota.objects.filter(round__public_id=round_id, office=int(office))


RANKING_KIND = DataKind(RANKING_DATA, "推荐次序和理由", _ranking_digest, lock_ranking)
LETTER_KIND = DocumentKind(
    RECOMMENDATION_LETTER, "推荐函", (Layout.LETTER,), TEMPLATE, compose_letter
)
