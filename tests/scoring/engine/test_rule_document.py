"""Each kind of rule in a scheme document: read, written back, and refused with a place."""

import json

import pytest

from scoring.engine.codec import scheme_document, scheme_from_document
from scoring.engine.errors import DocumentError
from scoring.engine.types import (
    ByPeerRule,
    CompletionRule,
    DeviationRule,
    ExpressionRule,
    PanelMethod,
    PercentileRule,
)
from tests.scoring.engine.builders import SCHEME_FILE

COMPLETION = {"kind": "completion", "max": "10", "full_at": "100", "lower_is_better": False}
DEVIATION = {
    "kind": "deviation",
    "base": "5",
    "step_percent": "5",
    "step_points": "0.5",
    "whole_steps": False,
    "min": "0",
    "max": "10",
}
PERCENTILE = {"kind": "percentile", "max": "10", "lower_is_better": True}
EXPRESSION = {
    "kind": "expression",
    "tree": [
        "if-at-least",
        ["value"],
        ["number", "3"],
        ["number", "10"],
        ["multiply", ["value"], ["number", "3.3"]],
    ],
    "min": "0",
    "max": "10",
}
JUMPING = {
    "kind": "piecewise",
    "bands": [
        {"from": "0", "to": "10", "points_from": "0", "points_to": "4"},
        {"from": "12", "to": None, "points_from": "6", "points_to": "6"},
    ],
    "allows_jumps": True,
}
BY_PEER = {
    "kind": "by-peer",
    "groups": [
        {"name": "城区", "codes": ["130102", "130104"], "rule": DEVIATION},
        {"name": "山区", "codes": ["130125"], "rule": JUMPING},
    ],
    "otherwise": PERCENTILE,
}
TRIMMED = {"kind": "panel", "method": "trimmed-mean", "max": "10", "trim": 1}


def document(rule):
    """The shipped scheme with another rule for its fourth row, of ten points."""
    changed = json.loads(SCHEME_FILE.read_text(encoding="utf-8"))
    changed["indicators"][3]["rule"] = rule
    return changed


def refused(rule):
    with pytest.raises(DocumentError) as refusal:
        scheme_from_document(document(rule))
    return refusal.value.code, refusal.value.path.removeprefix("indicators[3].rule")


@pytest.mark.parametrize(
    "rule",
    [COMPLETION, DEVIATION, PERCENTILE, EXPRESSION, JUMPING, BY_PEER, TRIMMED],
    ids=lambda rule: rule["kind"],
)
def test_rule_reads_and_writes_back_unchanged(rule):
    scheme = scheme_from_document(document(rule))

    assert scheme_document(scheme) == document(rule)
    assert scheme_from_document(scheme_document(scheme)) == scheme


@pytest.mark.parametrize(
    "rule, kind",
    [
        (COMPLETION, CompletionRule),
        (DEVIATION, DeviationRule),
        (PERCENTILE, PercentileRule),
        (EXPRESSION, ExpressionRule),
        (BY_PEER, ByPeerRule),
    ],
    ids=lambda part: part["kind"] if isinstance(part, dict) else "",
)
def test_rule_is_of_its_kind(rule, kind):
    assert isinstance(scheme_from_document(document(rule)).indicators[3].rule, kind)


def test_trimmed_mean_states_its_number():
    rule = scheme_from_document(document(TRIMMED)).indicators[3].rule

    assert (rule.method, rule.trim) == (PanelMethod.TRIMMED_MEAN, 1)


def test_county_falls_under_the_rule_of_its_class():
    rule = scheme_from_document(document(BY_PEER)).indicators[3].rule

    assert isinstance(rule.for_county("130104"), DeviationRule)
    assert isinstance(rule.for_county("130999"), PercentileRule)


