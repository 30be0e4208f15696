"""Pages of appeals, as each office sees them."""

from datetime import timedelta
from http import HTTPStatus
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from county_portal.common import clock
from scoring.actions.appeals import stamp_of
from scoring.claims import ClaimInput
from scoring.enums import AppealState
from scoring.models import Appeal, FigureCorrection, PublishedList
from tests.factories.people import signed_in
from tests.scoring.acts import appeal, crew, examined, grade, opined, publish, upheld

LIST = reverse("scoring:appeals")


def url(name, *args):
    return reverse(f"scoring:{name}", args=args)


def region_of(published, code="131081"):
    return published.rows.get(code=code).region


def text_of(answer):
    return answer.content.decode()


def file_url(published, code="131081", indicator="04"):
    return url("appeal_file", published.public_id, region_of(published, code).public_id, indicator)


# filing


def test_the_head_goes_from_the_list_to_a_filed_appeal(people, published):
    browser = signed_in(people.lead)
    lines = url("appeal_lines", published.public_id, region_of(published).public_id)
    assert lines in text_of(browser.get(LIST))
    assert file_url(published) in text_of(browser.get(lines))
    assert "97" in text_of(browser.get(file_url(published)))
    scan = SimpleUploadedFile("认定文件.pdf", b"%PDF-1.7\n%%EOF", "application/pdf")

    answer = browser.post(
        file_url(published),
        {"claim_words": "漏计三家。", "text": "100", "evidence": [scan]},
        follow=True,
    )

    row = Appeal.objects.get()
    page = text_of(answer)
    assert answer.redirect_chain == [(url("appeal", row.public_id), HTTPStatus.FOUND)]
    for words in ("漏计三家。", "认定文件.pdf", "待市级意见", "100", "撤回申诉"):
        assert words in page
    evidence = browser.get(url("appeal_evidence", row.public_id, row.files.get().public_id))
    assert b"".join(evidence.streaming_content).startswith(b"%PDF")


def test_an_itemised_line_is_claimed_item_by_item(people, published):
    browser = signed_in(people.lead)
    page = browser.get(file_url(published, indicator="15"))
    kind = page.context["spec"].kinds[0][0]

    browser.post(
        file_url(published, indicator="15"),
        {"claim_words": "漏计一项。", "kind_1": kind, "name_1": "省级创新平台"},
    )

    assert Appeal.objects.get().claimed_figure["items"] == [{"kind": kind, "name": "省级创新平台"}]


def test_a_panel_line_asks_for_reasons_alone(people, published):
    browser = signed_in(people.lead)
    page = browser.get(file_url(published, indicator="17"))
    assert not any(name.startswith(("text", "panel")) for name in page.context["form"].fields)

    browser.post(file_url(published, indicator="17"), {"claim_words": "材料未被采信。"})

    assert Appeal.objects.get().claimed_figure is None


@pytest.mark.parametrize(
    "typed, words",
    [
        ({"claim_words": "　", "text": "100"}, "请填写申诉理由"),
        ({"claim_words": "漏计", "text": "-3"}, "不能为负数"),
        ({"claim_words": "漏计", "text": "十"}, "不是数字"),
        ({"claim_words": "漏计", "text": "97"}, "相同"),
    ],
)
def test_bad_input_is_kept_and_answered_in_words(people, published, typed, words):
    answer = signed_in(people.lead).post(file_url(published), typed)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in text_of(answer)
    assert f'value="{typed["text"]}"' in text_of(answer)
    assert not Appeal.objects.exists()


def test_after_the_window_the_form_is_refused_with_the_day(people, published):
    with clock.playing(clock.now() + timedelta(days=16)):
        answer = signed_in(people.lead).get(file_url(published))

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "申诉期已于" in text_of(answer)


def test_a_foreign_county_is_a_404_and_another_role_a_403(people, published):
    foreign = file_url(published, "130102")
    assert signed_in(people.lead).get(foreign).status_code == HTTPStatus.NOT_FOUND
    assert signed_in(people.lead).post(foreign).status_code == HTTPStatus.NOT_FOUND
    for person in (people.filler, people.reviewer, people.manager, people.publisher):
        answer = signed_in(person).post(file_url(published), {"claim_words": "漏计"})
        assert answer.status_code == HTTPStatus.FORBIDDEN


