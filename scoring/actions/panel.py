"""Expert scores."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed
from indicators.models import Collection, Indicator, Submission
from indicators.workflow import REVIEWED
from scoring.engine.types import PanelRule
from scoring.models import PanelScore
from scoring.selectors.runs import engine_scheme, list_scheme_versions


def panel_maximum(collection: Collection, indicator: Indicator) -> Decimal:
    """The highest score the newest scheme allows. Raises Invalid if the scheme does not ask a panel."""
    version = list_scheme_versions(collection.version.system_id).first()
    rules = {row.code: row.rule for row in engine_scheme(version).indicators} if version else {}
    rule = rules.get(indicator.code)
    if not isinstance(rule, PanelRule):
        raise Invalid("not_a_panel_indicator", f"“{indicator.name}”不由专家评分。", "indicator")
    return rule.maximum


@transaction.atomic
def give_panel_scores(
    *, actor: User, collection: Collection, indicator: Indicator, scores: Mapping[UUID, Decimal]
) -> int:
    """Give or change one's scores, by submission; returns how many changed.

    All or nothing: one score out of range refuses the whole.
    """
    if not actor.holds(Permission.SCORE_PANEL):
        raise NotAllowed()
    maximum = panel_maximum(collection, indicator)
    submissions = {
        row.public_id: row
        for row in collection.submissions.filter(state__in=REVIEWED, public_id__in=scores)
        .select_related("region")
        .select_for_update(of=("self",))
    }
    for public_id, score in scores.items():
        if public_id not in submissions:
            raise Invalid("submission_not_reviewed", "所评县的填报表尚未通过市级审核，请刷新页面。", "scores")
        if not 0 <= score <= maximum:
            name = submissions[public_id].region.full_name
            raise Invalid("score_out_of_range", f"{name}的评分{score}超出0至{maximum}分，请更正。", "scores")
    stored = _stored(actor, indicator, submissions)
    changed = {key: score for key, score in scores.items() if stored.get(submissions[key].pk) != score}
    _write(actor, indicator, submissions, changed)
    for key, score in changed.items():
        before = stored.get(submissions[key].pk)
        detail = {"indicator": indicator.code, "score": [before and str(before), str(score)]}
        entry = Entry("give_panel_score", "submission", str(key), detail, submissions[key].region.code)
        record(actor, entry)
    return len(changed)


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
    changed: Mapping[UUID, Decimal],
) -> None:
    PanelScore.objects.bulk_create(
        (
            PanelScore(
                submission=submissions[key],
                indicator_code=indicator.code,
                expert=actor,
                score=score,
                given_at=clock.now(),
            )
            for key, score in changed.items()
        ),
        update_conflicts=True,
        unique_fields=["submission", "indicator_code", "expert"],
        update_fields=["score", "given_at"],
    )
