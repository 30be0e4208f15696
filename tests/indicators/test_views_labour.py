"""The division of labour in the county's browser."""

from datetime import timedelta

import pytest

from county_portal.common import clock
from indicators.models import Assignment
from tests.factories.people import signed_in
from tests.factories.sheets import explain_warnings, fill_whole, move
from tests.indicators.browsing import code, text, url


@pytest.fixture
def filler(people):
    return signed_in(people.filler)


@pytest.fixture
def finance(province):
    return province.providers["finance"]


def day(days=5):
    return (clock.today() + timedelta(days=days)).isoformat()


def given(submission):
    rows = submission.assignments.select_related("indicator", "office")
    return {row.indicator.code: row.office.short_name for row in rows}


@pytest.mark.parametrize(
    "who, status",
    [("filler", 200), ("lead", 403), ("provider", 403), ("reviewer", 403), ("auditor", 403)],
)
def test_who_may_divide(submission, people, who, status):
    assert signed_in(getattr(people, who)).get(url("division", submission)).status_code == status


def test_lines_are_given_out_changed_and_taken_back(submission, filler, finance):
    office = str(finance.public_id)
    page = filler.get(url("division", submission))
    assert "还没有分工" in text(page)

    data = {"o-01": office, "u-01": day(), "b-01": "", "o-02": "", "u-02": "", "b-02": ""}
    saved = filler.post(url("division", submission), data, follow=True)

    assert "分工已保存：分出或调整1项" in text(saved)
    assert given(submission) == {"01": finance.short_name}
    assert "待签字" in text(saved)

    back = {"o-01": "", "u-01": day(), "b-01": f"{office}|{day()}"}
    assert "收回1项" in text(filler.post(url("division", submission), back, follow=True))
    assert given(submission) == {}


def test_an_old_page_does_not_undo_what_a_colleague_did(submission, people, filler, finance, clerk):
    """Only lines touched since the page was opened are written."""
    stale = {"o-01": "", "u-01": "", "b-01": "", "o-02": str(finance.public_id), "u-02": day()}
    signed_in(clerk).post(
        url("division", submission), {"o-01": str(finance.public_id), "u-01": day(), "b-01": ""}
    )

    filler.post(url("division", submission), stale | {"b-02": ""})

    assert set(given(submission)) == {"01", "02"}


@pytest.mark.parametrize(
    "due, sentence",
    [
        ("", "请填写部门截止日期"),
        ("x", "日期无效"),
        (day(30), "晚于本县截止日期"),
        (day(-1), "早于今天"),
    ],
)
def test_a_wrong_day_is_told_beside_its_line_and_kept(submission, filler, finance, due, sentence):
    data = {"o-01": str(finance.public_id), "u-01": due, "b-01": ""}

    response = filler.post(url("division", submission), data)

    assert response.status_code == 422
    assert sentence in text(response)
    assert 'id="e-01"' in response.content.decode()
    assert given(submission) == {}


def test_a_foreign_office_is_refused(submission, filler, province):
    other = province.bureaus["changan"].public_id

    response = filler.post(
        url("division", submission), {"o-01": str(other), "u-01": day(), "b-01": ""}
    )

    assert response.status_code == 422
    assert given(submission) == {}


def test_the_default_division(submission, filler):
    response = filler.post(url("division_default", submission), {"due_on": day()}, follow=True)

    assert "分出或调整" in text(response)
    assert given(submission)["02"] == "廊坊市霸州市财政局"
    assert filler.post(url("division_default", submission), {"due_on": "x"}).status_code == 422


def test_urging(submission, people, filler, finance):
    data = {"o-01": str(finance.public_id), "u-01": day(1), "b-01": ""}
    filler.post(url("division", submission), data)

    with clock.playing(clock.now() + timedelta(days=3)):
        page = text(filler.get(url("division", submission)))
        told = filler.post(url("division_urge", submission), follow=True)
        twice = filler.post(url("division_urge", submission))
    nobody = filler.post(url("division_urge", submission), {"office": "x"})

    assert "逾期未签" in page
    assert "催办全部逾期部门" in page
    assert f"已催办：{finance.short_name}" in text(told)
    assert "今日已催办" in text(told)
    assert (twice.status_code, code(twice)) == (409, "urged_today")
    assert nobody.status_code == 422


def test_after_submission_the_division_is_only_read(submission, people, filler, finance):
    fill_whole(people.filler, submission)
    explain_warnings(people.filler, submission)
    move(people.lead, submission, "submit")

    page = filler.get(url("division", submission))
    posted = filler.post(
        url("division", submission),
        {"o-01": str(finance.public_id), "u-01": day(), "b-01": ""},
    )

    assert (page.status_code, posted.status_code) == (200, 409)
    assert "保存分工" not in text(page)
    assert not Assignment.objects.exists()
