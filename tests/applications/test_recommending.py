"""A city ranks its counties within its places, leaves some out, and has its letter drafted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.actions.moving import Move, move_application
from applications.actions.recommending import Placed, RankingInput, save_ranking
from applications.enums import ApplicationAction as Act
from applications.enums import ApplicationState as State
from applications.models import CityOpinion, RoundOpinion, RoundQuota
from applications.selectors.recommending import get_ranking
from county_portal.audit.models import Event
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.documents.actions.standing import void_paper
from county_portal.documents.importer import import_registers
from tests.applications.test_returns import give_back
from tests.factories.people import signed_in
from tests.factories.pilots import apply_to, draft_letter, issue_letter, rank, recommend
from tests.factories.places import make_office, make_region

REASONS = "创新平台较多，高新技术企业集聚，对周边县区带动作用明显。"
OPINION = "两地符合试点条件，同意推荐。"


@pytest.fixture
def registers(province):
    import_registers("hebei")


@pytest.fixture
def bazhou(call, province, registers):
    return apply_to(call, province.bureaus["bazhou"], State.REVIEWED)


@pytest.fixture
def xianghe(call, province, registers):
    """廊坊's second county."""
    langfang = province.cities["langfang"]
    region = make_region("香河县", "131024", "county", parent=langfang.region, reviewer=langfang)
    return apply_to(call, make_office("廊坊市香河县科学技术局", "county", region), State.REVIEWED)


def save(actor, call, *placed, opinion=OPINION, seen=None):
    data = RankingInput(
        [Placed(row.public_id, place, reasons) for row, place, reasons in placed],
        opinion,
        get_ranking(actor, call.public_id).mark if seen is None else seen,
    )
    return save_ranking(actor=actor, round_id=call.public_id, data=data)


def step(actor, application, action, comment=""):
    move = Move(action, comment=comment)
    return move_application(actor=actor, application_id=application.public_id, move=move)


# The act


def test_places_reasons_and_opinion_are_kept(people, call, bazhou, xianghe):
    saved = save(people.reviewer, call, (bazhou, 2, REASONS), (xianghe, 1, REASONS))

    assert [line.application for line in saved.recommended] == [xianghe, bazhou]
    assert saved.opinion == OPINION
    assert not saved.obstacles
    event = Event.objects.filter(act="rank_applications").get()
    assert event.detail["places"] == [[1, "131024"], [2, "131081"]]


def test_half_a_ranking_may_be_kept_and_says_what_it_lacks(people, call, bazhou, xianghe):
    saved = save(people.reviewer, call, (bazhou, 1, REASONS), (xianghe, None, ""), opinion="")

    assert [each.code for each in saved.obstacles] == ["county_undecided", "opinion_required"]


@pytest.mark.parametrize("who", ["filler", "lead", "signer", "manager", "publisher"])
def test_only_the_reviewer_ranks(people, call, bazhou, who):
    with pytest.raises(NotAllowed):
        save(getattr(people, who), call, (bazhou, 1, REASONS), seen="")
    assert not CityOpinion.objects.exists()


@pytest.mark.parametrize(
    "first, second, code, words",
    [
        ((1, REASONS), (1, REASONS), "place_twice", "都是1"),
        ((0, REASONS), (None, ""), "place_invalid", "“霸州市”"),
        ((1, "很好。"), (None, ""), "reasons_required", "不少于15字"),
        ((1, " 　"), (None, ""), "reasons_required", "还没有填写"),
    ],
)
def test_unfit_ranking_changes_nothing(
    people, call, bazhou, xianghe, *, first, second, code, words
):
    with pytest.raises(Invalid, match=code) as refused:
        save(people.reviewer, call, (bazhou, *first), (xianghe, *second))
    assert words in refused.value.sentence
    assert not CityOpinion.objects.exists()


def test_places_are_as_many_as_the_province_gave(people, call, bazhou, xianghe):
    RoundQuota.objects.filter(round=call).update(places=1)

    with pytest.raises(Invalid, match="quota_exceeded") as refused:
        save(people.reviewer, call, (bazhou, 1, REASONS), (xianghe, 2, REASONS))
    assert "名额1个，已推荐2个" in refused.value.sentence


def test_office_without_places_recommends_nobody(people, call, bazhou):
    RoundQuota.objects.filter(round=call).delete()

    with pytest.raises(Invalid, match="no_quota"):
        save(people.reviewer, call, (bazhou, 1, REASONS))


