"""Two people at one page: nothing of either is lost."""

import pytest

from county_portal.common.two_writers import BLANK, Mine, differ, own_change


@pytest.mark.parametrize(
    ("mine", "base", "now", "found"),
    [
        ("a", "a", "a", False),
        ("b", "a", "a", False),
        ("a", "a", "b", False),
        ("b", "a", "b", False),
        ("b", "a", "c", True),
        ("", "a", "c", True),
    ],
    ids=["nobody", "only-me", "only-they", "both-alike", "both-differently", "i-emptied-it"],
)
def test_differ(mine, base, now, found):
    assert differ(mine, base=base, now=now) is found


@pytest.mark.parametrize(
    ("sent", "stored", "found"),
    [
        ({}, "甲", None),
        ({"work": "甲", "was-work": "甲"}, "乙", None),
        ({"work": "乙", "was-work": "甲"}, "乙", None),
        ({"work": "丙", "was-work": "甲"}, "甲", Mine("丙", "")),
        ({"work": "丙", "was-work": "甲"}, "乙", Mine("丙", "乙")),
        ({"work": "丙", "was-work": "甲"}, "", Mine("丙", BLANK)),
        ({"work": "", "was-work": "甲"}, "甲", Mine("", "")),
        ({"work": " 甲\r\n乙 ", "was-work": "甲\r\n乙"}, "丙", None),
        ({"work": "丙"}, "甲", Mine("丙", "甲")),
    ],
    ids=[
        "not-sent",
        "untouched",
        "both-alike",
        "mine-alone",
        "both",
        "they-emptied-it",
        "i-emptied-it",
        "line-ends",
        "page-without-was",
    ],
)
def test_own_change(sent, stored, found):
    assert own_change(sent, "work", stored) == found
