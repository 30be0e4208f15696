"""Expert scores."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record, record_all
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.numbers import plain
from indicators.enums import REVIEWED
from indicators.models import Collection, Indicator, Submission
from scoring.engine.types import PanelMethod
from scoring.models import AgreedScore, PanelScore
from scoring.rules import panel_score_problem
from scoring.selectors.panel import panel_rule


@transaction.atomic
def give_panel_scores(
    *,
    actor: User,
    collection: Collection,
    indicator: Indicator,
    scores: Mapping[UUID, Decimal | None],
) -> int:
    """Give, change or (None) take back one's own scores, by submission; returns how many changed.

    All or nothing: one score out of range refuses the whole.
    """
    if not actor.holds(Permission.SCORE_PANEL):
        raise NotAllowed
    maximum = panel_rule(collection, indicator).maximum
    submissions = {
        row.public_id: row
        for row in collection.submissions.filter(state__in=REVIEWED, public_id__in=scores)
        .select_related("region")
        .select_for_update(of=("self",))
    }
    for public_id, score in scores.items():
        _check(submissions.get(public_id), score, maximum)
    stored = _stored(actor, indicator, submissions)
    changed = {
        key: score for key, score in scores.items() if stored.get(submissions[key].pk) != score
    }
    _write(actor, indicator, submissions, changed)
    entries = [
        _entry(submissions[key], indicator, stored.get(submissions[key].pk), score)
        for key, score in changed.items()
    ]
    record_all(actor, entries)
    return len(changed)


def _check(submission: Submission | None, score: Decimal | None, maximum: Decimal) -> None:
    if submission is None:
        raise Invalid(
            "submission_not_reviewed",
            "所评县的填报表不在已审核之列，请刷新页面后重新评分。",
            "scores",
        )
    problem = panel_score_problem(score, maximum)
    if problem:
        raise Invalid("score_out_of_range", f"{submission.region.full_name}：{problem}", "scores")


def _entry(
    submission: Submission, indicator: Indicator, before: Decimal | None, after: Decimal | None
) -> Entry:
    detail = {"indicator": indicator.code, "score": [plain(before), plain(after)]}
    code = submission.region.code
    return Entry("give_panel_score", "submission", str(submission.public_id), detail, code)


def _stored(
    actor: User, indicator: Indicator, submissions: Mapping[UUID, Submission]
) -> dict[int, Decimal]:
    rows = PanelScore.objects.filter(
        submission__in=[row.pk for row in submissions.values()],
        indicator_code=indicator.code,
        expert=actor,
    )
    return dict(rows.values_list("submission", "score"))


def _write(
    actor: User,
    indicator: Indicator,
    submissions: Mapping[UUID, Submission],
    changed: Mapping[UUID, Decimal | None],
) -> None:
    now = clock.now()
    given = [
        PanelScore(
            submission=submissions[key],
            indicator_code=indicator.code,
            expert=actor,
            score=score,
            given_at=now,
        )
        for key, score in changed.items()
        if score is not None
    ]
    PanelScore.objects.bulk_create(
        given,
        update_conflicts=True,
        unique_fields=["submission", "indicator_code", "expert"],
        update_fields=["score", "given_at"],
    )
    taken_back = [submissions[key].pk for key, score in changed.items() if score is None]
    PanelScore.objects.filter(
        submission__in=taken_back, indicator_code=indicator.code, expert=actor
    ).delete()


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a panel agreed on for one county; `seen` is how many of the panel's the page knew of."""

    submission_id: UUID
    score: Decimal
    minutes: str
    seen: int


@transaction.atomic
def record_agreed(
    *, actor: User, collection: Collection, indicator: Indicator, agreement: Agreement
) -> AgreedScore:
    """Record the score a panel agreed on after its members had scored blind; the newest one counts.

    Raises Invalid where the scheme takes a mean, nobody scored yet, or score or minutes cannot be taken;
    Stale where somebody recorded another since.
    """
    if not actor.holds(Permission.GRADE):
        raise NotAllowed
    rule = panel_rule(collection, indicator)
    if rule.method is not PanelMethod.AGREED:
        raise Invalid(
            "panel_takes_no_agreement",
            f"评分方案规定“{indicator.name}”由各专家评分计算得出，不采用议定得分。",
            "score",
        )
    submission = _lock_reviewed(collection, agreement.submission_id)
    _check(submission, agreement.score, rule.maximum)
    assert submission is not None  # noqa: S101 -- _check refuses none
    minutes = agreement.minutes.strip()
    _check_agreement(submission, indicator, minutes, agreement.seen)
    made = AgreedScore.objects.create(
        submission=submission,
        indicator_code=indicator.code,
        score=agreement.score,
        minutes=minutes,
        recorded_by=actor,
        recorded_at=clock.now(),
    )
    detail = {"indicator": indicator.code, "score": plain(made.score), "minutes": minutes}
    subject = str(submission.public_id)
    record(actor, Entry("record_agreed", "submission", subject, detail, submission.region.code))
    return made


def _lock_reviewed(collection: Collection, public_id: UUID) -> Submission | None:
    rows = collection.submissions.filter(state__in=REVIEWED, public_id=public_id)
    return rows.select_related("region").select_for_update(of=("self",)).first()


def _check_agreement(submission: Submission, indicator: Indicator, minutes: str, seen: int) -> None:
    if not minutes:
        raise Invalid(
            "minutes_required", "请写明议定的经过或评议纪要编号，作为得分依据。", "minutes"
        )
    if not submission.panel_scores.filter(indicator_code=indicator.code).exists():
        raise Invalid(
            "nobody_scored_yet",
            f"还没有专家对{submission.region.full_name}独立评分，不能登记议定得分。请待专家评分后再登记。",
            "score",
        )
    recorded = AgreedScore.objects.filter(
        submission__collection=submission.collection_id, indicator_code=indicator.code
    )
    if recorded.count() != seen:
        raise Stale(
            "agreed_since",
            f"您打开页面后，“{indicator.name}”有新的议定得分登记，请刷新页面核对后再办理。",
        )
