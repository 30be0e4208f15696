"""霸州's 2019 column thought further: gains known from the source's arithmetic, falls and slopes by hand."""

import random
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest

from county_portal.common.errors import Invalid
from indicators.rules import CellSpec
from scoring.advice import read_standing, slope
from scoring.engine.batch import score_batch
from scoring.engine.numbers import rounded
from scoring.engine.types import Absence, CountyFigures, Figure, Measure, RoundingMode, TotalRule
from scoring.ground import Ground
from scoring.improvements import Words
from scoring.levers import quantity_levers
from scoring.moves import quantity_options, worse_target
from scoring.planning import Wish, Wishes, make_plan, plan_problem, shelves
from tests.scoring.engine.builders import bazhou, hebei_scheme, indicator, inputs

D = Decimal
SCHEME = hebei_scheme()


def ground(year=2019, *, specs=None, words=None, **figures):
    """霸州 in a year, with figures of one's own by `i` and code."""
    stated = {figure.indicator: figure for figure in bazhou(year).figures}
    stated |= {key[1:]: figure for key, figure in figures.items()}
    names = {each.code: Words(each.unit) for each in SCHEME.indicators} | (words or {})
    cells = {
        each.code: CellSpec(each.code, each.name, "number", each.unit) for each in SCHEME.indicators
    }
    return Ground(SCHEME, stated, names, cells | (specs or {}))


def value(code, number):
    return Figure(code, Measure(value=D(number)))


def gain(code, before, after):
    """What one line gains in 霸州's table: as it is recorded, and by the arithmetic before rounding."""
    here, there = (ground().score(value(code, number)) for number in (before, after))
    recorded = ground(**{f"i{code}": value(code, after)}).total({}) - ground(
        **{f"i{code}": value(code, before)}
    ).total({})
    assert recorded == there.score - here.score
    return recorded, rounded(there.exact - here.exact, 2, RoundingMode.HALF_UP)


@pytest.mark.parametrize(
    ("code", "before", "after", "recorded", "exact"),
    [
        # R&D: (0.5 − 0.32) × 8 = 1.44; of 0.319, which the source scored, 1.448.
        ("03", "0.32", "0.5", "1.44", "1.44"),
        ("03", "0.319", "0.5", "1.45", "1.45"),
        # 高企: 13 ÷ 60 × 2 = 0.4333; the recorded scores are 8.33 and 8.77.
        ("04", "50", "63", "0.44", "0.43"),
        # 财政占比: 0.09 × 8 = 0.72.
        ("02", "0.41", "0.5", "0.72", "0.72"),
    ],
)
def test_bazhou_2019_gains(code, before, after, recorded, exact):
    assert gain(code, before, after) == (D(recorded), D(exact))


def test_where_bazhou_stands():
    standing = read_standing(ground())

    assert (standing.total, standing.class_name) == (D("61.33"), "B")
    assert (standing.above.name, standing.gap) == ("A", D("18.67"))
    assert (standing.below.name, standing.margin) == ("C", D("1.33"))
    assert standing.open_points == 0
    by_code = {row.indicator.code: row for row in standing.positions}
    # (100 − 50) ÷ 60 × 2 = 1.67, one of them 2 ÷ 60.
    assert by_code["04"].next_step.sentence == "由50家增至100家，可加1.67分"
    assert (by_code["04"].slope, by_code["04"].slope_unit) == (D("0.033333"), "家")
    assert by_code["17"].still == "由专家评分，满分5分，不作测算"
    assert by_code["17"].slope is None
    # All at their last knots but the panel's 3.50 of 5.
    assert standing.reachable == D("98.50")


def test_what_alone_would_lose_the_class():
    """1.33 above B: of 高企's 8.33 more than 1.33 go at 29家: 8 − 11 ÷ 30 × 3 = 6.90, at 30家 7.00 stay."""
    by_code = {row.indicator.code: row for row in read_standing(ground()).positions}

    assert by_code["04"].fall == "高新技术企业数量由50家降至29家"
    fallen = ground(i04=value("04", "29")), ground(i04=value("04", "30"))
    assert [each.total({}) < 60 for each in fallen] == [True, False]
    # One point is all the line has.
    assert by_code["09"].fall == ""
    assert by_code["15"].fall == "减少1项：“合署办公的科技管理部门”1项"


def test_the_best_and_the_lowest_class_have_one_neighbour():
    best = ground(
        i01=value("01", "12000"), i02=value("02", "3"), i03=value("03", "2"), i04=value("04", "120"),
        i05=value("05", "12"), i06=value("06", "1200"), i07=value("07", "400"), i11=value("11", "90"),
        i12=value("12", "20"), i13=value("13", "60"), i14=value("14", "80"),
    )  # fmt: skip
    high = read_standing(best)
    low = read_standing(ground(2018))

    assert (high.above, high.gap, high.below.name) == (None, None, "B")
    assert (low.class_name, low.below, low.margin) == ("C", None, None)
    assert {row.fall for row in low.positions} == {""}
    assert make_plan(best, Wishes(), "A").aim is None


