"""The letter of recommendation: what it names, what keeps it from being drafted, what makes it lapse."""

from datetime import timedelta

import pytest

from applications.actions.exceptions import change_quota
from applications.actions.moving import Move, Wanted, move_application
from applications.enums import ApplicationAction as Act
from applications.enums import ApplicationState as State
from applications.enums import RoundState
from applications.models import CityOpinion, PilotRound, RoundOpinion, RoundQuota
from applications.selectors.composing import compose_letter
from applications.selectors.letters import valid_letter
from applications.selectors.recommending import get_ranking
from county_portal.accounts.models import Region
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.documents.actions.drafts import Move as DraftMove
from county_portal.documents.actions.drafts import move_draft
from county_portal.documents.actions.standing import void_paper
from county_portal.documents.content import read_content
from county_portal.documents.enums import DraftAction
from county_portal.documents.importer import import_registers
from county_portal.documents.models import Paper
from tests.factories.pilots import (
    apply_to,
    draft_letter,
    issue_letter,
    letter_to_sign,
    rank,
    recommend,
)
from tests.factories.places import make_office, make_region


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


@pytest.fixture
def changan(call, province, registers):
    return apply_to(call, province.bureaus["changan"], State.REVIEWED)


def give_back(actor, application, action):
    wanted = (Wanted("table", "请核对第7行。", 7),)
    due_on = clock.today() + timedelta(days=5)
    move = Move(action, comment="请改正。", wanted=wanted, due_on=due_on)
    return move_application(actor=actor, application_id=application.public_id, move=move)


def step(actor, application, action, comment=""):
    move = Move(action, comment=comment)
    return move_application(actor=actor, application_id=application.public_id, move=move)


# What it says


def test_letter_names_the_citys_counties_in_its_order(people, call, bazhou, xianghe, changan):
    rank(bazhou, 2)
    rank(xianghe, 1)
    rank(changan, 1)

    made = compose_letter(people.reviewer, str(call.public_id))

    assert made.title == f"关于推荐廊坊市{call.title}的函"
    assert made.addressees == "河北省科学技术厅"
    (table,) = made.tables.values()
    assert [row[:2] for row in table["rows"]] == [["1", "香河县"], ["2", "霸州市"]]
    assert [source.kind for source in made.sources] == ["pilot_ranking", *["application"] * 2]
    assert [source.key for source in made.sources[1:]] == [
        str(xianghe.public_id),
        str(bazhou.public_id),
    ]


def test_letter_cannot_name_a_county_not_its_own(people, call, bazhou, changan):
    """However 石家庄's county came by a place: only what 廊坊 reviews is ever read."""
    rank(bazhou, 1)
    rank(changan, 2)
    CityOpinion.objects.filter(application=changan).update(given_by=people.reviewer)

    made = compose_letter(people.reviewer, str(call.public_id))

    assert "长安区" not in made.text
    assert str(changan.public_id) not in {source.key for source in made.sources}


def test_issued_letter_holds_for_each_and_reaches_the_province(bazhou, xianghe):
    letter = recommend(bazhou, xianghe)

    assert letter.number.startswith("廊科函〔")
    assert valid_letter(bazhou) == valid_letter(xianghe) == letter
    assert [row.office.name for row in letter.deliveries.all()] == ["河北省科学技术厅"]
    (attached,) = read_content(letter.content).attachments
    assert [row[1] for row in attached.blocks[0].rows] == ["霸州市", "香河县"]


def test_office_of_one_county_recommends_it_by_name(people, call, province, registers):
    xinji = apply_to(call, province.bureaus["xinji"], State.REVIEWED)

    letter = recommend(xinji)

    assert letter.title == f"关于推荐辛集市{call.title}的函"
    assert "推荐辛集市，有关情况" in compose_words(letter)


def compose_words(letter):
    return "".join(block.text for block in read_content(letter.content).blocks)


# What keeps it from being drafted


def test_only_the_city_composes(people, call, bazhou):
    rank(bazhou, 1)
    for actor in (people.lead, people.manager, people.signer):
        with pytest.raises(NotAllowed):
            compose_letter(actor, str(call.public_id))


