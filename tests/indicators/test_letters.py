"""The city's letter: composed from what it approved, bound to it, lapsed in the transaction of a change."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.documents.content import read_content
from county_portal.documents.models import Paper
from county_portal.documents.tables import UPRIGHT_CHARACTERS
from county_portal.notices.models import Notice
from indicators.actions.evidence import remove_evidence
from indicators.enums import SubmissionAction as Act
from indicators.rules import CellInput
from indicators.selectors.letters import compose_letter, list_letters
from tests.common.committed import await_waiting, held_open, in_thread
from tests.factories.people import signed_in
from tests.factories.sheets import (
    ANSWERS,
    add_item,
    approve,
    fill,
    fresh,
    hand_in_again,
    have_approved,
    move,
    submission_of,
    submit,
)
from tests.indicators.letters import draft_letter, issue_letter, sign, to_sign

WHOLE = tuple(ANSWERS)


@pytest.fixture
def approved(people, submission):
    """霸州's sheet with one named item, past the city's review."""
    add_item(people.lead, submission, "霸州科技企业孵化器")
    approve(people.lead, people.reviewer, submission)
    return fresh(submission)


@pytest.fixture
def letter(people, approved):
    """廊坊's letter on it."""
    return issue_letter(people.reviewer, people.signer, approved.collection)


def send_back(people, submission):
    return move(people.manager, submission, Act.SEND_BACK, "请核对。", WHOLE)


def standing(paper):
    paper.refresh_from_db()
    return paper.status, paper.status_reason


# What it says


def test_letter_says_what_was_approved(people, approved):
    year = approved.collection.data_year

    made = compose_letter(people.reviewer, str(approved.collection.public_id))

    assert made.title == f"关于报送廊坊市{year}年度县域科技创新指标数据的函"
    assert made.addressees == "河北省科学技术厅"
    assert "我局组织所辖县（市、区）填报" in made.text
    assert "审核通过的1个县（市、区）数据报送贵厅" in made.text
    (table,) = made.tables.values()
    ((place, county, _, _, digest),) = table["rows"]
    assert (place, county) == ("1", "霸州市")
    assert sum(column["width"] for column in table["columns"]) <= UPRIGHT_CHARACTERS
    assert digest == approved.content_digest[:16]
    (source,) = made.sources
    assert (source.kind, source.key, source.sha256) == (
        "submission",
        str(approved.public_id),
        approved.content_digest,
    )


def test_letter_names_what_is_still_pending(people, collection):
    approve(people.changan_lead, people.shijiazhuang_reviewer, submission_of(collection, "130102"))

    made = compose_letter(people.shijiazhuang_reviewer, str(collection.public_id))

    assert "井陉县（1个）尚未审核通过，待审核后另行报送。" in made.text
    assert len(made.sources) == 1


def test_office_of_one_county_reports_it_by_name(people, collection):
    approve(people.xinji_lead, people.xinji_reviewer, submission_of(collection, "130181"))

    made = compose_letter(people.xinji_reviewer, str(collection.public_id))

    assert made.title.startswith("关于报送辛集市")
    assert "组织填报并逐项审核了" in made.text
    assert "审核通过的辛集市数据" in made.text


def test_nothing_approved_is_nothing_to_report(people, submission):
    submit(people.lead, submission)

    with pytest.raises(Invalid, match="nothing_approved"):
        draft_letter(people.reviewer, submission.collection)


def test_county_and_province_compose_no_letter(people, approved):
    for actor in (people.lead, people.manager):
        with pytest.raises(NotAllowed):
            compose_letter(actor, str(approved.collection.public_id))


def test_issued_letter_has_its_number_and_its_list_attached(letter, approved):
    said = read_content(letter.content)

    assert letter.number.startswith("廊科函〔")
    assert said.layout == "letter"
    (attached,) = said.attachments
    assert attached.blocks[0].rows[0][1] == "霸州市"
    assert list(letter.bindings.values_list("key", "sha256")) == [
        (str(approved.public_id), approved.content_digest)
    ]
    assert [row.office.name for row in letter.deliveries.all()] == ["河北省科学技术厅"]


# What makes it lapse


def change_cell(people, submission):
    fill(people.lead, submission, {"04": CellInput("51")})


def add_evidence(people, submission):
    add_item(people.lead, submission, "又一家孵化器")


def remove_item(people, submission):
    item = submission.evidence.get()
    remove_evidence(actor=people.filler, evidence_id=item.public_id)


def approve_anew(people, submission):
    have_approved(people.lead, submission, "霸政字〔2026〕99号")


@pytest.mark.parametrize("change", [change_cell, add_evidence, remove_item, approve_anew])
def test_changed_content_lapses_the_letter(people, letter, approved, change):
    send_back(people, approved)
    assert standing(letter) == ("valid", "")

    change(people, approved)

    status, reason = standing(letter)
    assert status == "lapsed"
    assert reason.startswith("廊坊市霸州市填报内容于")


