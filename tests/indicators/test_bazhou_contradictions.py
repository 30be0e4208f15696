"""S3's own table contradicts itself in three places; the rules as shipped find all three and no others.

Figures are read from `provinces/hebei/sources/bazhou_scoring_table.json`, the table as parsed from the source.
"""

import re
from decimal import Decimal

import pytest

from county_portal.common.province_files import read_province_json
from indicators.rules.checks import Statement, run_rules
from tests.indicators.cases import MEANINGS, all_shipped, case, hits, line, shipped

TABLE = read_province_json("sources/bazhou_scoring_table.json")
CODES = {str(place).zfill(2): entry for place, entry in enumerate(TABLE["indicators"], 1)}
CONTRADICTIONS = {
    "no_whole_denominator",
    "facts_disagree",
    "denominator_moved",
    "growth_short",
    "rate_contradicts_parts",
    "share_above_whole",
    "jump_against_last_year",
}


def printed(code, year):
    """The figure printed for a year; the last number before 家, % or the unit."""
    text = CODES[code]["cells"][year]["value_text"]
    found = re.search(r"([0-9.]+)(?=万元|%|家$|家（|件/万人)", text.replace("研发机构32家占", ""))
    return found[1]


def registered(code, year):
    """The registered enterprises the table prints in brackets."""
    return re.search(r"([0-9]+)家）", CODES[code]["cells"][year]["value_text"])[1]


PLAIN = ["02", "03", "04", "05", "06", "07", "11", "12", "13", "14"]


def sheet(year, last=None, *, mode="actual", **changed):
    """All figures of a year as typed by somebody who has only the table."""
    lines = []
    for code in PLAIN:
        typed = changed.get(f"i{code}", (printed(code, year),))
        before = (printed(code, last),) if last else None
        lines.append(line(code, *typed, last=before, mode=mode))
    return lines


def contradictions(*lines, **around):
    found = hits(all_shipped(), case(*lines, **around))
    return [(code, rule) for code, rule in found if rule in CONTRADICTIONS]


def test_15558_registered_enterprises_contradict_both_rates():
    assert (registered("05", "2018"), registered("07", "2018")) == ("15558", "15558")

    typed_whole = sheet("2018", i05=("2.23", "28", "15558"), i07=("61.92", "779", "15558"))

    assert contradictions(*typed_whole) == [
        ("05", "rate_contradicts_parts"),
        ("07", "rate_contradicts_parts"),
    ]


def test_15558_stated_elsewhere_contradicts_rates_typed_alone():
    known = {MEANINGS["registered-enterprises"]: Statement(Decimal(15558), "2018年度基本情况表")}

    found = contradictions(*sheet("2018"), elsewhere=known)

    assert found == [("05", "facts_disagree"), ("07", "facts_disagree")]
    [first, second] = run_rules([shipped("facts_disagree")], case(*sheet("2018"), elsewhere=known))
    assert "约为12528—12584，与2018年度基本情况表所填15558不一致" in first.sentence
    assert "约为12580—12582，与2018年度基本情况表所填15558不一致" in second.sentence


def test_one_rate_with_15558_contradicts_the_other_typed_alone():
    found = contradictions(*sheet("2018", i07=("50.07", "779", "15558")))

    assert found == [("05", "facts_disagree")]


def test_the_next_year_is_held_against_the_implied_denominator():
    found = contradictions(
        *sheet("2019", "2018", i05=("3", "50", "16625"), i07=("56.24", "935", "16625"))
    )

    assert found == [("05", "denominator_moved"), ("07", "denominator_moved")]


@pytest.mark.parametrize("typed, elsewhere", [(("15.14", "32", "211"), {}), (("15.14",), None)])
def test_32_of_no_whole_number_are_15_14_per_cent(typed, elsewhere):
    assert CODES["11"]["cells"]["2018"]["value_text"] == "研发机构32家占15.14%"
    known = {MEANINGS["industry-enterprises-with-rd"]: Statement(Decimal(32), "2018年统计年报")}

    found = contradictions(
        *sheet("2018", i11=typed), elsewhere=known if elsewhere is None else elsewhere
    )

    assert found == [("11", "no_whole_denominator")]


def test_1_67_falls_short_of_ten_per_cent_more():
    found = contradictions(*sheet("2020目标", "2019", mode="forecast"))

    assert found == [("12", "growth_short")]


def test_honest_figures_are_let_pass():
    honest_2018 = sheet("2018")
    honest_2019 = sheet("2019", i05=("3", "50", "16625"), i07=("56.24", "935", "16625"))
    whole = sheet(
        "2018",
        i05=("2.23", "28", "12580"),
        i07=("61.92", "779", "12580"),
        i11=("15.17", "32", "211"),
    )
    reached = sheet("2020目标", "2019", mode="forecast", i12=("1.68",))

    assert contradictions(*honest_2018) == []
    assert contradictions(*honest_2019) == []
    assert contradictions(*whole) == []
    assert contradictions(*reached) == []
