"""The county in the browser: filling, evidence, submitting, and everything that may go wrong there."""

import io
import zipfile
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from county_portal.common import clock
from indicators.actions.collecting import close_collection
from indicators.rules import CellInput
from tests.factories.people import signed_in
from tests.factories.sheets import (
    add_item,
    explain_warnings,
    fill,
    fill_whole,
    fresh,
    give_back,
    have_approved,
    move,
    submit,
)
from tests.indicators.browsing import answers, code, fields, text, url, value

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@pytest.fixture
def lead(people):
    return signed_in(people.lead)


@pytest.fixture
def colleague(people, clerk):
    return signed_in(clerk)


@pytest.fixture
def filler(people):
    return signed_in(people.filler)


def numbers(submission):
    return {row.indicator.code: row.number for row in submission.values.select_related("indicator")}


# --- doors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, who, status",
    [
        ("fill", "filler", 200),
        ("fill", "lead", 403),
        ("fill", "provider", 403),
        ("fill", "reviewer", 403),
        ("fill", "manager", 403),
        ("fill", "system_admin", 403),
        ("fill", "changan_lead", 403),
        ("submit", "lead", 200),
        ("submit", "filler", 403),
        ("submit", "changan_lead", 404),
        ("recall", "filler", 403),
        ("recall", "changan_lead", 404),
        ("submission", "provider", 403),
        ("submission", "expert", 200),
        ("submission", "changan_lead", 404),
        ("submission", "shijiazhuang_reviewer", 404),
        ("submission", "auditor", 403),
    ],
)
def test_who_may_open_what(submission, people, name, who, status):
    response = signed_in(getattr(people, who)).get(url(name, submission))

    assert response.status_code == status


@pytest.mark.parametrize("name", ["submission", "fill", "submit", "recall"])
def test_a_stranger_is_sent_to_the_login(submission, client, name):
    response = client.get(url(name, submission))

    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/login/")


@pytest.mark.parametrize(
    "name, method", [("submissions", "post"), ("submission", "post"), ("fill", "delete")]
)
def test_other_methods_are_refused(submission, lead, name, method):
    address = "/indicators/submissions/" if name == "submissions" else url(name, submission)

    assert getattr(lead, method)(address).status_code == 405


def test_the_list_shows_the_countys_own(collection, submission, lead):
    page = text(lead.get("/indicators/submissions/"))

    assert collection.title in page
    assert "共 1 份" in page
    assert "廊坊市霸州市科学技术局填报" in page


# --- the page of a submission --------------------------------------------------------------------


def test_the_page_says_whose_turn_it_is_and_how_far(submission, people, lead):
    fill(people.filler, submission, {"04": CellInput("50")})

    page = text(lead.get(url("submission", submission)))

    assert "轮到 廊坊市霸州市科学技术局填报" in page
    assert "剩 20 天" in page
    assert "已填 1 /17" in page
    assert "“地方财政科技支出”未填" in page


@pytest.mark.parametrize(
    "who, links",
    [("filler", ["fill"]), ("lead", ["submit"]), ("reviewer", [])],
)
def test_buttons_follow_from_what_one_may_do(submission, people, who, links):
    page = signed_in(getattr(people, who)).get(url("submission", submission)).content.decode()

    offered = [
        name for name in ("fill", "submit", "recall", "review") if url(name, submission) in page
    ]
    assert offered == links


def test_last_years_figures_stand_beside_this_years(people, version):
    from tests.factories.sheets import open_for_all, submission_of

    with clock.playing(clock.now() - timedelta(days=365)):
        before = submission_of(open_for_all(people.manager, version), "131081")
        submit(people.lead, before, i04=CellInput("43"))
        move(people.reviewer, before, "approve")
    now = submission_of(open_for_all(people.manager, version), "131081")
    fill(people.filler, now, {"04": CellInput("500")})

    page = text(signed_in(people.filler).get(url("fill", now)))

    assert "“高新技术企业数量”与上年（43家）相差10倍以上" in page


# --- filling -------------------------------------------------------------------------------------