def test_county_of_another_city_is_not_there(people, call, province, bazhou):
    changan = apply_to(call, province.bureaus["changan"], State.REVIEWED)

    with pytest.raises(Exception, match="No Application matches"):
        save(people.reviewer, call, (changan, 1, REASONS))
    assert not CityOpinion.objects.exists()


def test_what_was_not_reviewed_has_no_place(people, call, province, registers):
    pending = apply_to(call, province.bureaus["bazhou"], State.CITY_REVIEW)

    with pytest.raises(Stale, match="not_reviewed"):
        save(people.reviewer, call, (pending, 1, REASONS))


def test_colleagues_saving_is_not_written_over(people, call, bazhou, xianghe):
    seen = get_ranking(people.reviewer, call.public_id).mark
    save(people.reviewer, call, (bazhou, 1, REASONS))

    with pytest.raises(Stale, match="ranking_changed"):
        save(people.reviewer, call, (xianghe, 1, REASONS), seen=seen)
    assert CityOpinion.objects.get().application == bazhou


def test_nothing_changes_while_a_letter_stands(people, call, bazhou):
    letter = recommend(bazhou)

    with pytest.raises(Stale, match="letter_stands") as refused:
        save(people.reviewer, call, (bazhou, 1, REASONS + "另。"))
    assert letter.number in refused.value.sentence
    assert "撤销" in refused.value.sentence
    with pytest.raises(Stale, match="letter_stands"):
        step(people.reviewer, bazhou, Act.LEAVE_OUT, "另行推荐。")

    void_paper(actor=people.signer, paper_id=letter.public_id, reason="次序有误。")

    assert save(people.reviewer, call, (bazhou, 1, REASONS + "另。")).recommended


def test_left_out_has_no_place_and_may_be_reconsidered(people, call, bazhou, xianghe):
    rank(bazhou, 1)
    rank(xianghe, 2)
    step(people.reviewer, bazhou, Act.LEAVE_OUT, "基础条件尚不具备。")

    ranking = get_ranking(people.reviewer, call.public_id)
    assert [(line.application, line.refused_for) for line in ranking.left_out] == [
        (bazhou, "基础条件尚不具备。")
    ]
    assert CityOpinion.objects.get(application=bazhou).place is None

    step(people.reviewer, bazhou, Act.RECONSIDER)

    ranking = get_ranking(people.reviewer, call.public_id)
    assert not ranking.left_out
    assert ranking.obstacles[0].code == "county_undecided"


# Pages


def page_of(call):
    return reverse("applications:recommending", args=[call.public_id])


def entered(ranking, **fields):
    return {"seen": ranking.mark, "opinion": OPINION, **fields}


def test_page_says_places_and_what_is_lacking(people, call, bazhou, xianghe):
    rank(bazhou, 1)

    words = signed_in(people.reviewer).get(page_of(call)).content.decode()

    assert "名额3个，已推荐1个" in words
    assert "“香河县”已审核通过" in words
    assert "起草推荐函</a>" not in words


def test_page_leads_to_the_draft_once_the_ranking_is_whole(people, call, bazhou):
    rank(bazhou, 1)

    words = signed_in(people.reviewer).get(page_of(call)).content.decode()

    start = reverse("documents:start", args=["recommendation_letter"])
    assert f"{start}?subject={call.public_id}" in words


def test_page_shows_how_far_the_letter_is(people, call, bazhou):
    rank(bazhou, 1)
    client = signed_in(people.reviewer)
    draft_letter(bazhou)
    assert "赵审核办理" in client.get(page_of(call)).content.decode()


def test_page_shows_why_a_letter_lapsed_and_how_to_begin_anew(people, call, bazhou, xianghe):

    letter = recommend(bazhou, xianghe)
    give_back(people.reviewer, bazhou)
    rank(xianghe, 1)

    words = signed_in(people.reviewer).get(page_of(call)).content.decode()

    assert f"起已失效：{letter.bindings.get(key=bazhou.public_id).label[:6]}" in words
    assert "重新起草推荐函" in words
    anew = issue_letter(xianghe)
    words = signed_in(people.signer).get(page_of(call)).content.decode()
    assert anew.number in words
    assert letter.number in words


def test_saving_through_the_page(people, call, bazhou):
    ranking = get_ranking(people.reviewer, call.public_id)
    url = reverse("applications:ranking_save", args=[call.public_id])
    fields = {f"place-{bazhou.public_id}": "1", f"reasons-{bazhou.public_id}": REASONS}

    answer = signed_in(people.reviewer).post(url, entered(ranking, **fields))

    assert answer["Location"] == page_of(call)
    opinion = CityOpinion.objects.get()
    assert (opinion.place, opinion.reasons, opinion.given_by) == (1, REASONS, people.reviewer)
    assert RoundOpinion.objects.get().text == OPINION


