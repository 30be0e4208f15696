from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from county_portal.common.errors import Invalid
from county_portal.common.numbers import NumberFormat, parse_number, plain, readable

COUNT = NumberFormat(integer=True)
AMOUNT = NumberFormat(unit="万元")
SIGNED = NumberFormat(unit="万元", negative_allowed=True)
RATE = NumberFormat(unit="%")

ACCEPTED = [
    ("0", COUNT, "0"),
    ("007", COUNT, "7"),
    ("12", COUNT, "12"),
    ("12.000", COUNT, "12"),
    ("+5", COUNT, "5"),
    ("１２３", COUNT, "123"),
    ("12,345", COUNT, "12345"),
    ("1,234,567", COUNT, "1234567"),
    ("１，２３４", COUNT, "1234"),
    ("0.35", AMOUNT, "0.35"),
    ("０．３５", AMOUNT, "0.35"),
    ("1,234.56", AMOUNT, "1234.56"),
    ("1.123456", AMOUNT, "1.123456"),
    ("999999999999", AMOUNT, "999999999999"),
    ("000999999999999.5", AMOUNT, "999999999999.5"),
    ("\u30007351.2\u00a0", AMOUNT, "7351.2"),
    ("-5", SIGNED, "-5"),
    ("-0", AMOUNT, "0"),
    ("－5", SIGNED, "-5"),
    ("−5", SIGNED, "-5"),
    ("–5", SIGNED, "-5"),
    # In a column of per cent a plain figure is per cent: 0.35 is 0.35 %, never 35 %.
    ("0.35", RATE, "0.35"),
    ("35", RATE, "35"),
    ("35%", RATE, "35"),
    ("35 %", RATE, "35"),
    ("３５％", RATE, "35"),
]
REFUSED = [
    ("35%", AMOUNT, "number_percent_sign"),
    ("35%", COUNT, "number_percent_sign"),
    ("35%%", RATE, "number_not_a_number"),
    ("%", RATE, "number_not_a_number"),
    ("1,23", AMOUNT, "number_commas"),
    ("12,34", AMOUNT, "number_commas"),
    ("1,2345", AMOUNT, "number_commas"),
    (",123", AMOUNT, "number_commas"),
    ("1234,567", AMOUNT, "number_commas"),
    ("1，2", AMOUNT, "number_commas"),
    ("NaN", AMOUNT, "number_not_a_number"),
    ("sNaN", AMOUNT, "number_not_a_number"),
    ("inf", AMOUNT, "number_not_a_number"),
    ("-Infinity", SIGNED, "number_not_a_number"),
    ("1e3", AMOUNT, "number_not_a_number"),
    ("1e400", AMOUNT, "number_not_a_number"),
    ("1E-7", AMOUNT, "number_not_a_number"),
    ("9" * 13, AMOUNT, "number_too_large"),
    ("9" * 40, AMOUNT, "number_too_large"),
    ("1.1234567", AMOUNT, "number_too_many_decimals"),
    ("1.5", COUNT, "number_not_an_integer"),
    ("-1", AMOUNT, "number_negative"),
    ("-0.01", RATE, "number_negative"),
    ("1_000", AMOUNT, "number_not_a_number"),
    ("٣٤", AMOUNT, "number_not_a_number"),
    ("൩", AMOUNT, "number_not_a_number"),
    ("²", AMOUNT, "number_not_a_number"),
    ("〇", AMOUNT, "number_not_a_number"),
    ("三百", AMOUNT, "number_not_a_number"),
    ("0x1F", AMOUNT, "number_not_a_number"),
    ("100万元", AMOUNT, "number_not_a_number"),
    ("3,100家", COUNT, "number_not_a_number"),
    ("12家", COUNT, "number_not_a_number"),
    ("True", COUNT, "number_not_a_number"),
    ("1.2.3", AMOUNT, "number_not_a_number"),
    ("1.", AMOUNT, "number_not_a_number"),
    (".5", AMOUNT, "number_not_a_number"),
    ("1 234", AMOUNT, "number_not_a_number"),
    ("--5", SIGNED, "number_not_a_number"),
    ("-", SIGNED, "number_not_a_number"),
    ("=1+1", AMOUNT, "number_not_a_number"),
    ("2024-01-01", AMOUNT, "number_not_a_number"),
    ("1\n2", AMOUNT, "number_not_a_number"),
]


@pytest.mark.parametrize("text, accepts, number", ACCEPTED)
def test_accepted(text, accepts, number):
    parsed = parse_number(text, accepts, "研发经费")

    assert parsed == Decimal(number)
    assert not plain(parsed).startswith("-0")  # a negative zero is equal to zero


@pytest.mark.parametrize("text, accepts, code", REFUSED)
def test_refused(text, accepts, code):
    with pytest.raises(Invalid) as refusal:
        parse_number(text, accepts, "研发经费")

    assert (refusal.value.code, refusal.value.field) == (code, "研发经费")
    assert "研发经费" in refusal.value.sentence


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\u00a0\t\n"])
def test_blank_is_absence_not_zero(text):
    assert parse_number(text, AMOUNT, "研发经费") is None


def test_a_long_entry_is_shortened_in_the_refusal():
    with pytest.raises(Invalid) as refusal:
        parse_number("x" * 5000, AMOUNT, "研发经费")

    assert len(refusal.value.sentence) < 100


@given(st.text(alphabet="0123456789.,%+-０１９．，％－ e_n", max_size=24))
@example("000,000")
@example("+0")
def test_whatever_is_accepted_round_trips(text):
    """An accepted entry is written back as text that means the same number, in either unit."""
    for accepts in (COUNT, AMOUNT, SIGNED, RATE):
        try:
            number = parse_number(text, accepts, "值")
        except Invalid:
            continue
        again = parse_number(plain(number), accepts, "值")
        assert again == number


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_a_refusal(text):
    try:
        number = parse_number(text, SIGNED, "值")
    except Invalid:
        return
    assert number is None or (number.is_finite() and abs(number) < Decimal(10) ** 12)


@given(st.decimals(min_value=-(10**12) + 1, max_value=10**12 - 1, places=6))
def test_every_number_within_the_limits_is_accepted(number):
    assert parse_number(plain(number), SIGNED, "值") == number


@pytest.mark.parametrize(
    "number, text",
    [
        (None, ""),
        (Decimal("7351.20"), "7351.2"),
        (Decimal(100), "100"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.000000"), "0"),
        (Decimal("-0.50"), "-0.5"),
    ],
)
def test_plain(number, text):
    assert plain(number) == text


@pytest.mark.parametrize(
    "number, text",
    [
        ("106.223291", "106.22"),
        ("2.005", "2.01"),
        ("1", "1"),
        ("0.88785", "0.8879"),
        ("-0.00005", "-0.0001"),
        ("0", "0"),
    ],
)
def test_readable(number, text):
    assert plain(readable(Decimal(number))) == text
