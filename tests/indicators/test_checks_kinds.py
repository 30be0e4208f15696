"""Every kind of rule by hand: hit, miss, boundary, missing data. Pure, without a database."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from county_portal.common.errors import Invalid
from indicators.enums import CheckKind, Severity
from indicators.rules.checks import CHECKS, Item, Spread, Statement, read_params, run_rules
from indicators.rules.checks.values import stored_params, typed_param
from tests.indicators.cases import (
    MEANINGS,
    SPECS,
    all_shipped,
    case,
    hits,
    line,
    make,
    sentence,
    shipped,
)

REGISTERED = MEANINGS["registered-enterprises"]


def test_every_kind_has_its_evaluator_and_reads_its_shipped_parameters():
    assert set(CHECKS) == {str(kind) for kind in CheckKind}
    used = {rule.kind for rule in all_shipped()}
    assert set(CheckKind) - used == {CheckKind.RANGE}


@pytest.mark.parametrize(
    "least, most, typed, is_hit",
    [
        ("10", "", ("9.99",), True),
        ("10", "", ("10",), False),
        ("", "100", ("100",), False),
        ("", "100", ("100.01",), True),
        ("10", "100", (), False),
    ],
)
def test_range(least, most, typed, is_hit):
    rule = make("range", {"least": least, "most": most}, ["01"])

    assert bool(hits(rule, case(line("01", *typed)))) is is_hit


@pytest.mark.parametrize(
    "typed, is_hit",
    [
        (("0.35",), True),
        (("1",), False),
        (("0",), False),
        (("", "35", "10000"), False),
        ((), False),
    ],
)
def test_share_small(typed, is_hit):
    assert bool(hits(shipped("share_below_one"), case(line("02", *typed)))) is is_hit


@pytest.mark.parametrize(
    "typed, is_hit", [(("100",), False), (("100.01",), True), (("", "3", "2"), True), ((), False)]
)
def test_share_whole(typed, is_hit):
    assert bool(hits(shipped("share_above_whole"), case(line("11", *typed)))) is is_hit


def test_a_rate_per_thousand_is_no_share():
    sheet = case(line("07", "300"), line("12", "200"))

    assert hits([shipped("share_above_whole"), make("share-whole")], sheet) == []


@pytest.mark.parametrize(
    "typed, is_hit",
    [
        (("3", "50", "16625"), False),  # 3.0075, within 1 %
        (("3.04", "50", "16625"), True),
        (("3.0375", "50", "16625"), False),  # 3.007518… × 1.01 = 3.037593…
        (("3.0376", "50", "16625"), True),
        (("0.35",), False),
        (("", "50", "16625"), False),
    ],
)
def test_rate_parts(typed, is_hit):
    assert bool(hits(shipped("rate_contradicts_parts"), case(line("05", *typed)))) is is_hit


@pytest.mark.parametrize(
    "typed, is_hit", [(("3",), True), (("3", "50", "16625"), False), ((), False)]
)
def test_rate_alone(typed, is_hit):
    assert bool(hits(shipped("rate_without_parts"), case(line("05", *typed)))) is is_hit


@pytest.mark.parametrize(
    "typed, is_hit",
    [
        (("15.14", "32", "211"), True),  # 211 gives 15.17, 212 gives 15.09
        (("15.17", "32", "211"), False),
        (("15.1", "32", "212"), False),  # one place typed, one place asked
        (("15.09%", "32", "212"), False),
        (("15.14",), False),  # nobody knows the numerator
        (("", "32", "211"), False),
    ],
)
def test_whole_denominator(typed, is_hit):
    assert bool(hits(shipped("no_whole_denominator"), case(line("11", *typed)))) is is_hit


def test_whole_denominator_takes_the_numerator_from_the_register():
    known = {MEANINGS["industry-enterprises-with-rd"]: Statement(Decimal(32), "工业年报")}

    found = sentence(shipped("no_whole_denominator"), case(line("11", "15.14"), elsewhere=known))

    assert (
        "没有任何整数的“规上工业企业数”能得到这一比率（分母211得15.1659%，分母212得15.0943%）"
        in found
    )


@given(st.integers(1, 400), st.integers(1, 4000), st.integers(0, 3))
def test_whole_denominator_never_speaks_of_an_honest_rate(numerator, denominator, places):
    rate = Decimal(numerator) * 100 / denominator
    typed = str(rate.quantize(Decimal(1).scaleb(-places), "ROUND_HALF_UP"))

    sheet = case(line("11", typed, str(numerator), str(denominator)))

    assert hits(shipped("no_whole_denominator"), sheet) == []


@pytest.mark.parametrize(
    "now, last, is_hit",
    [
        (("", "50", "1300"), ("", "40", "1000"), False),  # exactly 30 %
        (("", "50", "1301"), ("", "40", "1000"), True),
        (("", "50", "699"), ("", "40", "1000"), True),
        (("", "50", "1301"), ("3",), False),  # last year's denominator is not known
        (("3",), ("", "40", "1000"), False),
        ((), ("", "40", "1000"), False),
    ],
)
def test_last_denominator(now, last, is_hit):
    sheet = case(line("05", *now, last=last))

    assert bool(hits(shipped("denominator_moved"), sheet)) is is_hit


def test_last_denominator_is_implied_by_typed_rates():
    sheet = case(line("04", "50", last=("28",)), line("05", "3", last=("2.23",)))

    found = sentence(shipped("denominator_moved"), sheet)

    assert "按填写的比率推算约为16667，比上年的12556增加32.7%" in found


def near(spread_percent, sample=167):
    """All counties grew by about 10 %; their typical distance from that is given in per cent."""
    mad = (1 + Decimal(spread_percent) / 100).ln()
    return {"04": Spread(sample, Decimal("1.1").ln(), mad)}


@pytest.mark.parametrize(
    "now, last, spreads, is_hit",
    [
        ("200", "100", near(5), True),
        ("149", "100", near(1), False),  # under 50 %, whatever the others did
        ("200", "100", near(60), False),  # everybody moves like that
        ("40", "100", near(5), True),
        ("200", "100", near(5, sample=19), False),  # too few: ten times is asked about
        ("1001", "100", near(5, sample=19), True),
        ("1000", "100", {}, False),
        ("1001", "100", {}, True),
        ("9", "100", {}, True),
        ("10", "100", {}, False),
        ("200", "100", near(0), False),  # no spread to measure by
        ("0", "100", near(5), True),
        ("500", "0", near(5), False),
        ("500", None, near(5), False),
    ],
)
def test_jump(now, last, spreads, is_hit):
    sheet = case(line("04", now, last=(last,) if last else None), spreads=spreads)

    assert bool(hits(shipped("jump_against_last_year"), sheet)) is is_hit


def test_a_short_sample_is_said_and_a_long_one_not_named():
    rule = shipped("jump_against_last_year")

    short = sentence(rule, case(line("04", "1001", last=("100",))))
    long = sentence(rule, case(line("04", "300", last=("100",)), spreads=near(5)))
    other = sentence(rule, case(line("04", "300", last=("100",)), spreads=near(6)))

    assert "样本不足" in short
    assert "增长200%" in long
    assert long == other


@pytest.mark.parametrize(
    "now, mode, last, is_hit",
    [
        ("1.67", "forecast", "1.52", True),  # 1.672 is asked
        ("1.672", "forecast", "1.52", False),
        ("1.68", "forecast", "1.52", False),
        ("1.50", "actual", "1.52", False),  # what was reached is not a target
        ("1.67", "forecast", None, False),
    ],
)
def test_growth(now, mode, last, is_hit):
    sheet = case(line("12", now, last=(last,) if last else None, mode=mode))

    assert bool(hits(shipped("growth_short"), sheet)) is is_hit


def test_growth_of_what_should_fall_asks_for_a_fall():
    spec = replace(SPECS["01"], lower_is_better=True)
    rule = make("growth", {"percent": "3", "forecast_only": False}, ["01"])

    assert hits(rule, case(line("01", "97", last=("100",), spec=spec))) == []
    assert "下降3%的要求（应不高于97" in sentence(
        rule, case(line("01", "97.1", last=("100",), spec=spec))
    )


def test_one_fact_stated_twice():
    rule = shipped("facts_disagree")

    agreed = case(line("04", "50"), line("05", "", "50", "16625"))
    differing = case(line("04", "51"), line("05", "", "50", "16625"))

    assert hits(rule, agreed) == []
    assert hits(rule, differing) == [("05", "facts_disagree")]
    assert "分子填写50，与“高新技术企业数量”所填51是同一数据，但不一致" in sentence(rule, differing)


def test_what_stands_elsewhere_is_believed_first():
    known = {REGISTERED: Statement(Decimal(15558), "2018年度基本情况表")}
    sheet = case(line("05", "", "28", "12580"), line("07", "", "779", "15558"), elsewhere=known)

    assert hits(shipped("facts_disagree"), sheet) == [("05", "facts_disagree")]
    assert "2018年度基本情况表所填15558" in sentence(shipped("facts_disagree"), sheet)


def test_the_line_that_stated_it_first_is_believed_first():
    sheet = case(
        line("04", "51"),
        line("05", "", "50", "16625"),
        origins={MEANINGS["high-tech-enterprises"]: ("05", "numerator")},
    )

    assert hits(shipped("facts_disagree"), sheet) == [("04", "facts_disagree")]


@pytest.mark.parametrize(
    "rate, is_hit", [("2.23", False), ("2.20", False), ("2.19", True), ("3", True)]
)
def test_an_implied_denominator_has_as_much_room_as_rounding_and_one_per_cent(rate, is_hit):
    known = {REGISTERED: Statement(Decimal(12580), "基本情况表")}
    sheet = case(line("04", "28"), line("05", rate), elsewhere=known)

    assert bool(hits(shipped("facts_disagree"), sheet)) is is_hit


def test_two_typed_rates_must_leave_one_denominator():
    def sheet(rate):
        return case(line("04", "28"), line("05", rate), line("06", "779"), line("07", "61.92"))

    assert hits(shipped("facts_disagree"), sheet("2.23")) == []
    assert hits(shipped("facts_disagree"), sheet("1.80")) == [("07", "facts_disagree")]


@pytest.mark.parametrize(
    "operator, left, right, percent, is_hit",
    [
        ("<=", "5", "5", "0", False),
        ("<=", "5.1", "5", "0", True),
        ("<=", "5.1", "5", "2", False),
        (">=", "4.9", "5", "0", True),
        ("=", "5", "5", "0", False),
        ("=", "5.06", "5", "1", True),
        ("<=", "5", None, "0", False),
    ],
)
def test_compare(operator, left, right, percent, is_hit):
    params = {"left": "01数值", "operator": operator, "right": "2 × 03数值", "percent": percent}
    rule = make("compare", params, ["01"])
    half = str(Decimal(right) / 2) if right else ""

    assert bool(hits(rule, case(line("01", left), line("03", half)))) is is_hit


def test_compare_sums_parts_of_lines():
    params = {"left": "11分母\n-1 × 11分子", "operator": ">=", "right": "05分母"}
    rule = make("compare", params, ["11"])
    sheet = case(line("05", "", "1", "343"), line("11", "", "61", "403"))

    assert "现为342与343" in sentence(rule, sheet)


@pytest.mark.parametrize(
    "typed, listed, is_hit", [("2", 2, False), ("3", 2, True), ("0", 1, True), (None, 2, False)]
)
def test_item_count(typed, listed, is_hit):
    items = [Item("k", "孵化器", f"甲{place}") for place in range(listed)]
    sheet = case(line("10", *([typed] if typed else []), items=items))

    assert bool(hits(shipped("count_contradicts_items"), sheet)) is is_hit


def test_item_file():
    items = [Item("k", "孵化器", "甲"), Item("k", "孵化器", "乙", has_file=False)]

    assert "有1项未附" in sentence(shipped("items_without_file"), case(line("10", items=items)))
    assert hits(shipped("items_without_file"), case(line("10", items=items[:1]))) == []


@pytest.mark.parametrize(
    "year, valid, is_hit",
    [
        (2023, 3, False),  # 2023, 2024, 2025
        (2022, 3, True),
        (2025, 1, False),
        (2024, 1, True),
        (2026, None, True),  # not yet given
        (1990, None, False),
        (None, 3, False),
    ],
)
def test_item_expired(year, valid, is_hit):
    items = [Item("k", "项目", "甲", year, valid_years=valid)]

    assert bool(hits(shipped("item_expired"), case(line("16", items=items)))) is is_hit


def test_item_twice_names_the_second_title_of_one_body():
    laboratory = Item("a", "省级重点实验室", "河北某某公司省级重点实验室")
    centre = Item("b", "省级企业技术中心", "河北某某公司（企业技术中心）")
    other = Item("b", "省级企业技术中心", "另一公司企业技术中心")

    twice = case(line("08", items=[laboratory, centre, other]))
    apart = case(line("08", items=[laboratory]), line("10", items=[centre]))
    once = case(line("08", items=[laboratory, other]))

    assert "“河北某某公司（企业技术中心）”与已列" in sentence(shipped("item_twice"), twice)
    assert hits(shipped("item_twice"), apart) == [("10", "item_twice")]
    assert hits(shipped("item_twice"), once) == []


def test_item_twice_sees_one_body_through_its_legal_form_and_width():
    laboratory = Item("a", "省级重点实验室", "河北某某研究院股份有限公司省级重点实验室")
    centre = Item("b", "省级企业技术中心", "河北某某研究院 有限公司")

    twice = case(line("08", items=[laboratory, centre]))

    assert hits(shipped("item_twice"), twice) == [("08", "item_twice")]


def test_a_place_may_bear_several_titles():
    zone = Item("z", "省级高新区", "霸州市省级高新区")
    county = Item("c", "省级创新型县", "霸州市省级创新型县")

    assert hits(shipped("item_twice"), case(line("09", items=[zone, county]))) == []


def test_a_rule_switched_off_says_nothing_and_a_block_says_so():
    sheet = case(line("02", "120"))

    [found] = run_rules([make("share-whole", severity=Severity.BLOCK)], sheet)

    assert (found.is_block, found.lacks_reason) == (True, False)
    assert run_rules([make("share-whole", severity=Severity.IGNORE)], sheet) == []


def test_an_empty_list_of_lines_means_all_or_none_by_kind():
    sheet = case(line("02", "0.3"), line("03", "0.3"), line("11", "15.14", "32", "211"))

    assert hits(make("share-small"), sheet) == [("02", "rule"), ("03", "rule")]
    assert hits(make("share-small", indicators=["03"]), sheet) == [("03", "rule")]
    assert hits(make("whole-denominator"), sheet) == []


@pytest.mark.parametrize(
    "kind, raw, field",
    [
        ("jump", {"distance": "五"}, "distance"),
        ("jump", {"sample": "2.5"}, "sample"),
        ("jump", {"factor": "1"}, "factor"),
        ("jump", {"factor": "NaN"}, "factor"),
        ("jump", {"percent": ""}, "percent"),
        ("compare", {"left": "", "right": "01数值"}, "left"),
        ("compare", {"left": "__import__('os')", "right": "01数值"}, "left"),
        ("compare", {"left": "01数值", "right": "01数值", "operator": "!="}, "operator"),
        ("compare", {"left": [{"indicator": "01"}], "right": "01数值"}, "left"),
        ("rate-alone", {"surprise": "1"}, ""),
    ],
)
def test_a_parameter_that_is_none_is_refused_in_words(kind, raw, field):
    with pytest.raises(Invalid) as refused:
        read_params(CHECKS[kind].params, raw)

    assert refused.value.field == field
    assert refused.value.sentence.endswith("。")


@pytest.mark.parametrize("rule", all_shipped(), ids=lambda rule: rule.code)
def test_parameters_come_back_from_storage_and_from_their_fields(rule):
    params = CHECKS[rule.kind].params

    stored = stored_params(params, rule.params)
    typed = {param.key: typed_param(rule.params[param.key]) for param in params}

    assert read_params(params, stored) == rule.params
    assert read_params(params, typed) == rule.params
