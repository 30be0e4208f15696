"""What must hold for every figure, searched by Hypothesis over the shipped scheme."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.batch import score_batch, score_indicator
from scoring.engine.codec import (
    inputs_bytes,
    inputs_from_bytes,
    results_bytes,
    scheme_bytes,
    scheme_from_bytes,
)
from scoring.engine.types import (
    Absence,
    Carried,
    CountyFigures,
    Figure,
    FigureStatus,
    Item,
    ItemisedRule,
    Measure,
    PanelRule,
    PiecewiseRule,
)
from tests.scoring.engine.builders import hebei_scheme, inputs

PIECEWISE = [each for each in hebei_scheme().indicators if isinstance(each.rule, PiecewiseRule)]
ITEMISED = [each for each in hebei_scheme().indicators if isinstance(each.rule, ItemisedRule)]
thorough = settings(max_examples=50)
HALF_A_HUNDREDTH = Decimal("0.005")

piecewise_indicators = st.sampled_from(PIECEWISE)
itemised_indicators = st.sampled_from(ITEMISED)
values = st.decimals(0, 20000, places=4, allow_nan=False, allow_infinity=False)
ratios = st.builds(
    Measure,
    value=st.none(),
    numerator=st.integers(0, 10**7).map(Decimal),
    denominator=st.integers(1, 10**7).map(Decimal),
    factor=st.sampled_from([Decimal(1), Decimal(100), Decimal(1000)]),
)
panel_scores = st.lists(st.decimals(0, 5, places=2), min_size=1, max_size=5).map(tuple)


def items_of(indicator):
    kinds = indicator.rule.kinds
    return st.lists(
        st.builds(
            lambda kind, name, points: Item(
                kind.code, name, points if kind.points is None else None
            ),
            st.sampled_from(kinds),
            st.text("甲乙丙丁", min_size=1, max_size=3),
            st.none() | st.decimals(0, 5, places=1),
        ),
        max_size=8,
    ).map(tuple)


def measures_of(indicator):
    if isinstance(indicator.rule, PiecewiseRule):
        return values.map(lambda value: Measure(value=value)) | ratios
    if isinstance(indicator.rule, PanelRule):
        return panel_scores.map(lambda scores: Measure(panel=scores))
    return items_of(indicator).map(lambda items: Measure(items=items))


def figures_of(indicator):
    present = st.builds(
        Figure,
        st.just(indicator.code),
        measures_of(indicator),
        st.none(),
        st.none(),
        st.sampled_from(FigureStatus),
    )
    absent = st.builds(
        Figure,
        st.just(indicator.code),
        st.just(Measure()),
        st.sampled_from(Absence),
        st.none() | st.builds(Carried, st.just(2018), measures_of(indicator)),
        st.sampled_from(FigureStatus),
    )
    return present | absent


counties = st.lists(
    st.builds(
        CountyFigures,
        st.integers(130100, 130199).map(str),
        st.text("东西南北县区", min_size=1, max_size=4),
        st.tuples(*map(figures_of, hebei_scheme().indicators)),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda county: county.code,
)


def points(indicator, measure):
    return score_indicator(indicator, Figure(indicator.code, measure)).score


@given(piecewise_indicators, values, values)
def test_more_never_scores_less(indicator, one, other):
    low, high = sorted([one, other])

    assert points(indicator, Measure(value=low)) <= points(indicator, Measure(value=high))


@given(piecewise_indicators, values)
def test_neighbouring_values_score_alike(indicator, value):
    """No jump anywhere: a small step never brings more than the row's steepest slope allows."""
    steepest = max(
        (band.points_end - band.points_start) / (band.end - band.start)
        for band in indicator.rule.bands
        if band.end is not None
    )
    step = Decimal("0.0001")

    here = score_indicator(indicator, Figure(indicator.code, Measure(value=value)))
    there = score_indicator(indicator, Figure(indicator.code, Measure(value=value + step)))

    difference = there.derivation.points - here.derivation.points
    assert Decimal(0) <= difference <= steepest * step


@given(piecewise_indicators, values | ratios)
def test_score_lies_between_nothing_and_the_weight(indicator, given_figure):
    measure = given_figure if isinstance(given_figure, Measure) else Measure(value=given_figure)

    assert Decimal(0) <= points(indicator, measure) <= indicator.weight


