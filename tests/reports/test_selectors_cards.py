"""A card is put together from what the run froze, and compared with the right ones."""

from dataclasses import replace
from decimal import Decimal

import pytest

from indicators.actions.evidence import remove_evidence
from indicators.enums import FillMode
from indicators.rules import CellInput
from reports.card import card_digest
from reports.card_facts import ConfirmedDerivation, Derivation
from reports.card_words import outlook_sentence
from reports.selectors.cards import build_card, grouped_flags
from reports.selectors.lines import derivation_of, exact_of, shown, stored_indicators
from reports.selectors.statistics import (
    _city,
    frozen_figures,
    mean,
    median,
    median_of_peers,
    run_statistics,
)
from scoring.engine.types import Absence, Figure, Measure
from scoring.selectors.runs import engine_scheme
from tests.factories.sheets import add_item, fill, send_back_whole, submission_of
from tests.reports.acts import (
    BAZHOU,
    CHANGAN,
    JINGXING,
    XINJI,
    card_of,
    graded_alone,
    graded_year,
    line_of,
    region_of,
)

D = Decimal


def test_a_card_names_the_county_the_year_and_the_run(people, published):
    card = card_of(published)

    year = published.collection.data_year
    assert (card.county.code, card.county.parent, card.county.name) == (BAZHOU, "廊坊市", "霸州市")
    assert card.county.reviewing_office == "廊坊市科技局"
    assert (card.data_year, card.evaluation_year) == (year, year + 1)
    assert card.published_on == published.publish_on
    assert card.provenance.run_number == f"{year}年度第1次评价"
    assert card.provenance.input_digest == published.run.inputs_sha256
    assert card.provenance.status == "正式"
    assert card.title == f"霸州市{year}年度县域科技创新能力评价得分说明书"


def test_a_county_directly_under_the_province_stands_under_the_province(published):
    assert card_of(published, XINJI).county.parent == "河北省"


def test_a_lines_figure_source_ratio_and_arithmetic(people, published):
    line = line_of(card_of(published, CHANGAN), 5)

    assert (line.value_text, line.unit, line.weight) == ("3.01", "家", D(4))
    assert [f"{row.label}{row.value_text}" for row in line.derivation.operands] == [
        "高新技术企业数量50家",
        "工商注册企业数16625家",
    ]
    assert line.derivation.unrounded_text == "3.007519"
    assert line.derivation.source == "科技局、行政审批局（市审）"
    assert line.derivation.band_text == "2至5家，2.5至3.5分"
    assert line.derivation.arithmetic.endswith("≈ 2.84")
    assert line.score == line.derivation.rounded == D("2.84")


def test_a_forecast_is_named_in_source_and_flags(published):
    card = card_of(published, CHANGAN)

    assert line_of(card, 6).derivation.source == "科技局（预测）"
    assert line_of(card, 6).flags == ("预测数",)
    assert ("预测数", "科技型中小企业数量", "按预测数计分，以核定数为准。") in [
        (flag.kind, flag.indicator, flag.sentence) for flag in card.flags
    ]


def test_a_missing_figure_with_nothing_to_carry(published):
    card = card_of(published, CHANGAN)
    line = line_of(card, 14)

    assert (line.value_text, line.score, line.flags) == (
        "缺报",
        D("0.00"),
        ("缺报", "无上年数可沿用"),
    )
    assert line.derivation.source == "统计局、农业农村局（缺报）"
    assert line.derivation.unrounded_text == ""


def test_what_experts_scored_is_shown_as_theirs(published):
    line = line_of(card_of(published), 17)

    assert (line.value_text, line.derivation.source) == ("定性", "专家评分")
    assert (line.derivation.band_text, line.score) == ("评审打分：5", D("5.00"))
    assert line.flags == ()


def test_a_qualitative_line_without_experts_says_why_it_has_no_points(people, version, scheme):
    card = card_of(graded_alone(people, version, scheme))

    line = line_of(card, 17)
    assert (line.value_text, line.score, line.flags) == ("定性", D("0.00"), ("定性",))
    assert "本项为定性指标，没有专家评分，按评分方案计分。" in [
        flag.sentence for flag in card.flags
    ]


