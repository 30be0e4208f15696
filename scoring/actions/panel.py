"""Expert scores."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record_all
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed
from county_portal.common.numbers import plain
from indicators.enums import REVIEWED
from indicators.models import Collection, Indicator, Submission
from scoring.models import PanelScore
from scoring.rules import panel_score_problem
from scoring.selectors.panel import panel_maximum


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
    maximum = panel_maximum(collection, indicator)
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
