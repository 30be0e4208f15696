"""A scheme document with every kind of rule, in the form the engine writes."""

import copy
import json

from scoring.schemes.documents import normal
from tests.scoring.engine.builders import SCHEME_FILE

BANDS = [
    {"from": "0", "to": "10", "points_from": "0", "points_to": "6"},
    {"from": "10", "to": None, "points_from": "6", "points_to": "6"},
]
JUMPS = [
    {"from": "0", "to": "5", "points_from": "0", "points_to": "2"},
    {"from": "8", "to": None, "points_from": "6", "points_to": "6"},
]
RULES = {
    "piecewise": {"kind": "piecewise", "bands": JUMPS, "allows_jumps": True},
    "itemised": {
        "kind": "itemised",
        "cap": "6",
        "items": [
            {"code": "lab", "name": "=实验室", "points": "0.5"},
            {"code": "prize", "name": "奖项", "points": "2"},
            {"code": "judged", "name": "酌情", "points": None, "at_most": "3"},
        ],
        "exclusive": [["prize", "lab"]],
    },
    "panel": {"kind": "panel", "method": "trimmed-mean", "max": "6", "trim": 1},
    "completion": {"kind": "completion", "max": "6", "full_at": "100", "lower_is_better": False},
    "deviation": {
        "kind": "deviation",
        "base": "3",
        "step_percent": "5",
        "step_points": "-0.5",
        "whole_steps": True,
        "min": "0",
        "max": "6",
    },
    "percentile": {"kind": "percentile", "max": "6", "lower_is_better": True},
    "expression": {
        "kind": "expression",
        "tree": ["max", ["number", "0"], ["subtract", ["value"], ["number", "-1.5"]]],
        "min": "0",
        "max": "6",
    },
    "by-peer": {
        "kind": "by-peer",
        "groups": [
            {
                "name": "市辖区",
                "codes": ["130102", "130121"],
                "rule": {"kind": "percentile", "max": "6", "lower_is_better": False},
            },
            {"name": "县级市", "codes": ["131081"], "rule": {"kind": "piecewise", "bands": BANDS}},
        ],
        "otherwise": {
            "kind": "expression",
            "tree": ["if-at-least", ["value"], ["number", "5"], ["number", "6"], ["value"]],
            "min": "0",
            "max": "6",
        },
    },
}


def hebei():
    """The shipped scheme, canonical."""
    return normal(json.loads(SCHEME_FILE.read_bytes()))


def all_kinds():
    """One indicator of each kind."""
    return normal(
        {
            "format": "county-portal/scheme/1",
            "title": "各种计分办法",
            "rounding": {"places": 1, "mode": "ROUND_HALF_EVEN"},
            "total": "rounded-sum",
            "ties": {"then_by": ["02", "01"]},
            "classes": [{"name": "A", "at_least": "40"}, {"name": "B", "at_least": "0"}],
            "absence": {
                "missing": "carry-forward",
                "not-applicable": "zero",
                "qualitative": "zero",
            },
            "groups": [{"name": "一级", "weight": "48"}],
            "indicators": [
                {
                    "code": f"{i:02d}",
                    "group": "一级",
                    "name": f"指标{i}",
                    "unit": "项",
                    "weight": "6",
                    "rule": copy.deepcopy(rule),
                    **({"absence": {"missing": "zero"}} if i == 1 else {}),
                }
                for i, rule in enumerate(RULES.values(), 1)
            ],
        }
    )
