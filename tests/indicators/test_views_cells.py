"""One line at a time: every answer autosave may get, and the panel beside the table."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from county_portal.audit.models import Event
from county_portal.common import clock
from indicators.actions.collecting import close_collection
from indicators.enums import Severity
from indicators.models import CellComment, CheckRule
from indicators.rules import CellInput, typed_of
from indicators.selectors import figure_of
from indicators.selectors.checks import evaluate
from scoring.actions.schemes import import_scheme
from tests.factories.people import signed_in
from tests.factories.sheets import (
    ANSWERS,
    add_item,
    fill,
    fill_whole,
    fresh,
    give_back,
    open_for_all,
    submission_of,
    submit,
)
from tests.indicators.browsing import fields, text, url

EMPTY = CellInput().fingerprint


@pytest.fixture
def filler(people):
    return signed_in(people.filler)


def save(client, submission, code="04", base=EMPTY, **parts):
    data = {f"{prefix}-{code}": typed for prefix, typed in parts.items()}
    return client.post(
        url("cell_save", submission, code),
        {f"b-{code}": base, **data},
        headers={"accept": "application/json"},
    )


def number(submission, code="04"):
    value = submission.values.filter(indicator__code=code).first()
    return value and value.number


def base_of(submission, code="04"):
    value = submission.values.get(indicator__code=code)
    return typed_of(figure_of(value)).fingerprint


# --- the answers ---------------------------------------------------------------------------------


def test_a_line_is_saved_and_the_page_told_what_changed(submission, filler):
    response = save(filler, submission, v="50", m="actual")

    told = response.json()
    assert (response.status_code, told["outcome"], told["revision"]) == (200, "saved", 1)
    assert number(submission) == Decimal(50)
    assert told["cells"]["04"]["base"] == base_of(submission)
    assert re.search(r"已保存 \d\d:\d\d<", told["cells"]["04"]["states"])
    assert "blank" not in told["cells"]["04"]["kinds"].split()
    assert told["cells"]["05"]["kinds"].split() == ["blank"]
    assert "已填 <strong>1</strong>/17" in told["boxes"]["progress"]
    assert "“高新技术企业数量”未填" not in told["boxes"]["check-list"]
    assert "“地方财政科技支出”未填" in told["boxes"]["check-list"]


def test_the_computed_rate_comes_with_the_answer(submission, filler):
    told = save(filler, submission, "05", n="50", d="16625", m="actual").json()

    assert "按已保存的分子、分母计算：3.0075家" in told["cells"]["05"]["notes"]


def test_the_same_again_writes_nothing(submission, people, filler):
    fill(people.filler, submission, {"04": CellInput("50")})
    before = Event.objects.count()

    response = save(filler, submission, base="whatever", v="50", m="actual")

    assert (response.status_code, response.json()["outcome"]) == (200, "same")
    assert (fresh(submission).revision, Event.objects.count()) == (1, before)


@pytest.mark.parametrize(
    "code, parts, field, sentence",
    [
        ("04", {"v": "五十"}, "v-04", "不是数字"),
        ("04", {"v": "9" * 70}, "v-04", "填写了70个字符"),
        ("04", {"v": "5", "m": "guess"}, "m-04", "填报方式无效"),
        ("05", {"n": "50", "d": ""}, "d-05", "请补填"),
        ("05", {"n": "50", "d": "0"}, "d-05", "不能作分母"),
        ("17", {"t": "长" * 2001}, "t-17", "最多2000字"),
        ("04", {"t": "a\u202eb"}, "t-04", "控制字符"),
    ],
)
def test_a_fault_is_said_in_words_and_nothing_saved(
    submission, filler, code, parts, field, sentence
):
    response = save(filler, submission, code, **({"m": "actual"} | parts))

    told = response.json()
    assert (response.status_code, told["outcome"], told["faulty"]) == (422, "invalid", [field])
    assert sentence in told["cells"][code]["notes"]
    assert told["cells"][code]["state"] == "failed"
    assert "faulty" in told["cells"][code]["kinds"].split()
    assert fresh(submission).revision == 0


def test_a_colleagues_figure_is_never_overwritten(submission, filler, clerk):
    fill(clerk, submission, {"04": CellInput("61")})

    response = save(filler, submission, v="50", m="actual")

    told = response.json()
    notes = told["cells"]["04"]["notes"]
    assert (response.status_code, told["outcome"]) == (409, "conflict")
    assert number(submission) == Decimal(61)
    assert clerk.display_name in notes
    assert "实际数 61" in notes
    assert "用我的" in notes
    assert "用对方的" in notes
    assert told["cells"]["04"]["fields"]["v"] == "61"
    assert told["cells"]["04"]["base"] == base_of(submission)


def test_mine_is_taken_by_sending_it_against_theirs(submission, filler, clerk):
    fill(clerk, submission, {"04": CellInput("61")})
    told = save(filler, submission, v="50", m="actual").json()

    again = save(filler, submission, base=told["cells"]["04"]["base"], v="50", m="actual")

    assert again.json()["outcome"] == "saved"
    assert number(submission) == Decimal(50)


def test_what_a_colleague_saved_elsewhere_comes_along(submission, filler, clerk):
    fill(clerk, submission, {"06": CellInput("355")})

    told = save(filler, submission, v="50", m="actual").json()

    assert told["outcome"] == "saved"
    assert told["cells"]["06"]["fields"]["v"] == "355"
    assert f"同事 {clerk.display_name}" in told["boxes"]["presence"]


def test_a_colleague_of_long_ago_is_not_announced(submission, filler, clerk):
    with clock.playing(clock.now() - timedelta(minutes=6)):
        fill(clerk, submission, {"06": CellInput("355")})

    assert "正在填写本表" not in text(filler.get(url("fill", submission)))
    assert save(filler, submission, v="50").json()["boxes"]["presence"].strip() == ""


def test_a_locked_line_is_refused_and_read_only(submission, people, filler):
    give_back(people.lead, people.reviewer, submission, "请核对收入。", ["08"])

    response = save(filler, submission, base=base_of(submission), v="51", m="actual")
    page = filler.get(url("fill", submission))

    assert response.status_code == 409
    assert (response.json()["outcome"], response.json()["reason"]) == ("refused", "cell_locked")
    assert number(submission) == Decimal(50)
    assert 'name="v-04"' not in page.content.decode()
    assert 'name="v-08"' in page.content.decode()
    assert "已锁定" in text(page)
    assert filler.post(url("fill", submission), fields(page)).status_code == 302
    assert number(submission) == Decimal(50)


def test_a_closed_collection_says_so(submission, people, filler):
    close_collection(actor=people.manager, collection_id=submission.collection.public_id)

    response = save(filler, submission, v="50", m="actual")

    assert (response.status_code, response.json()["outcome"]) == (409, "refused")
    assert response.json()["sentence"]
    assert number(submission) is None


def test_a_submitted_sheet_says_so(submission, people, filler):
    submit(people.lead, submission)

    response = save(filler, submission, base=base_of(submission), v="51", m="actual")

    assert (response.status_code, response.json()["outcome"]) == (409, "refused")
    assert number(submission) == Decimal(50)


def test_nothing_posted_blanks_nothing(submission, people, filler):
    fill(people.filler, submission, {"04": CellInput("50")})

    response = filler.post(
        url("cell_save", submission, "04"),
        {"b-04": base_of(submission)},
        headers={"accept": "application/json"},
    )

    assert (response.status_code, response.json()["code"]) == (422, "cell_fields_missing")
    assert number(submission) == Decimal(50)


def test_huge_input_is_refused_without_a_trace(submission, filler):
    response = save(filler, submission, v="9" * 5_000_000)

    assert response.status_code in {400, 413, 422}
    assert number(submission) is None


def test_an_unknown_line_is_not_found(submission, filler):
    assert save(filler, submission, "99", v="1").status_code == 404


def test_whoever_was_signed_out_is_led_to_the_login(submission, client):
    response = save(client, submission, v="50")

    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/login/")


@pytest.mark.parametrize(
    "who, saving, reading",
    [
        ("filler", 200, 200),
        ("lead", 403, 200),
        ("reviewer", 403, 200),
        ("manager", 403, 200),
        ("system_admin", 403, 403),
        ("auditor", 403, 403),
        ("shijiazhuang_reviewer", 403, 404),
        ("changan_lead", 403, 404),
    ],
)
def test_who_may_save_and_who_may_look(submission, people, who, saving, reading):
    client = signed_in(getattr(people, who))

    assert save(client, submission, v="50", m="actual").status_code == saving
    assert client.get(url("cell_panel", submission, "04")).status_code == reading


def test_each_saving_stands_in_the_record(submission, filler):
    save(filler, submission, v="50", m="actual")
    save(filler, submission, base=base_of(submission), v="51", m="actual")

    details = [event.detail["04"] for event in Event.objects.filter(act="save_values")]
    assert [(before and before["number"], after["number"]) for before, after in details] == [
        (None, "50"),
        ("50", "51"),
    ]


# --- the forecast --------------------------------------------------------------------------------


def test_the_forecast_moves_with_the_saving(submission, people, version, filler):
    import_scheme("hebei", version.system)
    page = text(filler.get(url("fill", submission)))
    assert "预测得分 0.00 C档 距B档还差60.00分" in page

    told = save(filler, submission, v="97", m="actual").json()

    forecast = told["boxes"]["forecast"]
    assert "预测得分" in forecast
    assert ">0.00<" not in forecast
    assert "未计专家评分等，最多5分" in forecast


def test_without_a_scheme_there_is_no_forecast(submission, filler):
    assert "预测得分" not in text(filler.get(url("fill", submission)))
    assert save(filler, submission, v="97").json()["boxes"]["forecast"].strip() == ""


# --- filters -------------------------------------------------------------------------------------


def shown_lines(response):
    page = response.content.decode()
    rows = [part.partition(">")[0] for part in page.split('<tr id="line-')[1:]]
    return [row[:2] for row in rows if not row.endswith(" hidden")]


def test_filters_show_their_lines_with_counts(submission, people, filler):
    fill_whole(people.filler, submission, i04=CellInput(""))
    CellComment.objects.create(
        submission=submission,
        indicator_code="06",
        author=people.reviewer,
        text="请核对。",
        written_at=clock.now(),
    )

    page = filler.get(url("fill", submission))

    assert len(shown_lines(page)) == 17
    assert "全部 17" in text(page)
    assert "未填 1" in text(page)
    assert "有批注 1" in text(page)
    assert shown_lines(filler.get(url("fill", submission) + "?only=blank")) == ["04"]
    assert shown_lines(filler.get(url("fill", submission) + "?only=commented")) == ["06"]
    assert len(shown_lines(filler.get(url("fill", submission) + "?only=no-such"))) == 17


def test_a_filtered_page_posts_every_line(submission, people, filler):
    fill_whole(people.filler, submission)
    page = filler.get(url("fill", submission) + "?only=blank")
    assert "没有符合条件的指标" in text(page)

    response = filler.post(url("fill", submission), fields(page), follow=True)

    assert "内容没有变化" in text(response)


def test_returned_lines_have_their_filter(submission, people, filler):
    give_back(people.lead, people.reviewer, submission, "请核对高企数量。", ["04"])

    page = filler.get(url("fill", submission) + "?only=returned")

    assert shown_lines(page) == ["04"]
    assert "被退回 1" in text(page)


# --- the panel -----------------------------------------------------------------------------------


def test_the_panel_tells_all_of_a_line(people, version, filler):
    import_scheme("hebei", version.system)
    with clock.playing(clock.now() - timedelta(days=365)):
        before = submission_of(open_for_all(people.manager, version), "131081")
        submit(people.lead, before, i05=CellInput("", "43", "15000"))
        from tests.factories.sheets import move

        move(people.reviewer, before, "approve")
    now = submission_of(open_for_all(people.manager, version), "131081")
    save(filler, now, "05", n="50", d="16625", m="actual", t="按名录库")
    save(filler, now, "05", base=base_of(now, "05"), n="51", d="16625", m="actual", t="按名录库")
    CellComment.objects.create(
        submission=now,
        indicator_code="05",
        author=people.reviewer,
        text="分母请用年报数。",
        written_at=clock.now(),
    )

    page = text(filler.get(url("cell_panel", now, "05")))

    assert "计算公式：" in page
    assert "×" in page
    assert "预测得分" in page
    assert "满分" in page
    assert f"{now.collection.data_year - 1}年 2.8667" in page
    assert "分母请用年报数。" in page
    assert people.reviewer.display_name in page
    assert "由 未填 改为 3.0075家（说明：按名录库）" in page
    assert "由 3.0075家（说明：按名录库） 改为 3.0677家" in page
    assert people.filler.display_name in page


def test_the_panel_tells_of_items_too(submission, people, filler):
    add_item(people.filler, submission, "甲孵化器")

    assert "添加“甲孵化器”" in text(filler.get(url("cell_panel", submission, "10")))


def test_a_script_gets_the_panel_alone(submission, filler):
    address = url("cell_panel", submission, "04")

    assert "<html" not in filler.get(address, headers={"x-panel": "1"}).content.decode()
    assert "<html" in filler.get(address).content.decode()


def test_saving_asks_a_constant_number_of_questions(submission, people, filler):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked(code):
        with CaptureQueriesContext(connection) as captured:
            assert save(filler, submission, code, v="1", m="actual").json()["outcome"] == "saved"
        return len(captured)

    save(filler, submission, "01", v="1", m="actual")
    first = asked("04")
    fill_whole(people.filler, submission, i06=CellInput())
    # A full sheet gives a rule or two more to look up, not a question per line.
    assert asked("06") <= first + 4


# --- what the page shows already -----------------------------------------------------------------


def marks_on(client, submission):
    page = client.get(url("fill", submission)).content.decode()
    return " ".join(re.findall(r'data-mark="([^"]+)"', page))


def told_beyond(client, submission, seen):
    address = url("cell_save", submission, "04")
    # A note alone: another figure would make the rules speak of other lines too.
    typed = {"v-04": ANSWERS["04"].text, "m-04": "actual", "t-04": "据年报"}
    data = {"b-04": base_of(submission), "seen": seen, **typed}
    return client.post(address, data, headers={"accept": "application/json"}).json()["cells"]


def test_lines_that_the_page_shows_already_are_not_drawn_again(submission, people, filler):
    fill_whole(people.filler, submission)

    assert set(told_beyond(filler, submission, marks_on(filler, submission))) == {"04"}


def test_a_colleagues_figure_is_drawn_although_the_rest_is_known(submission, people, filler, clerk):
    fill_whole(people.filler, submission)
    seen = marks_on(filler, submission)
    fill(clerk, submission, {"06": replace(ANSWERS["06"], note="据税务部门")})

    told = told_beyond(filler, submission, seen)

    assert set(told) == {"04", "06"}
    assert told["06"]["fields"]["t"] == "据税务部门"


def test_a_line_of_which_a_rule_speaks_anew_is_drawn(submission, people, filler):
    fill_whole(people.filler, submission)
    seen = marks_on(filler, submission)
    spoken_of = {finding.indicator for finding in evaluate(submission)}
    CheckRule.objects.update(severity=Severity.IGNORE)

    assert spoken_of
    assert set(told_beyond(filler, submission, seen)) == {"04", *spoken_of}


def test_a_line_with_a_new_comment_is_drawn(submission, people, filler):
    fill_whole(people.filler, submission)
    seen = marks_on(filler, submission)
    CellComment.objects.create(
        submission=submission,
        indicator_code="09",
        author=people.reviewer,
        text="请核对",
        written_at=clock.now(),
    )

    assert set(told_beyond(filler, submission, seen)) == {"04", "09"}
