"""Two pairs of eyes under a deputyship: whoever prepared a row is refused, another deputy who did not is not."""

import pytest
from django.urls import reverse

from applications.actions.approval import ApprovalInput, approve_county
from applications.actions.moving import Move as ApplicationMove
from applications.actions.moving import move_application
from applications.enums import ApplicationAction, ApplicationState
from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Refused
from indicators.models import ReviewStep
from indicators.rules import CellInput
from scoring.actions.publishing import publish_list
from scoring.actions.scheme_drafts import DraftKey, begin_version, lock_version
from scoring.actions.scheme_drafts import test_version as put_to_test
from scoring.models import BoundaryReview, SchemeVersion
from tests.documents.office import bring, make_register, step, worded
from tests.factories.deputies import stand_in
from tests.factories.people import make_person, signed_in
from tests.factories.pilots import a_scan, apply_to, open_a_round
from tests.factories.sheets import explain_warnings, fill, fill_whole, have_approved, move
from tests.scoring.acts import consented
from tests.scoring.conftest import reviewed, run, scheme
from tests.uplift.conftest import city
from uplift.actions.moving import move_version
from uplift.enums import PlanAction

__all__ = ["city", "reviewed", "run", "scheme"]

pytestmark = pytest.mark.django_db


def refused(act, *args, **values):
    with pytest.raises(Refused) as refusal:
        act(*args, **values)
    return refusal.value.code


def again(person):
    """As the next request finds the account."""
    return User.objects.get(pk=person.pk)


def another(people, role, office, deputy_of):
    """A colleague of the same post who had no hand in it, standing in instead."""
    person = make_person(f"another.{role}", role, office, "吴代办")
    stand_in(person, deputy_of)
    return again(person)


@pytest.fixture
def sheet(people, submission):
    """Ready to be submitted: filled by the filler."""
    fill_whole(people.filler, submission)
    explain_warnings(submission)
    have_approved(people.lead, submission)
    return submission


def test_a_sheet(people, sheet):
    second = make_person("bazhou.lead2", Role.COUNTY_LEAD, people.lead.office)
    stand_in(people.filler, people.lead)
    assert refused(move, again(people.filler), sheet, "submit") == "submitter_filled"
    # The page says so before the press.
    page = reverse("indicators:submit", args=[sheet.public_id])
    assert "填报和提交须由两人办理" in signed_in(again(people.filler)).get(page).content.decode()

    clean = another(people, Role.COUNTY_FILLER, people.lead.office, second)
    move(clean, sheet, "submit")

    done = ReviewStep.objects.get(action="submit")
    assert done.actor == clean
    assert done.actor_name == f"吴代办（代{second.display_name}）"
    event = Event.objects.get(act="submit_submission")
    assert event.detail["deputy_for"]["login"] == second.login


def test_a_head_who_filled_in_for_the_clerk_does_not_submit(people, sheet):
    stand_in(people.lead, people.filler)
    lead = again(people.lead)
    fill_own(lead, sheet)
    have_approved(people.lead, sheet)

    assert refused(move, lead, sheet, "submit") == "submitter_filled"
    # The clerk is back, and writes the figure anew.
    fill_own(people.filler, sheet, "97")
    have_approved(people.lead, sheet)
    assert move(again(people.lead), sheet, "submit").state == "submitted"


def fill_own(person, sheet, number="96"):
    fill(person, sheet, {"04": CellInput(number)})
    explain_warnings(sheet)


def approved(actor, application):
    approval = ApprovalInput("县政府常务会议", clock.today(), "霸政纪〔2026〕5号", a_scan())
    return approve_county(actor=actor, application_id=application.public_id, approval=approval)


def test_an_application(people, province):
    call = open_a_round(people.manager)
    application = apply_to(call, people.lead.office, ApplicationState.GOVERNMENT)
    stand_in(people.filler, people.lead)
    assert refused(approved, again(people.filler), application) == "own_application"
    approved(people.lead, application)
    hand_in = {
        "application_id": application.public_id,
        "move": ApplicationMove(ApplicationAction.SUBMIT),
    }
    assert refused(move_application, actor=again(people.filler), **hand_in) == "own_application"

    second = make_person("bazhou.lead2", Role.COUNTY_LEAD, people.lead.office, "赵副职")
    clean = another(people, Role.COUNTY_FILLER, people.lead.office, second)
    done = move_application(actor=clean, **hand_in)
    assert done.state == ApplicationState.SUBMITTED
    assert done.steps.get(action="submit").actor_name == "吴代办（代赵副职）"


