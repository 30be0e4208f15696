"""The table of roles and permissions, written out a second time by hand: a change must be made twice."""

import pytest

from county_portal.accounts.roles import ROLE_LEVEL, ROLE_PERMISSIONS, Level, Permission, Role

# One column per permission, in the order of the heading.
HEADING = (
    "fill provide submit review collect view panel grade results prepare publish "
    "scheme lock robust ahead appeal opine reappeal judgeappeal appeals watch cards card "
    "apply handin recommend run judge decide pilots draft check sign documents warnings answer follow "
    "uplift plan settle measures ledger progress boards announce texts calendar regions tokens untoken signins "
    "users security audit"
)
COLUMNS = dict(
    zip(
        HEADING.split(),
        [
            *("indicators.fill", "indicators.provide", "indicators.submit"),
            *("indicators.review", "indicators.collect"),
            *("indicators.view", "indicators.panel", "scoring.grade", "scoring.view"),
            *("scoring.prepare", "scoring.publish", "scoring.scheme", "scoring.lock"),
            *("scoring.robustness", "scoring.ahead", "scoring.appeal", "scoring.opine"),
            *("scoring.review_appeal", "scoring.decide_appeal", "scoring.view_appeals"),
            *("scoring.watch", "reports.batch", "reports.view"),
            *("pilots.apply", "pilots.hand_in", "pilots.recommend", "pilots.run"),
            *("pilots.judge", "pilots.decide", "pilots.view"),
            *("documents.draft", "documents.check", "documents.sign", "documents.view"),
            *("monitoring.view", "monitoring.answer", "monitoring.follow"),
            *("uplift.view", "uplift.plan", "uplift.decide"),
            *("measures.view", "measures.keep", "measures.report", "dashboards.view"),
            *("notices.manage", "documents.texts", "accounts.calendar", "accounts.regions"),
            *("opendata.tokens", "opendata.revoke", "accounts.sign_ins"),
            *("accounts.manage", "accounts.security", "audit.view"),
        ],
        strict=True,
    )
)
TABLE = {
    "county_filler": (
        "county",
        "fill view card apply pilots ahead appeals documents "
        "warnings answer uplift measures progress boards",
    ),
    "county_lead": (
        "county",
        "submit view card handin pilots ahead appeal appeals documents "
        "warnings answer uplift measures ledger boards",
    ),
    "county_provider": ("county", "provide progress"),
    "city_unit": ("city", "progress measures"),
    "province_unit": ("province", "progress measures"),
    "city_reviewer": (
        "city",
        "review view card recommend pilots opine appeals watch draft check documents "
        "warnings follow uplift plan measures ledger progress boards",
    ),
    "city_signer": (
        "city",
        "view card pilots appeals check sign documents warnings uplift settle measures boards",
    ),
    "province_manager": (
        "province",
        "collect view grade results prepare cards card run pilots draft documents "
        "scheme robust reappeal appeals watch warnings follow uplift plan measures ledger progress "
        "boards announce texts calendar",
    ),
    "province_checker": (
        "province",
        "view results card pilots lock robust appeals watch check documents "
        "warnings uplift measures boards",
    ),
    "province_expert": ("province", "panel view judge"),
    "province_publisher": (
        "province",
        "publish view results card decide pilots judgeappeal appeals sign documents "
        "warnings uplift settle measures boards",
    ),
    "system_admin": ("province", "users regions tokens"),
    "security_admin": ("province", "security untoken"),
    "auditor": ("province", "audit signins"),
}
ADMINISTRATORS = ("system_admin", "security_admin", "auditor")


def test_the_table_is_complete():
    assert set(TABLE) == {role.value for role in Role}
    assert set(COLUMNS.values()) == {permission.value for permission in Permission}


@pytest.mark.parametrize("role", TABLE)
def test_role(role):
    level, names = TABLE[role]

    assert ROLE_LEVEL[Role(role)] == Level(level)
    assert {str(p) for p in ROLE_PERMISSIONS[Role(role)]} == {
        COLUMNS[name] for name in names.split()
    }


def test_the_three_administrators_share_nothing_and_see_no_business():
    """三员分立."""
    held = [set(TABLE[role][1].split()) for role in ADMINISTRATORS]

    together = {"users", "regions", "tokens", "security", "untoken", "audit", "signins"}
    assert set.union(*held) == together
    assert sum(map(len, held)) == len(together)


def test_whoever_plans_an_uplift_does_not_settle_it():
    for _, names in TABLE.values():
        assert not {"plan", "settle"} <= set(names.split())


def test_whoever_fills_does_not_submit():
    for _, names in TABLE.values():
        assert not {"fill", "submit"} <= set(names.split())
        assert not {"provide", "submit"} <= set(names.split())
        assert not {"apply", "handin"} <= set(names.split())


def test_whoever_prepares_a_list_does_not_publish_it():
    for _, names in TABLE.values():
        assert not {"prepare", "publish"} <= set(names.split())
        assert not {"run", "decide"} <= set(names.split())


def test_whoever_drafts_a_document_does_not_sign_it():
    for _, names in TABLE.values():
        assert not {"draft", "sign"} <= set(names.split())


def test_whoever_edits_a_scheme_does_not_lock_it():
    for _, names in TABLE.values():
        assert not {"scheme", "lock"} <= set(names.split())


def test_whoever_reviews_an_appeal_does_not_decide_it():
    for _, names in TABLE.values():
        held = set(names.split())
        assert len(held & {"appeal", "opine", "reappeal", "judgeappeal"}) <= 1