def test_change_undone_leaves_the_letter_valid(people, letter, approved):
    """The standing changes in the transaction of the change, not beside it."""
    send_back(people, approved)

    with transaction.atomic():
        change_cell(people, approved)
        assert standing(letter)[0] == "lapsed"
        transaction.set_rollback(True)

    assert standing(letter) == ("valid", "")


def test_sheet_handed_in_again_unchanged_keeps_the_letter(people, letter, approved):
    send_back(people, approved)
    digest = approved.content_digest

    submitted = hand_in_again_as_it_is(people, approved)

    assert submitted.content_digest == digest
    assert standing(letter) == ("valid", "")


def hand_in_again_as_it_is(people, submission):
    """The county answers that the figures are right, and submits without a new approval."""
    from indicators.actions.returns import answer_item
    from indicators.actions.reviewing import Move, move_submission
    from indicators.selectors.returns import read_checklist

    for line in read_checklist(submission).unsettled:
        answer_item(actor=people.filler, item_id=line.item.public_id, answer="已核对无误。")
    return move_submission(
        actor=people.lead,
        submission_id=submission.public_id,
        move=Move(Act.SUBMIT),
    )


def test_other_counties_letters_stay(people, letter, collection):
    other = submission_of(collection, "130102")
    approve(people.changan_lead, people.shijiazhuang_reviewer, other)
    send_back(people, other)

    fill(people.changan_lead, other, {"04": CellInput("51")})

    assert standing(letter) == ("valid", "")


def test_drafter_and_signer_are_told(people, letter, approved):
    send_back(people, approved)

    change_cell(people, approved)

    told = Notice.objects.filter(title__contains="已失效").values_list(
        "recipient__login", flat=True
    )
    assert {people.reviewer.login, people.signer.login} <= set(told)


# What cannot be issued


def test_draft_on_a_sheet_sent_back_is_not_issued(people, approved):
    draft = to_sign(people.reviewer, people.signer, approved.collection)
    send_back(people, approved)

    with pytest.raises(Stale, match="bound_data_changed"):
        sign(people.signer, draft)

    assert Paper.objects.count() == 0


def test_draft_on_an_older_version_of_a_sheet_is_not_issued(people, approved):
    draft = to_sign(people.reviewer, people.signer, approved.collection)
    send_back(people, approved)
    change_cell(people, approved)
    hand_in_again(people.lead, approved)
    move(people.reviewer, approved, Act.APPROVE)

    with pytest.raises(Stale, match="bound_data_changed"):
        sign(people.signer, draft)


def test_new_letter_after_a_lapse_is_bound_to_the_new_content(people, letter, approved):
    send_back(people, approved)
    change_cell(people, approved)
    hand_in_again(people.lead, approved)
    move(people.reviewer, approved, Act.APPROVE)

    again = issue_letter(people.reviewer, people.signer, approved.collection)

    assert again.bindings.get().sha256 == fresh(approved).content_digest != approved.content_digest
    assert (again.serial, again.status, standing(letter)[0]) == (2, "valid", "lapsed")


# What it costs


def queries_about_papers(captured):
    return [each["sql"] for each in captured if "documents_" in each["sql"]]


def test_autosave_of_a_first_draft_asks_nothing_of_documents(people, submission):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        fill(people.lead, submission, {"04": CellInput("51")})

    assert queries_about_papers(captured) == []


def test_autosave_of_a_returned_sheet_asks_once(people, approved):
    send_back(people, approved)

    with CaptureQueriesContext(connection) as captured:
        change_cell(people, approved)

    assert len(queries_about_papers(captured)) == 1


# At the same time, on two connections


def test_issuing_while_a_change_is_under_way_is_refused(committed_db, people, approved):
    draft = to_sign(people.reviewer, people.signer, approved.collection)

    def change():
        send_back(people, approved)
        change_cell(people, approved)

    with held_open(change):
        issuing = in_thread(lambda: sign(people.signer, draft))
        await_waiting()
    refused = issuing()

    assert isinstance(refused, Stale)
    assert refused.code == "bound_data_changed"
    assert Paper.objects.count() == 0


def test_change_while_a_letter_is_being_issued_lapses_it(committed_db, people, approved):
    draft = to_sign(people.reviewer, people.signer, approved.collection)

    def change():
        send_back(people, approved)
        change_cell(people, approved)

    with held_open(lambda: sign(people.signer, draft)):
        changing = in_thread(change)
        await_waiting()
    changing()

    assert Paper.objects.get().status == "lapsed"


# Where it begins


def test_city_sees_its_letters_with_their_standing(people, letter, approved):
    (line,) = list_letters(people.reviewer)
    assert (line.approved, line.total, line.latest.paper, line.is_wanted) == (1, 1, letter, False)

    send_back(people, approved)
    change_cell(people, approved)
    hand_in_again(people.lead, approved)
    move(people.reviewer, approved, Act.APPROVE)

    (line,) = list_letters(people.reviewer)
    assert line.is_wanted
    assert list_letters(people.lead) == list_letters(people.manager) == []
    page = signed_in(people.reviewer).get("/indicators/submissions/").content.decode()
    assert f"{letter.number}</a>（已失效）" in page
    assert f"?subject={approved.collection.public_id}" in page
