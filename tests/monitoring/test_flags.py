"""What is off: by direction, by tolerance, by days; what the cause says."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from indicators.rules.projection import Learned, Projection, Step
from monitoring.enums import Severity, WarningKind
from monitoring.rules.flags import Course, Parts, find, find_class, find_missing
from monitoring.rules.settings import read_settings
from monitoring.selectors.findings import warning_settings

D = Decimal


@pytest.fixture
def limits():
    return warning_settings()


def course(**changed):
    """A stock that went from 50 to 54 by June and aims at 62."""
    made = Course(
        code="04",
        unit="家",
        kind="stock",
        is_lower_better=False,
        before=D(50),
        target=D(62),
        numbers={3: D(52), 6: D(54)},
        expected=D(56),
        projection=Projection(6, D(58), D(56), D(60)),
        learned=Learned(),
    )
    return replace(made, **changed)


@pytest.mark.parametrize(
    "band, now, kind, severity",
    [
        # Not even the better end reaches 62 less 3 %.
        (("58", "56", "60"), "54", WarningKind.UNREACHABLE, Severity.SEVERE),
        (("58", "56", "61"), "54", WarningKind.BEHIND, Severity.WARNING),
        # Without a band nobody can say that nothing helps.
        (("58",), "54", WarningKind.UNREACHABLE, Severity.WARNING),
        # Nearly there, but behind the path by more than a tenth of the way.
        (("61", "60", "63"), "54", WarningKind.BEHIND, Severity.NOTICE),
        (("61", "60", "63"), "55", None, None),
        (("62", "60", "64"), "54", None, None),
    ],
)
def test_what_is_off(limits, band, now, kind, severity):
    found = find(course(projection=Projection(6, *map(D, band)), numbers={6: D(now)}), limits)

    assert [(each.kind, each.severity) for each in found] == ([(kind, severity)] if kind else [])


def test_lower_is_better_turns_everything_round(limits):
    energy = course(
        is_lower_better=True,
        before=D("0.50"),
        target=D("0.44"),
        numbers={6: D("0.49")},
        expected=D("0.47"),
    )
    off = find(replace(energy, projection=Projection(6, D("0.48"), D("0.47"), D("0.49"))), limits)
    better = find(
        replace(energy, projection=Projection(6, D("0.40"), D("0.39"), D("0.41"))), limits
    )

    assert [each.kind for each in off] == [WarningKind.UNREACHABLE]
    assert "比序时进度慢0.02" in off[0].cause
    assert "每月须减少" in off[0].cause
    assert better == []


def test_the_cause_names_pace_gaps_and_the_parts_of_a_rate(limits):
    parts = Parts("有效发明专利拥有量", "件", "常住人口", D(125), D("37.9"), D(1))
    (found,) = find(course(parts=parts), limits)

    assert "6月末为54家，比序时进度慢2家" in found.cause
    assert "预计年末为58（区间56—60），与年度目标62相差4" in found.cause
    assert "近3个月平均每月增加0.67，余下6个月平均每月须增加1.33" in found.cause
    assert "1、2、4、5月未报" in found.cause or "1—2、4—5月未报" in found.cause
    assert "须达到2349.8件" in found.cause


def test_nothing_is_said_without_months_or_target(limits):
    assert find(course(numbers={}), limits) == []
    assert find(course(target=None), limits) == []


@pytest.mark.parametrize(
    "gain, spread, is_found",
    [("1", "0.01", False), ("9", "0.01", True), ("-9", "0.01", True), ("9", "0", False)],
)
def test_a_jump_is_far_from_what_counties_usually_gain(limits, gain, spread, is_found):
    """The usual gain of June is 2 % of the year before, its spread one point."""
    jumping = course(
        target=None,
        numbers={5: D(52), 6: D(52) + D(gain)},
        learned=Learned(steps={6: Step(D("0.02"), D(spread))}),
    )
    found = find(jumping, limits)

    assert [each.kind for each in found] == ([WarningKind.JUMP] if is_found else [])


def test_too_few_past_years_make_no_jump(limits):
    assert find(course(target=None, numbers={5: D(1), 6: D(99)}), limits) == []


@pytest.mark.parametrize(
    "today, severity",
    [
        (date(2026, 4, 10), None),
        (date(2026, 4, 11), Severity.NOTICE),
        (date(2026, 4, 19), Severity.NOTICE),
        (date(2026, 4, 20), Severity.WARNING),
        (date(2026, 5, 10), Severity.SEVERE),
    ],
)
def test_missing_months_grow_graver_by_days(limits, today, severity):
    found = find_missing([(3, date(2026, 4, 10), 7)], today, limits)

    assert (found.severity if found else None) == severity
    assert find_missing([], today, limits) is None


@pytest.mark.parametrize(
    "now, chances, severity",
    [
        ("A", (("A", "76"), ("B", "24"), ("C", "0")), None),
        ("A", (("A", "75"), ("B", "20"), ("C", "5")), Severity.WARNING),
        ("A", (("A", "50"), ("B", "50"), ("C", "0")), Severity.SEVERE),
        # Rising is no danger.
        ("B", (("A", "90"), ("B", "10"), ("C", "0")), None),
        ("C", (("A", "0"), ("B", "0"), ("C", "100")), None),
    ],
)
def test_a_class_in_danger(limits, now, chances, severity):
    found = find_class(6, now, [(name, D(chance)) for name, chance in chances], limits)

    assert (found.severity if found else None) == severity


def test_settings_of_another_format_are_refused():
    with pytest.raises(ValueError, match="county-portal/warnings/1"):
        read_settings({"format": "something/else"})
