"""A department in the browser: its own lines, whatever the address says."""

from datetime import timedelta

import pytest
from django.urls import reverse

from county_portal.common import clock
from indicators.actions.labour import AssignmentInput, divide
from indicators.models import Assignment
from tests.factories.people import signed_in
from tests.factories.sheets import ANSWERS, explain_warnings, fill, fill_whole, move
from tests.indicators.browsing import code, text, url, value


@pytest.fixture
def finance(people):
    return signed_in(people.provider)


@pytest.fixture
def statistics(people):
    return signed_in(people.statistician)


@pytest.fixture
def divided(submission, people, province):
    due = clock.today() + timedelta(days=5)
    offices = {"01": "finance", "02": "finance", "03": "statistics"}
    wanted = [AssignmentInput(code, province.providers[key], due) for code, key in offices.items()]
    divide(actor=people.filler, submission_id=submission.public_id, wanted=wanted)
    return submission


def stored(submission):
    return {row.indicator.code: row.text for row in submission.values.select_related("indicator")}


def posted(page, **changed):
    """What the page would post of line 01, changed."""
    data = {f"{part}-01": value(page, f"{part}-01") for part in "vb"}
    return (
        data | {"m-01": "actual", "t-01": ""} | {k.replace("_", "-"): v for k, v in changed.items()}
    )


def test_nothing_is_there_before_anything_is_given(submission, finance):
    assert "还没有分给本单位的指标" in text(finance.get(reverse("indicators:provided_sheets")))
    assert finance.get(url("provide", submission)).status_code == 404


def test_a_department_finds_its_lines_from_its_inbox(divided, finance):
    inbox = text(finance.get("/inbox/"))
    listed = text(finance.get(reverse("indicators:provided_sheets")))
    page = text(finance.get(url("provide", divided)))

    assert "待填报签字" in inbox
    assert "还有2项未签字" in inbox
    assert "分给本单位" in listed
    assert "地方财政科技支出" in page
    assert "规上工业企业R&D经费" not in page


@pytest.mark.parametrize(
    "name, rest",
    [
        ("submission", []),
        ("fill", []),
        ("submit", []),
        ("review", []),
        ("division", []),
        ("evidence", ["10"]),
        ("evidence", ["01"]),
    ],
)
def test_no_other_door_opens(divided, finance, name, rest):
    assert finance.get(url(name, divided, *rest)).status_code == 403


def test_other_people_do_not_use_the_departments_door(divided, people):
    for who in (people.filler, people.lead, people.reviewer, people.manager):
        assert signed_in(who).get(url("provide", divided)).status_code == 403


def test_a_line_is_filled_and_signed(divided, finance, people):
    page = finance.get(url("provide", divided))
    saved = finance.post(url("provide", divided), posted(page, v_01="7,351.20"), follow=True)

    assert "已保存1项" in text(saved)
    assert stored(divided) == {"01": "7,351.20"}

    seen = value(saved, "seen-01")
    signed = finance.post(
        url("provide_sign", divided), {"codes": ["01"], "seen-01": seen}, follow=True
    )
    twice = finance.post(
        url("provide_sign", divided), {"codes": ["01"], "seen-01": seen}, follow=True
    )

    assert "已签字确认1项" in text(signed)
    assert "孙财政" in text(signed)
    assert "无需重复签字" in text(twice)
    assert Assignment.objects.get(indicator__code="01").signed_by == people.provider


def test_fields_of_another_departments_line_are_not_even_read(divided, finance):
    data = {"v-03": "9", "m-03": "actual", "t-03": "", "b-03": "x", "v-04": "9", "m-04": "actual"}

    response = finance.post(url("provide", divided), data)

    assert response.status_code == 302
    assert stored(divided) == {}


def test_another_departments_line_is_not_signed(divided, finance, people):
    fill_whole(people.filler, divided)
    explain_warnings(people.filler, divided)

    response = finance.post(url("provide_sign", divided), {"codes": ["03"], "seen-03": "x"})

    assert (response.status_code, code(response)) == (422, "nothing_to_sign")


def test_wrong_typing_is_kept_and_named(divided, finance):
    page = finance.get(url("provide", divided))

    response = finance.post(url("provide", divided), posted(page, v_01="很多"))

    assert response.status_code == 422
    assert value(response, "v-01") == "很多"
    assert 'aria-invalid="true"' in response.content.decode()
    assert "indicator-error" in response.content.decode()
    assert stored(divided) == {}


def test_somebody_elses_writing_is_shown_and_not_overwritten(divided, finance, people):
    page = finance.get(url("provide", divided))
    fill(people.filler, divided, {"01": ANSWERS["01"]})

    response = finance.post(url("provide", divided), posted(page, v_01="8000"))

    assert (response.status_code, code(response)) == (409, "edited_meanwhile")
    assert "他人已保存" in text(response)
    assert value(response, "v-01") == "8000"
    assert stored(divided)["01"] == "7,351.20"

    finance.post(url("provide", divided), posted(response, v_01="8000"))
    assert stored(divided)["01"] == "8000"


def test_a_figure_changed_since_it_was_seen_is_not_signed(divided, finance, people):
    fill_whole(people.filler, divided)
    explain_warnings(people.filler, divided)
    page = finance.get(url("provide", divided))
    fill(people.filler, divided, {"01": ANSWERS["04"]})

    response = finance.post(
        url("provide_sign", divided), {"codes": ["01"], "seen-01": value(page, "seen-01")}
    )

    assert (response.status_code, code(response)) == (409, "figure_changed")
    assert not Assignment.objects.filter(signed_at__isnull=False).exists()


def test_after_submission_the_lines_are_read_only(divided, people, finance, statistics):
    fill_whole(people.filler, divided)
    explain_warnings(people.filler, divided)
    for client, codes in ((finance, ["01", "02"]), (statistics, ["03"])):
        page = client.get(url("provide", divided))
        seen = {f"seen-{code}": value(page, f"seen-{code}") for code in codes}
        client.post(url("provide_sign", divided), {"codes": codes} | seen)
    move(people.lead, divided, "submit")

    page = finance.get(url("provide", divided))

    assert page.status_code == 200
    assert "待市级受理" in text(page)
    assert "<textarea" not in page.content.decode()
    posted_late = finance.post(url("provide", divided), {"v-01": "1", "m-01": "actual"})
    assert (posted_late.status_code, code(posted_late)) == (409, "not_editable")