def test_a_carried_figure_is_shown_with_its_year_and_operands(people, version, scheme):
    graded_alone(people, version, scheme, years_ago=2)
    absent = {
        "i01": CellInput(mode=FillMode.MISSING, note="年鉴尚未公布。"),
        "i05": CellInput(mode=FillMode.MISSING, note="年鉴尚未公布。"),
    }
    published = graded_alone(people, version, scheme, absent)

    card = card_of(published)
    plain, ratio = line_of(card, 1), line_of(card, 5)
    year = published.collection.data_year - 1
    assert (plain.value_text, plain.previous_text, plain.change_text) == ("缺报", "7351.2", "—")
    assert plain.derivation.source == f"财政局（沿用{year}年度数）"
    assert plain.derivation.unrounded_text == "7351.2"
    assert plain.flags == ("缺报", "沿用上年")
    assert [row.value_text for row in ratio.derivation.operands] == ["50家", "16625家"]
    assert ratio.score == ratio.previous_score == D("2.84")


def test_the_card_shows_what_was_graded_after_the_sheet_was_reopened_and_changed(people, published):
    """Figures, and an item removed and listed anew with another number."""
    before = card_of(published)
    submission = submission_of(published.collection, BAZHOU)
    send_back_whole(people.manager, submission, "请核对第1项。")
    fill(people.lead, submission, {"01": CellInput("99999")})
    add_item(people.lead, submission, "新孵化器", kind="incubator-national")

    after = card_of(published)

    assert line_of(after, 1).value_text == line_of(before, 1).value_text == "12000"
    assert after == before
    assert card_digest(after) == card_digest(before)


def test_year_and_number_of_an_item_are_those_of_the_entry_that_was_graded(people, version, scheme):
    told = {"year": 2019, "approval_number": "冀科平〔2019〕3号"}
    kind = "incubator-provincial"
    published = graded_alone(people, version, scheme, items=[(kind, "霸州孵化器", told)])
    (graded,) = card_of(published).evidence
    submission = submission_of(published.collection, BAZHOU)
    send_back_whole(people.manager, submission, "请核对佐证。")
    remove_evidence(actor=people.filler, evidence_id=submission.evidence.get().public_id)
    add_item(people.lead, submission, "霸州孵化器", kind=kind, year=2001)

    (after,) = card_of(published).evidence

    assert (graded.year, graded.approval_number) == (2019, "冀科平〔2019〕3号")
    assert after == replace(graded, year=None, approval_number="")


def test_evidence_says_which_items_count(people, version, scheme):
    """Of two rivals the better counts; the other stands there with the reason."""
    items = [
        ("innovative-county-provincial", "省级创新型县"),
        ("innovative-county-national", "国家级创新型县"),
        ("incubator-provincial", "霸州孵化器"),
    ]
    card = card_of(graded_alone(people, version, scheme, items=items))

    told = [(row.name, row.counted, row.points, row.remark) for row in card.evidence]
    assert told == [
        ("国家级创新型县", True, D(3), ""),
        ("省级创新型县", False, D(2), "同类只计最高一项"),
        ("霸州孵化器", True, D(1), ""),
    ]
    counted = sum(row.points for row in card.evidence if row.counted)
    assert counted == line_of(card, 9).score + line_of(card, 10).score
    assert line_of(card, 9).derivation.band_text.startswith("逐项计分，上限6分；不重复计分：")
    assert [row.level for row in card.evidence] == ["国家", "省", "省"]


def test_evidence_beyond_the_cap_says_so(people, version, scheme):
    items = [("high-tech-zone-national", f"高新区{number}") for number in (1, 2, 3)]
    card = card_of(graded_alone(people, version, scheme, items=items))

    assert {row.remark for row in card.evidence} == {"合计9分，按上限6分计"}
    assert line_of(card, 9).score == D("6.00")
    assert "已达上限" in line_of(card, 9).flags
    assert (line_of(card, 9).value_text, line_of(card, 9).unit) == ("3", "家")


def test_an_item_left_to_judgement_is_listed_as_not_counted_yet(people, version, scheme):
    rule = next(row for row in engine_scheme(scheme).indicators if row.code == "16").rule
    judged = next(kind.code for kind in rule.kinds if kind.points is None)
    card = card_of(graded_alone(people, version, scheme, items=[(judged, "其他奖励")]))

    (item,) = card.evidence
    assert (item.counted, item.points, item.remark) == (False, D(0), "待酌情评定，暂未计分")
    assert "待酌情评分" in line_of(card, 16).flags