def nobody_placed(call, bazhou, xianghe):
    CityOpinion.objects.all().delete()


def one_undecided(call, bazhou, xianghe):
    CityOpinion.objects.filter(application=xianghe).update(place=None)


def place_skipped(call, bazhou, xianghe):
    rank(xianghe, 3)


def place_twice(call, bazhou, xianghe):
    rank(xianghe, 1)


def too_many(call, bazhou, xianghe):
    RoundQuota.objects.filter(round=call).update(places=1)


def no_places(call, bazhou, xianghe):
    RoundQuota.objects.filter(round=call).delete()


def few_words(call, bazhou, xianghe):
    rank(xianghe, 2, "工作　基础\n扎实。")


def no_opinion(call, bazhou, xianghe):
    RoundOpinion.objects.all().delete()


def too_late(call, bazhou, xianghe):
    yesterday = clock.today() - timedelta(days=1)
    call.opens_on = call.county_due_on = yesterday - timedelta(days=20)
    call.city_due_on = yesterday
    call.save()


def abolished(call, bazhou, xianghe):
    Region.objects.filter(pk=xianghe.region_id).update(valid_to=clock.today())


def decided(call, bazhou, xianghe):
    call.state = RoundState.DECIDED
    call.save()


@pytest.mark.parametrize(
    "spoil, refused",
    [
        (nobody_placed, ("county_undecided", "没有推荐次序")),
        (one_undecided, ("county_undecided", "“香河县”")),
        (place_skipped, ("places_not_in_order", "1、3")),
        (place_twice, ("places_not_in_order", "1、1")),
        (too_many, ("quota_exceeded", "名额1个，已推荐2个，超出1个")),
        (no_places, ("no_quota", "没有分配")),
        (few_words, ("reasons_required", "“香河县”的推荐理由只有7字")),
        (no_opinion, ("opinion_required", "推荐意见")),
        (too_late, ("recommending_closed", "已于")),
        (decided, ("round_decided", "已公布")),
        (abolished, ("region_ended", "“香河县”已于")),
    ],
)
def test_what_keeps_a_letter_from_being_drafted(call, bazhou, xianghe, spoil, refused):
    code, words = refused
    rank(bazhou, 1)
    rank(xianghe, 2)

    spoil(call, bazhou, xianghe)

    with pytest.raises((Invalid, Stale), match=code) as found:
        draft_letter(bazhou)
    assert words in found.value.sentence


def test_nobody_reviewed_is_nobody_to_recommend(people, call, province, registers):
    apply_to(call, province.bureaus["bazhou"], State.CITY_REVIEW)

    with pytest.raises(Invalid, match="nobody_recommended"):
        compose_letter(people.reviewer, str(call.public_id))


def test_no_second_letter_while_one_holds(people, call, bazhou):
    recommend(bazhou)

    with pytest.raises(Stale, match="letter_stands"):
        compose_letter(people.reviewer, str(call.public_id))


def test_county_with_more_time_gives_its_city_more_time(people, call, bazhou, registers):
    """The interval is the round's: twenty days after the county's own day."""
    rank(bazhou, 1)
    too_late(call, bazhou, None)
    bazhou.extended_to, bazhou.extension_reason = clock.today() - timedelta(days=5), "汛情影响。"
    bazhou.save()

    assert get_ranking(people.reviewer, call.public_id).due_on == clock.today() + timedelta(days=15)
    assert draft_letter(bazhou).title


# What makes it lapse


@pytest.mark.parametrize("action, role", [(Act.RETURN, "reviewer"), (Act.SEND_BACK, "manager")])
def test_what_goes_back_takes_the_letter_with_it(people, bazhou, xianghe, action, role):
    letter = recommend(bazhou, xianghe)

    give_back(getattr(people, role), bazhou, action)

    letter.refresh_from_db()
    assert letter.status == "lapsed"
    assert letter.status_reason.startswith("廊坊市霸州市申报材料已退回")
    assert valid_letter(xianghe) is None


def test_admitted_and_sent_back_too(people, bazhou):
    letter = recommend(bazhou)
    step(people.manager, bazhou, Act.ADMIT)

    give_back(people.manager, bazhou, Act.SEND_BACK)

    letter.refresh_from_db()
    assert letter.status == "lapsed"