def test_the_filler_sees_and_does_not_file(people, published):
    row = appeal(people, published)
    browser = signed_in(people.filler)

    page = text_of(browser.get(url("appeal", row.public_id)))
    assert "撤回申诉" not in page
    lines = browser.get(url("appeal_lines", published.public_id, region_of(published).public_id))
    assert lines.status_code == HTTPStatus.OK
    assert file_url(published, indicator="05") not in text_of(lines)


def test_the_head_withdraws(people, published):
    row = appeal(people, published)

    signed_in(people.lead).post(url("appeal_withdraw", row.public_id))

    row.refresh_from_db()
    assert row.state == AppealState.WITHDRAWN


# the offices


def test_the_city_opines_on_the_page(people, published):
    row = appeal(people, published)
    browser = signed_in(people.reviewer)
    page = browser.get(url("appeal", row.public_id))
    seen = page.context["form"]["seen"].value()
    blank = browser.post(
        url("appeal_opine", row.public_id), {"verdict": "yes", "words": " ", "seen": seen}
    )
    assert blank.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    row.refresh_from_db()
    assert row.state == AppealState.FILED

    browser.post(
        url("appeal_opine", row.public_id), {"verdict": "yes", "words": "属实", "seen": seen}
    )

    row.refresh_from_db()
    assert (row.state, row.city_supports) == (AppealState.OPINED, True)
    again = browser.post(
        url("appeal_opine", row.public_id), {"verdict": "no", "words": "改口", "seen": seen}
    )
    assert again.status_code == HTTPStatus.CONFLICT


def test_the_province_goes_on_without_an_overdue_city(people, published):
    row = appeal(people, published)
    browser = signed_in(people.manager)
    assert "转省级复查</h2>" not in text_of(browser.get(url("appeal", row.public_id)))

    with clock.playing(clock.now() + timedelta(days=11)):
        assert "转省级复查</h2>" in text_of(browser.get(url("appeal", row.public_id)))
        browser.post(url("appeal_go_on", row.public_id), {"words": "经催办仍未提出。"})

    row.refresh_from_db()
    assert row.state == AppealState.OPINED


def test_the_review_is_tried_before_it_is_given(people, published):
    row = opined(people, appeal(people, published))
    browser, page_url = signed_in(people.manager), url("appeal_review", row.public_id)
    page = browser.get(page_url)
    typed = {
        "verdict": "yes",
        "text": "30",
        "words": "经核对应为30。",
        "seen": page.context["form"]["seen"].value(),
    }

    tried = browser.post(page_url, {**typed, "preview": "1"})

    effect = tried.context["effect"]
    assert "按上面填写的数据" in text_of(tried)
    assert effect.own.after.total < effect.own.before.total
    row.refresh_from_db()
    assert row.state == AppealState.OPINED
    browser.post(page_url, {**typed, "review": "1"})
    row.refresh_from_db()
    assert (row.state, row.proposed_figure["value"]) == (AppealState.REVIEWED, "30")


def test_the_decider_sees_the_effect_and_others_do_not(people, published):
    row = examined(people, opined(people, appeal(people, published)), ClaimInput("30"))
    page = url("appeal", row.public_id)

    decider = signed_in(people.publisher).get(page)
    assert decider.context["effect"].line_after.score < decider.context["effect"].line_before.score
    assert "申诉成立，按拟更正的数据更正" in text_of(decider)
    for person in (people.lead, people.reviewer):
        shown = signed_in(person).get(page)
        assert "effect" not in shown.context
        assert "经核对统计年鉴" not in text_of(shown)


def test_the_decider_upholds_and_the_way_to_the_correction_opens(
    people, reviewed, scheme, published
):
    row = examined(people, opined(people, appeal(people, published)))
    browser = signed_in(people.publisher)
    given = {"verdict": "yes", "words": "同意。", "seen": stamp_of(row)}
    wrong = signed_in(people.manager).post(url("appeal_decide", row.public_id), given)
    assert wrong.status_code == HTTPStatus.FORBIDDEN

    browser.post(url("appeal_decide", row.public_id), given)

    assert FigureCorrection.objects.get().appeal == row
    manager = signed_in(people.manager)
    start = url("run_start", published.collection.public_id)
    assert start in text_of(manager.get(LIST))
    run = grade(people, reviewed, scheme)
    assert url("list_draft", run.public_id) in text_of(manager.get(LIST))
    draft = manager.get(url("list_draft", run.public_id))
    assert "经申诉复查更正" in draft.context["form"]["correction_reason"].value()