@pytest.mark.parametrize(
    "rule, code, place",
    [
        (TRIMMED | {"trim": 0}, "not-a-whole-number", ".trim"),
        (TRIMMED | {"method": "mean"}, "trim-not-used", ".trim"),
        (JUMPING | {"allows_jumps": "yes"}, "not-true-or-false", ".allows_jumps"),
        (JUMPING | {"allows_jumps": False}, "bands-not-adjacent", ".bands"),
        (COMPLETION | {"max": "10.5"}, "maximum-out-of-range", ".max"),
        (COMPLETION | {"full_at": "0"}, "full-at-not-positive", ".full_at"),
        (PERCENTILE | {"max": "0"}, "maximum-out-of-range", ".max"),
        (DEVIATION | {"base": "11"}, "base-out-of-range", ".base"),
        (DEVIATION | {"max": "11"}, "range-out-of-range", ""),
        (DEVIATION | {"step_percent": "0"}, "step-not-positive", ".step_percent"),
        (DEVIATION | {"step_points": "0"}, "step-without-points", ".step_points"),
        (EXPRESSION | {"min": "10"}, "range-out-of-range", ""),
        (EXPRESSION | {"tree": ["eval", "1"]}, "operation-unknown", ".tree"),
        (EXPRESSION | {"tree": [["value"]]}, "operation-unknown", ".tree"),
        (EXPRESSION | {"tree": "value"}, "operation-unknown", ".tree"),
        (EXPRESSION | {"tree": ["add", ["value"], 3]}, "operation-unknown", ".tree[2]"),
        (EXPRESSION | {"tree": ["add", ["value"]]}, "operands-miscounted", ".tree"),
        (EXPRESSION | {"tree": ["number", 3]}, "not-a-number", ".tree[1]"),
        (
            EXPRESSION | {"tree": ["divide", ["value"], ["number", "0"]]},
            "formula-divides-by-zero",
            ".tree",
        ),
        (BY_PEER | {"groups": []}, "no-peer-groups", ".groups"),
        (BY_PEER | {"otherwise": TRIMMED}, "rule-not-for-peers", ".otherwise.kind"),
        (BY_PEER | {"otherwise": BY_PEER}, "rule-not-for-peers", ".otherwise.kind"),
        (
            BY_PEER | {"groups": [{"name": "城区", "codes": ["1", "1"], "rule": PERCENTILE}]},
            "code-repeated",
            ".groups",
        ),
        (
            BY_PEER | {"groups": [{"name": "城区", "codes": [], "rule": PERCENTILE}]},
            "peer-group-empty",
            ".groups[0].codes",
        ),
        (
            BY_PEER
            | {"groups": [{"name": "城区", "codes": ["1"], "rule": PERCENTILE | {"max": "11"}}]},
            "maximum-out-of-range",
            ".groups[0].rule.max",
        ),
    ],
)
def test_unsound_rule_is_refused_with_its_place(rule, code, place):
    assert refused(rule) == (code, place)


def test_formula_deeper_than_people_can_follow_is_refused():
    tree = ["value"]
    for _ in range(12):
        tree = ["add", tree, ["number", "1"]]

    assert refused(EXPRESSION | {"tree": tree})[0] == "formula-too-deep"


def test_overlapping_bands_are_refused_even_where_jumps_are_allowed():
    overlapping = [JUMPING["bands"][0], JUMPING["bands"][1] | {"from": "9"}]

    assert refused(JUMPING | {"bands": overlapping})[0] == "bands-not-adjacent"


def test_rounding_total_ties_and_groups_read_and_write_back():
    changed = document(COMPLETION) | {
        "rounding": {"places": 1, "mode": "ROUND_HALF_EVEN"},
        "total": "rounded-sum",
        "ties": {"then_by": ["04", "01"]},
        "groups": [{"name": "投入", "weight": "30"}],
    }

    scheme = scheme_from_document(changed)

    assert (scheme.mode, scheme.total, scheme.then_by) == (
        "ROUND_HALF_EVEN",
        "rounded-sum",
        ("04", "01"),
    )
    assert scheme_document(scheme) == changed


@pytest.mark.parametrize(
    "codes, code",
    [(["04", "04"], "code-repeated"), (["99"], "tie-indicator-unknown"), ([4], "not-texts")],
)
def test_unsound_tie_rule_is_refused(codes, code):
    with pytest.raises(DocumentError) as refusal:
        scheme_from_document(document(COMPLETION) | {"ties": {"then_by": codes}})

    assert (refusal.value.code, refusal.value.path) == (code, "ties.then_by")