def test_a_whole_sheet_is_saved(submission, people, filler):
    response = filler.post(url("fill", submission), answers(submission))

    assert response.status_code == 302
    assert response["Location"] == url("fill", submission)
    assert numbers(submission)["01"] == Decimal("7351.2")
    assert len(numbers(submission)) == 17
    assert "按已保存的分子、分母计算：3.0075家" in text(filler.get(url("fill", submission)))


def test_what_the_page_shows_is_posted_back_without_change(submission, people, filler):
    fill_whole(people.filler, submission, i17=CellInput(note="第一行\n第二行"))
    page = filler.get(url("fill", submission))

    response = filler.post(url("fill", submission), fields(page), follow=True)

    assert "内容没有变化" in text(response)
    assert fresh(submission).revision == 1


def test_save_and_check_lists_what_is_missing(submission, filler):
    data = answers(submission, v_04="", then="check")

    response = filler.post(url("fill", submission), data, follow=True)

    assert response.redirect_chain[0][0].endswith("/fill/?check=1")
    assert "还缺什么（1处" in text(response)
    assert 'href="#line-04"' in response.content.decode()


@pytest.mark.parametrize(
    "name, typed, sentence",
    [
        ("v-01", "七千", "“地方财政科技支出”填写的“七千”不是数字"),
        ("v-01", "-1", "不能为负数"),
        ("v-01", "9" * 40, "整数部分超过12位"),
        ("v-01", "NaN", "不是数字"),
        ("v-01", "1e400", "不是数字"),
        ("v-01", "1" * 70, "填写了70个字符"),
        ("v-04", "62.5", "应为整数"),
        ("d-02", "0", "“公共财政支出”为0，不能作分母"),
        ("d-02", "", "请补填“公共财政支出”"),
        ("m-01", "guess", "填报方式无效"),
        ("m-01", "missing", "选择了“缺报”又填写了数值"),
        ("t-01", "a\u202eb", "控制字符"),
    ],
)
def test_one_fault_refuses_the_whole_and_keeps_the_typing(
    submission, people, filler, name, typed, sentence
):
    fill(people.filler, submission, {"04": CellInput("50")})
    data = answers(submission) | {"v-06": "999", name: typed}

    response = filler.post(url("fill", submission), data)

    assert response.status_code == 422
    assert sentence in text(response)
    assert f'href="#{name}"' in response.content.decode()
    assert value(response, "v-06") == "999"
    assert "尚未保存" in text(response)
    if name[0] in "vd":
        assert value(response, name) == typed
    assert (numbers(submission), fresh(submission).revision) == ({"04": Decimal(50)}, 1)


def test_all_faults_are_listed_at_once(submission, filler):
    response = filler.post(url("fill", submission), answers(submission, v_01="x", v_04="-1"))

    assert "有2处填写有误" in text(response)


def test_digits_of_any_width_and_commas_are_accepted(submission, filler):
    data = answers(submission, v_01="１２，３４５．５", v_06="1,234")

    assert filler.post(url("fill", submission), data).status_code == 302
    assert (numbers(submission)["01"], numbers(submission)["06"]) == (Decimal("12345.5"), 1234)


def test_thirty_five_is_never_taken_for_a_share_of_one(submission, filler):
    data = answers(submission, v_03="0.35", v_11="35", n_11="", d_11="")

    response = filler.post(url("fill", submission), data, follow=True)

    assert (numbers(submission)["03"], numbers(submission)["11"]) == (Decimal("0.35"), 35)
    assert "按0.35%计，不足1%" in text(response)


def test_lines_that_were_not_posted_stay(submission, people, filler):
    fill_whole(people.filler, submission)

    filler.post(url("fill", submission), {"revision": "1", "v-04": "51", "m-04": "actual"})

    assert (numbers(submission)["04"], numbers(submission)["01"]) == (51, Decimal("7351.2"))


# --- two people at one sheet ---------------------------------------------------------------------


