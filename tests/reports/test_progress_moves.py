"""Who may do what to a progress report in which state, against a table written by hand."""

from datetime import date

import pytest
from django.db import transaction
from django.http import Http404

from county_portal.common.errors import Refused
from reports.actions.filling import ReportInput, save_report
from reports.actions.moving import ReportMove, move_report
from reports.enums import ProgressAction, ProgressState
from reports.models import ProgressReport
from tests.reports.building import YEAR, bring, figures_for

# act, from, to, who
TABLE = {
    tuple(line.split()[:2]): line.split()[2:]
    for line in """
submit draft submitted lead
submit returned submitted lead
recall submitted draft lead
accept submitted city_review reviewer
approve city_review province_review reviewer
return city_review returned reviewer
receive province_review received manager
send_back province_review returned manager
write draft draft filler
write returned returned filler
""".strip().splitlines()
}
PERSONS = (
    *("filler", "lead", "provider", "reviewer", "signer", "manager", "checker", "expert"),
    *("publisher", "system_admin", "security_admin", "auditor"),
    *("changan_lead", "shijiazhuang_reviewer", "xinji_reviewer"),
)
# Whom no report is shown, or not this one: to them it does not exist.
BLIND = {
    *("provider", "expert", "system_admin", "security_admin", "auditor"),
    *("changan_lead", "shijiazhuang_reviewer", "xinji_reviewer"),
}


def expected(act, state, who):
    if who in BLIND:
        return "not_found"
    if who not in {person for (what, _), (_, person) in TABLE.items() if what == act}:
        return "not_allowed"
    return TABLE.get((act, state), ["not_editable" if act == "write" else "stale_state"])[0]


def attempt(people, report, who, act):
    """The state reached, or the refusal's code; nothing stays."""
    actor, key = getattr(people, who), report.public_id
    try:
        with transaction.atomic():
            if act == "write":
                entered = ReportInput(figures_for(report), {})
                save_report(actor=actor, report_id=key, entered=entered)
            else:
                step = ReportMove(
                    ProgressAction(act), comment="请核对。", due_on=date(YEAR + 1, 5, 1)
                )
                move_report(actor=actor, report_id=key, move=step)
            state = ProgressReport.objects.get(pk=report.pk).state
            transaction.set_rollback(True)
            return state
    except Http404:
        return "not_found"
    except Refused as refusal:
        return refusal.code


@pytest.mark.parametrize("act", [*map(str, ProgressAction), "write"])
def test_report_by_act_state_and_person(people, written, act):
    report = bring(written, ProgressState.PROVINCE_REVIEW, people.manager)
    found, wanted = {}, {}
    for state in ProgressState:
        ProgressReport.objects.filter(pk=report.pk).update(state=state)
        for who in PERSONS:
            found[state, who] = attempt(people, report, who, act)
            wanted[state, who] = expected(act, str(state), who)

    assert found == wanted
