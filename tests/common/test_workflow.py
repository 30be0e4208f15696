import pytest

from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.workflow import Transition, Workflow

ROWS = (
    Transition("submit", "draft", "review", "fill", "提交"),
    Transition("submit", "returned", "review", "fill", "提交"),
    Transition("return", "review", "returned", "check", "退回", needs_comment=True),
    Transition("approve", "review", "done", "check", "通过"),
    Transition("approve", "draft", "done", "overrule", "直接通过"),
)
TABLE = Workflow(ROWS)
ALL = {"fill", "check", "overrule"}

# action, state, permissions -> target or refusal; written out by hand, nothing derived from ROWS.
CASES = [
    ("submit", "draft", {"fill"}, "review"),
    ("submit", "returned", {"fill"}, "review"),
    ("submit", "review", {"fill"}, Stale),
    ("submit", "done", {"fill"}, Stale),
    ("submit", "draft", {"check"}, NotAllowed),
    ("submit", "draft", set(), NotAllowed),
    ("return", "review", {"check"}, "returned"),
    ("return", "draft", {"check"}, Stale),
    ("return", "done", {"check"}, Stale),
    ("return", "review", {"fill"}, NotAllowed),
    ("return", "review", {"overrule"}, NotAllowed),
    ("approve", "review", {"check"}, "done"),
    ("approve", "draft", {"overrule"}, "done"),
    # Somebody who may approve elsewhere is told that it is not the time, not that they never may.
    ("approve", "draft", {"check"}, Stale),
    ("approve", "review", {"overrule"}, Stale),
    ("approve", "returned", ALL, Stale),
    ("approve", "review", {"fill"}, NotAllowed),
    ("unheard-of", "draft", ALL, NotAllowed),
]


@pytest.mark.parametrize("action, state, permissions, outcome", CASES)
def test_find(action, state, permissions, outcome):
    if isinstance(outcome, str):
        assert TABLE.find(action, state, permissions, comment="请补正").target == outcome
    else:
        with pytest.raises(outcome):
            TABLE.find(action, state, permissions, comment="请补正")


@pytest.mark.parametrize("comment", ["", " ", "\n\t", "\u3000"])
def test_comment_is_required_where_the_table_says_so(comment):
    with pytest.raises(Invalid) as refusal:
        TABLE.find("return", "review", {"check"}, comment)

    assert (refusal.value.code, refusal.value.field) == ("comment_required", "comment")
    assert "退回" in refusal.value.sentence


def test_comment_is_not_required_elsewhere():
    assert TABLE.find("approve", "review", {"check"}).target == "done"


@pytest.mark.parametrize(
    "state, permissions, actions",
    [
        ("draft", {"fill"}, ["submit"]),
        ("draft", ALL, ["submit", "approve"]),
        ("review", {"check"}, ["return", "approve"]),
        ("review", {"fill"}, []),
        ("done", ALL, []),
    ],
)
def test_actions_from(state, permissions, actions):
    assert [row.action for row in TABLE.actions_from(state, permissions)] == actions


def test_ambiguous_table_is_refused():
    with pytest.raises(ValueError, match="share an action and a source"):
        Workflow([*ROWS, Transition("submit", "draft", "done", "overrule", "提交")])
