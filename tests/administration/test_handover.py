"""Handing over: what waits is counted, what is a person's own goes to a colleague."""

import pytest
from django.db import transaction
from django.urls import reverse

from county_portal.accounts.roles import Role
from county_portal.administration.actions.handover import Handover, hand_over
from county_portal.administration.handover import work_of
from county_portal.audit.models import Event
from county_portal.common.errors import Invalid, NotAllowed
from county_portal.documents.actions.handing_on import hand_on_drafts
from county_portal.documents.enums import DraftAction
from county_portal.documents.models import DraftHandover
from county_portal.documents.selectors.drafts import list_waiting, moves_of, turns_of
from county_portal.notices.actions import Message, notify
from county_portal.notices.models import Notice
from tests.documents.office import DATA, know_test_kinds, make_register, step, worded
from tests.factories.people import make_person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds():
    DATA.clear()
    know_test_kinds()


@pytest.fixture
def colleague(people):
    return make_person("hebei.manager2", Role.PROVINCE_MANAGER, people.manager.office, "郑接手")


@pytest.fixture
def draft(people, province):
    return worded(people.manager, make_register(province.office, "冀试"))


def handed(actor, person, successor, **values):
    values = {"reason": "调离", "drafts": True, "unread": True, **values}
    public_id = successor.public_id if successor else None
    return hand_over(
        actor=actor, public_id=person.public_id, handover=Handover(successor=public_id, **values)
    )


def test_a_draft_goes_on_with_a_colleague(people, colleague, draft):
    done = handed(people.system_admin, people.manager, colleague)

    draft.refresh_from_db()
    assert (done.drafts.handed, done.drafts.kept) == (1, 0)
    assert (draft.drafted_by, draft.former_drafters) == (colleague, [people.manager.pk])
    assert draft in list_waiting(colleague)
    assert draft not in list_waiting(people.manager)
    row = DraftHandover.objects.get()
    assert (row.from_person, row.to_person, row.by) == (
        people.manager,
        colleague,
        people.system_admin,
    )
    event = Event.objects.get(act="hand_on_draft")
    assert event.detail["drafter"] == ["hebei.manager", "hebei.manager2"]
    step(colleague, draft, DraftAction.SEND)


def test_whoever_drafted_before_neither_checks_nor_signs(people, colleague, province):
    """A city's reviewer both drafts and checks: coming back, he must not check his own words."""
    first = people.reviewer
    second = make_person("langfang.second", Role.CITY_REVIEWER, first.office)
    draft = worded(first, make_register(first.office, "廊试"))
    handed(people.system_admin, first, second)
    step(second, draft, DraftAction.SEND)
    draft.refresh_from_db()

    with pytest.raises(Invalid) as refusal:
        step(first, draft, DraftAction.CHECK)

    assert refusal.value.code == "same_person"
    assert moves_of(first, draft) == []
    assert draft not in list_waiting(first)
    assert first not in turns_of(first).people(draft)
    step(people.signer, draft, DraftAction.CHECK)


def test_a_draft_stays_with_its_drafter_where_the_successor_checked_it(people, province):
    first = people.reviewer
    second = make_person("langfang.second", Role.CITY_REVIEWER, first.office)
    draft = worded(first, make_register(first.office, "廊试"))
    step(first, draft, DraftAction.SEND)
    step(second, draft, DraftAction.CHECK)

    done = handed(people.system_admin, first, second)

    draft.refresh_from_db()
    assert (done.drafts.handed, done.drafts.kept) == (0, 1)
    assert draft.drafted_by == first


def test_unread_notices_are_copied_once(people, colleague):
    for key, told in (("a", [people.manager]), ("b", [people.manager, colleague])):
        notify(told, Message(key, "sample", f"通知{key}"))
    Notice.objects.filter(recipient=people.manager, key="b").update(title="已改")

    done = handed(people.system_admin, people.manager, colleague, drafts=False)

    assert done.unread == 2
    assert sorted(Notice.objects.filter(recipient=colleague).values_list("key", "title")) == [
        ("a", "通知a"),
        ("b", "通知b"),
    ]


