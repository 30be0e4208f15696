"""The reviewing office in the browser: its counties, side by side, approving and returning."""

from datetime import timedelta

import pytest

from county_portal.common import clock
from indicators.actions.collecting import close_collection
from indicators.rules import CellInput
from indicators.selectors.returns import DAYS_TO_CORRECT
from tests.factories.people import signed_in
from tests.factories.sheets import (
    add_item,
    approve,
    fill,
    fill_whole,
    fresh,
    give_back,
    hand_in_again,
    move,
    submission_of,
    submit,
    take_up,
)
from tests.indicators.browsing import code, questions, text, url, value

LIST = "/indicators/submissions/"


@pytest.fixture
def reviewer(people):
    return signed_in(people.reviewer)


@pytest.fixture
def neighbour(people):
    return signed_in(people.shijiazhuang_reviewer)


def asking(submission, *codes, comment="请核对。"):
    """The form of a return as the page posts it: these lines, each with a reason."""
    reasons = {f"reason-{code}": "source" for code in codes}
    return {
        "revision": fresh(submission).revision,
        "comment": comment,
        "flagged": list(codes),
        **reasons,
    }


def take_up_again(people, submission):
    """Returned, changed, handed in and accepted again; the revision of the first look."""
    take_up(people.lead, people.reviewer, submission)
    seen = fresh(submission).revision
    move(people.reviewer, submission, "return", "请核对。", flagged=["04"])
    fill(people.lead, submission, {"04": CellInput("99")})
    hand_in_again(people.lead, submission)
    move(people.reviewer, submission, "accept")
    return seen


# --- the list ------------------------------------------------------------------------------------


def test_the_list_holds_ones_own_counties(collection, people, neighbour):
    page = text(neighbour.get(LIST))

    assert "石家庄市长安区" in page
    assert "石家庄市井陉县" in page
    assert "霸州市" not in page
    assert "辛集市" not in page


@pytest.mark.parametrize("typed", ["井陉", "井陘", "jingxing", "130121", " 井陉 "])
def test_a_county_is_found_by_name_variant_pinyin_and_code(collection, neighbour, typed):
    page = text(neighbour.get(LIST, {"q": typed}))

    assert "石家庄市井陉县" in page
    assert "长安区" not in page
    assert "共 1 份" in page


def test_chips_count_states_and_narrow(collection, people, neighbour):
    submit(people.changan_lead, submission_of(collection, "130102"))

    everything = text(neighbour.get(LIST))
    narrowed = neighbour.get(LIST, {"state": "submitted"})

    assert "全部 2 填报中 1 待市级受理 1 市级审核中 0 已退回 0" in everything
    assert "长安区" in text(narrowed)
    assert "井陉县" not in text(narrowed)
    assert "全部 2 填报中 1" in text(narrowed)
    assert 'aria-current="true">待市级受理' in narrowed.content.decode()


def test_filters_stay_in_the_address(collection, neighbour):
    page = neighbour.get(LIST, {"q": "区", "state": "draft"}).content.decode()

    assert "q=%E5%8C%BA&amp;state=submitted" in page
    assert 'name="state" value="draft"' in page


@pytest.mark.parametrize(
    "query",
    [{"state": "nonsense"}, {"collection": "x"}, {"office": "x"}, {"page": "99"}, {"q": "%"}],
)
def test_filters_that_mean_nothing_break_nothing(collection, neighbour, query):
    assert neighbour.get(LIST, query).status_code == 200


def test_an_empty_answer_says_what_to_do(collection, neighbour):
    assert "没有符合条件的填报表" in text(neighbour.get(LIST, {"q": "无此县"}))


def test_before_any_collection_the_list_says_so(people, neighbour):
    assert "还没有填报表" in text(neighbour.get(LIST))


