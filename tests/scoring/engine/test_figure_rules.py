"""Completion, deviation, percentile, formulas and classes of counties: points and how they are written out."""

from decimal import Decimal

import pytest

from scoring.engine.batch import score_batch, score_indicator
from scoring.engine.errors import ScoringError
from scoring.engine.types import (
    Absence,
    AbsencePolicy,
    AbsenceTreatment,
    Band,
    ByPeerRule,
    Carried,
    CompletionRule,
    DeviationRule,
    Expression,
    ExpressionRule,
    Figure,
    Measure,
    Op,
    PeerGroup,
    PercentileRule,
    PiecewiseRule,
)
from tests.scoring.engine.builders import county, inputs, small_scheme, value

TEN = Decimal(10)
COMPLETION = CompletionRule(TEN, Decimal(100))
LOW = CompletionRule(TEN, Decimal(100), lower_is_better=True)
DEVIATION = DeviationRule(Decimal(5), Decimal(5), Decimal("0.5"), False, Decimal(0), TEN)
WHOLE = DeviationRule(Decimal(5), Decimal(5), Decimal("0.5"), True, Decimal(0), TEN)
PERCENTILE = PercentileRule(TEN)
CARRY = AbsencePolicy(missing=AbsenceTreatment.CARRY_FORWARD)


def alone(rule, **measure):
    """One figure of one indicator by a rule that needs nobody else."""
    (indicator,) = small_scheme(rule).indicators
    fields = {name: Decimal(text) for name, text in measure.items()}
    return score_indicator(indicator, Figure("01", Measure(**fields)))


def among(rule, *figures, absence=None):
    """The lines of counties 130101, 130102, … with these figures."""
    scheme = small_scheme(rule, absence=absence)
    counties = [
        county(f"{130101 + i}", each if isinstance(each, Figure) else value("01", each))
        for i, each in enumerate(figures)
    ]
    batch = score_batch(inputs(scheme, *counties), scheme)
    return [batch.by_code[each.code].lines[0] for each in counties]


def texts(line):
    return {step.name: step.text for step in line.derivation.steps}


def test_completion_gives_the_share_of_the_target():
    line = alone(COMPLETION, value="48", target="60")

    assert line.score == Decimal("8.00")
    assert line.derivation.text == "完成率 48 ÷ 60 = 80%；80% ÷ 100% × 10 = 8.00"
    assert texts(line)["target"] == "60家"


def test_completion_beyond_the_target_brings_no_more():
    line = alone(COMPLETION, value="90", target="60")

    assert line.score == Decimal("10.00")
    assert line.derivation.text == "完成率 90 ÷ 60 = 150%；150% ≥ 100%，得10.00分"


def test_completion_of_a_ratio_writes_out_both_quotients():
    line = alone(COMPLETION, numerator="50", denominator="3", target="20")

    assert line.score == Decimal("8.33")
    assert line.derivation.text == (
        "50 ÷ 3 = 16.666666…；完成率 16.666666… ÷ 20 = 83.333333…%；83.333333…% ÷ 100% × 10 ≈ 8.33"
    )


def test_completion_of_what_is_to_be_kept_low():
    assert alone(LOW, value="0.5", target="0.4").derivation.text == (
        "完成率 0.4 ÷ 0.5 = 80%；80% ÷ 100% × 10 = 8.00"
    )
    assert alone(LOW, value="0", target="0.4").derivation.text == (
        "数值为0，优于目标0.4；按满分10分计，得10.00分"
    )


@pytest.mark.parametrize(
    "measure, code",
    [
        ({"value": "48"}, "target-missing"),
        ({"value": "48", "target": "0"}, "target-not-positive"),
        ({"value": "48", "target": "-1"}, "target-not-positive"),
        ({"target": "48"}, "figure-blank"),
        ({"value": "-1", "target": "48"}, "value-negative"),
    ],
)
def test_completion_without_target_or_figure_is_refused(measure, code):
    with pytest.raises(ScoringError) as refusal:
        alone(COMPLETION, **measure)

    assert refusal.value.code == code


