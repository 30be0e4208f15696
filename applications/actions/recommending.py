"""A city ranks its counties, gives its reasons and its opinion on all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from applications.models import Application, CityOpinion, RoundOpinion
from applications.rules.recommending import quota_refusal, reasons_refusal
from applications.selectors.applications import get_application
from applications.selectors.composing import lock_ranking, ranking_source
from applications.selectors.recommending import Ranking, get_ranking
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale


@dataclass(frozen=True, slots=True)
class Placed:
    """What is said of one application: its place, or none yet, and why."""

    application_id: UUID
    place: int | None
    reasons: str


@dataclass(frozen=True, slots=True)
class RankingInput:
    """A ranking as entered; `seen` is the mark of what the page showed."""

    placed: Sequence[Placed]
    opinion: str
    seen: str


@transaction.atomic
def save_ranking(*, actor: User, round_id: UUID, data: RankingInput) -> Ranking:
    """Keep places, reasons and the opinion; what still lacks for a letter is said, not refused.

    Raises Stale while a letter stands, after the last day, or where a colleague saved meanwhile; Invalid for
    more places than the office has, one given twice, or one without reasons.
    """
    if not actor.holds(Permission.RECOMMEND):
        raise NotAllowed
    lock_ranking(ranking_source(get_ranking(actor, round_id)).key)
    rows = {
        each.application_id: get_application(actor, each.application_id, lock=True)
        for each in data.placed
    }
    ranking = get_ranking(actor, round_id)
    _require_open(ranking, data.seen)
    _check(ranking, rows, data.placed)
    for each in data.placed:
        _keep(actor, rows[each.application_id], each)
    _keep_opinion(actor, ranking, data.opinion.strip())
    saved = get_ranking(actor, round_id)
    _note(actor, saved)
    return saved


def _require_open(ranking: Ranking, seen: str) -> None:
    if ranking.frozen:
        raise ranking.frozen
    if ranking.mark != seen:
        raise Stale(
            "ranking_changed",
            "推荐次序或材料状态在您打开本页之后有变化，本次保存未执行。请对照下方现在的内容重新填写后保存。",
        )


def _check(ranking: Ranking, rows: dict[UUID, Application], placed: Sequence[Placed]) -> None:
    may_be_placed = {line.application.pk for line in ranking.lines if line.may_be_placed}
    names = {line.application.public_id: line.name for line in ranking.lines}
    taken = {
        line.place: line.name
        for line in ranking.recommended
        if line.application.public_id not in rows
    }
    for each in placed:
        name = names.get(each.application_id, "")
        if rows[each.application_id].pk not in may_be_placed:
            raise Stale("not_reviewed", f"“{name}”尚未审核通过或已有结论，不能排定推荐次序。")
        if each.place is None:
            continue
        if each.place < 1:
            raise Invalid("place_invalid", f"“{name}”的推荐次序须为正整数。", "place")
        if each.place in taken:
            sentence = (
                f"“{name}”与“{taken[each.place]}”的推荐次序都是{each.place}，请改为不同的次序。"
            )
            raise Invalid("place_twice", sentence, "place")
        taken[each.place] = name
        if refusal := reasons_refusal(name, each.reasons):
            raise refusal
    if taken and (refusal := quota_refusal(len(taken), ranking.quota)):
        raise refusal


def _keep(actor: User, application: Application, each: Placed) -> None:
    before = CityOpinion.objects.filter(application=application).first()
    values = (each.place, each.reasons.strip())
    if values == ((before.place, before.reasons) if before else (None, "")):
        return
    fields = {
        "place": each.place,
        "reasons": each.reasons.strip(),
        "given_by": actor,
        "given_at": clock.now(),
    }
    CityOpinion.objects.update_or_create(application=application, defaults=fields)


def _keep_opinion(actor: User, ranking: Ranking, text: str) -> None:
    if text == ranking.opinion:
        return
    fields = {"text": text, "given_by": actor, "given_at": clock.now()}
    RoundOpinion.objects.update_or_create(
        round=ranking.call, office=ranking.office, defaults=fields
    )


def _note(actor: User, saved: Ranking) -> None:
    detail = {
        "office": saved.office.short_name,
        "places": [[line.place, line.application.region.code] for line in saved.recommended],
        "digest": saved.digest,
    }
    record(actor, Entry("rank_applications", "pilot_round", str(saved.call.public_id), detail))
