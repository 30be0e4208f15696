from decimal import Decimal

import pytest

from scoring.engine.batch import score_indicator
from scoring.engine.errors import ScoringError
from scoring.engine.types import Figure, Flag, Item, Measure, Step
from tests.scoring.engine.builders import indicator


def score(code, *items):
    return score_indicator(indicator(code), Figure(code, Measure(items=items)))


def test_each_item_brings_its_kinds_points_listed_in_the_schemes_order():
    line = score(
        "08",
        Item("enterprise-technology-centre-provincial", "丙企业技术中心"),
        Item("key-laboratory-national", "乙实验室"),
        Item("enterprise-technology-centre-provincial", "甲企业技术中心"),
    )

    assert line.score == Decimal("4.00")
    assert line.flags == ()
    assert line.derivation.text == "国家级重点实验室 1 × 2 + 省级企业技术中心 2 × 1 = 4.00"
    assert line.derivation.steps == (
        Step("items", "国家级重点实验室", "乙实验室"),
        Step("items", "省级企业技术中心", "丙企业技术中心、甲企业技术中心"),
        Step("arithmetic", "计算", "国家级重点实验室 1 × 2 + 省级企业技术中心 2 × 1 = 4.00"),
        Step("rounded", "得分", "4.00"),
    )


def test_no_items_are_no_points_and_no_absence():
    line = score("09")

    assert (line.score, line.flags) == (Decimal("0.00"), ())
    assert line.derivation.text == "无计分项目，得0.00分"


def test_points_beyond_the_cap_are_cut_and_flagged():
    line = score("09", *(Item("high-tech-zone-national", f"高新区{i}") for i in range(3)))

    assert (line.score, line.flags) == (Decimal("6.00"), (Flag.CAPPED,))
    assert line.derivation.text == "国家级高新区 3 × 3 = 9，超过上限6，得6.00分"


def test_points_exactly_at_the_cap_are_not_flagged():
    line = score("09", *(Item("high-tech-zone-national", f"高新区{i}") for i in range(2)))

    assert (line.score, line.flags) == (Decimal("6.00"), ())


@pytest.mark.parametrize(
    ("kinds", "points", "flags"),
    [
        (["bureau-independent"], "4.00", ()),
        (["bureau-co-located"], "2.00", ()),
        (["bureau-plate"], "1.00", ()),
        (["leading-group"], "1.00", ()),
        (["bureau-co-located", "leading-group"], "3.00", ()),
        (["bureau-independent", "leading-group"], "5.00", ()),
        (["bureau-plate", "bureau-co-located"], "2.00", (Flag.NOT_ALL_COUNTED,)),
        (["bureau-plate", "bureau-independent"], "4.00", (Flag.NOT_ALL_COUNTED,)),
        (
            ["bureau-plate", "bureau-co-located", "bureau-independent", "leading-group"],
            "5.00",
            (Flag.NOT_ALL_COUNTED,),
        ),
        (["bureau-plate", "bureau-plate"], "1.00", (Flag.NOT_ALL_COUNTED,)),
        (["leading-group", "leading-group"], "1.00", (Flag.NOT_ALL_COUNTED,)),
    ],
)
def test_of_rival_kinds_only_the_best_counts(kinds, points, flags):
    line = score("15", *(Item(kind, f"机构{i}") for i, kind in enumerate(kinds)))

    assert (line.score, line.flags) == (Decimal(points), flags)


def test_rivals_that_do_not_count_are_listed_as_such():
    line = score("15", Item("bureau-plate", "科技局牌子"), Item("bureau-co-located", "科工局"))

    assert line.derivation.text == "合署办公的科技管理部门 1 × 2 = 2.00"
    assert line.derivation.steps[:3] == (
        Step("items", "合署办公的科技管理部门", "科工局"),
        Step("items", "加挂科技局牌子", "科技局牌子"),
        Step("not-counted", "不重复计分", "加挂科技局牌子1项"),
    )


def test_other_awards_bring_what_the_panel_gives_them():
    line = score(
        "16",
        Item("award-other", "乙奖", Decimal("0.5")),
        Item("award-other", "甲奖", Decimal("1.25")),
    )

    assert (line.score, line.flags) == (Decimal("1.75"), ())
    assert line.derivation.text == "其他部门行业奖励和表彰 0.5 + 1.25 = 1.75"


def test_award_not_yet_judged_counts_nothing_and_is_flagged():
    line = score("16", Item("award-other", "甲奖"), Item("project-national", "乙项目"))

    assert (line.score, line.flags) == (Decimal("1.00"), (Flag.AWAITING_JUDGEMENT,))
    assert line.derivation.text == "国家级项目 1 × 1 + 其他部门行业奖励和表彰 0 = 1.00"


def test_all_flags_at_once_stand_in_a_fixed_order():
    line = score(
        "16",
        *(Item("science-award-national", f"奖{i}") for i in range(2)),
        Item("award-other", "甲奖"),
        Item("award-other", "乙奖"),
    )

    assert line.flags == (Flag.AWAITING_JUDGEMENT, Flag.CAPPED)


@pytest.mark.parametrize(
    ("item", "code", "sentence"),
    [
        (
            Item("teahouse", "某茶馆"),
            "item-kind-unknown",
            "“争取上级支持与奖励”：佐证“某茶馆”的类别“teahouse”不在评分方案中。",
        ),
        (
            Item("project-national", "某项目", Decimal(2)),
            "item-points-fixed",
            "“争取上级支持与奖励”：佐证“某项目”的分值由评分方案规定，不能另行给分。",
        ),
        (
            Item("award-other", "某奖", Decimal("5.5")),
            "item-points-out-of-range",
            "“争取上级支持与奖励”：佐证“某奖”的酌情得分应当在0至5分之间，不能是5.5。",
        ),
        (
            Item("award-other", "某奖", Decimal(-1)),
            "item-points-out-of-range",
            "“争取上级支持与奖励”：佐证“某奖”的酌情得分应当在0至5分之间，不能是-1。",
        ),
    ],
)
def test_unsound_items_are_refused_with_a_sentence(item, code, sentence):
    with pytest.raises(ScoringError) as refusal:
        score("16", item)

    assert (refusal.value.code, refusal.value.sentence) == (code, sentence)
