"""The table of an application's moves, written out a second time by hand."""

import pytest

from applications.enums import ApplicationAction, ApplicationState
from applications.models import ApplicationSnapshot
from applications.workflow import APPLICATION_WORKFLOW
from tests.factories.pilots import apply_to

# action, from, to, permission, needs a comment
TABLE = """
finish draft government apply -
finish returned government apply -
resume government draft apply -
resume ready draft apply -
approve_county government ready hand_in -
submit ready submitted hand_in -
recall submitted ready hand_in -
accept submitted city_review recommend -
approve city_review reviewed recommend -
return city_review returned recommend comment
return reviewed returned recommend comment
leave_out reviewed not_recommended recommend comment
reconsider not_recommended reviewed recommend -
admit reviewed admitted run -
send_back reviewed returned run comment
send_back admitted returned run comment
select admitted selected decide -
refuse admitted not_selected decide comment
refuse reviewed not_selected decide comment
"""


def test_every_move():
    written = {tuple(line.split()) for line in TABLE.strip().splitlines()}
    stands = {
        (
            str(row.action),
            str(row.source),
            str(row.target),
            row.permission.removeprefix("pilots."),
            "comment" if row.needs_comment else "-",
        )
        for row in APPLICATION_WORKFLOW.transitions
    }

    assert stands == written


@pytest.mark.parametrize("action", ApplicationAction)
def test_every_action_is_in_the_table(action):
    assert any(row.action == action for row in APPLICATION_WORKFLOW.transitions)


def test_the_straight_path(call, province):
    application = apply_to(call, province.bureaus["bazhou"], ApplicationState.REVIEWED)

    assert application.state == ApplicationState.REVIEWED
    kept = ApplicationSnapshot.objects.get(application=application)
    assert kept.digest == application.content_digest
    assert [step.action for step in application.steps.order_by("at", "pk")] == [
        *("finish", "approve_county", "submit", "accept", "approve"),
    ]