def test_a_longer_list_asks_no_more_questions(collection, people):
    address = f"{LIST}?state=submitted"
    submit(people.lead, submission_of(collection, "131081"))
    one = questions(people.manager, address)
    submit(people.changan_lead, submission_of(collection, "130102"))
    submit(people.jingxing_lead, submission_of(collection, "130121"))

    assert questions(people.manager, address) == one


def test_a_fuller_sheet_asks_no_more_questions(submission, people):
    add_item(people.lead, submission, "甲")
    submit(people.lead, submission)
    one = questions(people.reviewer, url("review", submission))
    move(people.lead, submission, "recall")
    add_item(people.lead, submission, "乙")
    add_item(people.lead, submission, "丙")
    move(people.lead, submission, "submit")

    assert questions(people.reviewer, url("review", submission)) == one


# --- reviewing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "who, status",
    [
        ("reviewer", 200),
        ("manager", 200),
        ("signer", 403),
        ("lead", 403),
        ("expert", 403),
        ("auditor", 403),
        ("shijiazhuang_reviewer", 404),
    ],
)
def test_who_may_review(submission, people, who, status):
    assert signed_in(getattr(people, who)).get(url("review", submission)).status_code == status


def test_findings_come_first_and_lead_to_their_lines(submission, people, reviewer):
    add_item(people.lead, submission, "科技企业孵化器")
    submit(people.lead, submission, i10=CellInput("3"))

    response = reviewer.get(url("review", submission))

    page = response.content.decode()
    assert "“省级以上创新创业服务机构建设情况”填报3项，清单列出1项" in text(response)
    assert page.index('href="#line-10"') < page.index('id="line-10"')
    assert "科技企业孵化器" in page


def test_accepting_begins_the_review(submission, people, reviewer):
    submit(people.lead, submission)
    offered = reviewer.get(url("review", submission)).content.decode()

    response = reviewer.post(
        url("accept", submission), {"revision": fresh(submission).revision}, follow=True
    )

    assert url("accept", submission) in offered
    assert url("approve", submission) not in offered
    assert url("return", submission) not in offered
    assert "已受理，县级不能再撤回" in text(response)
    assert fresh(submission).state == "city_review"
    page = response.content.decode()
    assert url("approve", submission) in page
    assert url("return", submission) in page


def test_approving_passes_it_on(submission, people, reviewer):
    take_up(people.lead, people.reviewer, submission)

    response = reviewer.post(
        url("approve", submission), {"revision": fresh(submission).revision}, follow=True
    )

    assert "审核通过，已转省科技厅接收" in text(response)
    assert fresh(submission).state == "province_review"


@pytest.mark.parametrize("name", ["accept", "approve"])
def test_deciding_after_a_recall_changes_nothing(submission, people, reviewer, name):
    submit(people.lead, submission)
    seen = fresh(submission).revision
    move(people.lead, submission, "recall")

    response = reviewer.post(url(name, submission), {"revision": seen})

    assert (response.status_code, code(response)) == (409, "stale_state")
    assert "办理环节已经变化" in text(response)
    assert "现在不在您的办理环节" in text(response)
    assert (fresh(submission).state, submission.steps.count()) == ("draft", 2)


def test_accepting_another_content_changes_nothing(submission, people, reviewer):
    submit(people.lead, submission)
    seen = fresh(submission).revision
    move(people.lead, submission, "recall")
    fill(people.lead, submission, {"04": CellInput("99")})
    move(people.lead, submission, "submit")

    response = reviewer.post(url("accept", submission), {"revision": seen})

    assert (response.status_code, code(response)) == (409, "content_changed")
    assert f'name="revision" value="{fresh(submission).revision}"' in response.content.decode()
    assert fresh(submission).state == "submitted"


def test_approving_another_content_changes_nothing(submission, people, reviewer):
    seen = take_up_again(people, submission)

    response = reviewer.post(url("approve", submission), {"revision": seen})

    assert (response.status_code, code(response)) == (409, "content_changed")
    assert f'name="revision" value="{fresh(submission).revision}"' in response.content.decode()
    assert fresh(submission).state == "city_review"


