"""What would bring points: every claim re-scored by the engine, on random figures and on ones known by hand."""

import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from reports.outlook import reach_of, shortest_way
from scoring.engine.batch import score_batch, score_indicator
from scoring.engine.codec import scheme_from_bytes, scheme_sha256
from scoring.engine.types import (
    Absence,
    AbsencePolicy,
    Band,
    Carried,
    CountyFigures,
    Figure,
    GradingInputs,
    Indicator,
    Item,
    ItemisedRule,
    Measure,
    PanelRule,
    PiecewiseRule,
)
from scoring.improvements import Words, improvements

D = Decimal
SCHEME = scheme_from_bytes(
    (Path(__file__).resolve().parents[2] / "provinces/hebei/scheme.json").read_bytes()
)
BY_CODE = {indicator.code: indicator for indicator in SCHEME.indicators}
RATIO = Words("家", "高新技术企业数量", "家", "工商注册企业数", "家")


def of(code, figure, words=None):
    return improvements(BY_CODE[code], figure, words or Words(BY_CODE[code].unit), SCHEME.places)


def some_figure(chance, indicator):
    """Anything a county may have answered."""
    code, rule = indicator.code, indicator.rule
    if isinstance(rule, PanelRule):
        return Figure(code, Measure(panel=(D(chance.randint(0, 10)) / 2,)))
    if isinstance(rule, ItemisedRule):
        kinds = chance.choices([kind for kind in rule.kinds if kind.points], k=chance.randint(0, 4))
        items = tuple(Item(kind.code, f"第{place}") for place, kind in enumerate(kinds))
        return Figure(code, Measure(items=items))
    top = rule.bands[-1].start
    value = (top * D(chance.randint(0, 1300)) / 1000).quantize(D("0.01"))
    match chance.randint(0, 5):
        case 0:
            return Figure(code, absence=Absence.MISSING)
        case 1:
            return Figure(
                code, absence=Absence.MISSING, carried=Carried(2019, Measure(value=value))
            )
        case 2:
            denominator = D(chance.randint(900, 30000))
            numerator = (value * denominator / 1000).quantize(D(1))
            return Figure(
                code, Measure(numerator=numerator, denominator=denominator, factor=D(1000))
            )
    return Figure(code, Measure(value=value))


def graded(figures):
    county = CountyFigures("131081", "霸州市", tuple(figures.values()))
    inputs = GradingInputs(2020, 2021, scheme_sha256(SCHEME), (county,))
    return score_batch(inputs, SCHEME).counties[0]


@pytest.mark.parametrize("seed", range(60))
def test_the_shortest_way_reaches_the_next_class_when_graded_again(seed):
    chance = random.Random(seed)
    figures = {each.code: some_figure(chance, each) for each in SCHEME.indicators}
    before = graded(figures)
    place = [grade.name for grade in SCHEME.classes].index(before.class_name)
    if place == 0:
        return
    above = SCHEME.classes[place - 1]
    gap = above.at_least - before.total
    options = {code: of(code, figure, RATIO) for code, figure in figures.items()}

    way = shortest_way(options, gap)

    if way is None:
        assert reach_of(options) < gap
        return
    after = graded({**figures, **{each.code: each.improvement.figure for each in way.choices}})
    assert after.total == before.total + sum(each.improvement.gain for each in way.choices)
    assert after.total >= above.at_least
    assert after.class_name == SCHEME.classes[place - 1].name
    # No shorter list goes so far, and fewer knots give none as short.
    for depth in range(1, way.depth + 1):
        gains = sorted(
            (steps[min(depth, len(steps)) - 1].gain for steps in options.values() if steps),
            reverse=True,
        )
        fewer = len(way.choices) - (depth == way.depth)
        assert sum(gains[:fewer]) < gap
    # None of them can be spared, and none can stop a step earlier.
    for choice in way.choices:
        without = after.total - choice.improvement.gain
        assert without < above.at_least
        level = options[choice.code].index(choice.improvement)
        if level:
            assert without + options[choice.code][level - 1].gain < above.at_least


@pytest.mark.parametrize("seed", range(30))
def test_each_gain_is_the_engines_own_difference_and_grows(seed):
    chance = random.Random(seed)
    for indicator in SCHEME.indicators:
        figure = some_figure(chance, indicator)
        now = score_indicator(indicator, figure).score
        found = of(indicator.code, figure, RATIO)
        for step in found:
            assert score_indicator(indicator, step.figure).score - now == step.gain > 0
        gains = [step.gain for step in found]
        assert gains == sorted(set(gains))
        assert not gains or now + gains[-1] <= indicator.weight


def test_a_count_to_the_next_knots():
    """63 家 of S3's 高企: 8 + 23/60 × 2 = 8.77."""
    (only,) = of("04", Figure("04", Measure(value=D(63))))
    assert only.sentence == "由63家增至100家，可加1.23分"
    first, second, third = of("04", Figure("04", Measure(value=D(3))))
    assert first.sentence == "由3家增至10家，可加3.50分"
    assert (second.gain, third.gain) == (D("6.50"), D("8.50"))


