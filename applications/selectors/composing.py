"""What a city's letter of recommendation says of its ranking, and the ranking as data the letter is bound to."""

from dataclasses import replace

from django.db.models import QuerySet

from applications.enums import RANKING_DATA, RECOMMENDATION_LETTER, RoundState
from applications.models import RoundQuota
from applications.recommendation import (
    TEMPLATE,
    Recommendation,
    Recommended,
    compose_recommendation,
)
from applications.rules.recommending import quota_refusal
from applications.selectors.applications import get_round
from applications.selectors.letters import source_of
from applications.selectors.recommending import (
    Line,
    Ranking,
    approval_number,
    read_ranking,
)
from county_portal.accounts.models import User
from county_portal.accounts.roles import Level, Permission
from county_portal.common.errors import NotAllowed, Stale
from county_portal.documents.enums import Layout
from county_portal.documents.kinds import Composed, DataKind, DocumentKind, Source
from county_portal.documents.selectors.letters import (
    calls_itself,
    province_office,
    territory_of,
)


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
            territory=territory_of(actor.office, (line.name for line in recommended)),
            addressee=recipient.name if recipient else "",
            counties=[_recommended(line) for line in recommended],
            opinion=ranking.opinion,
            we=calls_itself(actor.office),
            unit=call.get_unit_level_display(),
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


def _recommended(line: Line) -> Recommended:
    application = line.application
    return Recommended(
        line.name,
        approval_number(application),
        line.reasons.strip(),
        source_of(application),
    )


def ranking_source(ranking: Ranking) -> Source:
    """Places, reasons and opinion, as what the letter speaks of beside the applications."""
    key = f"{ranking.call.public_id}:{ranking.office.pk}"
    label = f"{ranking.office.short_name}{ranking.call.title}推荐次序和理由"
    return Source(RANKING_DATA, key, label, ranking.digest)


def _ranking_digest(key: str) -> str | None:
    """None where nothing is to be issued on it any more: fewer places now, or the round is decided."""
    quota = _quota(key).select_related("round", "office").first()
    if quota is None or quota.round.state == RoundState.DECIDED:
        return None
    ranking = read_ranking(quota.round, quota.office)
    is_over = quota_refusal(len(ranking.recommended), ranking.quota) is not None
    return None if is_over else ranking.digest


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