def test_a_plan(city):
    move_version(actor=city.drafter, version_id=city.draft.public_id, action=PlanAction.SUBMIT)
    settle = {"version_id": city.draft.public_id, "action": PlanAction.SETTLE}
    stand_in(city.drafter, city.decider)
    assert refused(move_version, actor=again(city.drafter), **settle) == "own_plan"

    second = make_person("sjz.decider2", Role.CITY_SIGNER, city.decider.office, "钱审定")
    clean = another(None, Role.CITY_REVIEWER, city.decider.office, second)
    done = move_version(actor=clean, **settle)
    assert (done.state, done.settled_by) == ("settled", clean)


def test_a_document_signed_by_a_deputy(people, province):
    """Drafted by the reviewer, checked by the signer: neither may be the deputy who signs."""
    office = people.signer.office
    draft = worded(people.reviewer, make_register(office))
    draft = bring(draft, "signing", people.reviewer, people.signer)
    stand_in(people.reviewer, people.signer)
    assert refused(step, again(people.reviewer), draft, "issue") == "same_person"

    second = make_person("langfang.signer2", Role.CITY_SIGNER, office, "钱签发")
    clean = another(people, Role.CITY_REVIEWER, office, second)
    paper = step(clean, draft, "issue").paper
    assert (paper.issued_by, paper.signer_name) == (clean, "吴代办（代钱签发）")


def test_a_document_checked_by_a_deputy_of_the_checker(people, province):
    draft = bring(
        worded(people.manager, make_register(province.office)),
        "checking",
        people.manager,
        people.checker,
    )
    stand_in(people.manager, people.checker)
    assert refused(step, again(people.manager), draft, "check") == "same_person"

    clean = make_person("hebei.manager2", Role.PROVINCE_MANAGER, province.office)
    second = make_person("hebei.checker2", Role.PROVINCE_CHECKER, province.office)
    stand_in(clean, second)
    assert step(again(clean), draft, "check").state == "signing"


def test_whoever_checked_does_not_sign_for_the_publisher(people, province):
    draft = bring(
        worded(people.manager, make_register(province.office)),
        "signing",
        people.manager,
        people.checker,
    )
    stand_in(people.checker, people.publisher)
    assert refused(step, again(people.checker), draft, "issue") == "checker_signs"

    second = make_person("hebei.publisher2", Role.PROVINCE_PUBLISHER, province.office)
    clean = another(people, Role.PROVINCE_CHECKER, province.office, second)
    assert step(clean, draft, "issue").state == "issued"


def test_a_scheme(people, province, scheme):
    def key():
        return DraftKey(draft.public_id, SchemeVersion.objects.get(pk=draft.pk).revision)

    draft = begin_version(actor=people.manager, based_on=scheme.public_id, note="试拟。")
    stand_in(people.checker, people.manager)
    # Tested by the checker for the manager: a hand in it, though begun by another.
    put_to_test(actor=again(people.checker), key=key())
    assert refused(lock_version, actor=again(people.checker), key=key()) == "own_version"

    clean = make_person("hebei.manager2", Role.PROVINCE_MANAGER, province.office)
    second = make_person("hebei.checker2", Role.PROVINCE_CHECKER, province.office)
    stand_in(clean, second)
    assert lock_version(actor=again(clean), key=key()).locked_by == clean


def test_a_list(people, province, run):
    made = consented(people, run)
    region = run.results.first().region
    BoundaryReview.objects.create(
        run=run, region=region, word="已复核。", reviewed_by=people.checker, reviewed_at=clock.now()
    )
    stand_in(people.checker, people.publisher)
    code = refused(publish_list, actor=again(people.checker), list_id=made.public_id)
    assert code == "second_person_required"

    second = make_person("hebei.publisher2", Role.PROVINCE_PUBLISHER, province.office, "钱发布")
    clean = another(people, Role.PROVINCE_CHECKER, province.office, second)
    done = publish_list(actor=clean, list_id=made.public_id)
    assert done.published_by == clean
    assert done.paper.signer_name == "吴代办（代钱发布）"
