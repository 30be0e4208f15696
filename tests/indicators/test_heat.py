"""The heat view: levels, points at stake, jurisdiction, a constant number of queries."""

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.enums import Severity
from indicators.enums import SubmissionAction as Act
from indicators.rules import CellFigure, CellInput, CellSpec, Finding
from indicators.rules.checks import Spread
from indicators.rules.heat import LEVEL_SIGNS, LEVEL_WORDS, Measure, change_of, findings_level
from indicators.selectors.heat import HeatFilter, read_heat
from scoring.actions.schemes import import_scheme
from tests.factories.sheets import approve, fill_whole, move, open_for_all, submission_of

SPEC = CellSpec("04", "高新技术企业数量", "number", "家")
LOWER = CellSpec("03", "能耗", "number", "吨", lower_is_better=True)


def found(severity, reason=""):
    return Finding("04", "x", severity, "句子。", rule="r", reason=reason)


@pytest.mark.parametrize(
    "findings, level",
    [
        ([], 0),
        ([found(Severity.WARN, "已核")], 1),
        ([found(Severity.WARN, "已核"), found(Severity.WARN)], 3),
        ([found(Severity.WARN), found(Severity.BLOCK)], 4),
    ],
)
def test_the_worst_finding_colours(findings, level):
    assert findings_level(findings) == level


@pytest.mark.parametrize(
    "spec, now, last, percent, level, words",
    [
        (SPEC, "50", "50", "0", 0, "持平"),
        (SPEC, "55", "50", "10", 0, "上升10.0%，变好（可比县数样本不足）"),
        (SPEC, "25", "50", "-50", 2, "下降50.0%，变差（可比县数样本不足）"),
        (LOWER, "100", "50", "100", 3, "上升100.0%，变差（可比县数样本不足）"),
        (SPEC, "5", "0", None, 1, "上年为0"),
    ],
)
def test_change_without_enough_counties(spec, now, last, percent, level, words):
    figure = CellFigure(now, Decimal(now))

    got = change_of(spec, figure, Decimal(last), None)

    assert got == (percent and Decimal(percent), level, words)


def test_change_is_measured_against_the_other_counties():
    usual = Spread(20, Decimal("0.7"), Decimal("0.05"))
    doubled, same = CellFigure("100", Decimal(100)), CellFigure("51", Decimal(51))

    # Everybody doubled: who stood still is the odd one.
    assert change_of(SPEC, doubled, Decimal(50), usual)[1] == 0
    assert change_of(SPEC, same, Decimal(50), usual)[1] == 3


def test_every_level_has_a_word_and_a_sign():
    for measure in Measure:
        assert len(LEVEL_WORDS[measure]) == len(LEVEL_SIGNS)
    assert len(set(LEVEL_SIGNS)) == len(LEVEL_SIGNS)


@pytest.fixture
def two_years(people, version):
    """霸州 received last year with 10 high-tech firms fewer, at work on this year; a scheme to score by."""
    cache.clear()
    import_scheme("hebei", version.system)
    before = submission_of(open_for_all(people.manager, version, years_ago=2), "131081")
    approve(people.lead, people.reviewer, before)
    move(people.manager, before, Act.RECEIVE)
    collection = open_for_all(people.manager, version)
    fill_whole(people.lead, submission_of(collection, "131081"), i04=CellInput("0"))
    return collection


def cell_of(heat, code):
    (row,) = [row for row in heat.rows if row.submission.region.code == "131081"]
    return next(cell for cell in row.cells if cell.code == code)


def test_points_at_stake_are_last_years_less_this_years(two_years, people):
    heat = read_heat(people.reviewer, two_years)

    cell = cell_of(heat, "04")
    assert heat.has_points
    assert (cell.number, cell.last) == (0, 50)
    assert cell.points_last > cell.points
    assert cell.stake == cell.points_last - cell.points
    assert cell_of(heat, "08").stake == 0


def test_jurisdiction(two_years, people):
    def codes(user):
        return {row.submission.region.code for row in read_heat(user, two_years).rows}

    assert codes(people.reviewer) == {"131081"}
    assert codes(people.shijiazhuang_reviewer) == {"130102", "130121"}
    assert len(codes(people.manager)) == 4


def test_filters_and_order(two_years, people):
    def codes(**wanted):
        rows = read_heat(people.manager, two_years, HeatFilter(**wanted)).rows
        return [row.submission.region.code for row in rows]

    assert codes(state="submitted") == []
    assert codes(sort="stake")[0] == "131081"
    office = submission_of(two_years, "130102").reviewing_office.public_id
    assert codes(office=office) == ["130102", "130121"]
    assert set(codes(only_class=True)) <= {"131081"}


def test_the_number_of_queries_does_not_grow(two_years, people):
    read_heat(people.manager, two_years)
    with CaptureQueriesContext(connection) as one:
        read_heat(people.reviewer, two_years)
    with CaptureQueriesContext(connection) as all_of_them:
        read_heat(people.manager, two_years)

    assert len(all_of_them) <= 15
    assert len(all_of_them) - len(one) in {-1, 0, 1}
