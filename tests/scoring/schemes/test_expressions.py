"""Formulas: what is typed, the tree it becomes, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from county_portal.common.errors import Invalid
from scoring.schemes.expressions import MAX_LENGTH, formula_text, read_formula

LEAVES = st.sampled_from([["value"], ["numerator"], ["denominator"]]) | st.decimals(
    min_value=-1000, max_value=1000, places=3
).map(lambda number: ["number", f"{number.normalize():f}" if number else "0"])


def several(inner):
    many = st.tuples(
        st.sampled_from(["add", "multiply", "min", "max"]), st.lists(inner, min_size=2, max_size=3)
    )
    two = st.tuples(
        st.sampled_from(["subtract", "divide"]), st.lists(inner, min_size=2, max_size=2)
    )
    four = st.tuples(st.just("if-at-least"), st.lists(inner, min_size=4, max_size=4))
    return (many | two | four).map(lambda pair: [pair[0], *pair[1]])


@given(st.recursive(LEAVES, several, max_leaves=12))
def test_a_tree_written_and_read_is_the_same(tree):
    text = formula_text(tree)

    assert len(text) > MAX_LENGTH or read_formula(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("最大（０，值*2－1）", ["max", ["number", "0"], [
            "subtract", ["multiply", ["value"], ["number", "2"]], ["number", "1"]]]),
        ("1+2+3", ["add", ["number", "1"], ["number", "2"], ["number", "3"]]),
        ("(1+2)+3", ["add", ["add", ["number", "1"], ["number", "2"]], ["number", "3"]]),
        ("1-2-3", ["subtract", ["subtract", ["number", "1"], ["number", "2"]], ["number", "3"]]),
        ("分子/分母", ["divide", ["numerator"], ["denominator"]]),
        ("如达到(值,5,6,值)", ["if-at-least", ["value"], ["number", "5"], ["number", "6"], ["value"]]),
        ("-1.50", ["number", "-1.5"]),
    ],
)  # fmt: skip
def test_what_officials_type(text, tree):
    assert read_formula(text) == tree


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "请填写算式"),
        ("1 2", "第3个字符处：“2”前缺少运算符号"),
        ("最大(1)", "至少要有2项"),
        ("(1", "第3个字符处：算式没有写完，缺少右括号"),
        ("1+", "没有写完"),
        ("如达到(1,2)", "现有2项"),
        ("__import__('os')", "第1个字符处：不认识“_”"),
        ("值**2", "第3个字符处"),
        ("值.real", "第2个字符处"),
        ("最大", "后应当是括号"),
        ("1)", "第2个字符处"),
        ("9" * 16, "整数最多15位"),
        ("(" * 30 + "1" + ")" * 30, "括号最多20层"),
        ("1+" * 400 + "1", "最多500字"),
    ],
)
def test_a_wrong_formula_says_where_and_why(text, words):
    with pytest.raises(Invalid) as refusal:
        read_formula(text, "rule-tree")

    assert words in refusal.value.sentence
    assert refusal.value.field == "rule-tree"
