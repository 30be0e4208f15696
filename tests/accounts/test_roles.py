"""The table of roles and permissions, written out a second time by hand: a change must be made twice."""

import pytest

from county_portal.accounts.roles import ROLE_LEVEL, ROLE_PERMISSIONS, Level, Permission, Role

# One column per permission, in the order of the heading.
HEADING = (
    "fill provide submit review collect view panel grade results prepare publish "
    "scheme lock robust ahead appeal opine reappeal judgeappeal appeals watch cards card "
    "apply handin recommend run judge decide pilots draft check sign documents users security audit"
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
            *("accounts.manage", "accounts.security", "audit.view"),
        ],
        strict=True,
    )
)
TABLE = {
    "county_filler": ("county", "fill view card apply pilots ahead appeals documents"),
    "county_lead": ("county", "submit view card handin pilots ahead appeal appeals documents"),
    "county_provider": ("county", "provide"),
    "city_reviewer": (
        "city",
        "review view card recommend pilots opine appeals watch draft check documents",
    ),
    "city_signer": ("city", "view card pilots appeals check sign documents"),
    "province_manager": (
        "province",
        "collect view grade results prepare cards card run pilots draft documents "
        "scheme robust reappeal appeals watch",
    ),
    "province_checker": (
        "province",
        "view results card pilots lock robust appeals watch check documents",
    ),
    "province_expert": ("province", "panel view judge"),
    "province_publisher": (
        "province",
        "publish view results card decide pilots judgeappeal appeals sign documents",
    ),
    "system_admin": ("province", "users"),
    "security_admin": ("province", "security"),
    "auditor": ("province", "audit"),
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

    assert set.union(*held) == {"users", "security", "audit"}
    assert sum(map(len, held)) == 3


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