def test_both_changed_one_cell_shows_both(submission, people, colleague, filler):
    fill_whole(people.filler, submission)
    mine = fields(colleague.get(url("fill", submission))) | {"v-04": "65", "v-06": "400"}
    filler.post(
        url("fill", submission), fields(filler.get(url("fill", submission))) | {"v-04": "64"}
    )

    response = colleague.post(url("fill", submission), mine)

    assert (response.status_code, code(response)) == (409, "edited_meanwhile")
    page = text(response)
    assert "与同事填写不同的1项" in page
    assert "实际数 65" in page
    assert "实际数 64" in page
    assert "王填报" in page
    assert (value(response, "v-04"), value(response, "v-06")) == ("65", "400")
    assert numbers(submission)["04"] == 64

    again = colleague.post(url("fill", submission), fields(response))

    assert again.status_code == 302
    assert (numbers(submission)["04"], numbers(submission)["06"]) == (65, 400)


def test_what_only_the_other_changed_is_taken_over(submission, people, colleague, filler):
    fill_whole(people.filler, submission)
    mine = fields(colleague.get(url("fill", submission))) | {"v-06": "400"}
    filler.post(
        url("fill", submission), fields(filler.get(url("fill", submission))) | {"v-04": "64"}
    )

    response = colleague.post(url("fill", submission), mine)

    assert response.status_code == 409
    assert "采用同事的填写" in text(response)
    assert (value(response, "v-04"), value(response, "v-06")) == ("64", "400")
    colleague.post(url("fill", submission), fields(response))
    assert (numbers(submission)["04"], numbers(submission)["06"]) == (64, 400)


def test_evidence_added_meanwhile_is_no_conflict(submission, people, colleague):
    fill_whole(people.filler, submission)
    mine = fields(colleague.get(url("fill", submission))) | {"v-10": "1"}
    add_item(people.filler, submission, "孵化器")

    response = colleague.post(url("fill", submission), mine)

    assert response.status_code == 302
    assert numbers(submission)["10"] == 1
    assert fresh(submission).revision == 3


def test_a_third_saving_in_between_is_a_conflict_after_all(
    submission, people, colleague, monkeypatch
):
    from indicators.views import county

    fill_whole(people.filler, submission)
    mine = fields(colleague.get(url("fill", submission))) | {"v-10": "1"}
    add_item(people.filler, submission, "甲")
    read = county.read_sheet

    def read_and_be_overtaken(row):
        sheet = read(row)
        add_item(people.filler, submission, f"第{fresh(submission).revision}项")
        return sheet

    monkeypatch.setattr(county, "read_sheet", read_and_be_overtaken)

    response = colleague.post(url("fill", submission), mine)

    assert (response.status_code, code(response)) == (409, "edited_meanwhile")
    assert numbers(submission)["10"] == 0


@pytest.mark.parametrize("revision", ["", "x", "-5", "99999999999999999999"])
def test_a_form_with_a_broken_revision_saves_nothing(submission, filler, revision):
    response = filler.post(url("fill", submission), answers(submission, revision=revision))

    assert (response.status_code, code(response)) == (409, "edited_meanwhile")
    assert numbers(submission) == {}


# --- too late ------------------------------------------------------------------------------------


def test_after_the_day_the_typing_is_kept_and_nothing_saved(submission, filler):
    with clock.playing(clock.now() + timedelta(days=21)):
        response = filler.post(url("fill", submission), answers(submission))

        assert (response.status_code, code(response)) == (409, "deadline_passed")
        assert value(response, "v-01") == "7,351.20"
        for opened in (
            filler.get(url("fill", submission)),
            filler.get(url("evidence", submission, "10")),
        ):
            assert (opened.status_code, code(opened)) == (409, "deadline_passed")
    assert numbers(submission) == {}


def test_after_the_close_nothing_is_saved_or_submitted(submission, people, lead, filler):
    fill_whole(people.lead, submission)
    close_collection(actor=people.manager, collection_id=submission.collection.public_id)

    for name, data in [
        ("fill", answers(submission, v_04="99")),
        ("submit", {"revision": "1"}),
        ("evidence", {"kind": "incubator-provincial", "name": "孵化器"}),
    ]:
        rest = ["10"] if name == "evidence" else []
        response = (lead if name == "submit" else filler).post(url(name, submission, *rest), data)
        assert (response.status_code, code(response)) == (409, "collection_closed")
    assert (fresh(submission).state, numbers(submission)["04"]) == ("draft", 50)


