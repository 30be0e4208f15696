from decimal import ROUND_DOWN, Decimal, getcontext, localcontext

import pytest

from scoring.engine.batch import score_indicator
from scoring.engine.numbers import exact_arithmetic, fixed, plain, quantum, shown
from scoring.engine.types import Figure, Measure
from tests.scoring.engine.builders import indicator


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("0.00", "0"),
        ("0.50", "0.5"),
        ("100", "100"),
        ("1E+3", "1000"),
        ("1E-7", "0.0000001"),
        ("12345678901234567890.123456789012345678900", "12345678901234567890.1234567890123456789"),
        ("-2.10", "-2.1"),
    ],
)
def test_canonical_text_has_no_exponent_and_no_trailing_zeros(number, text):
    assert plain(Decimal(number)) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("3", "3"),
        ("3.50", "3.5"),
        ("0.123456", "0.123456"),
        ("0.1234567", "0.123456…"),
        ("0.9999999", "0.999999…"),
        ("2.0000001", "2.000000…"),
    ],
)
def test_long_numbers_are_cut_and_never_rounded_for_readers(number, text):
    assert shown(Decimal(number)) == text


def test_fixed_text_keeps_all_places():
    assert fixed(Decimal("6.80")) == "6.80"


def test_quantum_of_two_places_is_a_hundredth():
    assert quantum(2) == Decimal("0.01")


def test_callers_own_context_changes_no_score_and_is_left_as_it_was():
    figure = Figure("05", Measure(None, Decimal(50), Decimal(16625), Decimal(1000)))
    usual = score_indicator(indicator("05"), figure)

    with localcontext() as context:
        context.prec, context.rounding = 3, ROUND_DOWN
        narrow = score_indicator(indicator("05"), figure)
        text = narrow.derivation.text
        left = (getcontext().prec, getcontext().rounding)

    assert narrow == usual
    assert text == usual.derivation.text
    assert left == (3, ROUND_DOWN)


def test_exact_arithmetic_does_not_leak():
    before = getcontext().prec

    with exact_arithmetic():
        inside = getcontext().prec

    assert (inside, getcontext().prec) == (100, before)
