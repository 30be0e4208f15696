"""Hints for reviewers: each test on data bent and straight, and how often honest data sets it off."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from scoring.watch.checks import (
    check_all,
    check_bunching,
    check_copying,
    check_cuts,
    check_digits,
)
from scoring.watch.hints import Knot, Number, Pattern, Words
from scoring.watch.honest import KNOTS, make_honest
from scoring.watch.rates import STORED, UNITS, Rate, false_alarms, stored_rates

TEN = Knot("01", Decimal(100), is_rising=True)
TEXT = "全县召开科技创新大会，印发若干措施，设立科技创新券，支持中小企业开展研发活动，与高校共建研究院。"


def figures(*texts, indicator="01"):
    return [Number(f"{place:02d}", indicator, Decimal(text)) for place, text in enumerate(texts)]


def test_counties_just_beyond_a_knot_are_asked_and_those_short_of_it_are_not():
    outcome = check_bunching(
        figures("100", "100", "101", "102", "101", "100", "103", "104", "97"), [TEN]
    )
    assert outcome.tested == 1
    # One short of nine falls beyond by chance in (9 + 1) of 512 cases.
    assert not outcome.hints
    bent = figures("100", "100", "101", "102", "101", "100", "103", "104")
    outcome = check_bunching(bent, [TEN])
    assert [hint.county for hint in outcome.hints] == [f"{place:02d}" for place in range(8)]
    assert "越过8个、未到0个" in outcome.hints[0].statistic
    assert "相差2.00%" in outcome.hints[3].sentence
    assert all("请核对" in hint.sentence for hint in outcome.hints)


def test_where_points_fall_the_lower_side_is_the_wanted_one():
    low = Knot("01", Decimal(100), is_rising=False)
    bent = figures("100", "99", "98", "97", "99", "98", "96", "97")
    assert len(check_bunching(bent, [low]).hints) == 8
    assert not check_bunching(bent, [TEN]).hints


def test_small_counts_have_as_much_room_below_a_knot_as_above_it():
    ten = Knot("01", Decimal(10), is_rising=True)
    # Within 5 % of 10 there is no other count than 10 itself; 9 is asked too.
    outcome = check_bunching(figures(*["10"] * 7, *["9"] * 6), [ten])
    assert (outcome.tested, outcome.hints) == (1, ())
    assert check_bunching(figures(*["10"] * 9), [ten]).hints


def test_too_few_counties_near_a_knot_are_said_to_be_too_few():
    outcome = check_bunching(figures("100", "101", "500"), [TEN])
    assert (outcome.tested, outcome.hints) == (0, ())
    assert outcome.short == ("指标01拐点100附近只有2个县",)


def digits(county, ends):
    return [Number(county, f"{at:02d}", Decimal(f"{at + 11}{end}")) for at, end in enumerate(ends)]


def test_a_digit_that_comes_again_and_again_is_asked_about():
    bent = digits("a", "0" * 16 + "13")
    outcome = check_digits(bent + digits("b", "012345678901234567"))
    (hint,) = outcome.hints
    assert (hint.county, outcome.tested) == ("a", 2)
    assert "18个数中16个以0结尾" in hint.sentence
    assert len(hint.indicators) == 16


def test_few_numbers_are_too_few_for_their_digits():
    outcome = check_digits(digits("a", "00000000000000"))
    assert (outcome.tested, outcome.hints) == (0, ())
    assert outcome.short == ("1个县可比的数不足15个",)


def test_a_nought_that_storage_dropped_is_counted():
    written = {"a": lambda at: 50, "b": lambda at: at * 7 % 100, "c": lambda at: at * 3 + 1}
    rows = [
        Number(county, f"{at:02d}", Decimal(f"{at + 11}.{cents(at):02d}").normalize())
        for county, cents in written.items()
        for at in range(18)
    ]
    assert [hint.county for hint in check_digits(rows).hints] == ["a"]


def denominators(*pairs):
    return [
        Number(f"{at:02d}", "02", Decimal(1), Decimal(1), Decimal(now), Decimal(last))
        for at, (now, last) in enumerate(pairs)
    ]


def test_a_denominator_cut_unlike_the_others_is_asked_about():
    steady = [(1000 + 10 * at, 1000) for at in range(12)]
    (hint,) = check_cuts(denominators(*steady, (600, 1000))).hints
    assert hint.county == "12"
    assert "减少40.00%" in hint.sentence
    assert not check_cuts(denominators(*steady, (1900, 1000))).hints
    # All together: a change of the statistics, not of one county.
    assert not check_cuts(denominators(*[(600 + at, 1000) for at in range(12)])).hints


def test_few_counties_of_two_years_are_too_few():
    outcome = check_cuts(denominators((500, 1000), (1000, 1000)))
    assert outcome.tested == 0
    assert outcome.short == ("指标02两年可比的只有2个县",)


def test_copied_words_name_both_counties_and_phrases_of_all_name_none():
    rows = [
        Words("a", "17", TEXT),
        Words("b", "17", f"{TEXT}另：新增一家。"),
        Words("c", "17", TEXT[::-1]),
    ]
    outcome = check_copying(rows)
    assert {(hint.county, hint.other) for hint in outcome.hints} == {("a", "b"), ("b", "a")}
    assert outcome.tested == 3
    assert not check_copying([Words(str(at), "17", TEXT) for at in range(8)]).hints
    assert not check_copying([Words("a", "17", "无。"), Words("b", "17", "无。")]).hints
    assert not check_copying([Words("a", "16", TEXT), Words("b", "17", TEXT)]).hints


def test_no_data_asks_nothing():
    for outcome in check_all([], [], [TEN]).values():
        assert not outcome.hints
        assert outcome.tested == 0


def test_honest_data_is_the_same_by_seed():
    assert make_honest(3) == make_honest(3)
    assert make_honest(3) != make_honest(4)


def test_stored_rates_are_those_of_their_seed():
    stored = json.loads(STORED.read_text("utf-8"))
    assert set(stored_rates()) == set(Pattern) == set(UNITS)
    assert stored["collections"] >= 200
    for test, rate in stored_rates().items():
        assert rate.tested > 0, test
        assert rate.share < Decimal("0.02"), test


def test_a_smaller_sample_of_honest_data_agrees_with_the_stored_rates():
    sample = false_alarms(90_001, 30)
    for test, rate in sample.items():
        expected = stored_rates()[test].share * rate.tested
        # Four standard deviations of a Poisson count, and three for very rare alarms.
        assert abs(rate.alarms - expected) <= 4 * expected.sqrt() + 3, test


@pytest.mark.parametrize(("alarms", "tested", "share"), [(0, 0, "0"), (1, 3, "0.333333")])
def test_rates_are_shares(alarms, tested, share):
    assert Rate(alarms, tested).share == Decimal(share)
    assert Rate(alarms, tested).percent == Decimal(share) * 100


def test_bent_data_among_honest_data_is_found():
    honest = make_honest(5)
    bent = [
        replace(number, value=Decimal(40))
        if number.indicator == "c1" and Decimal(34) < number.value < 40
        else number
        for number in honest.numbers
    ]
    before = {hint.indicators for hint in check_bunching(honest.numbers, KNOTS).hints}
    after = {hint.indicators for hint in check_bunching(bent, KNOTS).hints}
    assert ("c1",) not in before
    assert ("c1",) in after
