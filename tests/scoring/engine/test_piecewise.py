import json
from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.engine.batch import score_indicator
from scoring.engine.errors import ScoringError
from scoring.engine.types import Band, Figure, Indicator, Measure, PiecewiseRule, Step
from tests.scoring.engine.builders import ROOT, indicator

SOURCE = json.loads(
    (ROOT / "provinces/hebei/sources/bazhou_scoring_table.json").read_text(encoding="utf-8")
)
BANDS = [
    (f"{number:02d}", band)
    for number, row in enumerate(SOURCE["indicators"], 1)
    for band in row.get("bands", ())
]
STEP = Fraction(1, 100)

# 万元GDP综合能耗 is such an indicator: less is better
FALLING = Indicator(
    "27",
    "绿色发展",
    "万元GDP综合能耗",
    "吨标准煤",
    Decimal(6),
    PiecewiseRule(
        (
            Band(Decimal(0), Decimal("0.4"), Decimal(6), Decimal(6)),
            Band(Decimal("0.4"), Decimal("1.2"), Decimal(6), Decimal(1)),
            Band(Decimal("1.2"), Decimal(2), Decimal(1), Decimal(0)),
            Band(Decimal(2), None, Decimal(0), Decimal(0)),
        )
    ),
)


def points(code, value):
    text = Decimal(value.numerator) / Decimal(value.denominator)
    return score_indicator(indicator(code), Figure(code, Measure(value=text))).score


