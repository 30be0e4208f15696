"""代办 as code: what of an absent colleague's post comes over to whom. Default: nothing.

Two pairs of eyes are kept by the row, not by this table (`hands.py`): a line may bring together filling and
submitting, drafting and signing, because whoever filled or drafted this very row is refused there. A permission
whose acts have no such guard is in no line (ADR 0025). Experts, departments, liaisons of responsible units and
the three administrators are in none.
"""

from collections.abc import Mapping

from django.db import models

from county_portal.accounts.roles import Permission, Role

_P, _R = Permission, Role


class DeputyshipStanding(models.TextChoices):
    """How a deputyship stands on a day."""

    PENDING = "pending", "待确认"
    AHEAD = "ahead", "未开始"
    RUNNING = "running", "正在代办"
    OVER = "over", "已到期"
    LAPSED = "lapsed", "已失效"
    ENDED = "ended", "已结束"


# (the deputy's post, the absent colleague's post): what is added to what the deputy holds.
LINES: Mapping[tuple[Role, Role], frozenset[Permission]] = {
    (_R.COUNTY_FILLER, _R.COUNTY_LEAD): frozenset(
        {_P.SUBMIT, _P.HAND_IN, _P.APPEAL, _P.KEEP_MEASURES}
    ),
    (_R.COUNTY_LEAD, _R.COUNTY_FILLER): frozenset({_P.FILL, _P.APPLY, _P.REPORT_MEASURES}),
    (_R.CITY_REVIEWER, _R.CITY_SIGNER): frozenset({_P.DECIDE_UPLIFT, _P.SIGN_DOCUMENT}),
    (_R.CITY_SIGNER, _R.CITY_REVIEWER): frozenset(
        {
            _P.REVIEW,
            _P.RECOMMEND,
            _P.OPINE_APPEAL,
            _P.DRAFT_DOCUMENT,
            _P.PLAN_UPLIFT,
            _P.FOLLOW_WARNINGS,
            _P.WATCH,
            _P.KEEP_MEASURES,
            _P.REPORT_MEASURES,
        }
    ),
    (_R.PROVINCE_MANAGER, _R.PROVINCE_CHECKER): frozenset({_P.LOCK_SCHEME, _P.CHECK_DOCUMENT}),
    (_R.PROVINCE_CHECKER, _R.PROVINCE_MANAGER): frozenset(
        {
            _P.COLLECT,
            _P.EDIT_SCHEME,
            _P.GRADE,
            _P.PREPARE_LIST,
            _P.REVIEW_APPEAL,
            _P.REPORT_CARDS,
            _P.RUN_PILOTS,
            _P.DRAFT_DOCUMENT,
            _P.PLAN_UPLIFT,
            _P.FOLLOW_WARNINGS,
            _P.KEEP_MEASURES,
            _P.REPORT_MEASURES,
            _P.MANAGE_NOTICES,
            _P.MANAGE_TEXTS,
            _P.MANAGE_CALENDAR,
        }
    ),
    (_R.PROVINCE_CHECKER, _R.PROVINCE_PUBLISHER): frozenset(
        {
            _P.PUBLISH_LIST,
            _P.DECIDE_APPEAL,
            _P.DECIDE_PILOTS,
            _P.DECIDE_UPLIFT,
            _P.SIGN_DOCUMENT,
        }
    ),
    (_R.PROVINCE_PUBLISHER, _R.PROVINCE_CHECKER): frozenset(
        {_P.LOCK_SCHEME, _P.CHECK_ROBUSTNESS, _P.CHECK_DOCUMENT, _P.WATCH}
    ),
    # Preparing and publishing lie too close together for more: nothing comes over the other way.
    (_R.PROVINCE_PUBLISHER, _R.PROVINCE_MANAGER): frozenset(
        {_P.FOLLOW_WARNINGS, _P.MANAGE_CALENDAR, _P.MANAGE_NOTICES}
    ),
}


def lent_permissions(deputy: Role, absent: Role) -> frozenset[Permission]:
    """What somebody of the first post may in addition while standing in for one of the second."""
    return LINES.get((deputy, absent), frozenset())


def posts_covering(absent: Role) -> tuple[Role, ...]:
    """The posts that can stand in for this one."""
    return tuple(deputy for deputy, post in LINES if post == absent)