def test_deviation_moves_half_a_point_for_five_percent():
    above, at, below = among(DEVIATION, "110", "100", "90")

    assert [line.score for line in (above, at, below)] == [
        Decimal("6.00"),
        Decimal("5.00"),
        Decimal("4.00"),
    ]
    assert above.derivation.text == ("(110 − 100) ÷ 100 = 10%；10% ÷ 5% = 2；5 + 2 × 0.5 = 6.00")
    assert below.derivation.text == (
        "(90 − 100) ÷ 100 = -10%；-10% ÷ 5% = -2；5 + (-2) × 0.5 = 4.00"
    )
    assert texts(at)["field"] == "3个县平均100家"


def test_deviation_by_whole_steps_leaves_parts_of_a_step_uncounted_on_both_sides():
    above, below = among(WHOLE, "107", "93")

    assert (above.score, below.score) == (Decimal("5.50"), Decimal("4.50"))
    assert "7% ÷ 5% = 1.4，按整档计1；5 + 1 × 0.5 = 5.50" in above.derivation.text


def test_deviation_stops_at_its_bounds():
    high, low = among(DEVIATION, "300", "1")

    assert (high.score, low.score) == (TEN, Decimal(0))
    assert "不低于最低分0，得0.00分" in low.derivation.text


def test_deviation_of_zeros_and_of_one_county_alone_is_the_base():
    assert [line.score for line in among(DEVIATION, "0", "0")] == [Decimal("5.00")] * 2
    (only,) = among(DEVIATION, "77")
    assert only.score == Decimal("5.00")
    assert among(DEVIATION, "0")[0].derivation.text == "没有可比的平均值，按基准分5分计，得5.00分"


def test_deviation_of_thousands_of_unlike_ratios_stays_exact():
    figures = [
        Figure("01", Measure(numerator=Decimal(i), denominator=Decimal(997 + i * 7)))
        for i in range(1, 400)
    ]
    lines = among(DEVIATION, *figures)
    mean = sum((each.derivation.exact for each in lines), start=0)

    assert len(lines) == 399
    assert mean > 0


def test_absent_figures_are_not_in_the_field_and_carried_ones_are_compared_with_it():
    carried = Figure("01", Measure(), Absence.MISSING, Carried(2018, Measure(value=Decimal(110))))
    one, other, late = among(DEVIATION, "110", "90", carried, absence=CARRY)

    assert (one.score, other.score, late.score) == (Decimal(6), Decimal(4), Decimal(6))
    assert "2个县平均100家" in texts(late)["field"]


def test_percentile_counts_those_above():
    first, second, tied, last = among(PERCENTILE, "9", "7", "7", "1")

    assert [line.score for line in (first, second, tied, last)] == [
        Decimal("10.00"),
        Decimal("6.67"),
        Decimal("6.67"),
        Decimal("0.00"),
    ]
    assert second.derivation.text == "其他3个县中，1个高于本县；(3 − 1) ÷ 3 × 10 ≈ 6.67"


def test_percentile_of_what_is_to_be_kept_low_and_of_one_alone():
    low, high = among(PercentileRule(TEN, lower_is_better=True), "1", "9")
    (only,) = among(PERCENTILE, "0")

    assert (low.score, high.score, only.score) == (Decimal(10), Decimal(0), Decimal(10))
    assert only.derivation.text == "没有可比的县，按满分10分计，得10.00分"


def test_carried_figure_has_one_county_more_to_be_compared_with():
    carried = Figure("01", Measure(), Absence.MISSING, Carried(2018, Measure(value=Decimal(8))))
    *_, late = among(PERCENTILE, "9", "7", carried, absence=CARRY)

    assert late.score == Decimal("5.00")
    assert "其他2个县中，1个高于本县" in late.derivation.text


@pytest.mark.parametrize("rule", [DEVIATION, PERCENTILE])
def test_rules_that_compare_refuse_a_county_by_itself(rule):
    with pytest.raises(ScoringError) as refusal:
        alone(rule, value="1")

    assert (refusal.value.code, refusal.value.reason) == (
        "field-needed",
        "要与其他县比较，评价时才能计分",
    )


