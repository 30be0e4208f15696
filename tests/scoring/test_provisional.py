"""The forecast is the run's arithmetic: line by line the same, panel lines aside."""

import time
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from county_portal.common import clock
from indicators.enums import FillMode
from indicators.estimates import Answers, estimator_of
from indicators.rules import CellFigure, CellInput
from indicators.selectors import last_year_figures, read_content
from scoring.engine.batch import scheme_scorers, score_batch
from scoring.engine.numbers import exact_arithmetic
from scoring.engine.types import (
    Absence,
    Band,
    ByPeerRule,
    CountyFigures,
    Figure,
    Measure,
    PeerGroup,
    PiecewiseRule,
    TotalRule,
)
from scoring.provisional import _Desk, _Prepared
from tests.factories.sheets import open_for_all, submission_of
from tests.scoring.acts import CODES, PRIZES, STRONG, grade, hand_in, hand_in_all, score
from tests.scoring.engine.builders import hebei_scheme, inputs

PANEL_LINE = "17"


def answers_of(submission):
    content = read_content(submission)
    items = {}
    for item in content.items:
        items.setdefault(item.indicator, []).append((item.kind, item.name))
    region = submission.region
    return Answers(
        region.code, region.full_name, content.figures, items, last_year_figures(submission)
    )


def by_line(result):
    return {line.indicator_code: line for line in result.lines.all()}


def test_every_line_is_what_the_run_gives(people, collection, scheme):
    hand_in_all(people, collection, strong=CODES[:1], best=CODES[1:2])
    estimator = estimator_of(collection)
    estimates = {
        code: estimator.estimate(answers_of(submission_of(collection, code))) for code in CODES
    }
    score(people.expert, collection)
    run = grade(people, collection, scheme)

    for result in run.results.select_related("region"):
        estimate, lines = estimates[result.region.code], by_line(result)
        assert {code: line.score for code, line in estimate.lines.items()} == {
            code: Decimal(0) if code == PANEL_LINE else line.score for code, line in lines.items()
        }
        for code, line in estimate.lines.items():
            if code != PANEL_LINE:
                assert line.derivation == lines[code].derivation
        assert estimate.total == result.total - lines[PANEL_LINE].score
    assert len({estimate.class_name for estimate in estimates.values()}) > 1


def test_what_experts_judge_stands_open(people, collection, scheme):
    hand_in(people, collection, CODES[0])

    estimate = estimator_of(collection).estimate(answers_of(submission_of(collection, CODES[0])))

    line = estimate.lines[PANEL_LINE]
    assert (line.score, line.is_judged_later) == (Decimal(0), True)
    assert [code for code, each in estimate.lines.items() if each.is_judged_later] == [PANEL_LINE]
    assert estimate.open_points == line.maximum


def test_a_missing_figure_takes_last_years_as_in_the_run(people, version, scheme):
    with clock.playing(clock.now() - timedelta(days=365)):
        before = open_for_all(people.manager, version)
        hand_in_all(people, before, strong=CODES)
    now = open_for_all(people.manager, version)
    for code in CODES:
        hand_in(people, now, code, {"i02": CellInput(mode=FillMode.MISSING, note="年度目标未定。")})
    estimate = estimator_of(now).estimate(answers_of(submission_of(now, CODES[0])))
    score(people.expert, now)
    run = grade(people, now, scheme)

    graded = by_line(run.results.get(region__code=CODES[0]))["02"]
    assert estimate.lines["02"].score == graded.score > 0
    assert estimate.lines["02"].derivation == graded.derivation


def test_a_blank_line_says_that_it_is_blank(collection, scheme):
    region = collection.submissions.get(region__code=CODES[0]).region

    estimate = estimator_of(collection).estimate(Answers(region.code, region.full_name, {}))

    assert estimate.total == Decimal(0)
    assert estimate.class_name == "C"
    assert estimate.lines["04"].derivation == "尚未填写，暂按缺报计：缺报，按0分计，得0.00分"


def test_what_the_engine_refuses_costs_its_own_line_only(collection, scheme):
    figures = {"04": CellFigure(number=Decimal(97)), "08": CellFigure()}
    items = {"08": [("no-such-kind", "甲")]}

    estimate = estimator_of(collection).estimate(Answers("131081", "霸州市", figures, items))

    assert estimate.lines["04"].score > 0
    assert "不在评分方案中" in estimate.lines["08"].derivation
    assert estimate.total == estimate.lines["04"].score