# --- evidence ------------------------------------------------------------------------------------


def upload(client, submission, file=None, **changed):
    data = {
        "kind": "incubator-provincial",
        "name": "科技企业孵化器",
        "year": "2019",
        "approval_number": "冀科高〔2019〕12号",
    } | changed
    if file is not None:
        data["file"] = file
    return client.post(url("evidence", submission, "10"), data)


def test_an_item_is_added_shown_downloaded_and_removed(submission, people, filler):
    response = upload(filler, submission, SimpleUploadedFile("认定.pdf", PDF))

    assert response.status_code == 302
    item = submission.evidence.get()
    page = text(filler.get(url("evidence", submission, "10")))
    assert "已列1项" in page
    assert "冀科高〔2019〕12号" in page
    for who in (people.lead, people.reviewer, people.manager):
        file = signed_in(who).get(url("evidence_file", item))
        assert b"".join(file.streaming_content) == PDF
        assert file["Content-Disposition"].startswith("attachment")
    assert signed_in(people.changan_lead).get(url("evidence_file", item)).status_code == 404
    assert signed_in(people.auditor).get(url("evidence_file", item)).status_code == 403

    removed = filler.post(url("evidence_remove", item), follow=True)

    assert "“科技企业孵化器”已从清单移除" in text(removed)
    assert not submission.evidence.exists()
    again = filler.post(url("evidence_remove", item), follow=True)
    assert "“科技企业孵化器”已经移除，无需重复操作" in text(again)


def test_an_item_without_a_file_has_nothing_to_download(submission, people, filler):
    item = add_item(people.filler, submission, "孵化器")

    assert filler.get(url("evidence_file", item)).status_code == 404


def test_kinds_are_those_of_the_indicator(submission, filler):
    page = filler.get(url("evidence", submission, "15")).content.decode()

    assert page.count("<option") == 5
    assert upload(filler, submission, kind="bureau-plate").status_code == 422
    assert filler.get(url("evidence", submission, "99")).status_code == 404


@pytest.mark.parametrize(
    "changed, sentence",
    [
        ({"name": "  "}, "请填写名称"),
        ({"name": "字" * 121}, "名称最多120字"),
        ({"name": "a\u202eb"}, "控制字符"),
        ({"kind": ""}, "请选择类别"),
        ({"year": "去年"}, "四位年份"),
        ({"year": "2999"}, "四位年份"),
    ],
)
def test_an_item_is_refused_in_words(submission, filler, changed, sentence):
    response = upload(filler, submission, **changed)

    assert response.status_code == 422
    assert sentence in text(response)
    assert not submission.evidence.exists()


def test_the_same_name_twice_is_refused(submission, people, filler):
    add_item(people.filler, submission, "科技企业孵化器")

    response = upload(filler, submission)

    assert response.status_code == 422
    assert "已在本类清单中" in text(response)