def number(text):
    return Expression(Op.NUMBER, number=Decimal(text))


VALUE = Expression(Op.VALUE)


def test_formula_is_worked_out_and_written_as_people_write_it():
    tree = Expression(
        Op.DIVIDE,
        (
            Expression(Op.MULTIPLY, (Expression(Op.NUMERATOR), number("3"))),
            Expression(Op.DENOMINATOR),
        ),
    )
    line = alone(ExpressionRule(tree, Decimal(0), TEN), numerator="7", denominator="4")

    assert line.score == Decimal("5.25")
    assert line.derivation.text == "7 ÷ 4 = 1.75；(7 × 3) ÷ 4 = 5.25"
    assert texts(line)["formula"] == "(分子 × 3) ÷ 分母"


def test_formula_chooses_by_a_limit_and_works_out_only_what_it_chose():
    tree = Expression(
        Op.IF_AT_LEAST,
        (VALUE, number("3"), number("10"), Expression(Op.DIVIDE, (number("6"), VALUE))),
    )
    rule = ExpressionRule(tree, Decimal(0), TEN)

    assert alone(rule, value="3").score == Decimal("10.00")
    assert alone(rule, value="2").derivation.text == ("【若 2 ≥ 3，取 10；否则取 6 ÷ 2】 = 3.00")
    with pytest.raises(ScoringError) as refusal:
        alone(rule, value="0")
    assert refusal.value.code == "formula-divides-by-zero"


def test_formula_is_held_between_its_bounds():
    tree = Expression(Op.SUBTRACT, (VALUE, number("5")))
    rule = ExpressionRule(tree, Decimal(1), TEN)

    assert alone(rule, value="2").derivation.text == "2 − 5 = -3，低于最低分1，得1.00分"
    assert alone(rule, value="99").derivation.text == "99 − 5 = 94，超过最高分10，得10.00分"


def test_formula_that_needs_a_ratio_refuses_a_bare_value():
    rule = ExpressionRule(Expression(Op.NUMERATOR), Decimal(0), TEN)

    with pytest.raises(ScoringError) as refusal:
        alone(rule, value="2")

    assert refusal.value.code == "ratio-blank"


def test_each_class_of_counties_is_compared_within_itself():
    rule = ByPeerRule((PeerGroup("城区", ("130101", "130102"), DEVIATION),), PERCENTILE)

    one, other, third, fourth = among(rule, "110", "90", "5", "4")

    assert [line.score for line in (one, other, third, fourth)] == [
        Decimal(6),
        Decimal(4),
        Decimal(10),
        Decimal(0),
    ]
    assert one.derivation.text.startswith("城区：(110 − 100) ÷ 100 = 10%")
    assert third.derivation.text.startswith("其他县：其他1个县中，0个高于本县")
    assert texts(third)["peer"] == "其他县"


def test_rule_by_class_refuses_a_figure_of_nobody():
    with pytest.raises(ScoringError) as refusal:
        alone(ByPeerRule((PeerGroup("城区", ("1",), COMPLETION),), COMPLETION), value="1")

    assert refusal.value.code == "county-needed"


def test_points_jump_where_the_scheme_says_so_and_hold_within_a_gap():
    rule = PiecewiseRule(
        (
            Band(Decimal(0), Decimal(10), Decimal(0), Decimal(4)),
            Band(Decimal(12), Decimal(20), Decimal(6), Decimal(6)),
            Band(Decimal(20), None, Decimal(8), Decimal(8)),
        ),
        allows_jumps=True,
    )

    assert [alone(rule, value=each).score for each in ("5", "10", "11.9", "12", "20")] == [
        Decimal(2),
        Decimal(4),
        Decimal(4),
        Decimal(6),
        Decimal(8),
    ]
    assert alone(rule, value="11").derivation.text == (
        "10 ≤ 11 < 12，不在任何区间，按前一区间末端分值计，得4.00分"
    )
