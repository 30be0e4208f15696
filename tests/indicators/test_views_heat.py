"""Pages of the heat view, versions, returns and comments as a browser gets them."""

import pytest
from django.urls import reverse

from indicators.enums import SubmissionAction as Act
from indicators.models import CellComment
from tests.factories.people import signed_in
from tests.factories.sheets import fresh, give_back, hand_in_again, move, submit
from tests.indicators.browsing import code, text, url


@pytest.fixture
def page(submission):
    return reverse("indicators:heat", args=[submission.collection.public_id])


def test_the_grid_has_a_cell_for_every_line(submission, people, page):
    submit(people.lead, submission)

    response = signed_in(people.reviewer).get(page)

    html = response.content.decode()
    assert html.count('role="gridcell"') == 17
    assert 'role="grid"' in html
    assert "提示已说明" in text(response)


def test_a_cell_opens_beside_and_alone_for_htmx(submission, people, page):
    submit(people.lead, submission)
    browser = signed_in(people.reviewer)

    whole = browser.get(page, {"cell": "131081-04"})
    part = browser.get(page, {"cell": "131081-04"}, headers={"HX-Request": "true"})

    assert "到审核页办理" in text(whole)
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert "高新技术企业数量" in text(part)


@pytest.mark.parametrize("cell", ["130102-04", "131081-99", "x", "131081"])
def test_a_cell_elsewhere_does_not_exist(people, page, cell):
    assert signed_in(people.reviewer).get(page, {"cell": cell}).status_code == 404


@pytest.mark.parametrize(
    "who, status", [("filler", 403), ("signer", 403), ("auditor", 403), ("manager", 200)]
)
def test_reviewers_and_the_province_see_it(people, page, who, status):
    assert signed_in(getattr(people, who)).get(page).status_code == status


def test_the_plain_table_lists_what_deserves_a_look(submission, people, page):
    submit(people.lead, submission)

    words = text(signed_in(people.reviewer).get(page, {"view": "list"}))

    assert "霸州市" in words
    assert "提示已说明" in words


def test_nonsense_in_the_address_narrows_nothing(people, page):
    query = {"measure": "x", "state": "y", "sort": "z", "office": "q"}
    assert signed_in(people.manager).get(page, query).status_code == 200


def test_the_county_works_its_checklist_off(submission, people):
    give_back(people.lead, people.reviewer, submission, "请核对。", ["04"])
    browser = signed_in(people.filler)
    shown = text(browser.get(url("submission", submission)))
    assert "退回清单" in shown
    assert "与统计年报等来源不一致" in shown
    assert "共用同一数据" in shown

    item = submission.return_packets.get().items.get()
    answered = browser.post(url("return_answer", item), {"answer": "数值无误。"})
    blank = browser.post(url("return_answer", item), {"answer": " "})

    assert answered.status_code == 302
    assert (blank.status_code, code(blank)) == (422, "words_required")
    item.refresh_from_db()
    assert item.answer == "数值无误。"


def test_the_city_first_sees_only_what_was_asked_or_changed(submission, people):
    give_back(people.lead, people.reviewer, submission, "请核对。", ["04"])
    hand_in_again(people.lead, submission, "数值无误。")
    browser = signed_in(people.reviewer)

    only = browser.get(url("review", submission))
    everything = browser.get(url("review", submission), {"all": "1"})

    assert "县级答复：数值无误。" in text(only)
    assert 'id="line-04"' in only.content.decode()
    assert 'id="line-17"' not in only.content.decode()
    assert 'id="line-17"' in everything.content.decode()


def test_a_return_from_the_page_names_reason_and_day(submission, people):
    submit(people.lead, submission)
    move(people.reviewer, submission, Act.ACCEPT)
    data = {
        "revision": fresh(submission).revision,
        "comment": "请核对。",
        "flagged": ["04", "approval"],
        "reason-04": "unit",
        "words-04": "多一位数",
        "reason-approval": "approval",
    }
    browser = signed_in(people.reviewer)

    lacking = browser.post(url("return", submission), data | {"reason-04": ""})
    done = browser.post(url("return", submission), data)

    assert lacking.status_code == 422
    assert "选择退回原因" in text(lacking)
    assert 'value="多一位数"' in lacking.content.decode()
    assert done.status_code == 302
    asked = submission.return_packets.get().items.values_list("indicator_code", "reason", "words")
    assert list(asked) == [("", "approval", ""), ("04", "unit", "多一位数")]


def test_remarks_are_written_and_settled_on_the_page(submission, people):
    browser = signed_in(people.reviewer)
    written = browser.post(
        url("comment", submission, "04"), {"text": "请核对单位。", "then": "review"}
    )
    assert written["Location"].endswith("review/?all=1#line-04")
    assert "请核对单位。" in text(signed_in(people.filler).get(url("submission", submission)))

    comment = CellComment.objects.get()
    signed_in(people.filler).post(url("comment_settle", comment))
    comment.refresh_from_db()
    assert comment.resolved_by == people.filler


def test_versions_side_by_side(submission, people):
    give_back(people.lead, people.reviewer, submission)
    browser = signed_in(people.filler)

    listed = text(browser.get(url("versions", submission), {"show": "1"}))
    same = text(browser.get(url("compare", submission), {"a": "1", "b": "now", "only": "1"}))

    assert "复算一致" in listed
    assert "当时的样子" in listed
    assert "完全相同" in same
    foreign = signed_in(people.changan_lead).get(url("versions", submission))
    assert foreign.status_code == 404


def test_reasons_of_the_year(submission, people):
    give_back(people.lead, people.reviewer, submission)

    words = text(signed_in(people.manager).get(reverse("indicators:return_reasons")))

    assert "退回1次，涉及1个县（市、区）、1项指标" in words
