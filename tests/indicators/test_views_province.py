"""The province in the browser: collections, progress, receiving, giving back, more time."""

from datetime import timedelta

import pytest

from county_portal.common import clock
from indicators.actions.collecting import close_collection
from indicators.models import Collection
from tests.factories.people import signed_in
from tests.factories.sheets import approve, draw_up, fresh, move, submission_of, submit
from tests.indicators.browsing import code, questions, text, url

LIST = "/indicators/collections/"
NEW = f"{LIST}new/"
PAGES = ["collection", "collection_open", "collection_close", "collection_reopen", "receive_many"]


@pytest.fixture
def manager(people):
    return signed_in(people.manager)


# --- doors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["lead", "reviewer", "checker", "publisher", "system_admin"])
def test_collections_are_the_managers(collection, people, who):
    client = signed_in(getattr(people, who))

    addresses = [LIST, NEW, *(url(name, collection) for name in PAGES)]
    assert {client.get(address).status_code for address in addresses} == {403}


@pytest.mark.parametrize("name", ["receive", "send_back", "reopen", "extend"])
@pytest.mark.parametrize("who", ["lead", "reviewer", "checker"])
def test_what_the_province_does_is_the_managers(submission, people, name, who):
    assert signed_in(getattr(people, who)).post(url(name, submission)).status_code == 403


@pytest.mark.parametrize("name", [*PAGES, "receive", "send_back", "reopen", "extend"])
def test_what_does_not_exist_is_not_found(people, manager, name):
    assert manager.post(url(name, people.manager)).status_code in {404, 405}
    assert manager.get(url(name, people.manager)).status_code in {404, 405}


# --- drawing up ----------------------------------------------------------------------------------


def entered(version, changed=()):
    today = clock.today()
    return {
        "version": str(version.public_id),
        "title": "2025年度填报",
        "data_year": str(today.year - 1),
        "evaluation_year": str(today.year),
        "opens_on": today.isoformat(),
        "county_due_on": (today + timedelta(days=20)).isoformat(),
        "city_due_on": (today + timedelta(days=40)).isoformat(),
        "notes": "按决算数填报。",
    } | dict(changed)


def test_before_the_first_collection_the_list_leads_on(manager):
    assert "还没有采集任务" in text(manager.get(LIST))


def test_a_collection_is_drawn_up_and_opened(people, version, manager):
    response = manager.post(NEW, entered(version), follow=True)

    made = Collection.objects.get()
    assert "尚未开放填报" in text(response)
    assert (made.title, made.notes) == ("2025年度填报", "按决算数填报。")
    assert "开放后任务的年度和指标体系版本不能再改，期限只能写明原因延长" in text(
        manager.get(url("collection_open", made))
    )
    assert made.submissions.count() == 0

    opened = manager.post(url("collection_open", made), follow=True)

    assert "采集任务已开放" in text(opened)
    assert made.submissions.count() == 4
    assert "按决算数填报。" in text(
        signed_in(people.filler).get(url("fill", submission_of(made, "131081")))
    )


@pytest.mark.parametrize(
    "changed, sentence",
    [
        ({"version": ""}, "请选择指标体系版本"),
        ({"version": "00000000-0000-4000-8000-000000000000"}, "所选版本不存在"),
        ({"title": "\u3000"}, "请填写任务名称"),
        ({"data_year": "今年"}, "四位年份"),
        ({"data_year": "99999999"}, "四位年份"),
        ({"opens_on": ""}, "请选择日期"),
        ({"county_due_on": "2026-02-30"}, "日期无效"),
        ({"county_due_on": "2000-01-01"}, "日期须依次为"),
        ({"evaluation_year": "2001"}, "评价年度须晚于数据年度"),
    ],
)
def test_a_collection_is_refused_in_words(version, manager, changed, sentence):
    response = manager.post(NEW, entered(version, changed))

    assert response.status_code == 422
    assert sentence in text(response)
    assert not Collection.objects.exists()