def test_items_score_by_kind_and_are_capped(collection, scheme):
    items = {"15": [("bureau-independent", "科技局"), ("leading-group", "领导小组")]}
    figures = {"15": CellFigure(number=Decimal(2))}
    estimator = estimator_of(collection)

    estimate = estimator.estimate(Answers("131081", "霸州市", figures, items))

    assert estimate.lines["15"].score == Decimal("5.00")
    assert estimator.score_line("15", figures["15"], items["15"]) == Decimal("5.00")


def test_one_line_alone(collection, scheme):
    estimator = estimator_of(collection)

    assert estimator.score_line("04", CellFigure(number=Decimal(97)), ()) > 0
    assert estimator.score_line("no-such-line", CellFigure(), ()) is None
    assert estimator.class_of(Decimal(80)) == "A"
    assert estimator.class_of(Decimal("79.99")) == "B"
    assert [(limit.name, limit.at_least) for limit in estimator.limits] == [
        ("A", Decimal(80)),
        ("B", Decimal(60)),
        ("C", Decimal(0)),
    ]


def test_without_a_scheme_there_is_no_forecast(collection):
    assert estimator_of(collection) is None


@pytest.mark.parametrize("counties", [167])
def test_a_whole_province_is_estimated_within_a_second(people, collection, scheme, counties):
    hand_in(people, collection, CODES[0], STRONG, PRIZES)
    answers = answers_of(submission_of(collection, CODES[0]))
    estimator_of(collection)
    with CaptureQueriesContext(connection) as asked:
        started = time.perf_counter()
        estimator = estimator_of(collection)
        totals = [
            estimator.estimate(replace(answers, region_code=str(number))).total
            for number in range(counties)
        ]
        seconds = time.perf_counter() - started

    assert len(set(totals)) == 1
    assert len(asked) <= 3
    assert seconds < 1


def desk_of(scheme):
    """The forecast under a scheme that no locked version holds."""
    with exact_arithmetic():
        scorers = scheme_scorers(scheme)
    prepared = _Prepared(scheme, scorers, {each.code: each for each in scheme.indicators})
    return _Desk(prepared, {}, 2025, {})


def test_the_total_is_added_as_the_scheme_adds():
    """51家 are 8.3666…, R&D of 0.31075 % is 2.486: 8.37 and 2.49 line by line, 10.8526… together."""
    figures = {"04": CellFigure(number=Decimal(51)), "03": CellFigure(number=Decimal("0.31075"))}
    scheme = hebei_scheme()
    once = replace(scheme, total=TotalRule.ROUNDED_SUM)
    answers = Answers("131081", "霸州市", figures)

    by_line, rounded_once = desk_of(scheme).estimate(answers), desk_of(once).estimate(answers)

    assert by_line.total == sum(line.score for line in by_line.lines.values())
    measured = [Figure(code, Measure(value=cell.number)) for code, cell in sorted(figures.items())]
    rows = {each.code: Figure(each.code, Measure(), Absence.MISSING) for each in once.indicators}
    rows |= {each.indicator: each for each in measured}
    panel = next(each for each in once.indicators if each.code == PANEL_LINE)
    rows[PANEL_LINE] = Figure(panel.code, Measure(panel=(Decimal(0),)))
    county = CountyFigures("131081", "霸州市", tuple(rows.values()))
    assert rounded_once.total == score_batch(inputs(once, county), once).counties[0].total
    assert (by_line.total, rounded_once.total) == (Decimal("10.86"), Decimal("10.85"))


def test_a_line_by_peers_scores_by_the_countys_own_rule():
    scheme = hebei_scheme()
    line = next(each for each in scheme.indicators if each.code == "04")
    flat = PiecewiseRule((Band(Decimal(0), None, Decimal(7), Decimal(7)),))
    peers = ByPeerRule((PeerGroup("山区县", ("131081",), flat),), line.rule)
    changed = replace(
        scheme,
        indicators=tuple(
            replace(each, rule=peers) if each.code == "04" else each for each in scheme.indicators
        ),
    )
    desk, figure = desk_of(changed), CellFigure(number=Decimal(40))

    assert desk.score_line("04", figure, (), "131081") == 7
    assert desk.score_line("04", figure, (), "130102") == 8
    for code, points in (("131081", 7), ("130102", 8)):
        estimate = desk.estimate(Answers(code, "某县", {"04": figure}))
        assert estimate.lines["04"].score == points