def test_approving_twice_takes_one_step(submission, people, reviewer):
    take_up(people.lead, people.reviewer, submission)
    data = {"revision": fresh(submission).revision}

    codes = [reviewer.post(url("approve", submission), data).status_code for _ in range(2)]

    assert codes == [302, 409]
    assert [step.action for step in submission.steps.all()] == ["submit", "accept", "approve"]


@pytest.mark.parametrize(
    "who, status",
    [("lead", 403), ("signer", 403), ("manager", 403), ("shijiazhuang_reviewer", 404)],
)
@pytest.mark.parametrize("name", ["accept", "approve", "return"])
def test_nobody_else_decides(submission, people, name, who, status):
    submit(people.lead, submission)
    if name != "accept":
        move(people.reviewer, submission, "accept")
    before = fresh(submission).state
    data = asking(submission, "04")

    response = signed_in(getattr(people, who)).post(url(name, submission), data)

    assert response.status_code == status
    assert fresh(submission).state == before


@pytest.mark.parametrize("name", ["accept", "approve", "return"])
def test_deciding_is_a_post(submission, people, reviewer, name):
    assert reviewer.get(url(name, submission)).status_code == 405


def test_a_return_reaches_the_county_with_words_and_lines(submission, people, reviewer):
    take_up(people.lead, people.reviewer, submission)
    data = asking(submission, "03", "10", comment="与统计年鉴不一致。") | {
        "words-03": "请用年报数。"
    }

    assert reviewer.post(url("return", submission), data).status_code == 302

    page = text(signed_in(people.filler).get(url("submission", submission)))
    assert "与统计年鉴不一致。" in page
    assert "与统计年报等来源不一致。请用年报数。" in page
    assert (
        "涉及指标：规上工业企业R&D经费支出占主营业务收入的比重、省级以上创新创业服务机构建设情况"
        in page
    )
    assert submission.steps.last().flagged == ["03", "10"]


@pytest.mark.parametrize("words", ["", " \n ", "\u3000"])
def test_a_return_without_words_keeps_the_ticks_and_changes_nothing(
    submission, people, reviewer, words
):
    take_up(people.lead, people.reviewer, submission)
    data = asking(submission, "03", comment=words) | {"words-03": "请用年报数。"}

    response = reviewer.post(url("return", submission), data)

    assert response.status_code == 422
    assert "请填写退回意见" in text(response)
    page = response.content.decode()
    assert 'value="03" form="give-back-form" checked' in page
    assert 'value="04" form="give-back-form">' in page
    assert 'value="source" selected' in page
    assert 'value="请用年报数。"' in page
    assert (fresh(submission).state, submission.steps.count()) == ("city_review", 2)


@pytest.mark.parametrize(
    "changed, sentence",
    [
        ({"flagged": ["99"]}, "勾选的指标不在本表中"),
        ({"flagged": []}, "至少勾选一项指标"),
        ({"reason-04": ""}, "请为“高新技术企业数量”选择退回原因"),
        ({"reason-04": "mood"}, "请为“高新技术企业数量”选择退回原因"),
        ({"reason-04": "other"}, "请在“具体要求”中写明"),
        ({"words-04": "字" * 501}, "最多500字"),
        ({"due_on": "2020-01-01"}, "改正期限不能早于今天"),
        ({"comment": "字" * 2001}, "最多2000字"),
        ({"comment": "a\u202eb"}, "控制字符"),
    ],
)
def test_a_return_is_refused_in_words(submission, people, reviewer, changed, sentence):
    take_up(people.lead, people.reviewer, submission)
    data = asking(submission, "04") | changed

    response = reviewer.post(url("return", submission), data)

    assert response.status_code == 422
    assert sentence in text(response)
    assert fresh(submission).state == "city_review"