def test_lines_sum_to_groups_and_groups_to_the_total(published):
    card = card_of(published)

    for group in card.groups:
        lines = [line for line in card.lines if line.group == group.name]
        assert sum(line.score for line in lines) == group.score
        assert sum(line.weight for line in lines) == group.weight
    assert sum(group.score for group in card.groups) == card.result.total
    assert (card.result.full_marks, len(card.lines)) == (D(100), 17)
    assert [group.name for group in card.groups] == [
        "创新投入",
        "创新主体",
        "创新条件",
        "创新产出",
        "创新管理",
    ]


def test_means_and_medians_are_those_of_the_run(published):
    strong, weak = card_of(published), card_of(published, CHANGAN)
    totals = list(published.run.results.values_list("total", flat=True))

    assert strong.result.province_mean == weak.result.province_mean == mean(totals)
    assert weak.result.class_median == weak.result.total
    assert [group.marks.class_median for group in weak.groups] == [
        group.score for group in weak.groups
    ]
    assert [line.marks.class_median for line in weak.lines] == [line.score for line in weak.lines]
    expected = [
        mean([mine.score, *[other.score] * 3])
        for mine, other in zip(strong.groups, weak.groups, strict=True)
    ]
    assert [group.marks.province_mean for group in weak.groups] == expected
    assert line_of(weak, 1).marks.province_mean == mean(
        [line_of(strong, 1).score, *[line_of(weak, 1).score] * 3]
    )


def test_fewer_than_three_counties_have_no_median(published):
    """霸州 alone in class B, 长安 and 井陉 alone in their city: a median would tell a neighbour's score."""
    strong, weak = card_of(published), card_of(published, CHANGAN)

    assert strong.result.class_median is None
    assert {line.marks.class_median for line in strong.lines} == {None}
    assert {group.marks.city_median for group in weak.groups} == {None}
    assert (weak.result.city.size, weak.result.city.median) == (2, None)
    assert [median_of_peers([D(1)] * count) for count in (1, 2, 3)] == [None, None, D("1.00")]


def test_rank_and_median_in_the_city(published):
    three = _city(
        run_statistics(published.run_id),
        [region_of(published, code).pk for code in (BAZHOU, CHANGAN, XINJI)],
    )
    weak = card_of(published, CHANGAN)

    assert (three.rank(1), three.rank(2)) == (1, 2)
    assert three.peers.total == weak.result.total
    assert three.peers.lines["01"] == line_of(weak, 1).score
    standing = weak.result.city
    assert (standing.name, standing.rank, standing.size) == ("石家庄市", 1, 2)
    assert card_of(published, XINJI).result.city.name == "省直管"


def test_the_outlook_is_that_of_the_run(published):
    strong, weak = card_of(published), card_of(published, CHANGAN)

    assert (strong.outlook.next_class, strong.outlook.next_limit) == ("A", D(80))
    assert strong.outlook.gap == 80 - strong.result.total
    assert strong.outlook.margin == strong.result.total - 60
    assert strong.outlook.reachable >= strong.outlook.gap
    assert strong.outlook.reachable == sum(step.gain for step in strong.outlook.steps)
    assert weak.outlook.margin is None
    texts = {room.number: room.text for room in weak.outlook.rooms}
    assert texts[14] == "补报并达到50%，可加2.00分"
    assert texts[17] == "已得满分"
    assert "工商注册企业数16625家不变时，高新技术企业数量由50家增至84家" in texts[5]
    assert [room.points for room in weak.outlook.rooms] == [
        line.weight - line.score for line in weak.lines
    ]


def test_the_best_class_has_nothing_above(people, version, scheme):
    best = card_of(graded_year(people, version, scheme, best=(BAZHOU,)))

    assert (best.outlook.next_class, best.outlook.steps) == ("", ())
    assert best.outlook.margin == best.result.total - 80
    assert outlook_sentence(best.outlook).startswith("已在最高类别")


def test_equal_totals_share_a_rank_in_the_province_and_in_the_class(published):
    cards = [card_of(published, code) for code in (CHANGAN, JINGXING, XINJI)]

    assert {(card.result.rank, card.result.rank_in_class) for card in cards} == {(2, 1)}
    assert {(card.result.class_size, card.result.county_count) for card in cards} == {(3, 4)}


