"""The rules of the 31-row table: S0's note, and what asks for a reason."""

from dataclasses import replace
from decimal import Decimal

import pytest

from applications.rules.materials import Cell, Evidence, Materials, Row
from applications.rules.plausibility import doubts_of
from applications.rules.table import missing_table

YEARS = [2025, 2026, 2027, 2028]


def row(order, *numbers, **changed):
    cells = {
        year: Cell(Decimal(number))
        for year, number in zip(YEARS, numbers, strict=False)
        if number is not None
    }
    data = {
        "order": order,
        "code": f"{order:02}",
        "name": f"指标{order}",
        "unit": "家",
        "kind": "number",
        "lower_is_better": False,
        "is_designated": False,
        "is_starred": False,
        "cells": cells,
    }
    return Row(**{**data, **changed})


def materials(*rows):
    return Materials("131081", "霸州市", 2025, YEARS[1:], None, rows, (), {}, ())


def codes(*rows, stars=0, history=None):
    return [gap.code for gap in missing_table(materials(*rows), stars, history)]


def test_a_blank_cell_is_missing_and_0_is_not():
    (gap,) = missing_table(materials(row(7, "0", None, "0", "0")), 0)

    assert (gap.code, gap.place) == ("figure_missing", "row-7")
    assert "2026年目标" in gap.sentence
    assert codes(row(7, "0", "0", "0", "0")) == []


@pytest.mark.parametrize(
    "starred, codes_found, words",
    [
        (9, ["star_count"], "再选1项"),
        (10, [], ""),
        (11, ["star_count"], "取消1项"),
    ],
)
def test_exactly_ten_stars(starred, codes_found, words):
    rows = [row(n, "6", "6", "6", "6", is_starred=n <= starred) for n in range(1, 13)]

    gaps = missing_table(materials(*rows), 10)

    assert [gap.code for gap in gaps] == codes_found
    assert words in "".join(gap.sentence for gap in gaps)


def test_ten_stars_with_a_designated_one_among_them():
    rows = [row(n, "6", "6", "6", "6", is_starred=True) for n in range(1, 11)]
    rows[1] = replace(rows[1], is_designated=True)

    (gap,) = missing_table(materials(*rows), 10)

    assert (gap.code, gap.place) == ("star_on_designated", "row-2")


def test_words_and_a_file_for_what_is_judged_in_words():
    silent = row(29, kind="qualitative", unit="")

    assert codes(silent) == ["words_missing", "evidence_missing"]
    proved = replace(silent, words="已出台。", evidence=[Evidence("意见", "", "a" * 64)])
    assert codes(proved) == []


def test_own_rows_say_what_they_count():
    assert codes(row(31, "1", "1", "1", "1", code="", definition="")) == ["own_undefined"]


@pytest.mark.parametrize(
    "may_exceed, reason, found",
    [
        (False, "", ["share_over_whole"]),
        (False, "确实如此。", ["share_over_whole"]),  # no reason makes a part larger than its whole
        (True, "", ["share_over_hundred"]),
        (True, "高新区营业收入含区外企业。", []),
    ],
    ids=["part", "part-with-reason", "beside", "beside-with-reason"],
)
def test_a_share_of_a_whole_never_exceeds_a_hundred(may_exceed, reason, found):
    share = row(4, "90", "95", "99", "101", unit="%", reason=reason, may_exceed_hundred=may_exceed)
    assert codes(share) == found


@pytest.mark.parametrize(
    "numbers, lower, found",
    [
        (("50", "51", "52", "53"), False, []),
        (("50", "50", "50", "50"), False, []),
        (("50", "49", "51", "52"), False, ["target_worse_than_baseline"]),
        (("50", "52", "51", "53"), False, ["target_not_monotone"]),
        (("50", "49", "48", "47"), True, []),
        (("50", "51", "51", "51"), True, ["target_worse_than_baseline"]),
        (("50", "48", "49", "47"), True, ["target_not_monotone"]),
        (("50", "76", "77", "78"), False, ["jump"]),  # 52 %
        (("50", "75", "76", "77"), False, []),  # 50 %
        (("1", "2", "4", "9"), False, []),  # few of a counted thing
        (("1", "2", "8", "9"), False, ["jump"]),
        (("0", "9", "9", "9"), False, []),  # nothing to hold it against
        ((None, "9", "9", "9"), False, []),
    ],
)
def test_doubts(numbers, lower, found):
    made = doubts_of(row(7, *numbers, lower_is_better=lower), YEARS, {})

    assert [doubt.code for doubt in made] == found


def test_the_past_says_what_a_jump_is():
    steady = {2022: Decimal(100), 2023: Decimal(102), 2024: Decimal(104), 2025: Decimal(106)}
    wild = {2023: Decimal(100), 2024: Decimal(150), 2025: Decimal(106)}
    rising = row(19, "106", "130", "140", "150", unit="万元")  # 22.6 % in the first year

    (doubt,) = doubts_of(rising, YEARS, steady)
    assert doubt.code == "jump"
    assert "22.6%" in doubt.sentence
    assert "2%" in doubt.sentence
    assert doubts_of(rising, YEARS, wild) == []
    assert doubts_of(rising, YEARS, {2025: Decimal(106)}) == []


def test_a_reason_answers_every_doubt_of_its_row_and_of_no_other():
    worse = row(7, "50", "40", "41", "42")
    told = replace(worse, reason="园区撤并。")

    assert codes(worse, row(8, "50", "40", "41", "42", reason="园区撤并。")) == [
        "target_worse_than_baseline"
    ]
    assert codes(told) == []
    assert codes(replace(told, reason=" 　")) == ["target_worse_than_baseline"]


def test_history_reaches_the_rows_by_their_code():
    jumping = row(19, "106", "130", "140", "150", unit="万元")
    steady = {2023: Decimal(102), 2024: Decimal(104), 2025: Decimal(106)}

    assert codes(jumping, history={"19": steady}) == ["jump"]
    assert codes(jumping, history={"18": steady}) == []