def test_the_decider_may_send_it_back(people, published):
    row = examined(people, opined(people, appeal(people, published)))
    given = {"verdict": "reopen", "words": "请核对年鉴。", "seen": stamp_of(row)}

    signed_in(people.publisher).post(url("appeal_decide", row.public_id), given)

    row.refresh_from_db()
    assert row.state == AppealState.OPINED


# what everybody sees


def test_the_public_erratum_names_county_and_moves_but_no_figure(
    client, people, reviewed, scheme, published
):
    upheld(people, published, ClaimInput("80"), code="130102")
    newer = publish(people, grade(people, reviewed, scheme), 2, "经申诉复查更正。")

    page = text_of(client.get(url("public_list", newer.public_id)))

    county = region_of(published, "130102").full_name
    assert f"{county}“" in page
    assert "经申诉复查更正" in page
    assert "更正说明" in page
    assert "井陉县" in page.partition("更正说明")[2].partition("查一个县")[0]
    for secret in ("80家", people.lead.display_name, "统计口径有误"):
        assert secret not in page
    old = text_of(client.get(url("public_list", published.public_id)))
    assert "本名单已更正" in old


def test_a_first_version_has_no_erratum(client, published):
    page = text_of(client.get(url("public_list", published.public_id)))

    assert "更正说明" not in page
    assert "县级申诉截止" in page


# the list


def test_the_list_is_narrowed_and_counted(people, published):
    opined(people, appeal(people, published))
    appeal(people, published, ClaimInput("80"), code="130102")
    browser = signed_in(people.manager)

    every = browser.get(LIST)
    assert [chip.count for chip in every.context["chips"]] == [2, 1, 1]
    assert len(browser.get(LIST, {"state": "opined"}).context["rows"]) == 1
    assert len(browser.get(LIST, {"q": "长安"}).context["rows"]) == 1
    assert "没有符合条件" in text_of(browser.get(LIST, {"q": "无此县"}))
    assert len(browser.get(LIST, {"year": "x", "office": "y"}).context["rows"]) == 2
    assert len(signed_in(people.reviewer).get(LIST).context["rows"]) == 1
    assert len(signed_in(people.lead).get(LIST).context["rows"]) == 1


def test_the_list_takes_the_same_queries_however_many(people, published, django_assert_num_queries):
    appeal(people, published)
    browser = signed_in(people.manager)
    browser.get(LIST)
    with django_assert_num_queries(12):
        browser.get(LIST)
    for code in ("130102", "130121", "130181"):
        appeal(people, published, ClaimInput("80"), code=code)

    with django_assert_num_queries(12):
        browser.get(LIST)


def test_the_workbook_lists_outcomes(people, published):
    upheld(people, published)

    answer = signed_in(people.manager).get(url("appeals_xlsx"))

    sheet = load_workbook(BytesIO(answer.content)).active
    values = [cell.value for row in sheet.iter_rows() for cell in row]
    assert "申诉成立" in values
    assert region_of(published).full_name in values


def test_the_inbox_says_whose_turn_it_is(people, published):
    row = appeal(people, published)
    keys = lambda person: {  # noqa: E731 -- asked four times
        group.key
        for group in signed_in(person).get(reverse("home:inbox")).context["groups"]
        if group.key.startswith("appeal")
    }
    assert keys(people.lead) == {"appeal-window"}
    assert keys(people.reviewer) == {"appeal-filed"}
    assert keys(people.manager) == set()
    row = opined(people, row)
    assert keys(people.manager) == {"appeal-opined"}
    row = examined(people, row)
    assert keys(people.publisher) == {"appeal-reviewed"}
    assert crew(people, "131081")[0] == people.lead
    assert PublishedList.objects.get() == published
