"""形式审查: what is computed, what only a person sees, and the three ways it ends."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse

from applications.actions.formal import (
    ByHand,
    Correction,
    FormalInput,
    fail_formally,
    pass_formally,
    send_back,
)
from applications.actions.moving import Wanted
from applications.enums import ApplicationState, FormalOutcome, Section
from applications.models import FormalCheck
from applications.rules.formal import BY_HAND, FORMAL_ITEMS, FormalFacts, findings_of
from applications.rules.gaps import Gap
from applications.selectors.formal import check_formally
from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.documents.models import Paper
from tests.factories.people import signed_in
from tests.factories.pilots import apply_to, recommended

FINE = {item.key: ByHand(is_met=True) for item in BY_HAND}


@pytest.fixture
def bazhou(call, province):
    return recommended(call, province.bureaus["bazhou"])


def facts(**changed):
    whole = {
        "gaps": [],
        "current_digest": "d",
        "handed_in_digest": "d",
        "approved_digest": "d",
        "approval_number": "霸政纪〔2026〕5号",
        "letter_number": "廊科函〔2026〕1号",
        "letter_digest": "d",
    }
    return FormalFacts(**{**whole, **changed})


@pytest.mark.parametrize(
    "changed, unmet",
    [
        ({}, []),
        ({"gaps": [Gap("table", "row-7", "cell_missing", "第7行。")]}, ["table"]),
        ({"gaps": [Gap("table", "star", "star_count", "须选10项。")]}, ["stars"]),
        ({"gaps": [Gap("basics", "ratio-2", "ratio_differs", "不一致。")]}, ["ratios"]),
        ({"gaps": [Gap("goals", "goals", "section_missing", "没有填写。")]}, ["plan"]),
        ({"gaps": [Gap("document", "document", "document_missing", "没有。")]}, ["document"]),
        ({"approved_digest": ""}, ["approval"]),
        ({"approved_digest": "other"}, ["approval"]),
        ({"current_digest": "other"}, ["approval", "letter"]),
        ({"letter_number": ""}, ["letter"]),
        ({"letter_digest": "other"}, ["letter"]),
    ],
)
def test_what_is_computed(changed, unmet):
    found = findings_of(facts(**changed))

    assert [each.item.key for each in found if not each.is_met] == unmet
    assert len(found) + len(BY_HAND) == len(FORMAL_ITEMS)


def test_whole_materials_meet_everything(bazhou):
    assert [each.words for each in check_formally(bazhou) if not each.is_met] == []


def test_passing_admits_to_the_panel(people, bazhou):
    check = FormalInput(FINE, revision=bazhou.revision)

    row = pass_formally(actor=people.manager, application_id=bazhou.public_id, check=check)

    assert row.state == ApplicationState.ADMITTED
    kept = FormalCheck.objects.get(application=bazhou)
    assert kept.outcome == FormalOutcome.PASSED
    assert len(kept.items) == len(FORMAL_ITEMS)
    assert Event.objects.filter(act="check_formally").count() == 1


def test_an_item_seen_to_be_wrong_cannot_pass(people, bazhou):
    check = FormalInput({**FINE, "legible": ByHand(is_met=False, note="无公章")})

    with pytest.raises(Invalid) as refused:
        pass_formally(actor=people.manager, application_id=bazhou.public_id, check=check)

    assert refused.value.code == "formal_item_not_met"
    assert not FormalCheck.objects.exists()


def test_every_item_by_hand_is_asked(people, bazhou):
    check = FormalInput({"legible": ByHand(is_met=True)})

    with pytest.raises(Invalid) as refused:
        pass_formally(actor=people.manager, application_id=bazhou.public_id, check=check)

    assert refused.value.code == "formal_item_open"


def test_a_letter_that_lapsed_meanwhile_stops_it(people, bazhou):
    Paper.objects.update(status="lapsed", status_reason="变更", status_at=clock.now())

    with pytest.raises(Invalid):
        pass_formally(
            actor=people.manager, application_id=bazhou.public_id, check=FormalInput(FINE)
        )
    with pytest.raises(Stale) as refused:
        fail_formally(
            actor=people.manager, application_id=bazhou.public_id, check=FormalInput(FINE, "不齐")
        )

    assert refused.value.code == "letter_missing"


def test_failing_for_good_needs_words(people, bazhou):
    act = {"actor": people.manager, "application_id": bazhou.public_id}
    with pytest.raises(Invalid):
        fail_formally(**act, check=FormalInput(FINE, "  "))
    assert not FormalCheck.objects.exists()

    fail_formally(**act, check=FormalInput(FINE, "申报文件不是县政府印发。"))

    bazhou.refresh_from_db()
    assert bazhou.state == ApplicationState.REVIEWED
    assert FormalCheck.objects.get().outcome == FormalOutcome.FAILED


def test_sent_back_with_what_is_wanted(people, bazhou):
    due_on = clock.today() + timedelta(days=5)
    wanted = [Wanted(Section.GOALS, "补充目标。")]

    row = send_back(
        actor=people.manager,
        application_id=bazhou.public_id,
        correction=Correction("请补正。", due_on, wanted),
    )

    assert row.state == ApplicationState.RETURNED
    assert row.correction_due_on == due_on
    assert Paper.objects.get().status == "lapsed"


@pytest.mark.parametrize("who", ["publisher", "checker", "reviewer", "lead", "expert"])
def test_who_may_check(people, bazhou, who):
    with pytest.raises((NotAllowed, Http404)):
        pass_formally(
            actor=getattr(people, who), application_id=bazhou.public_id, check=FormalInput(FINE)
        )

    bazhou.refresh_from_db()
    assert bazhou.state == ApplicationState.REVIEWED


def test_in_the_browser(people, bazhou):
    client = signed_in(people.manager)
    page = reverse("applications:candidate", args=[bazhou.public_id])
    assert "各比率与基本情况表复算一致" in client.get(page).content.decode()
    url = reverse("applications:formal_check", args=[bazhou.public_id])
    typed = {"revision": bazhou.revision, "act": "pass", "legible": "yes", "evidence": "yes"}

    stale = client.post(url, {**typed, "revision": bazhou.revision + 1})
    missing = client.post(url, {"revision": bazhou.revision, "act": "pass"})
    blank = client.post(url, {**typed, "act": "fail"})

    assert (stale.status_code, missing.status_code, blank.status_code) == (409, 422, 422)
    assert client.post(url, typed).status_code == 302
    bazhou.refresh_from_db()
    assert bazhou.state == ApplicationState.ADMITTED
    assert "形式审查：通过" in client.get(page).content.decode()


def test_sending_back_in_the_browser(people, bazhou):
    client = signed_in(people.manager)
    url = reverse("applications:correction", args=[bazhou.public_id])
    typed = {
        "revision": bazhou.revision,
        "comment": "请补正。",
        "due_on": (clock.today() + timedelta(days=3)).isoformat(),
        "wanted-goals": "写明三年目标。",
    }

    assert client.get(url).status_code == 200
    for wrong in ({"comment": " "}, {"due_on": clock.today().isoformat()}, {"wanted-goals": ""}):
        assert client.post(url, {**typed, **wrong}).status_code == 422
    assert client.post(url, typed).status_code == 302
    bazhou.refresh_from_db()
    assert bazhou.state == ApplicationState.RETURNED


def test_what_did_not_reach_the_province_has_no_page(people, call, province):
    early = apply_to(call, province.bureaus["changan"], ApplicationState.SUBMITTED)
    url = reverse("applications:candidate", args=[early.public_id])

    assert signed_in(people.manager).get(url).status_code == 404
