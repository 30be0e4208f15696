"""Where the year will end: by hand, and what must hold whatever the figures."""

from decimal import Decimal

import pytest

from indicators.rules.projection import (
    FEW_MONTHS,
    NO_BAND,
    NO_MONTHS,
    NO_START,
    Learned,
    PastYear,
    band_of,
    deciles,
    learn_course,
    project,
    spread_of,
)


def D(text):  # noqa: N802 -- reads as the literal it stands for
    return None if text is None else Decimal(text)


def months(*numbers):
    return {month: Decimal(number) for month, number in enumerate(numbers, 1)}


# The second half brings more than the first: four tenths by June.
LATE = Learned(shape={6: Decimal("0.4")}, growth=Decimal("1.1"))
BANDED = Learned(
    shape={6: Decimal("0.5")},
    growth=Decimal("1.2"),
    errors={6: tuple(Decimal(n) / 100 for n in (-10, -6, -3, -1, 0, 2, 4, 7, 12))},
)


@pytest.mark.parametrize(
    "kind, before, seen, learned, mid",
    [
        # The pace alone: 300 by June is 600 by December; 50 to 56 is 62.
        ("flow", None, {6: "300"}, Learned(), "600"),
        ("stock", "50", {6: "56"}, Learned(), "62"),
        # 越低越好 is the same arithmetic: 0.50 down to 0.47 by June goes down to 0.44.
        ("stock", "0.50", {6: "0.47"}, Learned(), "0.44"),
        # 300 by June, of which a usual year has 40 %: the pace weighs 1 - 0.6² = 0.64:
        # 300 + 0.6 · (0.64 · 750 + 0.36 · 550) = 706.8.
        ("flow", "500", {6: "300"}, LATE, "706.8"),
        # Gain 6 of 50, usual gain 5: 56 + 0.6 · (0.64 · 15 + 0.36 · 5) = 62.84.
        ("stock", "50", {6: "56"}, LATE, "62.84"),
        # The newest month counts, whichever lack before it.
        ("flow", None, {2: "7", 6: "300"}, Learned(), "600"),
        ("stock", "0", {6: "0"}, Learned(), "0"),
    ],
)
def test_the_projection_by_hand(kind, before, seen, learned, mid):
    found = project(kind, D(before), {m: D(n) for m, n in seen.items()}, learned)

    assert found.mid == D(mid)


@pytest.mark.parametrize(
    "kind, before, seen, why, has_mid",
    [
        ("flow", None, {}, NO_MONTHS, False),
        ("stock", None, {6: "5"}, NO_START, False),
        ("flow", "9", {2: "5"}, FEW_MONTHS, False),
        ("flow", "9", {3: "5"}, NO_BAND, True),
    ],
)
def test_too_little_is_said_and_not_invented(kind, before, seen, why, has_mid):
    found = project(kind, D(before), {m: D(n) for m, n in seen.items()})

    assert (found.why, found.mid is not None, found.low, found.high) == (why, has_mid, None, None)


def test_the_band_is_what_past_years_were_off_by():
    found = project("flow", D("500"), {6: D("300")}, BANDED)

    # 300 + 0.5 · (0.75 · 600 + 0.25 · 600) = 600, a tenth less, an eighth more.
    assert (found.low, found.mid, found.high) == (D("540"), D("600"), D("672"))
    assert spread_of(D("600"), 6, BANDED)[0] == D("540")
    assert len(spread_of(D("600"), 6, BANDED)) == 9


def test_what_a_sum_has_reached_is_not_lost_again():
    found = project("flow", D("10"), {6: D("590")}, BANDED)

    assert found.low >= D("590")


def test_december_is_the_year():
    found = project("flow", D("500"), {11: D("500"), 12: D("640")}, LATE)

    assert (found.low, found.mid, found.high, found.why) == (*[D("640")] * 3, "")


@pytest.mark.parametrize("kind", ["flow", "stock"])
@pytest.mark.parametrize("month", range(3, 13))
def test_who_keeps_to_the_path_reaches_the_target(kind, month):
    start, target = (D("0"), D("480")) if kind == "flow" else (D("120"), D("480"))
    seen = {at: start + (target - start) * at / 12 for at in range(1, month + 1)}

    assert project(kind, D("120"), seen).mid == target


@pytest.mark.parametrize("learned", [Learned(), LATE, BANDED])
@pytest.mark.parametrize("kind", ["flow", "stock"])
def test_another_unit_is_the_same_projection(kind, learned):
    once = project(kind, D("500"), {6: D("530")}, learned)
    tenfold = project(kind, D("5000"), {6: D("5300")}, learned)

    assert tenfold.mid == once.mid * 10
    if once.low is not None:
        assert (tenfold.low, tenfold.high) == (once.low * 10, once.high * 10)


def past(county, year, before, course, end):
    return PastYear(county, year, D(before), {m: D(end) * D(s) for m, s in course.items()})


COURSE = {m: str(Decimal(m * m) / 144) for m in range(1, 13)}  # back-loaded


def history(counties, years=(2023, 2024, 2025)):
    return [
        past(county, year, str(100 + county), COURSE, str((100 + county) * Decimal("1.1")))
        for county in range(counties)
        for year in years
    ]


def test_a_course_is_learned_of_enough_years_only():
    learned, too_few = learn_course("flow", history(10)), learn_course("flow", history(6))

    assert learned.shape[6] == D("0.25")
    assert learned.shape[12] == 1
    assert learned.growth == D("1.1")
    assert (too_few.shape, too_few.growth) == ({}, None)


def test_more_months_come_nearer_to_the_truth():
    learned = learn_course("flow", history(10))
    own = {m: D("260") * D(s) for m, s in COURSE.items()}  # twice what is usual

    missed = [
        abs(project("flow", D("118"), {m: own[m] for m in range(1, until + 1)}, learned).mid - 260)
        for until in range(1, 13)
    ]

    assert missed == sorted(missed, reverse=True)
    assert missed[-1] == 0
    assert missed[0] > 50


def test_a_course_that_would_leave_the_year_is_not_believed():
    odd = [PastYear(c, 2024, D("100"), months(*["150"] * 11, "101")) for c in range(30)]

    assert learn_course("stock", odd).shape == {}


def test_the_band_opens_to_either_side():
    grew_more = [Decimal(n) / 100 for n in range(31)]

    band = band_of(grew_more)

    assert (band[0], band[4], band[-1]) == (-band[-1], 0, Decimal("0.239"))
    assert band_of(grew_more[:29]) == ()


def test_deciles():
    assert deciles([Decimal(n) for n in range(29)]) == ()
    assert deciles([Decimal(n) for n in range(101)]) == tuple(D(n) for n in range(10, 100, 10))