def test_a_ratio_names_what_its_upper_side_would_have_to_be():
    """50 of 16 625 is 3.0075 a thousand; 5 a thousand needs 83.125, that is 84 enterprises."""
    figure = Figure("05", Measure(numerator=D(50), denominator=D(16625), factor=D(1000)))
    first, _ = of("05", figure, RATIO)
    assert first.text == (
        "由3.01家增至5家（工商注册企业数16625家不变时，高新技术企业数量由50家增至84家）"
    )
    assert first.figure.measure.numerator == 84
    assert first.gain == D("0.67")  # 3.51, the 84th reaches a little beyond the knot, less 2.84


def test_a_figure_near_a_knot_is_not_said_to_stay():
    found = of("05", Figure("05", Measure(value=D("4.99701"))))
    assert all("由5家增至5家" not in step.text for step in found)


def test_an_indicator_that_should_fall_is_to_fall():
    """S0's 万元GDP综合能耗 is better when lower."""
    falling = Indicator(
        "27", "绿色", "万元GDP综合能耗", "吨标准煤", D(5),
        PiecewiseRule((
            Band(D(0), D("0.4"), D(5), D(5)),
            Band(D("0.4"), D("0.8"), D(5), D(3)),
            Band(D("0.8"), D(2), D(3), D(0)),
            Band(D(2), None, D(0), D(0)),
        )),
    )  # fmt: skip
    found = improvements(falling, Figure("27", Measure(value=D(1))), Words("吨标准煤"), 2)
    assert [step.sentence for step in found] == [
        "由1吨标准煤降至0.8吨标准煤，可加0.50分",
        "由1吨标准煤降至0.4吨标准煤，可加2.50分",
    ]
    missing = improvements(falling, Figure("27", absence=Absence.MISSING), Words("吨标准煤"), 2)
    assert missing[0].sentence == "补报并达到0.8吨标准煤，可加3.00分"


def test_missing_and_carried_figures_in_their_own_words():
    missing = Figure("04", absence=Absence.MISSING)
    assert of("04", missing)[0].sentence == "补报并达到10家，可加5.00分"
    carried = replace(missing, carried=Carried(2019, Measure(value=D(63))))
    assert of("04", carried)[0].text == "由沿用的上年数63家增至100家"
    assert of("04", replace(missing, absence=Absence.NOT_APPLICABLE)) == ()
    strict = replace(BY_CODE["04"], absence=AbsencePolicy())
    assert improvements(strict, carried, Words("家"), 2)[0].text == "补报并达到10家"


def test_items_of_the_kind_the_county_has_most_of():
    items = tuple(Item("key-laboratory-provincial", name) for name in "甲乙")
    found = of("08", Figure("08", Measure(items=(*items, Item("key-laboratory-national", "丙")))))
    assert [step.sentence for step in found[:2]] == [
        "增加1项“省级重点实验室”，可加1.00分",
        "增加2项“省级重点实验室”，可加2.00分",
    ]
    assert found[-1].gain == D("4.00")  # to the cap of 8
    assert of("08", Figure("08"))[0].text == "增加1项“省级重点实验室”"


def test_of_rivals_the_better_takes_the_place():
    plate = (Item("bureau-plate", "加挂"), Item("leading-group", "领导小组"))
    first, second = of("15", Figure("15", Measure(items=plate)))
    assert first.sentence == "由“加挂科技局牌子”变为“合署办公的科技管理部门”，可加1.00分"
    assert second.gain == D("3.00")


def test_nobody_says_what_a_panel_would_give():
    assert of("17", Figure("17", Measure(panel=(D(3),)))) == ()


def test_full_marks_leave_nothing():
    assert of("04", Figure("04", Measure(value=D(120)))) == ()


def test_farther_knots_only_where_the_nearest_give_no_short_list():
    """Seven lines that bring 0.5 at the first knot and 3 at the second."""
    steps = PiecewiseRule((
        Band(D(0), D(10), D(0), D("0.5")),
        Band(D(10), D(20), D("0.5"), D(3)),
        Band(D(20), None, D(3), D(3)),
    ))  # fmt: skip
    options = {
        str(number): improvements(
            Indicator(str(number), "组", "项", "家", D(3), steps),
            Figure(str(number), Measure(value=D(0))),
            Words("家"),
            2,
        )
        for number in range(7)
    }
    near, far = shortest_way(options, D("2.5")), shortest_way(options, D("3.5"))
    assert (near.depth, [each.improvement.gain for each in near.choices]) == (1, [D("0.50")] * 5)
    assert far.depth == 2
    assert [each.improvement.gain for each in far.choices] == [D("3.00"), D("0.50")]


def test_no_way_where_all_together_are_not_enough():
    options = {"04": of("04", Figure("04", Measure(value=D(63))))}
    assert shortest_way(options, D(2)) is None
    assert shortest_way({}, D(1)) is None
    assert reach_of(options) == D("1.23")