def test_who_leaves_is_disabled_in_the_same_act(people, colleague, draft):
    browser = signed_in(people.manager)

    handed(people.security_admin, people.manager, colleague, disable=True)

    people.manager.refresh_from_db()
    assert not people.manager.is_active
    assert browser.get("/inbox/")["Location"].startswith("/login/")
    assert Event.objects.get(act="hand_over").detail["disabled"] is True
    assert Event.objects.filter(act="set_active").count() == 1


def test_the_system_administrator_disables_nobody(people, colleague, draft):
    with pytest.raises(NotAllowed), transaction.atomic():
        handed(people.system_admin, people.manager, colleague, disable=True)

    draft.refresh_from_db()
    people.manager.refresh_from_db()
    assert people.manager.is_active
    assert draft.drafted_by == people.manager
    assert not Event.objects.filter(act__in=("hand_over", "hand_on_draft")).exists()


@pytest.mark.parametrize(
    "values, code",
    [
        ({"reason": "  "}, "reason_missing"),
        ({"drafts": False, "unread": False}, "nothing_chosen"),
        ({"successor": None}, "successor_missing"),
        ({"successor": "checker"}, "successor_unfit"),
        ({"successor": "reviewer"}, "successor_unfit"),
        ({"successor": "manager"}, "successor_unfit"),
    ],
)
def test_what_makes_no_sense_changes_nothing(people, colleague, draft, values, code):
    who = values.pop("successor", "colleague")
    successor = {"colleague": colleague, None: None}.get(who) or (who and getattr(people, who))

    with pytest.raises(Invalid) as refusal:
        handed(people.system_admin, people.manager, successor, **values)

    assert refusal.value.code == code
    draft.refresh_from_db()
    assert draft.drafted_by == people.manager
    assert not Event.objects.filter(act__in=("hand_over", "hand_on_draft")).exists()


def test_a_disabled_colleague_takes_nothing_over(people, colleague, draft):
    colleague.is_active = False
    colleague.save()

    with pytest.raises(Invalid, match="successor_unfit"):
        handed(people.system_admin, people.manager, colleague)


@pytest.mark.parametrize("who", ["filler", "lead", "reviewer", "manager", "publisher", "auditor"])
def test_only_administrators_hand_over(people, colleague, who):
    with pytest.raises(NotAllowed):
        handed(getattr(people, who), people.manager, colleague)


def test_a_drafter_hands_on_his_own_and_nobody_elses(people, colleague, draft):
    with pytest.raises(NotAllowed):
        hand_on_drafts(actor=colleague, person=people.manager, successor=colleague, reason="代办")

    hand_on_drafts(
        actor=people.manager, person=people.manager, successor=colleague, reason="请代办"
    )

    draft.refresh_from_db()
    assert draft.drafted_by == colleague


def test_the_page_counts_and_names_no_business(people, colleague, draft, submission):
    browser = signed_in(people.security_admin)

    page = browser.get(reverse("administration:handover", args=[people.manager.public_id]))
    filler = browser.get(reverse("administration:handover", args=[people.filler.public_id]))

    text = page.content.decode() + filler.content.decode()
    assert "在办公文文稿</dt><dd>1件" in text
    assert "待填报" in text
    assert str(draft) not in text
    assert "没有其他启用的人员" in text
    assert work_of(people.filler).shared[0].count == 1


def test_the_history_tells_who_began_and_who_went_on(people, colleague, draft):
    handed(people.system_admin, people.manager, colleague)

    page = signed_in(colleague).get(reverse("documents:draft", args=[draft.public_id]))

    text = page.content.decode()
    assert "由陈管理移交郑接手：调离" in text
    assert text.index("移交拟稿") < text.index("起草</")


def test_pages_need_the_administrators(people, colleague, draft):
    url = reverse("administration:handover", args=[people.manager.public_id])
    data = {"successor": colleague.public_id, "drafts": "on", "reason": "调离"}

    assert signed_in(people.manager).post(url, data).status_code == 403
    bad = signed_in(people.system_admin).post(url, {**data, "reason": " "})
    assert bad.status_code == 422
    assert "请写明移交原因" in bad.content.decode()
    done = signed_in(people.system_admin).post(url, data, follow=True)
    assert "已移交文稿1件" in done.content.decode()