def zipped(**parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


BOMB = zipped(**{"xl/workbook.xml": b"<x/>", "xl/sheet.xml": b"\0" * 16_000_000})


@pytest.mark.parametrize(
    "name, content, sentence",
    [
        ("认定.pdf", b"MZ\x90\x00" + b"\0" * 200, "实际内容不是PDF"),
        ("认定.pdf", b"", "是空文件（0字节）"),
        ("认定.docx", PDF, "扩展名与实际内容（PDF）不符"),
        ("认定.xlsx", BOMB, "疑似异常压缩文件"),
        ("认定.xlsx", b"PK\x03\x04broken", "已损坏或加了密码"),
        ("说明.txt", "文字".encode(), "实际内容不是PDF"),
    ],
)
def test_a_bad_file_is_refused_by_its_own_sentence(submission, filler, name, content, sentence):
    response = upload(filler, submission, SimpleUploadedFile(name, content))

    assert response.status_code == 422
    assert sentence in text(response)
    assert value(response, "name") == "科技企业孵化器"
    assert not submission.evidence.exists()


def test_a_file_over_the_limit_is_cut_off_while_it_comes(submission, filler, settings):
    settings.FILES_MAX_BYTES = 2 * 1024 * 1024

    refused = upload(
        filler, submission, SimpleUploadedFile("大.pdf", PDF + b"\0" * 2 * 1024 * 1024)
    )
    kept = upload(filler, submission, SimpleUploadedFile("小.pdf", PDF + b"\0" * 1024 * 1024))

    assert refused.status_code == 422
    assert "超过2MB" in text(refused)
    assert kept.status_code == 302
    assert submission.evidence.get().file.size == len(PDF) + 1024 * 1024


# --- handing in ----------------------------------------------------------------------------------


def test_the_last_look_repeats_counts_warnings_and_consequences(submission, people, lead):
    fill_whole(people.lead, submission, i09=CellInput("2"))
    have_approved(people.lead, submission)

    page = text(lead.get(url("submit", submission)))

    assert "提交到廊坊市科学技术局审核？" in page
    assert "县级不能再修改" in page
    assert "填报2项，清单列出0项" in page


def test_an_unfinished_sheet_is_not_offered(submission, people, lead):
    fill_whole(people.lead, submission, i04=CellInput(""))

    page = lead.get(url("submit", submission))
    posted = lead.post(url("submit", submission), {"revision": "1"})

    assert "还不能提交" in text(page)
    assert "确认提交" not in text(page)
    assert (posted.status_code, code(posted)) == (422, "submission_incomplete")
    assert fresh(submission).state == "draft"


def test_a_double_click_is_harmless(submission, people, lead):
    fill_whole(people.lead, submission)
    explain_warnings(people.lead, submission)
    have_approved(people.lead, submission)
    explain_warnings(submission)
    data = {"revision": fresh(submission).revision}

    first = lead.post(url("submit", submission), data)
    second = lead.post(url("submit", submission), data, follow=True)

    assert first.status_code == 302
    assert second.status_code == 200
    assert "填报表已经提交，现为“待市级受理”，无需重复提交" in text(second)
    assert submission.steps.count() == 1
    assert lead.get(url("submit", submission)).status_code == 302


def test_what_a_colleague_changed_is_seen_before_it_is_submitted(submission, people, lead):
    fill_whole(people.lead, submission)
    have_approved(people.lead, submission)
    fill(people.filler, submission, {"04": CellInput("99")})

    response = lead.post(url("submit", submission), {"revision": "1"})

    assert (response.status_code, code(response)) == (409, "content_changed")
    assert value(response, "revision") == "2"
    assert fresh(submission).state == "draft"


@pytest.mark.parametrize("data", [{}, {"revision": "x"}, {"revision": "-1"}])
def test_submitting_without_what_was_seen_is_refused(submission, people, lead, data):
    fill_whole(people.lead, submission)
    have_approved(people.lead, submission)

    assert lead.post(url("submit", submission), data).status_code == 409
    assert fresh(submission).state == "draft"


def test_a_sheet_is_recalled(submission, people, lead):
    submit(people.lead, submission)
    assert "撤回已提交的填报表？" in text(lead.get(url("recall", submission)))

    response = lead.post(url("recall", submission), follow=True)

    assert "已撤回" in text(response)
    assert fresh(submission).state == "draft"
    stale = lead.post(url("recall", submission))
    assert (stale.status_code, code(stale)) == (409, "stale_state")


def test_a_recall_too_late_is_explained(submission, people, lead):
    submit(people.lead, submission)

    with clock.playing(clock.now() + timedelta(days=21)):
        for response in (lead.get(url("recall", submission)), lead.post(url("recall", submission))):
            assert (response.status_code, code(response)) == (409, "recall_too_late")
    assert fresh(submission).state == "submitted"


def test_a_returned_sheet_shows_words_and_lines(submission, people, filler):
    give_back(people.lead, people.reviewer, submission, "请核对高企数量。", ["04"])

    response = filler.get(url("fill", submission))

    assert "退回意见（廊坊市科学技术局" in text(response)
    assert "请核对高企数量。" in text(response)
    assert '<tr id="line-04" class="is-returned"' in response.content.decode()


def test_a_submitted_sheet_is_not_filled(submission, people, filler):
    submit(people.lead, submission)

    response = filler.get(url("fill", submission))

    assert (response.status_code, code(response)) == (409, "not_editable")