@pytest.mark.parametrize("action", [Act.SELECT, Act.REFUSE])
def test_what_the_province_decides_leaves_it_standing(people, bazhou, action):
    letter = recommend(bazhou)
    step(people.manager, bazhou, Act.ADMIT)
    step(people.publisher, bazhou, action, "评审得分居前。")

    letter.refresh_from_db()
    assert letter.is_valid


def test_lapsed_letter_is_issued_anew(people, bazhou, xianghe):
    former = recommend(bazhou, xianghe)
    give_back(people.reviewer, bazhou, Act.RETURN)
    rank(xianghe, 1)

    letter = issue_letter(xianghe)

    assert letter.serial == former.serial + 1
    assert valid_letter(bazhou) is None
    assert valid_letter(xianghe) == letter


def test_admitted_one_is_named_again_by_the_new_letter(people, call, bazhou, xianghe):
    recommend(bazhou, xianghe)
    step(people.manager, bazhou, Act.ADMIT)
    give_back(people.manager, xianghe, Act.SEND_BACK)

    letter = issue_letter(bazhou)

    assert valid_letter(bazhou) == letter


# What changed between drafting and signing


def other_reasons(people, bazhou, xianghe):
    rank(xianghe, 2, "毗邻京津，科技成果转化基础好，示范作用突出。")


def other_order(people, bazhou, xianghe):
    rank(bazhou, 2)
    rank(xianghe, 1)


def other_opinion(people, bazhou, xianghe):
    RoundOpinion.objects.update(text="另行研究。")


def one_gone_back(people, bazhou, xianghe):
    give_back(people.reviewer, xianghe, Act.RETURN)


def one_left_out(people, bazhou, xianghe):
    step(people.reviewer, xianghe, Act.LEAVE_OUT, "基础条件尚不具备，建议下一批次申报。")


def one_abolished(people, bazhou, xianghe):
    Region.objects.filter(pk=xianghe.region_id).update(valid_to=clock.today())


def places_taken_back(people, bazhou, xianghe):
    change_quota(
        actor=people.manager,
        round_id=bazhou.round.public_id,
        office=bazhou.reviewing_office,
        places=1,
        reason="名额统筹调整。",
    )


def round_decided(people, bazhou, xianghe):
    PilotRound.objects.update(state=RoundState.DECIDED)


@pytest.mark.parametrize(
    "change",
    [
        other_reasons,
        other_order,
        other_opinion,
        one_gone_back,
        one_left_out,
        one_abolished,
        places_taken_back,
        round_decided,
    ],
)
def test_change_before_signing_refuses_the_issue(people, bazhou, xianghe, change):
    rank(bazhou, 1)
    rank(xianghe, 2)
    draft = letter_to_sign(bazhou)

    change(people, bazhou, xianghe)

    with pytest.raises(Stale, match="bound_data_changed"):
        sign(people.signer, draft)
    assert not Paper.objects.filter(kind="recommendation_letter").exists()


def sign(signer, draft):
    move = DraftMove(DraftAction.ISSUE)
    return move_draft(actor=signer, draft_id=draft.public_id, move=move).paper


def test_another_citys_county_hinders_no_letter(people, call, province, bazhou):
    rank(bazhou, 1)
    draft = letter_to_sign(bazhou)

    rank(apply_to(call, province.bureaus["changan"], State.REVIEWED), 1)

    assert sign(people.signer, draft).is_valid


def test_county_abolished_after_the_letter_is_not_admitted(people, bazhou):
    recommend(bazhou)
    Region.objects.filter(pk=bazhou.region_id).update(valid_to=clock.today())

    with pytest.raises(Stale, match="region_ended"):
        step(people.manager, bazhou, Act.ADMIT)


def test_voided_letter_recommends_nobody(people, bazhou):
    letter = recommend(bazhou)

    void_paper(actor=people.signer, paper_id=letter.public_id, reason="推荐次序有误。")

    assert valid_letter(bazhou) is None
    with pytest.raises(Stale, match="letter_missing"):
        step(people.manager, bazhou, Act.ADMIT)
