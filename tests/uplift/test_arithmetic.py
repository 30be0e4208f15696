"""Whether a plan adds up: S1 by hand, and what any single change of it does."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.uplift.plans import S1_COUNTIES, s1_text, with_stage
from uplift.rules.arithmetic import faults_of, questions_of
from uplift.rules.positions import aimed_class, places_of
from uplift.rules.text import FundYear, Goal, Move

S1 = s1_text()
NAMED = sorted({move.county for stage in S1.stages for move in stage.moves})
A_COUNTIES = sorted(set(S1_COUNTIES) - set(NAMED))


def sentences(text):
    return [fault.sentence for fault in faults_of(text, S1_COUNTIES)]


def test_s1_adds_up():
    assert sentences(S1) == []


def test_s1_in_figures():
    counts = [S1.heading.base_counts, *(stage.counts for stage in S1.stages)]

    assert [tuple(each.values()) for each in counts] == [
        (8, 4, 9),
        (10, 5, 6),
        (12, 9, 0),
        (15, 6, 0),
    ]
    assert [sum(each.values()) for each in counts] == [21] * 4
    assert [(s.data_year, s.publication_year) for s in S1.stages] == [
        (2021, 2022),
        (2022, 2023),
        (2025, None),
    ]
    assert S1.fund_total == 60_000_000


# Written out by hand from DOMAIN's line on S1: A, B.
TARGETS = {
    "争取上级支持与奖励": ("8", "5"), "地方财政科技支出": ("7000", "4000"),
    "地方财政科技支出占公共财政支出的比重": ("1.9", "1.5"),
    "规上工业企业R&D经费支出占主营业务收入的比重": ("1.5", "1.0"),
    "省级以上科技创新平台": ("20", "6"), "规上工业企业建立研发机构比例": ("60", "40"),
    "省级以上创新创业服务机构": ("20", "5"), "万人有效发明专利拥有量": ("12", "4"),
    "高新技术企业": ("90", "40"), "千家工商注册企业中高新技术企业数量": ("6", "4"),
    "科技型中小企业": ("900", "500"), "千家工商注册企业中科技型中小企业数量": ("200", "100"),
    "规上高新技术产业增加值占规上工业增加值比重": ("40", "30"), "农业产业化经营率": ("70", "60"),
    "省级以上创新园区（基地）数量": ("7", "3"), "创新型乡镇数量": ("2", "1"),
}  # fmt: skip


def test_all_32_targets_and_none_for_c():
    assert {line.name: line.targets for line in S1.lines} == {
        name: {"A": Decimal(a), "B": Decimal(b)} for name, (a, b) in TARGETS.items()
    }
    assert sum(len(line.targets) for line in S1.lines) == 32
    assert [line.name for line in S1.lines if not line.indicator] == ["创新型乡镇数量"]


def test_growth_as_the_source_words_it():
    assert [(g.meaning, g.percent, g.mode) for g in S1.growth] == [
        ("science-expenditure", 30, "average"), ("industry-rd-expenditure", 15, "yearly"),
    ]  # fmt: skip


def test_every_county_is_followed_through():
    places = places_of(S1, S1_COUNTIES)

    assert {code: places.starts[code] for code in A_COUNTIES} == dict.fromkeys(A_COUNTIES, "A")
    assert len(A_COUNTIES) == 8
    for number, stage in enumerate(S1.stages):
        held = list(places.at(number).values())
        assert {name: held.count(name) for name in "ABC"} == dict(stage.counts)


@pytest.mark.parametrize(
    "code, year, aimed",
    [("130104", 2021, "A"), ("130121", 2021, "B"), ("130121", 2022, "B"), ("130121", 2023, "A"),
     ("130107", 2021, "C"), ("130107", 2022, "B"), ("130102", 2024, "A"), ("130121", 2026, ""),
     ("999999", 2021, "")],
)  # fmt: skip
def test_the_class_a_county_works_for(code, year, aimed):
    assert aimed_class(S1, places_of(S1, S1_COUNTIES), code, year) == aimed


def test_all_faults_at_once_in_words():
    stage = S1.stages[0]
    wrong = with_stage(S1, 0, counts={"A": 12, "B": 5, "C": 6}, publication_year=2024,
                       moves=(*stage.moves, Move("130104", "B", "A")))  # fmt: skip
    found = sentences(wrong)

    assert any("12＋5＋6＝23个，与本单位所属21个" in each for each in found)
    assert any("桥西区写了2次" in each for each in found)
    assert any("2024年公布，评价结果在数据年度的次年（2022年）公布" in each for each in found)
    assert any(
        "“第一阶段：挖潜增量”A类县：上一阶段8个" in each and "写的是12个" in each for each in found
    )


def test_a_county_cannot_rise_from_a_class_it_is_not_in():
    moves = (Move("130121", "B", "A"), *S1.stages[1].moves[1:])
    second = with_stage(
        S1, 1, moves=(Move("130125", "B", "A"), *S1.stages[1].moves[1:5], *S1.stages[1].moves[6:])
    )

    assert any(
        "写行唐县由B类跃升或保持，但按此前各阶段它在C类" in each for each in sentences(second)
    )
    assert sentences(with_stage(S1, 2, moves=moves))


def test_no_stage_falls_or_names_unknown_classes():
    down = with_stage(S1, 0, moves=(Move("130104", "B", "C"), *S1.stages[0].moves[1:]))
    strange = with_stage(S1, 0, moves=(Move("130104", "B", "D"), *S1.stages[0].moves[1:]))

    assert any("降为C类，跃升计划不能安排退档" in each for each in sentences(down))
    assert any("类别“D”不存在" in each for each in sentences(strange))


def test_years_must_ascend_and_stay_within_the_plan():
    descending = replace(S1, stages=(S1.stages[1], S1.stages[0], S1.stages[2]))
    short = replace(S1, stages=S1.stages[:2])
    early = with_stage(S1, 0, data_year=2020, publication_year=2021)

    assert any("阶段应按年度先后排列" in each for each in sentences(descending))
    assert any("最后一个阶段的年度2022与计划终止年2025不一致" in each for each in sentences(short))
    assert any("不晚于基期2020" in each for each in sentences(early))


def test_targets():
    line = S1.lines[0]
    for_c = replace(
        S1, lines=(replace(line, targets={**line.targets, "C": Decimal(1)}), *S1.lines[1:])
    )
    without_b = replace(S1, lines=(replace(line, targets={"A": Decimal(8)}), *S1.lines[1:]))
    late = replace(S1, lines=(replace(line, data_year=2026), *S1.lines[1:]))

    assert any("不能为C类县设目标" in each for each in sentences(for_c))
    assert any("没有B类县的目标" in each for each in sentences(without_b))
    assert any("目标年度2026不在" in each for each in sentences(late))
    assert any("写了2次" in each for each in sentences(replace(S1, lines=(*S1.lines, line))))
    assert sentences(replace(S1, lines=()))
    assert sentences(replace(S1, stages=()))


@pytest.mark.parametrize(
    "amount, year", [("0", 2022), ("-1", 2022), ("15000000", 2026), ("15000000", 2023)]
)
def test_fund(amount, year):
    wrong = replace(S1, fund=(FundYear(year, Decimal(amount)), *S1.fund[1:]))

    assert [fault.part for fault in faults_of(wrong, S1_COUNTIES)] == ["fund"]


def test_growth_of_nothing():
    wrong = replace(S1, growth=(replace(S1.growth[0], percent=Decimal(0)), S1.growth[0]))

    assert [fault.part for fault in faults_of(wrong, S1_COUNTIES)] == ["growth"] * 2


@given(st.integers(-1, 2), st.sampled_from("ABC"), st.integers(0, 30))
def test_any_one_count_changed_is_caught(place, name, count):
    counts = S1.heading.base_counts if place < 0 else S1.stages[place].counts
    changed = {**counts, name: count}
    text = (
        S1.with_heading(base_counts=changed) if place < 0 else with_stage(S1, place, counts=changed)
    )

    assert bool(sentences(text)) == (count != counts[name])


@given(st.integers(0, 2), st.sampled_from([("A", "B"), ("B", "C"), ("A", "C")]), st.integers(1, 4))
def test_counts_shifted_between_classes_are_caught(place, pair, by):
    """The sum still holds; the named counties no longer do."""
    counts = dict(S1.stages[place].counts)
    counts[pair[0]] += by
    counts[pair[1]] -= by

    assert sentences(with_stage(S1, place, counts=counts))


@given(st.integers(0, 2), st.sampled_from([-2, -1, 1, 2, 5]))
def test_any_one_year_changed_is_caught(place, by):
    year = S1.stages[place].data_year + by

    assert sentences(with_stage(S1, place, data_year=year)) or (
        # Without a year of publication only the neighbours and the plan's end speak for the last stage's.
        S1.stages[place].publication_year is None and year == S1.heading.to_year
    )


@given(st.data())
def test_any_one_name_left_out_or_exchanged_is_caught(data):
    """Left out, or exchanged for another named county or a stranger; and for an unnamed one, given the list."""
    place = data.draw(st.integers(0, 2))
    moves = list(S1.stages[place].moves)
    at = data.draw(st.integers(0, len(moves) - 1))
    move = moves[at]
    other = data.draw(st.sampled_from([*NAMED, *A_COUNTIES, "131081", ""]))
    if other == move.county:
        return
    moves[at : at + 1] = [replace(move, county=other)] if other else []
    text = with_stage(S1, place, moves=tuple(moves))

    # Of the two that only stay in their class and of exchanges in the last stage nothing later speaks.
    listed = {2020: places_of(S1, S1_COUNTIES).starts}
    said = sentences(text) or set(questions_of(text, S1_COUNTIES, listed)) - set(
        questions_of(S1, S1_COUNTIES, listed)
    )
    assert said


def test_where_the_source_may_be_read_in_two_ways_it_is_said():
    asked = questions_of(S1, S1_COUNTIES, {})

    assert len(asked) == 4
    assert "总体目标写2022年内A类12个、B类9个" in asked[0]
    assert "A类10个、B类5个" in asked[0]
    assert "“第三阶段：巩固提高”只写到2025年，没有写明是数据年度还是公布年份" in asked[1]
    assert "2023—2025年度没有分类目标" in asked[2]
    assert "“创新型乡镇数量”没有对应平台的指标" in asked[3]


def test_a_goal_no_stage_bears_out_is_said():
    text = replace(S1, goals=(Goal(2022, {"A": 13}, "…"), S1.goals[1]))

    assert "与任何一个阶段都不一致" in questions_of(text, S1_COUNTIES, {})[0]


def test_the_published_list_is_held_against_the_plan():
    starts = dict(places_of(S1, S1_COUNTIES).starts)
    assert len(questions_of(S1, S1_COUNTIES, {2020: starts})) == 4

    asked = questions_of(S1, S1_COUNTIES, {2020: {**starts, "130104": "C"}})
    assert any("A/B/C类为8/4/9，平台公布的2020年度名单为8/3/10" in each for each in asked)
    assert any("桥西区（计划B类，名单C类）" in each for each in asked)