def test_a_year_is_drawn_up_once(collection, version, manager):
    response = manager.post(NEW, entered(version))

    assert response.status_code == 422
    assert "采集任务已经建立" in text(response)


# --- open, close, reopen -------------------------------------------------------------------------


def test_opening_twice_is_told_and_changes_nothing(collection, manager):
    response = manager.post(url("collection_open", collection))

    assert (response.status_code, code(response)) == (409, "collection_already_open")
    assert collection.submissions.count() == 4


def test_closing_and_reopening(collection, manager):
    assert "截止本次采集？" in text(manager.get(url("collection_close", collection)))
    assert "采集任务已截止" in text(manager.post(url("collection_close", collection), follow=True))
    stale = manager.post(url("collection_close", collection))
    assert (stale.status_code, code(stale)) == (409, "collection_not_open")

    blank = manager.post(url("collection_reopen", collection), {"reason": " "})
    assert blank.status_code == 422
    assert "请填写原因" in text(blank)
    collection.refresh_from_db()
    assert collection.state == "closed"

    done = manager.post(url("collection_reopen", collection), {"reason": "补报"}, follow=True)
    assert "采集任务已重新开放" in text(done)
    again = manager.post(url("collection_reopen", collection), {"reason": "补报"})
    assert (again.status_code, code(again)) == (409, "collection_not_closed")


# --- progress ------------------------------------------------------------------------------------


def test_progress_is_shown_by_office_and_county(collection, submission, people, manager):
    approve(people.lead, people.reviewer, submission)

    response = manager.get(url("collection", collection))

    page = text(response)
    assert "填报中 3 个" in page
    assert "待省级接收 1 个" in page
    assert "没有逾期的填报或审核" in page
    assert "批量接收（1）" in page
    assert 'title="廊坊市霸州市：待省级接收"' in response.content.decode()


def test_the_late_are_named_with_a_way_to_extend(collection, submission, people, manager):
    submit(people.lead, submission)

    with clock.playing(clock.now() + timedelta(days=21)):
        response = manager.get(url("collection", collection))

    assert "逾期（3个）" in text(response)
    assert url("extend", submission_of(collection, "130102")) in response.content.decode()
    assert url("extend", submission) not in response.content.decode()


def test_the_list_of_all_is_narrowed_by_office(collection, people, manager, province):
    office = province.cities["langfang"].public_id

    page = text(manager.get("/indicators/submissions/", {"office": office}))

    assert "共 1 份" in page
    assert "廊坊市霸州市" in page


def test_a_list_opens_on_the_newest_collection(collection, people, version, manager):
    from tests.factories.sheets import open_for_all

    open_for_all(people.manager, version, years_ago=3)

    assert "共 4 份" in text(manager.get("/indicators/submissions/"))
    assert "共 8 份" in text(manager.get("/indicators/submissions/", {"collection": "all"}))


def test_more_collections_and_counties_ask_no_more_questions(collection, people, version):
    submit(people.lead, submission_of(collection, "131081"))
    addresses = [LIST, url("collection", collection)]
    before = [questions(people.manager, address) for address in addresses]
    draw_up(people.manager, version, years_ago=3)
    draw_up(people.manager, version, years_ago=4)
    submit(people.changan_lead, submission_of(collection, "130102"))

    assert [questions(people.manager, address) for address in addresses] == before


# --- receiving -----------------------------------------------------------------------------------


def test_one_is_received(submission, people, manager):
    approve(people.lead, people.reviewer, submission)
    assert url("receive", submission) in manager.get(url("review", submission)).content.decode()

    data = {"revision": fresh(submission).revision}
    done = manager.post(url("receive", submission), data, follow=True)
    again = manager.post(url("receive", submission), data)

    assert "已接收，可用于评价" in text(done)
    assert "已办结" in text(done)
    assert (again.status_code, code(again)) == (409, "stale_state")
    assert fresh(submission).state == "accepted"


