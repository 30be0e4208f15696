"""How far promises were kept, every case by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.achievement import Aim, Path, achieve, path_value

# baseline, target, lower is better, actual -> share in per cent, reached, how
CASES = [
    ("10", "15", False, "12", "40.00", False, "way"),
    ("10", "15", False, "15", "100.00", True, "way"),
    ("79.17", "90.28", False, "90.2799", "99.99", False, "way"),
    ("10", "15", False, "20", "200.00", True, "way"),
    ("10", "15", False, "8", "-40.00", False, "way"),
    ("0", "3", False, "1", "33.33", False, "way"),
    # 万元GDP能耗 falls.
    ("1", "0.8", True, "0.9", "50.00", False, "way"),
    ("1", "0.8", True, "0.75", "125.00", True, "way"),
    ("1", "0.8", True, "1.1", "-50.00", False, "way"),
    # Held, not raised.
    ("12", "12", False, "12", "100.00", True, "ratio"),
    ("12", "12", False, "9", "75.00", False, "ratio"),
    ("2", "2", True, "2.5", "80.00", False, "ratio"),
    ("0", "0", False, "0", "100.00", True, "truth"),
    ("0", "0", True, "0", "100.00", True, "truth"),
    ("0", "0", True, "1", "0.00", False, "ratio"),
    # Set below the baseline, with a reason: standing still is more than promised.
    ("10", "8", False, "8", "100.00", True, "ratio"),
    ("10", "8", False, "10", "125.00", True, "ratio"),
    # Nothing to begin from.
    (None, "5", False, "4", "80.00", False, "ratio"),
    (None, "0", False, "0", "100.00", True, "truth"),
    (None, "4", True, "5", "80.00", False, "ratio"),
    (None, "4", True, "0", "100.00", True, "truth"),
    ("-2", "0", False, "-1", "50.00", False, "way"),
]


def number(text):
    return None if text is None else Decimal(text)


@pytest.mark.parametrize("case", CASES)
def test_share(case):
    baseline, target, lower, actual, share, reached, method = case
    found = achieve(Aim(number(baseline), number(target), lower), number(actual))

    assert (str(found.percent), found.is_reached, found.method) == (share, reached, method)


@pytest.mark.parametrize("target, actual", [(None, "5"), ("5", None), (None, None)])
def test_blank_is_not_zero(target, actual):
    found = achieve(Aim(Decimal(1), number(target)), number(actual))

    assert found.share is None
    assert found.is_reached is None
    assert found.percent is None
    assert found.words == ""


def test_half_a_hundredth_goes_up():
    # 1/800 of the way is 0.125 per cent.
    assert str(achieve(Aim(Decimal(0), Decimal(800)), Decimal(1)).percent) == "0.13"


def test_arithmetic_is_written_out():
    assert achieve(Aim(Decimal(10), Decimal(15)), Decimal(12)).words == (
        "（12 − 10）÷（15 − 10）= 40.00%"
    )
    assert achieve(Aim(Decimal(2), Decimal(2), True), Decimal("2.5")).words == "2 ÷ 2.5 = 80.00%"
    assert achieve(Aim(Decimal(0), Decimal(0), True), Decimal(0)).words == "0，目标0，已达到"


NUMBERS = st.decimals("-1000", "1000", places=3)


@given(NUMBERS | st.none(), NUMBERS, st.booleans(), NUMBERS)
def test_a_promise_is_kept_where_its_share_is_one(baseline, target, lower, actual):
    found = achieve(Aim(baseline, target, lower), actual)

    if found.method == "way":
        assert found.is_reached == (found.share >= 1)
    if found.method == "truth":
        assert found.is_reached == (found.share == 1)
    assert Decimal(0) <= found.capped <= Decimal(1)


@given(NUMBERS | st.none(), NUMBERS, NUMBERS)
def test_directions_mirror_each_other_on_the_way(baseline, target, actual):
    found = achieve(Aim(baseline, target, False), actual)
    if found.method == "way":
        mirrored = achieve(Aim(-baseline, -target, True), -actual)
        assert mirrored.share == found.share


def test_straight_path():
    path = Path(2022, Decimal(10), 2025, Decimal(16))

    assert [path_value(path, year) for year in range(2021, 2027)] == [10, 10, 12, 14, 16, 16]
    assert path_value(Path(2025, Decimal(3), 2025, Decimal(4)), 2025) == 4