def test_slope_at_a_knot_is_that_of_the_stretch_ahead():
    assert slope(indicator("04"), value("04", "40")) == D("0.033333")
    assert slope(indicator("04"), value("04", "39")) == D("0.1")
    assert slope(indicator("04"), value("04", "100")) == 0
    ratio = Figure("05", Measure(numerator=D(50), denominator=D(16625), factor=D(1000)))
    # One enterprise more is 1000 ÷ 16625 a thousand, of 1 ÷ 3 points each.
    assert slope(indicator("05"), ratio) == D("0.02005")


ENTERPRISES = {
    "04": CellSpec("04", "高新技术企业数量", "number", "家", fact=7),
    "05": CellSpec("05", "千家中高企", "rate", "家", numerator_fact=7, denominator_fact=8),
}
RATIO_WORDS = {"05": Words("家", "高新技术企业数量", "家", "工商注册企业数", "家")}


def shared():
    """50 高企, once by itself and once among 16 625 enterprises."""
    ratio = Figure("05", Measure(numerator=D(50), denominator=D(16625), factor=D(1000)))
    return ground(specs=ENTERPRISES, words=RATIO_WORDS, i05=ratio)


def test_one_quantity_moves_every_line_that_states_it():
    lever = next(each for each in quantity_levers(shared()) if each.key == "04")

    assert lever.codes == ("04", "05")
    options = quantity_options(shared(), lever, D(63), D(20))
    # 8.77 − 8.33, and 63 ÷ 16625 × 1000 = 3.789: 2.5 + 1.789 ÷ 3 = 3.10 less 2.84.
    assert options[-1].target == 63
    assert options[-1].gain == D("0.44") + D("0.26")
    assert options[-1].figures["05"].measure.numerator == 63
    # Paid for once.
    plan = make_plan(shared(), Wishes({"04": Wish(cost=D(2), limit=D(63))}), "B")
    assert not plan.is_feasible
    assert plan.reached == shared().total({}) + D("0.70")


def test_figures_that_disagree_are_not_taken_for_one_quantity():
    ratio = Figure("05", Measure(numerator=D(49), denominator=D(16625), factor=D(1000)))
    apart = ground(specs=ENTERPRISES, words=RATIO_WORDS, i05=ratio)

    assert ("04",) in [lever.codes for lever in quantity_levers(apart)]


def test_an_expected_denominator_moves_the_start():
    plan = make_plan(shared(), Wishes(denominators={"05": D(20000)}), "B")

    # 50 ÷ 20000 × 1000 = 2.5: 2.67 in place of 2.84.
    assert plan.start == shared().total({}) - D("0.17")


def test_cheapest_way_under_costs_and_limits():
    """R&D at 10 a tenth of a point of ratio, 高企 at 30 each up to 63, all else still."""
    near = ground(2020)  # 73.97, B; A needs 6.03 more
    wishes = Wishes({
        "08": Wish(cost=D(100), limit=D(4), kind="key-laboratory-provincial"),
        "09": Wish(cost=D(90), limit=D(4)),
        "11": Wish(cost=D(2)),
        "15": Wish(cost=D(500), kind="bureau-independent"),
        "04": Wish(cost=D(1), pinned=True),
    })  # fmt: skip

    plan = make_plan(near, wishes, "B")

    assert plan.is_feasible
    assert not plan.in_effort
    assert "04" not in plan.figures
    assert plan.reached >= 80
    assert plan.reached_class == "A"
    county = CountyFigures("131081", "霸州市", tuple({**near.figures, **plan.figures}.values()))
    assert (
        score_batch(inputs(SCHEME, county, data_year=2020), SCHEME).counties[0].total
        == plan.reached
    )


@pytest.mark.parametrize("seed", range(8))
def test_no_combination_of_round_targets_is_cheaper(seed):
    """Three quantities on short leashes: every combination of every grid target tried with the engine."""
    chance = random.Random(seed)
    here = ground(i04=value("04", chance.randint(8, 60)), i06=value("06", chance.randint(80, 700)))
    levers = [each for each in quantity_levers(here) if each.key in {"04", "06", "13"}]
    wishes, targets = {}, []
    for lever in levers:
        cost, reach = D(chance.randint(1, 40)), lever.start + chance.randint(2, 12) * lever.step
        wishes[lever.key] = Wish(cost=cost, limit=reach)
        grid = [lever.start + step * lever.step for step in range(13)]
        targets.append([each for each in grid if each <= reach])
    gap = D(chance.randint(5, 60)) / 100
    scheme = replace(
        here.scheme,
        classes=(replace(SCHEME.classes[0], at_least=here.total({}) + gap), *SCHEME.classes[2:]),
    )
    here = replace(here, scheme=scheme)

    plan = make_plan(here, Wishes(wishes), "C")

    costs = []
    for combination in product(*targets):
        figures = {
            lever.key: value(lever.key, target)
            for lever, target in zip(levers, combination, strict=True)
        }
        if here.total(figures) >= here.total({}) + gap:
            costs.append(
                sum(
                    wishes[lever.key].cost * (target - lever.start)
                    for lever, target in zip(levers, combination, strict=True)
                )
            )
    assert plan.is_feasible == bool(costs)
    if costs:
        assert plan.cost == min(costs)