def test_many_are_received_one_by_one(collection, submission, people, manager):
    approve(people.lead, people.reviewer, submission)
    other = submission_of(collection, "130102")
    approve(people.changan_lead, people.shijiazhuang_reviewer, other)
    page = manager.get(url("receive_many", collection)).content.decode()
    assert page.count('name="chosen"') == page.count("checked") == 2
    move(people.manager, other, "send_back", "请补材料。")

    response = manager.post(
        url("receive_many", collection),
        {"chosen": [str(submission.public_id), str(other.public_id)]},
    )

    assert response.status_code == 200
    assert "已接收1份，跳过1份" in text(response)
    assert "石家庄市长安区 当前为“已退回”，不在“接收”环节。" in text(response)
    assert (fresh(submission).state, fresh(other).state) == ("accepted", "returned")


@pytest.mark.parametrize("chosen", [[], ["x"]])
def test_choosing_none_is_told(collection, submission, people, manager, chosen):
    approve(people.lead, people.reviewer, submission)

    response = manager.post(url("receive_many", collection), {"chosen": chosen})

    assert (response.status_code, code(response)) == (422, "nothing_chosen")
    assert fresh(submission).state == "province_review"


def test_with_nothing_to_receive_the_page_says_so(collection, manager):
    assert "没有待接收的填报表" in text(manager.get(url("receive_many", collection)))


# --- giving back ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name, state", [("send_back", "province_review"), ("reopen", "accepted")])
def test_giving_back_needs_words(submission, people, manager, name, state):
    approve(people.lead, people.reviewer, submission)
    if state == "accepted":
        move(people.manager, submission, "receive")
    data = {
        "revision": fresh(submission).revision,
        "comment": " ",
        "flagged": ["04"],
        "reason-04": "source",
    }

    blank = manager.post(url(name, submission), data)
    assert blank.status_code == 422
    assert fresh(submission).state == state

    done = manager.post(url(name, submission), data | {"comment": "更正高企数量。"})
    assert done.status_code == 302
    assert fresh(submission).state == "returned"
    assert "更正高企数量。" in text(signed_in(people.filler).get(url("fill", submission)))
    stale = manager.post(url(name, submission), data | {"comment": "更正高企数量。"})
    assert (stale.status_code, code(stale)) == (409, "stale_state")


# --- more time -----------------------------------------------------------------------------------


def extension(days, reason="洪涝灾害"):
    return {"until": (clock.today() + timedelta(days=days)).isoformat(), "reason": reason}


def test_one_county_gets_more_time(submission, people, manager):
    assert "为廊坊市霸州市单独延期？" in text(manager.get(url("extend", submission)))

    response = manager.post(url("extend", submission), extension(30), follow=True)

    assert "已延期：洪涝灾害" in text(response)
    assert "剩 30 天" in text(signed_in(people.filler).get(url("fill", submission)))


@pytest.mark.parametrize(
    "data, sentence",
    [
        (extension(30, " "), "请填写延期原因"),
        (extension(30, "字" * 201), "最多200字"),
        ({"until": "", "reason": "洪涝"}, "请选择日期"),
        (extension(-1), "不能早于今天"),
        (extension(20), "须晚于该日"),
    ],
)
def test_an_extension_is_refused_in_words(submission, manager, data, sentence):
    response = manager.post(url("extend", submission), data)

    assert response.status_code == 422
    assert sentence in text(response)
    assert fresh(submission).extended_to is None


def test_a_received_sheet_is_not_extended(submission, people, manager):
    approve(people.lead, people.reviewer, submission)
    move(people.manager, submission, "receive")

    response = manager.post(url("extend", submission), extension(90))

    assert (response.status_code, code(response)) == (409, "already_accepted")
    assert (
        url("extend", submission) not in manager.get(url("submission", submission)).content.decode()
    )


def test_after_the_close_the_turn_says_why_nothing_moves(submission, people, manager):
    close_collection(actor=people.manager, collection_id=submission.collection.public_id)

    assert "本次采集已截止，不能再修改" in text(manager.get(url("submission", submission)))