def test_a_stale_return_keeps_the_words(submission, people, reviewer):
    seen = take_up_again(people, submission)
    data = asking(submission, "04", comment="请补证明。") | {"revision": seen}

    response = reviewer.post(url("return", submission), data)

    assert (response.status_code, code(response)) == (409, "content_changed")
    assert "请补证明。" in response.content.decode()
    assert fresh(submission).state == "city_review"


def test_after_a_return_only_the_changed_lines_are_marked(submission, people, reviewer):
    give_back(people.lead, people.reviewer, submission, "请核对。", ["01", "04", "10"])
    fill(people.lead, submission, {"04": CellInput("51"), "01": CellInput("7,351.20", note="已核")})
    add_item(people.lead, submission, "科技企业孵化器")
    move(people.lead, submission, "submit")

    response = reviewer.get(url("review", submission))

    page = text(response)
    assert "退回后改动的3项" in page
    assert "原为50家" in page
    assert "补充了说明" in page
    assert "新增：科技企业孵化器" in page
    assert response.content.decode().count("is-changed") == 3


@pytest.mark.parametrize(
    "before, after, words",
    [
        (CellInput("0.32"), CellInput("", "35", "10000"), "原为0.32%"),
        (CellInput("35", "32", "10000"), CellInput("0.32", "32", "10000"), "填写的比率35"),
        (CellInput(mode="missing", note="未出"), CellInput("0.3"), "原为缺报"),
        (CellInput("0.3", mode="forecast"), CellInput("0.3"), "原为0.3%（预测）"),
        (CellInput("0.3", note="初稿"), CellInput("0.3"), "说明原为“初稿”"),
    ],
)
def test_what_stood_before_is_told(submission, people, reviewer, before, after, words):
    submit(people.lead, submission, i03=before)
    move(people.reviewer, submission, "return", "请核对。", flagged=["03"])
    fill(people.lead, submission, {"03": after})
    move(people.lead, submission, "submit")

    assert words in text(reviewer.get(url("review", submission)))


def test_a_return_after_the_last_day_still_gives_days_to_correct(submission, people):
    take_up(people.lead, people.reviewer, submission)

    with clock.playing(clock.now() + timedelta(days=41)):
        reviewer, filler = signed_in(people.reviewer), signed_in(people.filler)
        until = value(reviewer.get(url("review", submission)), "due_on")
        reviewer.post(url("return", submission), asking(submission, "04") | {"due_on": until})

        assert until == str(clock.today() + timedelta(days=DAYS_TO_CORRECT))
        assert filler.get(url("fill", submission)).status_code == 200
    with clock.playing(clock.now() + timedelta(days=42 + DAYS_TO_CORRECT)):
        late = signed_in(people.filler).get(url("fill", submission))
        assert (late.status_code, code(late)) == (409, "deadline_passed")


def test_a_return_after_the_close_says_what_it_means(submission, people, reviewer):
    take_up(people.lead, people.reviewer, submission)
    assert "办理补开" not in text(reviewer.get(url("review", submission)))

    close_collection(actor=people.manager, collection_id=submission.collection.public_id)

    page = text(reviewer.get(url("review", submission)))
    assert "退回后霸州市科技局暂不能修改，须由省科技厅为该县办理补开" in page


def test_a_sheet_with_the_province_is_only_read(submission, people, reviewer):
    approve(people.lead, people.reviewer, submission)

    page = text(reviewer.get(url("review", submission)))

    assert "现在不在您的办理环节" in page
    assert "退回意见" not in page


def test_the_office_of_a_directly_administered_county_reviews_it(collection, people):
    xinji = submission_of(collection, "130181")
    fill_whole(people.xinji_lead, xinji)
    move(people.xinji_lead, xinji, "submit")

    browser = signed_in(people.xinji_reviewer)
    data = {"revision": fresh(xinji).revision}
    answers = [browser.post(url(name, xinji), data).status_code for name in ("accept", "approve")]

    assert answers == [302, 302]
    assert fresh(xinji).state == "province_review"