def test_the_rank_in_the_class_counts_only_the_class(people, version, scheme):
    published = graded_year(people, version, scheme, strong=(CHANGAN,), best=(BAZHOU,))

    best, strong, weak = (card_of(published, code).result for code in (BAZHOU, CHANGAN, XINJI))

    assert (best.class_name, best.rank, best.rank_in_class, best.class_size) == ("A", 1, 1, 1)
    assert (strong.class_name, strong.rank, strong.rank_in_class, strong.class_size) == (
        "B",
        2,
        1,
        1,
    )
    assert (weak.class_name, weak.rank, weak.rank_in_class, weak.class_size) == ("C", 3, 1, 2)


def test_equal_points_on_a_line_share_its_rank(published):
    weak = card_of(published, CHANGAN)

    assert (line_of(card_of(published), 1).rank, line_of(weak, 1).rank) == (1, 2)
    assert line_of(weak, 8).rank == line_of(card_of(published), 8).rank == 1


@pytest.mark.parametrize(
    "numbers, middle, average",
    [
        (["1"], "1.00", "1.00"),
        (["1", "2"], "1.50", "1.50"),
        (["3", "1", "2"], "2.00", "2.00"),
        (["1.01", "1.02"], "1.02", "1.02"),  # 1.015: half up, not to even
        (["2.01", "2", "2", "2.01"], "2.01", "2.01"),
    ],
)
def test_mean_and_median(numbers, middle, average):
    assert median([D(number) for number in numbers]) == D(middle)
    assert mean([D(number) for number in numbers]) == D(average)


def test_flags_are_grouped_by_kind_for_a_page(published):
    card = card_of(published, CHANGAN)

    groups = grouped_flags(card)

    assert sum(len(names) for _, names in groups) == len(card.flags)
    assert {flag.kind: names for flag, names in groups} == {
        "预测数": ["科技型中小企业数量", "千家工商注册企业中科技型中小企业数量"][
            : len(groups[0][1])
        ],
        "缺报": ["农业产业化经营率"],
        "无上年数可沿用": ["农业产业化经营率"],
    }


def test_rule_notes_are_the_schemes(published):
    assert card_of(published).rule_notes[-1] == (
        "分档标准：A类80分及以上，B类60分及以上，其余为C类。总分相同的位次并列。"
    )
    assert [(row.name, row.lower) for row in card_of(published).class_limits] == [
        ("A", D(80)),
        ("B", D(60)),
        ("C", None),
    ]


def test_a_cards_queries(published, django_assert_num_queries):
    region = region_of(published, CHANGAN)
    card_of(published)

    with django_assert_num_queries(7):
        build_card(published, region)


def test_statistics_are_read_once_per_process(published, django_assert_num_queries):
    run_statistics(published.run_id)

    with django_assert_num_queries(0):
        run_statistics(published.run_id)


@pytest.mark.parametrize(
    "figure, text",
    [
        (Figure("08"), "—"),  # a list on which nothing stands, with no number beside it
        (Figure("01", Measure(value=D("0.005"))), "0.01"),
        (Figure("01", Measure(value=D("7351.20"))), "7351.2"),
        (Figure("01", absence=Absence.NOT_APPLICABLE), "不适用"),
    ],
)
def test_a_figure_as_displayed(figure, text):
    assert shown(figure, exact_of(figure)) == text


def test_a_line_says_who_stated_and_who_confirmed_it_and_an_earlier_runs_says_what_it_did(
    people, published
):
    line = line_of(card_of(published, BAZHOU), 5)

    assert isinstance(line.derivation, ConfirmedDerivation)
    assert "填报：廊坊市霸州市科技局王填报" in line.derivation.confirmation
    assert "市级审核：廊坊市科技局赵审核" in line.derivation.confirmation
    stored = published.run.results.get(region__code=BAZHOU).lines.get(indicator_code="05")
    stored.origin = {}
    indicator = stored_indicators(published.collection.version_id)["05"]
    figure = frozen_figures(published.run_id)[BAZHOU]["05"]
    rule = next(
        row for row in run_statistics(published.run_id).scheme.indicators if row.code == "05"
    )
    assert type(derivation_of(stored, indicator, figure, rule)) is Derivation