def half_up(exact):
    return Decimal((2 * exact * 100 + 1) // 2) / 100


def line_through(band, value):
    """The band's line at a value, from the source's own knots and in exact fractions."""
    low, s_low, s_high = (Fraction(band[key]) for key in ("lo", "s_lo", "s_hi"))
    if band["hi"] is None:
        return s_low
    return s_low + (value - low) * (s_high - s_low) / (Fraction(band["hi"]) - low)


def test_the_source_has_44_bands():
    assert len(BANDS) == 44


@pytest.mark.parametrize(("code", "band"), BANDS)
def test_lower_knot_and_one_step_up_lie_on_the_band(code, band):
    knot = Fraction(band["lo"])

    at, above = points(code, knot), points(code, knot + STEP)

    assert at == half_up(Fraction(band["s_lo"]))
    assert above == half_up(line_through(band, knot + STEP))


@pytest.mark.parametrize(("code", "band"), [each for each in BANDS if each[1]["hi"] is not None])
def test_upper_knot_and_one_step_down_lie_on_the_band(code, band):
    knot = Fraction(band["hi"])

    at, below = points(code, knot), points(code, knot - STEP)

    assert at == half_up(Fraction(band["s_hi"]))
    assert below == half_up(line_through(band, knot - STEP))


@pytest.mark.parametrize("code", sorted({code for code, _ in BANDS}))
def test_no_value_however_large_exceeds_the_weight(code):
    assert points(code, Fraction(10**14)) == indicator(code).weight


def test_half_a_hundredth_is_rounded_up_as_printed():
    """S3 prints 5.03 for 20.50 %, exactly 5.025; HALF_EVEN would print 5.02."""
    line = score_indicator(indicator("13"), Figure("13", Measure(value=Decimal("20.50"))))

    assert line.derivation.points == Decimal("5.025")
    assert line.score == Decimal("5.03")


def test_ratio_lying_exactly_on_a_half_is_rounded_up_although_its_decimals_never_end():
    """0.335 ÷ 3 × 3 is 0.335: dividing first would make 0.33499… of it and lose the half."""
    slope_three = Indicator(
        "01",
        "",
        "指标",
        "",
        Decimal(9),
        PiecewiseRule(
            (
                Band(Decimal(0), Decimal(3), Decimal(0), Decimal(9)),
                Band(Decimal(3), None, Decimal(9), Decimal(9)),
            )
        ),
    )
    measure = Measure(numerator=Decimal("0.335"), denominator=Decimal(3), factor=Decimal(1))

    line = score_indicator(slope_three, Figure("01", measure))

    assert line.score == Decimal("0.34")


def test_score_comes_from_numerator_and_denominator_even_beside_a_printed_value():
    measure = Measure(Decimal(3), Decimal(50), Decimal(16625), Decimal(1000))

    line = score_indicator(indicator("05"), Figure("05", measure))

    assert line.score == Decimal("2.84")
    assert line.derivation.text == (
        "50 ÷ 16625 × 1000 = 3.007518…；3.5 − (5 − 3.007518…) ÷ (5 − 2) × 1 ≈ 2.84"
    )


def test_lone_numerator_leaves_the_value_in_force():
    measure = Measure(value=Decimal(3), numerator=Decimal(50))

    line = score_indicator(indicator("05"), Figure("05", measure))

    assert line.derivation.text == "3.5 − (5 − 3) ÷ (5 − 2) × 1 ≈ 2.83"


def test_steps_lead_from_value_over_ratio_and_band_to_the_rounded_score():
    measure = Measure(None, Decimal(50), Decimal(16625), Decimal(1000))

    line = score_indicator(indicator("05"), Figure("05", measure))

    assert line.derivation.steps == (
        Step("value", "数值", "3.007518…家"),
        Step("ratio", "比值", "50 ÷ 16625 × 1000 = 3.007518…"),
        Step("band", "区间", "2至5家，2.5至3.5分"),
        Step("arithmetic", "计算", "3.5 − (5 − 3.007518…) ÷ (5 − 2) × 1 = 2.835839…"),
        Step("rounded", "得分", "2.84"),
    )


def test_ratio_without_factor_is_written_without_one():
    measure = Measure(None, Decimal(150), Decimal(75))

    line = score_indicator(indicator("12"), Figure("12", measure))

    assert line.derivation.text == "150 ÷ 75 = 2；4.5 − (4 − 2) ÷ (4 − 2) × 1 = 3.50"


def test_full_points_are_derived_by_the_limit_reached():
    line = score_indicator(indicator("06"), Figure("06", Measure(value=Decimal(1025))))

    assert line.derivation.text == "1025 ≥ 1000，得7.00分"
    assert [step.text for step in line.derivation.steps] == [
        "1025家",
        "1000家及以上，7分",
        "1025 ≥ 1000，得7分",
        "7.00",
    ]


@pytest.mark.parametrize(
    ("value", "score", "text"),
    [
        ("0", "6.00", "0 ≤ 0 < 0.4，得6.00分"),
        ("0.3", "6.00", "0 ≤ 0.3 < 0.4，得6.00分"),
        ("0.4", "6.00", "6 − (0.4 − 0.4) ÷ (1.2 − 0.4) × 5 = 6.00"),
        ("0.8", "3.50", "6 − (0.8 − 0.4) ÷ (1.2 − 0.4) × 5 = 3.50"),
        ("1.2", "1.00", "1 − (1.2 − 1.2) ÷ (2 − 1.2) × 1 = 1.00"),
        ("1.9", "0.13", "1 − (1.9 − 1.2) ÷ (2 − 1.2) × 1 ≈ 0.13"),
        ("2", "0.00", "2 ≥ 2，得0.00分"),
        ("9", "0.00", "9 ≥ 2，得0.00分"),
    ],
)
def test_lower_is_better_runs_down_the_bands(value, score, text):
    line = score_indicator(FALLING, Figure("27", Measure(value=Decimal(value))))

    assert (line.score, line.derivation.text) == (Decimal(score), text)


@pytest.mark.parametrize(
    ("measure", "code", "sentence"),
    [
        (
            Measure(),
            "figure-blank",
            "“千家工商注册企业中高新技术企业数量”：没有数值，也没有注明缺报、不适用或定性。",
        ),
        (
            Measure(value=Decimal(-3)),
            "value-negative",
            "“千家工商注册企业中高新技术企业数量”：数值不能是负数（-3）。",
        ),
        (
            Measure(value=Decimal("NaN")),
            "value-negative",
            "“千家工商注册企业中高新技术企业数量”：数值不能是负数（NaN）。",
        ),
        (
            Measure(numerator=Decimal(-5), denominator=Decimal(7)),
            "value-negative",
            "“千家工商注册企业中高新技术企业数量”：分子不能是负数（-5）。",
        ),
        (
            Measure(numerator=Decimal(5), denominator=Decimal(0)),
            "denominator-not-positive",
            "“千家工商注册企业中高新技术企业数量”：分母必须大于0，不能是0。",
        ),
        (
            Measure(numerator=Decimal(5), denominator=Decimal(7), factor=Decimal(0)),
            "factor-not-positive",
            "“千家工商注册企业中高新技术企业数量”：换算系数必须大于0，不能是0。",
        ),
    ],
)
def test_unsound_figures_are_refused_with_a_sentence(measure, code, sentence):
    with pytest.raises(ScoringError) as refusal:
        score_indicator(indicator("05"), Figure("05", measure))

    assert (refusal.value.code, refusal.value.sentence) == (code, sentence)