@given(piecewise_indicators, ratios)
def test_ratio_scores_as_the_exact_fraction_does(indicator, measure):
    value = Fraction(measure.numerator) * Fraction(measure.factor) / Fraction(measure.denominator)
    exact = Fraction(0)
    for band in indicator.rule.bands:
        if Fraction(band.start) <= value:
            low, high = Fraction(band.points_start), Fraction(band.points_end)
            width = 1 if band.end is None else Fraction(band.end) - Fraction(band.start)
            exact = low + (value - Fraction(band.start)) * (high - low) / width

    assert points(indicator, measure) == Decimal((2 * exact * 100 + 1) // 2) / 100


@given(piecewise_indicators, values)
def test_rounding_moves_a_score_by_half_a_hundredth_at_most(indicator, value):
    line = score_indicator(indicator, Figure(indicator.code, Measure(value=value)))

    assert -HALF_A_HUNDREDTH <= line.derivation.points - line.score < HALF_A_HUNDREDTH


@given(st.data())
def test_one_more_item_never_scores_less_and_never_beyond_the_cap(data):
    indicator = data.draw(itemised_indicators)
    items = data.draw(items_of(indicator).filter(bool))

    fewer, all_items = (
        points(indicator, Measure(items=items[:-1])),
        points(indicator, Measure(items=items)),
    )

    assert Decimal(0) <= fewer <= all_items <= indicator.rule.cap


@given(st.data())
def test_what_the_lines_of_items_bring_adds_up(data):
    indicator = data.draw(itemised_indicators)
    items = data.draw(items_of(indicator))

    line = score_indicator(indicator, Figure(indicator.code, Measure(items=items)))

    total = sum((each.points for each in line.derivation.lines), Decimal(0))
    assert total == line.derivation.points
    assert line.score == min(total, indicator.rule.cap)
    assert sum(len(each.items) for each in line.derivation.lines) == len(items)


@thorough
@given(counties, st.randoms(use_true_random=False))
def test_order_of_the_inputs_changes_neither_inputs_nor_results(batch, random):
    shuffled = [
        replace(
            county,
            figures=tuple(
                replace(
                    figure,
                    measure=replace(
                        figure.measure,
                        items=tuple(random.sample(figure.measure.items, len(figure.measure.items))),
                        panel=tuple(random.sample(figure.measure.panel, len(figure.measure.panel))),
                    ),
                )
                for figure in random.sample(county.figures, len(county.figures))
            ),
        )
        for county in random.sample(batch, len(batch))
    ]
    one, other = inputs(hebei_scheme(), *batch), inputs(hebei_scheme(), *shuffled)

    assert inputs_bytes(one) == inputs_bytes(other)
    assert results_bytes(score_batch(one, hebei_scheme())) == results_bytes(
        score_batch(other, hebei_scheme())
    )


@thorough
@given(counties)
def test_total_is_the_sum_of_rounded_scores_and_ranks_follow_totals(batch):
    result = score_batch(inputs(hebei_scheme(), *batch), hebei_scheme())

    for county in result.counties:
        assert county.total == sum(line.score for line in county.lines)
        assert county.rank == 1 + sum(other.total > county.total for other in result.counties)
    assert [county.code for county in result.counties] == [
        county.code for county in sorted(result.counties, key=lambda each: (-each.total, each.code))
    ]


@thorough
@given(counties)
def test_every_score_can_be_read_and_explained(batch):
    result = score_batch(inputs(hebei_scheme(), *batch), hebei_scheme())

    for county in result.counties:
        for line in county.lines:
            assert str(line.score) in line.derivation.text
            assert line.derivation.steps[-1].text == str(line.score)


@thorough
@given(counties)
def test_reading_what_was_written_gives_the_same_bytes(batch):
    content = inputs_bytes(inputs(hebei_scheme(), *batch))

    assert inputs_bytes(inputs_from_bytes(content)) == content


def test_reading_the_written_scheme_gives_the_same_bytes():
    content = scheme_bytes(hebei_scheme())

    assert scheme_bytes(scheme_from_bytes(content)) == content