@pytest.mark.parametrize(
    "place, reasons, status, words",
    [
        ("一", REASONS, 422, "1至99的整数"),
        ("-1", REASONS, 422, "1至99的整数"),
        ("100", REASONS, 422, "1至99的整数"),
        ("1", "好", 422, "不少于15字"),
        ("1", "坏\x07字符的理由写得足够长了对吧", 422, "控制字符"),
    ],
)
def test_bad_input_is_said_on_the_page_and_kept(
    people, call, bazhou, *, place, reasons, status, words
):
    ranking = get_ranking(people.reviewer, call.public_id)
    url = reverse("applications:ranking_save", args=[call.public_id])
    fields = {f"place-{bazhou.public_id}": place, f"reasons-{bazhou.public_id}": reasons}

    answer = signed_in(people.reviewer).post(url, entered(ranking, **fields))

    assert answer.status_code == status
    assert words in answer.content.decode()
    assert f'value="{place}"' in answer.content.decode()
    assert not CityOpinion.objects.exists()


def test_stale_page_shows_what_stands_and_keeps_what_was_typed(people, call, bazhou):
    url = reverse("applications:ranking_save", args=[call.public_id])
    fields = {f"place-{bazhou.public_id}": "7", f"reasons-{bazhou.public_id}": REASONS}
    client = signed_in(people.reviewer)

    answer = client.post(url, {"seen": "0" * 64, "opinion": OPINION, **fields})

    assert answer.status_code == 409
    words = answer.content.decode()
    assert "本次保存未执行" in words
    assert 'value="7"' in words
    assert get_ranking(people.reviewer, call.public_id).mark in words


def test_leaving_out_without_reasons_is_refused_on_the_page(people, call, bazhou):
    url = reverse("applications:leave_out", args=[bazhou.public_id])
    client = signed_in(people.reviewer)

    answer = client.post(url, {"comment": " 　"})

    assert answer.status_code == 422
    assert "不予推荐的理由" in answer.content.decode()
    bazhou.refresh_from_db()
    assert bazhou.state == State.REVIEWED

    client.post(url, {"comment": "基础条件尚不具备。"})
    assert "基础条件尚不具备。" in client.get(page_of(call)).content.decode()
    client.post(reverse("applications:reconsider", args=[bazhou.public_id]))
    bazhou.refresh_from_db()
    assert bazhou.state == State.REVIEWED


def test_province_sees_letters_and_no_drafts_of_rankings(people, call, province, bazhou):
    rank(
        apply_to(call, province.bureaus["changan"], State.REVIEWED),
        1,
        "长安区尚在拟定的推荐理由若干字。",
    )
    letter = recommend(bazhou)

    for person in (people.manager, people.publisher, people.checker):
        words = signed_in(person).get(page_of(call)).content.decode()
        assert letter.number in words
        assert "带动作用明显" in words
        assert "尚在拟定的推荐理由" not in words


def test_province_reads_who_was_left_out_and_why(people, call, bazhou, xianghe):
    step(people.reviewer, xianghe, Act.LEAVE_OUT, "平台数量不足，建议下一批次申报。")
    manager = signed_in(people.manager)
    assert "平台数量不足" not in manager.get(page_of(call)).content.decode()

    recommend(bazhou)

    assert "平台数量不足" in manager.get(page_of(call)).content.decode()


def test_cities_do_not_see_each_other(people, call, bazhou):
    recommend(bazhou)

    words = signed_in(people.shijiazhuang_reviewer).get(page_of(call)).content.decode()

    assert "霸州" not in words


def test_pages_ask_a_constant_number_of_queries(people, call, province, bazhou):
    rank(bazhou, 1)
    client = signed_in(people.reviewer)
    client.get(page_of(call))
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(page_of(call))
    langfang = province.cities["langfang"]
    for number in range(3):
        region = make_region(
            f"试验{number}县",
            f"13102{number + 5}",
            "county",
            parent=langfang.region,
            reviewer=langfang,
        )
        bureau = make_office(f"廊坊市试验{number}县科学技术局", "county", region)
        rank(apply_to(call, bureau, State.REVIEWED), number + 2)
    with CaptureQueriesContext(connection) as four:
        client.get(page_of(call))

    assert len(four) == len(one)
    assert len(one) <= 20
