"""The life of a draft: who may do what when, what is refused and in which words, what is kept."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from county_portal.accounts.roles import Role
from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Refused, Stale
from county_portal.documents.actions.beginning import (
    recompose_draft,
    start_anew,
    start_correction,
    start_draft,
)
from county_portal.documents.actions.receiving import open_delivery
from county_portal.documents.actions.standing import lapse_papers, void_paper
from county_portal.documents.content import read_content
from county_portal.documents.enums import DraftAction, Layout
from county_portal.documents.models import Draft, Paper
from county_portal.documents.selectors.drafts import list_lapsed, list_waiting, moves_of, turns_of
from county_portal.documents.selectors.issued import later_of
from county_portal.notices.models import Notice
from tests.accounts.people import make_office, make_user
from tests.documents.office import (
    DATA,
    TEXT,
    TITLE,
    begin,
    bring,
    issue,
    know_test_kinds,
    make_register,
    save,
    step,
    worded,
)
from tests.factories.people import make_person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds():
    DATA.clear()
    know_test_kinds()


@pytest.fixture
def register(province):
    return make_register(province.office, "冀试")


@pytest.fixture
def draft(people, register):
    return worded(people.manager, register)


@pytest.fixture
def paper(draft, people):
    return issue(draft, people.manager, people.checker, people.publisher)


# --- every action × state × person -------------------------------------------------------------------

# What a person of the drafting office is answered: "yes", or the code of the refusal.
# Columns: send, check, give_back, issue, discard.
ACTIONS = ("send", "check", "give_back", "issue", "discard")
NO, LATE, SAME, MINE = "not_allowed", "stale_state", "same_person", "drafter_only"
LIFE = {
    # the city's reviewer who drafted it: drafts and checks by role, never the own draft
    ("drafter", "draft"):      ("yes",  LATE,  LATE,  NO,    "yes"),
    ("drafter", "checking"):   (LATE,   SAME,  SAME,  NO,    LATE),
    ("drafter", "signing"):    (LATE,   LATE,  LATE,  NO,    LATE),
    ("drafter", "issued"):     (LATE,   LATE,  LATE,  NO,    LATE),
    ("drafter", "discarded"):  (LATE,   LATE,  LATE,  NO,    LATE),
    # another reviewer of the same city
    ("reviewer", "draft"):     (MINE,   LATE,  LATE,  NO,    "yes"),
    ("reviewer", "checking"):  (LATE,   "yes", "yes", NO,    LATE),
    ("reviewer", "signing"):   (LATE,   LATE,  LATE,  NO,    LATE),
    ("reviewer", "issued"):    (LATE,   LATE,  LATE,  NO,    LATE),
    ("reviewer", "discarded"): (LATE,   LATE,  LATE,  NO,    LATE),
    # the head, who may check and sign
    ("signer", "draft"):       (NO,     LATE,  LATE,  LATE,  NO),
    ("signer", "checking"):    (NO,     "yes", "yes", LATE,  NO),
    ("signer", "signing"):     (NO,     LATE,  "yes", "yes", NO),
    ("signer", "issued"):      (NO,     LATE,  LATE,  LATE,  NO),
    ("signer", "discarded"):   (NO,     LATE,  LATE,  LATE,  NO),
}  # fmt: skip


# The province's posts do not overlap: one drafts, one checks, one signs.
PROVINCE = {
    ("manager", "draft"):       ("yes", NO,    NO,    NO,    "yes"),
    ("manager", "checking"):    (LATE,  NO,    NO,    NO,    LATE),
    ("checker", "draft"):       (NO,    LATE,  LATE,  NO,    NO),
    ("checker", "checking"):    (NO,    "yes", "yes", NO,    NO),
    ("checker", "signing"):     (NO,    LATE,  LATE,  NO,    NO),
    ("publisher", "checking"):  (NO,    NO,    LATE,  LATE,  NO),
    ("publisher", "signing"):   (NO,    NO,    "yes", "yes", NO),
    ("publisher", "issued"):    (NO,    NO,    LATE,  LATE,  NO),
    ("publisher", "discarded"): (NO,    NO,    LATE,  LATE,  NO),
}  # fmt: skip


@pytest.mark.parametrize("who, state", PROVINCE)
def test_life_in_the_province(people, register, who, state):
    for action, expected in zip(ACTIONS, PROVINCE[who, state], strict=True):
        draft = _in_state(state, people.manager, people.checker, people.publisher, register)
        assert _answer(getattr(people, who), draft, action) == expected, action


@pytest.mark.parametrize("who, state", LIFE)
def test_life(people, province, who, state):
    city = province.cities["langfang"]
    drafter, signer = people.reviewer, people.signer
    others = {
        "drafter": drafter,
        "signer": signer,
        "reviewer": make_person("langfang.second", Role.CITY_REVIEWER, city),
    }
    actor = others[who]
    register = make_register(city)
    for action, expected in zip(ACTIONS, LIFE[who, state], strict=True):
        draft = _in_state(state, drafter, others["reviewer"], signer, register)
        offered = {str(row.action) for row in moves_of(actor, draft)}
        assert _answer(actor, draft, action) == expected, action
        assert (action in offered) == (expected == "yes"), action


def _in_state(state, drafter, checker, signer, register):
    draft = worded(drafter, register)
    if state == "issued":
        issue(draft, drafter, checker, signer)
    elif state == "discarded":
        step(drafter, draft, "discard", "不再需要")
    else:
        bring(draft, state, drafter, checker)
    return Draft.objects.get(pk=draft.pk)


def _answer(actor, draft, action):
    try:
        with transaction.atomic():
            step(actor, draft, action, "意见")
    except Refused as refusal:
        return refusal.code
    return "yes"


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", ["draft", "checking", "signing", "issued", "discarded"])
def test_another_office_finds_nothing(people, province, draft, state, action):
    target = _in_state(
        state, people.manager, people.checker, people.publisher, make_register(province.office)
    )
    for stranger in (people.reviewer, people.signer, people.filler, people.lead):
        with pytest.raises(Http404):
            step(stranger, target, action, "意见")


@pytest.mark.parametrize(
    "role", [Role.PROVINCE_EXPERT, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR]
)
def test_others_of_the_same_office_see_no_draft(province, draft, role):
    outsider = make_user(role, office=province.office)

    with pytest.raises(Http404):
        step(outsider, draft, "send")


def test_the_drafter_cannot_sign_even_after_a_change_of_post(people, register):
    draft = bring(worded(people.manager, register), "signing", people.manager, people.checker)
    people.manager.role = Role.PROVINCE_PUBLISHER
    people.manager.save()

    with pytest.raises(Invalid) as refusal:
        step(people.manager, draft, "issue")
    assert refusal.value.code == "same_person"
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(checked_by=people.manager)


@pytest.mark.parametrize(
    "action, state", [("give_back", "checking"), ("give_back", "signing"), ("discard", "draft")]
)
def test_steps_back_need_words(people, register, action, state):
    draft = bring(worded(people.manager, register), state, people.manager, people.checker)
    actor = {"draft": people.manager, "checking": people.checker, "signing": people.publisher}[
        state
    ]

    with pytest.raises(Invalid) as refusal:
        step(actor, draft, action, "  ")
    assert refusal.value.code == "comment_required"


def test_given_back_it_is_checked_again(people, register):
    draft = bring(worded(people.manager, register), "signing", people.manager, people.checker)
    draft = step(people.publisher, draft, "give_back", "日期有误")

    assert (draft.state, draft.checked_by) == ("draft", None)
    assert list_waiting(people.manager) == [draft]
    steps = list(draft.steps.values_list("action", "actor__login", "comment"))
    assert steps[-1] == ("give_back", people.publisher.login, "日期有误")
    assert len(steps) == 3


# --- wording --------------------------------------------------------------------------------------


def test_a_written_kind_begins_with_its_text(people, register):
    draft = begin(people.manager, register)

    assert (draft.state, draft.title, draft.revision) == ("draft", "", 0)
    assert draft.text.startswith("为【")
    assert register.issuer in draft.text
    assert "comment" not in draft.text


def test_words_saved_elsewhere_are_not_overwritten(people, draft):
    seen = draft.revision
    save(people.manager, draft, text="新正文")
    draft.revision = seen

    with pytest.raises(Stale) as refusal:
        save(people.manager, draft, text="旧窗口的正文")
    assert refusal.value.code == "draft_changed"
    assert Draft.objects.get(pk=draft.pk).text == "新正文"


def test_a_step_on_what_somebody_has_not_seen_is_refused(people, draft):
    seen = draft.revision
    save(people.manager, draft, text="改过的正文")

    with pytest.raises(Stale) as refusal:
        step(people.manager, draft, "send", revision=seen)
    assert refusal.value.code == "draft_changed"


@pytest.mark.parametrize("state", ["checking", "signing"])
def test_what_left_its_drafter_is_not_edited(people, register, state):
    draft = bring(worded(people.manager, register), state, people.manager, people.checker)

    with pytest.raises(Stale) as refusal:
        save(people.manager, draft)
    assert refusal.value.code == "draft_not_editable"


def test_a_colleague_does_not_reword(people, province, draft):
    colleague = make_user(Role.PROVINCE_MANAGER, office=province.office)

    with pytest.raises(Invalid) as refusal:
        save(colleague, draft)
    assert refusal.value.code == "drafter_only"
    with pytest.raises(NotAllowed):
        save(people.checker, draft)


@pytest.mark.parametrize(
    "words, code",
    [
        ({"title": ""}, "title_missing"),
        ({"text": ""}, "text_missing"),
        ({"text": "请于【】前报送。"}, "placeholder_left"),
        ({"text": "见下表。\n【表：没有】"}, "table_unknown"),
        ({"attachments": [("名单", "【请填写】")]}, "placeholder_left"),
    ],
)
def test_half_a_draft_stays_with_its_drafter(people, register, words, code):
    draft = worded(people.manager, register, **words)

    with pytest.raises(Invalid) as refusal:
        step(people.manager, draft, "send")
    assert refusal.value.code == code


# --- issuing ------------------------------------------------------------------------------------


def test_issued(people, province, register):
    recipients = [province.cities["langfang"], province.bureaus["bazhou"]]
    draft = worded(
        people.manager,
        register,
        recipients=recipients,
        attachments=[("任务分工表", "一、省级\n二、市级")],
        copied_to="省财政厅，省统计局",
        remark="此件公开发布",
    )
    with clock.playing(datetime(2026, 3, 31, 16, 30, tzinfo=UTC)):  # 1 April in Beijing
        paper = issue(draft, people.manager, people.checker, people.publisher)

    document = read_content(paper.content)
    assert paper.number == document.letterhead.number == "冀试〔2026〕1号"
    assert document.title == paper.title == TITLE
    assert (document.signature.office, str(document.signature.signed_on)) == (
        province.office.name,
        "2026-04-01",
    )
    assert document.imprint.copied_to == ("省财政厅", "省统计局")
    assert document.remark == "此件公开发布"
    assert [each.title for each in document.attachments] == ["任务分工表"]
    draft = Draft.objects.get(pk=draft.pk)
    assert (draft.state, draft.checked_by, draft.signed_by, draft.paper) == (
        "issued",
        people.checker,
        people.publisher,
        paper,
    )
    assert {row.office for row in paper.deliveries.all()} == set(recipients)
    acts = list(Event.objects.order_by("serial").values_list("act", flat=True))
    for act in (
        "start_draft",
        "save_draft",
        "send_draft",
        "check_draft",
        "issue_paper",
        "issue_draft",
    ):
        assert act in acts, act


def test_reports_upward_name_who_signs(people, province):
    register = make_register(province.office, "冀试报", Layout.UPWARD)
    draft = save(people.manager, begin(people.manager, register, "report"))
    paper = issue(draft, people.manager, people.checker, people.publisher)

    assert read_content(paper.content).letterhead.signers == (people.publisher.display_name,)


def test_a_register_switched_off_gives_no_number(people, register):
    draft = bring(worded(people.manager, register), "signing", people.manager, people.checker)
    register.is_active = False
    register.save()

    with pytest.raises(Invalid) as refusal:
        step(people.publisher, draft, "issue")
    assert refusal.value.code == "register_inactive"
    assert Paper.objects.count() == 0


@pytest.mark.parametrize(
    "kind, layout, is_active, code",
    [
        ("letter", Layout.GENERAL, True, "register_layout"),
        ("notice", Layout.GENERAL, False, "register_inactive"),
        ("no-such-kind", Layout.GENERAL, True, "kind_unknown"),
    ],
)
def test_registers_that_do_not_serve(people, province, kind, layout, is_active, code):
    register = make_register(province.office, layout=layout, is_active=is_active)

    with pytest.raises(Invalid) as refusal:
        begin(people.manager, register, kind)
    assert refusal.value.code == code


def test_a_register_of_another_office_is_not_found(people, province):
    with pytest.raises(Http404):
        begin(people.manager, make_register(province.cities["langfang"]))


@pytest.mark.parametrize("day", ["2025-12-31", "2026-04-02", "2027-01-01"])
def test_dates_that_would_upset_the_numbers(people, register, day):
    with clock.playing(datetime(2026, 4, 1, 4, tzinfo=UTC)):
        draft = worded(people.manager, register, dated_on=datetime.fromisoformat(day).date())
        bring(draft, "signing", people.manager, people.checker)
        with pytest.raises(Invalid) as refusal:
            step(people.publisher, draft, "issue")
    assert refusal.value.code == "date_not_allowed"


# --- who is told -----------------------------------------------------------------------------------


def told(kind):
    return {
        (notice.recipient.login, notice.title)
        for notice in Notice.objects.filter(kind=kind).select_related("recipient")
    }


def test_whose_turn_and_who_is_told(people, province, register):
    recipients = [province.bureaus["bazhou"]]
    draft = worded(people.manager, register, recipients=recipients)
    turns = turns_of(people.manager)
    assert turns.people(draft) == [people.manager]

    draft = step(people.manager, draft, "send")
    assert told("send_draft") == {(people.checker.login, f"通知文稿“{TITLE}”请核稿")}
    assert turns.people(draft) == [people.checker]
    assert list_waiting(people.checker) == [draft]
    assert list_waiting(people.publisher) == []

    draft = step(people.checker, draft, "check")
    assert {login for login, _ in told("check_draft")} == {
        people.publisher.login,
        people.manager.login,
    }
    assert list_waiting(people.publisher) == [draft]

    draft = step(people.publisher, draft, "issue")
    assert {login for login, _ in told("issue_draft")} == {
        people.manager.login,
        people.checker.login,
    }
    assert {login for login, _ in told("deliver_paper")} == {
        people.filler.login,
        people.lead.login,
    }


def test_telling_many_asks_as_much_as_telling_few(people, province, register):
    def queries(recipients):
        draft = worded(people.manager, register, recipients=recipients)
        bring(draft, "signing", people.manager, people.checker)
        with CaptureQueriesContext(connection) as asked:
            step(people.publisher, draft, "issue")
        return len(asked)

    offices = [make_office("county") for _ in range(5)]
    assert queries(offices) == queries(offices[:1])


# --- documents that rest on data -------------------------------------------------------------------


@pytest.fixture
def letters(province):
    return make_register(province.office, "冀试函", Layout.LETTER)


@pytest.fixture
def letter(people, letters):
    DATA["甲"] = "a" * 64
    return begin(people.manager, letters, "test_letter", "甲")


def test_a_composed_draft_is_bound(people, letter):
    paper = issue(letter, people.manager, people.checker, people.publisher)

    assert [(row.kind, row.key, row.sha256) for row in paper.bindings.all()] == [
        ("test_data", "甲", "a" * 64)
    ]
    assert read_content(paper.content).blocks[1].rows == (("霸州市",), ("aaaaaaaa",))


def test_one_draft_a_subject(people, letters, letter):
    with pytest.raises(Stale) as refusal:
        begin(people.manager, letters, "test_letter", "甲")
    assert refusal.value.code == "draft_under_way"


@pytest.mark.parametrize("state", ["draft", "checking", "signing"])
def test_changed_data_stop_every_step_forward(people, letter, state):
    bring(letter, state, people.manager, people.checker)
    DATA["甲"] = "b" * 64
    action, actor = {
        "draft": ("send", people.manager),
        "checking": ("check", people.checker),
        "signing": ("issue", people.publisher),
    }[state]

    with pytest.raises(Stale) as refusal:
        step(actor, letter, action)
    assert refusal.value.code == "bound_data_changed"
    assert "数据甲" in refusal.value.sentence
    assert Paper.objects.count() == 0


def test_composed_again_it_rests_on_what_is_now(people, letter):
    DATA["甲"] = "b" * 64
    draft = recompose_draft(
        actor=people.manager, draft_id=letter.public_id, revision=letter.revision
    )

    assert draft.bound[0]["sha256"] == "b" * 64
    assert draft.tables["数据"]["rows"] == [["霸州市"], ["bbbbbbbb"]]
    issue(draft, people.manager, people.checker, people.publisher)


def test_a_freely_worded_draft_is_not_composed_again(people, draft):
    with pytest.raises(Stale) as refusal:
        recompose_draft(actor=people.manager, draft_id=draft.public_id, revision=draft.revision)
    assert refusal.value.code == "draft_not_editable"


def test_a_lapsed_document_is_drafted_anew(people, letter):
    paper = issue(letter, people.manager, people.checker, people.publisher)
    with pytest.raises(Stale):
        start_anew(actor=people.manager, paper_id=paper.public_id)
    DATA["甲"] = "b" * 64
    with transaction.atomic():
        lapse_papers(actor=people.manager, kind="test_data", keys=["甲"], reason="数据变更")
    paper = Paper.objects.get(pk=paper.pk)
    assert list_lapsed(people.manager) == [paper]
    assert {login for login, _ in told("settle_paper")} == {
        people.checker.login,
        people.publisher.login,
    }

    draft = start_anew(actor=people.manager, paper_id=paper.public_id)

    assert (draft.kind, draft.subject, draft.replaces) == ("test_letter", "甲", None)
    assert draft.bound[0]["sha256"] == "b" * 64
    assert list_lapsed(people.manager) == []
    step(people.manager, draft, "discard", "暂不办理")
    assert list_lapsed(people.manager) == [paper]


def test_what_no_longer_holds_names_what_was_issued_since(people, letter):
    first = issue(letter, people.manager, people.checker, people.publisher)
    assert later_of(first) is None
    DATA["甲"] = "b" * 64
    with transaction.atomic():
        lapse_papers(actor=people.manager, kind="test_data", keys=["甲"], reason="数据变更")
    first = Paper.objects.get(pk=first.pk)
    assert later_of(first) is None
    client = signed_in(people.manager)
    address = reverse("documents:paper", args=[first.public_id])
    assert client.get(address).context["acts"] == [("重新办理", "documents:paper_anew")]

    draft = start_anew(actor=people.manager, paper_id=first.public_id)
    second = issue(draft, people.manager, people.checker, people.publisher)

    assert later_of(first) == second
    page = client.get(address)
    assert page.context["acts"] == []
    assert reverse("documents:paper", args=[second.public_id]) in page.content.decode()


# --- corrections and voiding -----------------------------------------------------------------------


def test_a_correction_takes_the_place_of_what_it_corrects(people, paper):
    draft = start_correction(actor=people.manager, paper_id=paper.public_id, reason="金额有误")
    assert (draft.title, draft.text, draft.replaces) == (TITLE, TEXT, paper)
    with pytest.raises(Stale) as refusal:
        start_correction(actor=people.manager, paper_id=paper.public_id, reason="又一处")
    assert refusal.value.code == "correction_under_way"

    successor = issue(draft, people.manager, people.checker, people.publisher)

    paper = Paper.objects.get(pk=paper.pk)
    assert (paper.status, paper.status_reason, paper.replaced_by) == (
        "replaced",
        "金额有误",
        successor,
    )
    assert (paper.serial, successor.serial) == (1, 2)


def test_what_was_voided_meanwhile_is_not_corrected(people, paper):
    draft = start_correction(actor=people.manager, paper_id=paper.public_id, reason="金额有误")
    void_paper(actor=people.publisher, paper_id=paper.public_id, reason="不再执行")
    bring(draft, "signing", people.manager, people.checker)

    with pytest.raises(Stale) as refusal, transaction.atomic():
        step(people.publisher, draft, "issue")
    assert refusal.value.code == "paper_not_valid"
    assert Paper.objects.count() == 1


def test_correction_needs_words(people, paper):
    with pytest.raises(Invalid) as refusal:
        start_correction(actor=people.manager, paper_id=paper.public_id, reason=" ")
    assert refusal.value.code == "reason_required"
    with pytest.raises(NotAllowed):
        start_correction(actor=people.checker, paper_id=paper.public_id, reason="有误")


def test_a_void_number_is_not_given_again(people, register, paper):
    void_paper(actor=people.publisher, paper_id=paper.public_id, reason="不再执行")
    second = issue(
        worded(people.manager, register), people.manager, people.checker, people.publisher
    )

    assert (paper.number, second.number[-2:]) == (paper.number, "2号")


# --- receipt -----------------------------------------------------------------------------------------


def test_the_first_reader_signs_for_it(people, province, register):
    draft = worded(people.manager, register, recipients=[province.bureaus["bazhou"]])
    paper = issue(draft, people.manager, people.checker, people.publisher)

    first = open_delivery(actor=people.filler, paper_id=paper.public_id)
    again = open_delivery(actor=people.lead, paper_id=paper.public_id)

    assert (first.opened_by, again.opened_by) == (people.filler, people.filler)
    assert Event.objects.filter(act="open_delivery").count() == 1
    with pytest.raises(Http404):
        open_delivery(actor=people.changan_lead, paper_id=paper.public_id)


def test_nobody_starts_without_the_permission(people, register):
    with pytest.raises(NotAllowed):
        start_draft(actor=people.checker, kind="notice", register=register.public_id)


def test_actions_are_the_workflow_s():
    assert {str(action) for action in DraftAction} == set(ACTIONS)
