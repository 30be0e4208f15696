"""The study of robustness: exact where nothing is drawn, right where the chance is known, the same by seed."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from scoring.engine.batch import score_batch
from scoring.engine.types import (
    Absence,
    Band,
    ByPeerRule,
    CompletionRule,
    DeviationRule,
    Expression,
    ExpressionRule,
    Figure,
    Item,
    ItemisedRule,
    ItemKind,
    Measure,
    Op,
    PanelMethod,
    PanelRule,
    PeerGroup,
    PercentileRule,
    PiecewiseRule,
    RoundingMode,
    TotalRule,
)
from scoring.robustness.draws import Chance, Disturbance, draw_totals, ranks_of
from scoring.robustness.lines import Counted, Doubt, prepare, rounded, units
from scoring.robustness.report import read_report, report_bytes
from scoring.robustness.settings import SINGLE, Source, StudySettings
from scoring.robustness.study import Known, study_robustness
from tests.scoring.engine.builders import (
    bazhou,
    county,
    hebei_scheme,
    inputs,
    small_scheme,
    source_years,
    value,
)

# One point for each unit, up to ten.
LINE = PiecewiseRule(
    (
        Band(Decimal(0), Decimal(10), Decimal(0), Decimal(10)),
        Band(Decimal(10), None, Decimal(10), Decimal(10)),
    )
)
PANEL = PanelRule(PanelMethod.MEAN, Decimal(10))
ITEMS = ItemisedRule(Decimal(10), (ItemKind("prize", "奖励", Decimal(2)),))
SETTINGS = StudySettings()
STILL = StudySettings(weights=Decimal(0), warnings=Decimal(0))
CHANCE = Chance(7, 2000)


def study(scheme, *counties, settings=SETTINGS, chance=CHANCE, known=None):
    given = inputs(scheme, *counties)
    batch = score_batch(given, scheme)
    return study_robustness(given, scheme, batch, settings, chance, known)


def draw(lines, batch, scheme, disturbance):
    decided = units([batch.by_code[code].total for code in sorted(batch.by_code)], scheme.places)
    return draw_totals(lines, decided, scheme, disturbance)


def by_code(done):
    return {each.code: each for each in done.counties}


def given(code, *texts):
    return county(code, *(value(f"{i:02d}", text) for i, text in enumerate(texts, 1)))


@pytest.mark.parametrize("unrounded", [False, True])
def test_undisturbed_draw_is_the_runs_result_for_the_source_county(unrounded):
    scheme = hebei_scheme()
    for year in source_years():
        frozen = inputs(scheme, bazhou(year, unrounded=unrounded), data_year=year)
        batch = score_batch(frozen, scheme)
        lines = prepare(frozen, scheme, batch, {}, [])
        totals = draw(lines, batch, scheme, Disturbance(SETTINGS, Chance(1, 3), set()))
        assert totals.tolist() == [[int(batch.counties[0].total * 100)]] * 3


def test_undisturbed_draw_is_exact_where_every_score_lies_on_a_half():
    scheme = small_scheme(LINE, LINE)
    texts = [f"{whole / 1000:.3f}" for whole in range(5, 9000, 37)]
    counties = [given(f"1{place:05d}", text, "0.145") for place, text in enumerate(texts)]
    frozen = inputs(scheme, *counties)
    batch = score_batch(frozen, scheme)
    lines = prepare(frozen, scheme, batch, {}, [])
    (totals,) = draw(lines, batch, scheme, Disturbance(SETTINGS, Chance(1, 1), set())).tolist()
    assert totals == [int(batch.by_code[row.code].total * 100) for row in counties]


def test_no_noise_changes_no_class_and_no_rank():
    scheme = small_scheme(LINE)
    known = Known({"01": Counted(value=True)})
    done = study(
        scheme, given("a", "8"), given("b", "6"), given("c", "3"), settings=STILL, known=known
    )
    for each in done.counties:
        for spread in each.spreads.values():
            assert spread.change == 0
            assert spread.best_rank == spread.worst_rank == each.rank
            assert spread.low == spread.high == each.total


def test_a_county_on_the_limit_falls_in_half_of_the_draws():
    done = study(small_scheme(LINE), given("a", "8.0"), given("b", "7.25"), settings=STILL)
    # Written to two decimals as its neighbour: 8.00 is anything from 7.995 to 8.005.
    done = study(small_scheme(LINE), given("a", "8"), given("b", "6.25"), given("c", "3.55"))
    spread = by_code(done)["a"].spreads[Source.ROUNDING]
    # Rounded to hundredths again, all of 7.995 … 8.005 is 8.00: the digits alone move nothing.
    assert spread.change == 0
    weights = study(small_scheme(LINE, LINE), given("a", "7", "1"), given("b", "3", "1"))
    assert Decimal("0.45") < by_code(weights)["a"].spreads[Source.WEIGHTS].change < Decimal("0.55")


def test_the_chance_of_a_simple_case_is_the_exact_one():
    # 7.6 as a whole figure 8 written 8: anything from 7.5 to 8.5; the limit lies at 8 points.
    scheme = small_scheme(LINE, limits=("8.1", "6", "0"))
    done = study(scheme, given("a", "8"), settings=STILL, chance=Chance(3, 5000))
    # 8.095 … 8.5 of 7.5 … 8.5 reaches class A.
    change = by_code(done)["a"].spreads[Source.ROUNDING].change
    assert abs(change - Decimal("0.405")) < Decimal("0.02")
    assert by_code(done)["a"].is_boundary


def test_weights_keep_their_sum():
    full = [given(code, "10", "10", "10") for code in ("a", "b")]
    done = study(small_scheme(LINE, LINE, LINE, limits=("29.5", "6", "0")), *full)
    spread = by_code(done)["a"].spreads[Source.WEIGHTS]
    assert spread.low >= Decimal("29.98")
    assert spread.high <= Decimal("30.02")


def test_a_count_has_no_digits_to_lose_and_a_sum_of_money_has():
    scheme = small_scheme(LINE)
    counted = Known({"01": Counted(value=True)})
    exact = by_code(study(scheme, given("a", "8"), settings=STILL, known=counted))["a"]
    rough = by_code(study(scheme, given("a", "8"), settings=STILL))["a"]
    assert exact.together.low == exact.together.high
    assert Decimal("7.5") <= rough.together.low < Decimal("7.6")
    assert Decimal("8.4") < rough.together.high <= Decimal("8.5")


def test_a_ratio_is_as_good_as_both_its_sides():
    scheme = small_scheme(LINE)
    figure = Figure("01", Measure(numerator=Decimal(8), denominator=Decimal(2), factor=Decimal(1)))
    both = by_code(study(scheme, county("a", figure), settings=STILL))["a"].together
    upper = Known({"01": Counted(denominator=True)})
    one = by_code(study(scheme, county("a", figure), settings=STILL, known=upper))["a"].together
    assert one.high <= Decimal("4.25")
    assert both.high > Decimal("4.5")


def test_a_doubted_figure_is_drawn_towards_what_it_was_compared_with():
    scheme = small_scheme(LINE)
    known = Known({"01": Counted(value=True)}, [Doubt("a", "01", "较上年增长一倍。", Decimal(4))])
    done = by_code(study(scheme, given("a", "8"), given("b", "5"), settings=STILL, known=known))
    spread = done["a"].spreads[Source.WARNINGS]
    # From 4 to 8 evenly: a quarter of the way up lies above 7, all but the end below class A.
    assert spread.change > Decimal("0.99")
    assert Decimal(4) <= spread.low < Decimal("4.4")
    assert spread.worst_rank == 2
    assert done["b"].spreads[Source.WARNINGS].best_rank == 1
    assert (done["a"].doubts, done["b"].doubts) == (1, 0)


def test_a_doubt_compared_with_nothing_goes_either_way():
    scheme = small_scheme(LINE)
    known = Known({"01": Counted(value=True)}, [Doubt("a", "01", "未填分子分母。")])
    done = study(scheme, given("a", "5"), known=known)
    spread = by_code(done)["a"].spreads[Source.WARNINGS]
    assert Decimal("4.5") <= spread.low < Decimal("4.6")
    assert Decimal("5.4") < spread.high <= Decimal("5.5")


def test_experts_who_agree_spread_nothing_and_those_who_differ_do():
    scheme = small_scheme(PANEL)

    def judged(code, *scores):
        return county(code, Figure("01", Measure(panel=tuple(map(Decimal, scores)))))

    done = by_code(
        study(scheme, judged("a", "7", "7", "7"), judged("b", "5", "6", "7"), judged("c", "9"))
    )
    assert done["a"].spreads[Source.PANEL].low == done["a"].spreads[Source.PANEL].high == 7
    assert done["b"].spreads[Source.PANEL].low < Decimal("5.5")
    assert done["b"].spreads[Source.PANEL].high > Decimal("6.5")
    assert done["c"].spreads[Source.PANEL].low == 9
    # Three drawn of 5, 6, 7 with replacement: the mean is below 6 in 10 of 27 cases.
    assert abs(done["b"].spreads[Source.PANEL].change - Decimal(10) / 27) < Decimal("0.04")


def test_absent_figures_and_named_items_are_left_alone():
    scheme = small_scheme(LINE, ITEMS)
    absent = county(
        "a",
        Figure("01", absence=Absence.MISSING),
        Figure("02", Measure(items=(Item("prize", "甲"), Item("prize", "乙")))),
    )
    done = by_code(study(scheme, absent, settings=STILL))["a"]
    assert done.together.low == done.together.high == done.total == 4


def test_boundary_is_distance_or_chance():
    scheme = small_scheme(LINE, LINE, limits=("16", "12", "0"))
    settings = StudySettings(epsilon=Decimal("0.1"), threshold=Decimal("0.05"))
    done = by_code(
        study(
            scheme,
            given("a", "8.0", "8.1"),
            given("b", "9.5", "6.35"),
            given("c", "2.0", "2.0"),
            settings=settings,
        )
    )
    assert (done["a"].limit_class, done["a"].distance, done["a"].is_boundary) == (
        "A",
        Decimal("0.10"),
        True,
    )
    assert done["b"].distance == Decimal("-0.15")
    assert done["b"].is_boundary
    assert not done["c"].is_boundary


def test_same_seed_gives_the_same_bytes_and_another_does_not():
    scheme = hebei_scheme()
    given_county = bazhou(2019)
    first = report_bytes(study(scheme, given_county, chance=Chance(11, 300)), "d" * 64)
    again = report_bytes(study(scheme, given_county, chance=Chance(11, 300)), "d" * 64)
    other = report_bytes(study(scheme, given_county, chance=Chance(12, 300)), "d" * 64)
    assert first == again
    assert first != other


def test_a_report_is_read_back_whole():
    known = Known(
        {}, [Doubt("a", "01", "较上年变动大。", Decimal("3.5")), Doubt("a", "01", "无分母。")]
    )
    done = study(small_scheme(LINE), given("a", "8.25"), given("b", "3"), known=known)
    assert read_report(report_bytes(done, "d").decode()) == done


def test_one_source_does_not_shift_the_numbers_of_another():
    scheme = small_scheme(LINE, PANEL)
    rows = [
        county(code, value("01", text), Figure("02", Measure(panel=(Decimal(3), Decimal(5)))))
        for code, text in [("a", "8.2"), ("b", "3.7")]
    ]
    frozen = inputs(scheme, *rows)
    batch = score_batch(frozen, scheme)
    lines = prepare(frozen, scheme, batch, {}, [])
    alone = [
        draw(lines, batch, scheme, Disturbance(SETTINGS, CHANCE, {source}))
        for source in (Source.ROUNDING, Source.PANEL)
    ]
    both = draw(
        lines, batch, scheme, Disturbance(SETTINGS, CHANCE, {Source.ROUNDING, Source.PANEL})
    )
    still = draw(lines, batch, scheme, Disturbance(SETTINGS, CHANCE, set()))
    assert np.array_equal(both - still, (alone[0] - still) + (alone[1] - still))


VALUE, PERCENT = Expression(Op.VALUE), Expression(Op.NUMBER, number=Decimal(100))
DEVIATION = DeviationRule(
    Decimal(5),
    Decimal(5),
    Decimal("0.5"),
    whole_steps=False,
    minimum=Decimal(0),
    maximum=Decimal(10),
)
KINDS = {
    "jumps and gaps": PiecewiseRule(
        (
            Band(Decimal(0), Decimal(3), Decimal(0), Decimal(1)),
            Band(Decimal(3), Decimal(5), Decimal(2), Decimal(4)),
            Band(Decimal(6), None, Decimal(9), Decimal(9)),
        ),
        allows_jumps=True,
    ),
    "completion": CompletionRule(Decimal(10), Decimal(120)),
    "completion of what is to be low": CompletionRule(
        Decimal(10), Decimal(90), lower_is_better=True
    ),
    "deviation": DEVIATION,
    "deviation in whole steps": replace(DEVIATION, whole_steps=True),
    "deviation below the mean": replace(DEVIATION, step_points=Decimal("-0.5")),
    "percentile": PercentileRule(Decimal(10)),
    "percentile of what is to be low": PercentileRule(Decimal(10), lower_is_better=True),
    "by peer": ByPeerRule(
        (PeerGroup("山区县", ("1", "2", "5"), PercentileRule(Decimal(10))),), DEVIATION
    ),
    "formula": ExpressionRule(
        Expression(
            Op.IF_AT_LEAST,
            (
                VALUE,
                Expression(Op.NUMBER, number=Decimal(4)),
                Expression(
                    Op.MIN, (VALUE, Expression(Op.DIVIDE, (PERCENT, Expression(Op.DENOMINATOR))))
                ),
                Expression(Op.SUBTRACT, (VALUE, Expression(Op.MULTIPLY, (VALUE, VALUE)))),
            ),
        ),
        Decimal(0),
        Decimal(10),
    ),
}
FIGURES = [
    ("7", "2"),
    ("9", "3"),
    ("6", "2"),
    ("40", "9"),
    ("0", "4"),
    ("33", "7"),
    ("12", "2"),
    ("8", "3"),
]


def ratios():
    return [
        county(
            str(place),
            Figure(
                "01",
                Measure(
                    numerator=Decimal(upper), denominator=Decimal(lower), target=Decimal("4.2")
                ),
            ),
        )
        for place, (upper, lower) in enumerate(FIGURES)
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mode", RoundingMode)
@pytest.mark.parametrize("total", TotalRule)
def test_every_kind_of_rule_is_followed_to_the_hundredth(kind, mode, total):
    scheme = replace(small_scheme(KINDS[kind]), mode=mode, total=total)
    frozen = inputs(scheme, *ratios())
    batch = score_batch(frozen, scheme)
    (line,) = prepare(frozen, scheme, batch, {}, [])
    # Read off the arrays again, as a draw does, and not taken over from the engine.
    again = line.figures.curve(line.figures.sides, line.figures.around)[0]
    assert np.allclose(again, line.points, rtol=0, atol=1e-9)
    assert rounded(again, 2, mode).tolist() == [
        int(batch.by_code[str(place)].total * 100) for place in range(len(FIGURES))
    ]
    assert not line.correction.any()
    still = study(
        scheme,
        *ratios(),
        settings=STILL,
        chance=Chance(1, 5),
        known=Known({"01": Counted(numerator=True, denominator=True)}),
    )
    assert all(each.together.low == each.together.high == each.total for each in still.counties)


def test_a_trimmed_mean_is_drawn_as_one():
    panel = PanelRule(PanelMethod.TRIMMED_MEAN, Decimal(10), trim=1)
    scores = tuple(map(Decimal, ["2", "5", "6", "9"]))
    scheme = small_scheme(panel)
    done = by_code(study(scheme, county("a", Figure("01", Measure(panel=scores)))))["a"]
    assert done.total == Decimal("5.50")
    assert done.spreads[Source.PANEL].low >= Decimal("2.00")
    # The mean of all four moves less than the mean of the middle two.
    assert done.spreads[Source.PANEL].high > Decimal("7.4")


def test_equal_totals_share_a_rank_in_every_draw():
    totals = np.array([[500, 700, 500, 300], [1, 1, 1, 1]])
    assert ranks_of(totals).tolist() == [[2, 1, 2, 4], [1, 1, 1, 1]]


def test_no_counties_is_no_study():
    scheme = small_scheme(LINE)
    assert study(scheme).counties == []


def test_settings_are_kept_as_text():
    kept = StudySettings(epsilon=Decimal("0.50")).as_json()
    assert kept == {"epsilon": "0.5", "weights": "0.1", "warnings": "0.1", "threshold": "0.1"}
    assert StudySettings.from_json(kept) == StudySettings(epsilon=Decimal("0.5"))
    assert {source.label for source in SINGLE} == {
        "权重",
        "数据尾数",
        "说明原因后通过的提示",
        "专家评分",
    }


def test_doubted_items_are_off_to_either_side_and_never_beyond_full_marks():
    scheme = small_scheme(ITEMS)

    def listed(code, count):
        items = tuple(Item("prize", str(each)) for each in range(count))
        return county(code, Figure("01", Measure(items=items)))

    known = Known({}, [Doubt("a", "01", "未附证明材料。"), Doubt("c", "01", "未附证明材料。")])
    done = by_code(study(scheme, listed("a", 3), listed("b", 3), listed("c", 5), known=known))
    spread = done["a"].spreads[Source.WARNINGS]
    assert Decimal("5.40") <= spread.low < Decimal("5.5")
    assert Decimal("6.5") < spread.high <= Decimal("6.60")
    assert done["b"].spreads[Source.WARNINGS].low == done["b"].spreads[Source.WARNINGS].high == 6
    assert done["c"].spreads[Source.WARNINGS].high == 10
