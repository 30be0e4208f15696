"""All that is wrong or odd in a scheme at once."""

import json
from copy import deepcopy

import pytest

from scoring.engine.scheme_faults import list_faults
from tests.scoring.engine.builders import SCHEME_FILE
from tests.scoring.engine.test_rule_document import (
    BY_PEER,
    COMPLETION,
    DEVIATION,
    EXPRESSION,
    JUMPING,
    document,
)


def shipped():
    return json.loads(SCHEME_FILE.read_text(encoding="utf-8"))


def errors(changed):
    return [(each.code, each.path) for each in list_faults(changed) if not each.is_warning]


def warnings(changed):
    return {each.code: each for each in list_faults(changed) if each.is_warning}


def test_shipped_scheme_has_no_faults():
    assert errors(shipped()) == []


@pytest.mark.parametrize("rule", [COMPLETION, EXPRESSION, BY_PEER], ids=lambda rule: rule["kind"])
def test_sound_rules_of_other_kinds_have_no_faults(rule):
    assert errors(document(rule)) == []


def test_every_fault_is_named_with_its_place():
    changed = shipped()
    changed["title"] = ""
    changed["rounding"]["places"] = 9
    changed["indicators"][0]["weight"] = "八"
    changed["indicators"][3]["rule"]["bands"][1]["to"] = "x"
    changed["indicators"][3]["rule"]["bands"][0]["from"] = 0
    changed["indicators"][7]["rule"]["cap"] = "100"
    del changed["indicators"][16]["rule"]["max"]
    changed["classes"][2]["at_least"] = "5"

    assert set(errors(changed)) == {
        ("not-text", "title"),
        ("not-a-whole-number", "rounding.places"),
        ("not-a-number", "indicators[0].weight"),
        ("not-a-number", "indicators[3].rule.bands[1].to"),
        ("not-a-number", "indicators[3].rule.bands[0].from"),
        ("cap-out-of-range", "indicators[7].rule.cap"),
        ("field-missing", "indicators[16].rule"),
        ("classes-not-complete", "classes"),
    }


def test_gap_and_jump_are_both_named_unless_allowed():
    changed = document({key: each for key, each in JUMPING.items() if key != "allows_jumps"})
    place = "indicators[3].rule.bands"

    assert errors(changed) == [("bands-not-adjacent", place), ("bands-not-continuous", place)]
    assert errors(document(JUMPING)) == []


def test_codes_used_twice_are_named_once_each():
    changed = shipped()
    changed["indicators"][1]["code"] = changed["indicators"][2]["code"] = "01"

    assert errors(changed) == [("code-repeated", "indicators")] * 2


def test_weights_that_do_not_make_a_hundred_are_told_with_their_sum():
    changed = shipped()
    changed["indicators"][3]["weight"] = "11"

    (fault,) = [each for each in list_faults(changed) if not each.is_warning]

    assert (fault.code, fault.path) == ("weights-not-full", "indicators")
    assert fault.sentence.startswith("各指标权重合计101分，应当是100分")


def test_groups_are_held_against_what_they_state():
    changed = shipped()
    groups = dict.fromkeys(each["group"] for each in changed["indicators"])
    changed["groups"] = [
        {"name": name, "weight": str(total)}
        for name in groups
        for total in [
            sum(int(each["weight"]) for each in changed["indicators"] if each["group"] == name)
        ]
    ]
    assert errors(changed) == []

    wrong = deepcopy(changed)
    wrong["groups"][0]["weight"] = "99"
    wrong["indicators"][-1]["group"] = "没有的组"
    codes = {code for code, _ in errors(wrong)}
    assert codes == {"group-not-full", "group-unknown"}


def test_more_places_than_results_keep_are_refused():
    changed = shipped()
    changed["rounding"]["places"] = 3

    assert errors(changed) == [("places-not-kept", "rounding.places")]


def test_class_that_no_rules_can_reach_is_refused():
    changed = shipped()
    for each in changed["indicators"][:8]:
        each["rule"] = COMPLETION | {"max": "1"}

    assert ("class-out-of-reach", "classes[0].at_least") in errors(changed)


def test_weight_beyond_what_the_rule_gives_is_odd():
    odd = warnings(document(COMPLETION | {"max": "8"}))["weight-unreachable"]

    assert odd.path == "indicators[3]"
    assert odd.sentence.endswith("的权重是10分，按规则最多只能得8分。")


def test_cap_above_what_rival_items_bring_is_odd():
    items = [{"code": code, "name": code, "points": "2"} for code in ("a", "b", "c")]
    rule = {"kind": "itemised", "cap": "10", "items": items, "exclusive": [["a", "b"], ["c"]]}

    assert "按规则最多只能得4分" in warnings(document(rule))["weight-unreachable"].sentence
    assert "weight-unreachable" not in warnings(document(rule | {"exclusive": [["a", "b"]]}))


def test_band_that_holds_no_whole_thing_is_odd():
    bands = [
        {"from": "0", "to": "0.2", "points_from": "0", "points_to": "1"},
        {"from": "0.2", "to": "0.9", "points_from": "1", "points_to": "5"},
        {"from": "0.9", "to": None, "points_from": "5", "points_to": "5"},
    ]
    changed = document({"kind": "piecewise", "bands": bands})
    changed["indicators"][3]["unit"] = "家"

    odd = warnings(changed)["band-without-figures"]

    assert odd.path == "indicators[3].rule.bands[1]"
    assert "0.2至0.9家内没有整数" in odd.sentence


def test_jumps_allowed_for_nothing_are_odd():
    bands = [
        {"from": "0", "to": "10", "points_from": "0", "points_to": "10"},
        {"from": "10", "to": None, "points_from": "10", "points_to": "10"},
    ]

    assert "jumps-unused" in warnings(
        document({"kind": "piecewise", "bands": bands, "allows_jumps": True})
    )


@pytest.mark.parametrize(
    "change, code",
    [
        ({"step_percent": "25"}, "minimum-unreachable"),
        ({"step_percent": "25", "step_points": "-0.5", "base": "1"}, "maximum-unreachable"),
    ],
)
def test_deviation_bound_that_no_figure_can_reach_is_odd(change, code):
    assert code in warnings(document(DEVIATION | change))


def test_formula_without_figure_or_short_of_its_bound_is_odd():
    constant = EXPRESSION | {"tree": ["add", ["number", "1"], ["number", "2"]]}
    short = EXPRESSION | {"tree": ["min", ["value"], ["number", "4"]]}

    assert "formula-constant" in warnings(document(constant))
    assert "maximum-unreachable" in warnings(document(short))
    assert warnings(document(EXPRESSION)).keys() <= {"band-without-figures"}


@pytest.mark.parametrize("nonsense", [None, [], "方案", 3, {}])
def test_what_is_no_scheme_at_all_is_told_and_never_breaks(nonsense):
    assert errors(nonsense)


@pytest.mark.parametrize("junk", [None, [], "x", 3, {}, {"kind": "by-peer"}, {"kind": []}])
def test_junk_in_place_of_a_rule_is_told_and_never_breaks(junk):
    assert any(path.startswith("indicators[3].rule") for _, path in errors(document(junk)))