def test_out_of_reach_says_how_far_everything_would_go():
    plan = make_plan(ground(), Wishes({"04": Wish(cost=D(1))}), "B")

    assert not plan.is_feasible
    assert plan.steps == ()
    assert plan.reached == D("61.33") + D("1.67")


def rounding_once(here):
    """The same county where the total is rounded once, after adding."""
    return replace(here, scheme=replace(here.scheme, total=TotalRule.ROUNDED_SUM))


def test_a_total_that_is_rounded_once_is_not_planned_line_by_line():
    here = rounding_once(ground(i04=value("04", 51), i03=value("03", "0.3111")))

    with pytest.raises(Invalid) as refused:
        make_plan(here, Wishes(), "B")

    assert refused.value.code == "plan_rounds_the_sum"
    assert refused.value.sentence == plan_problem(here.scheme)
    assert plan_problem(SCHEME) == ""
    # Where everybody stands is still told, by the scheme's own total.
    standing = read_standing(here)
    last = {row.indicator.code: row.steps[-1].figure for row in standing.positions if row.steps}
    county = CountyFigures("131081", "霸州市", tuple({**here.figures, **last}.values()))
    batch = score_batch(inputs(here.scheme, county), here.scheme)
    assert standing.reachable == batch.counties[0].total


def test_a_limit_finer_than_a_score_is_not_missed():
    """At 61.333 a total of 61.33 is not enough: it takes a whole hundredth more."""
    classes = (replace(SCHEME.classes[0], at_least=D("61.333")), *SCHEME.classes[1:])
    here = replace(ground(), scheme=replace(SCHEME, classes=classes))

    plan = make_plan(here, Wishes({"04": Wish(cost=D(1))}), "B")

    assert (plan.is_feasible, plan.reached) == (True, D("61.37"))


@pytest.mark.parametrize(
    ("numerator", "levers", "code", "field"),
    [
        (D(50), {"04": Wish(cost=D(99_999_999))}, "cost_too_large", "c-04"),
        (D("0.000001"), {}, "growth_too_large", "m-05"),
    ],
)
def test_costs_beyond_exact_adding_are_refused_by_name(numerator, levers, code, field):
    ratio = Figure("05", Measure(numerator=numerator, denominator=D(10) ** 14, factor=D(1000)))
    here = ground(specs=ENTERPRISES, words=RATIO_WORDS, i05=ratio)

    with pytest.raises(Invalid) as refused:
        make_plan(here, Wishes(levers), "B")

    assert (refused.value.code, refused.value.field) == (code, field)
    assert "“高新技术企业数量”" in refused.value.sentence
    assert "最多到" in refused.value.sentence


def test_options_leave_out_no_score_that_can_be_had():
    here = ground()
    for lever in quantity_levers(here):
        options = quantity_options(here, lever, None, D(100))
        gains = [each.gain for each in options]
        assert gains == sorted(set(gains))
        nearer = lever.start
        for each in options[:: max(1, len(options) // 7)]:
            before = each.target - lever.step
            if before > nearer:
                code = lever.key
                figure = replace(here.figures[code], measure=Measure(value=before))
                earlier = here.score(figure).score - here.score(here.figures[code]).score
                assert earlier < each.gain


def test_missing_and_not_applicable_lines():
    missing = Figure("04", absence=Absence.MISSING)
    here = ground(i04=missing, i06=Figure("06", absence=Absence.NOT_APPLICABLE))
    by_code = {row.indicator.code: row for row in read_standing(here).positions}

    assert by_code["06"].still == "本项不适用，不作测算"
    lever = next(each for each in quantity_levers(here) if each.key == "04")
    assert (lever.now, lever.start) == (None, 0)
    assert worse_target(here, lever, D(60)) is None
    assert "06" not in [each.key for each in quantity_levers(here)]


def test_lists_offer_only_kinds_that_bring_points():
    offered = {shelf.key: [kind.code for kind in shelf.kinds] for shelf in shelves(ground())}

    # Of the rivals only the better one; the leading group is there already.
    assert offered["15"] == ["bureau-independent"]
    assert "award-other" not in offered["16"]
