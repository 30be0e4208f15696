"""What moved a total and a rank: the parts sum to the whole, and each is a difference of two gradings."""

import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from scoring.decomposition import Side, decompose
from scoring.engine.batch import score_batch
from scoring.engine.codec import scheme_from_bytes, scheme_sha256
from scoring.engine.types import (
    Band,
    CountyFigures,
    Figure,
    GradingInputs,
    Indicator,
    Item,
    ItemisedRule,
    ItemKind,
    Measure,
    PiecewiseRule,
)
from scoring.rescoring import fitted, rescore
from tests.scoring.test_improvements import some_figure

D = Decimal
SCHEME = scheme_from_bytes(
    (Path(__file__).resolve().parents[2] / "provinces/hebei/scheme.json").read_bytes()
)


def frozen(counties, scheme=SCHEME, year=2020):
    return GradingInputs(year, year + 1, scheme_sha256(scheme), tuple(counties))


def some_counties(chance, number, first=0):
    return [
        CountyFigures(
            f"1310{place:02}", f"县{place}", tuple(some_figure(chance, i) for i in SCHEME.indicators)
        )
        for place in range(first, first + number)
    ]  # fmt: skip


def halved(scheme, code):
    """The scheme with one piecewise indicator's points halved; the last one takes its weight."""
    (row,) = [each for each in scheme.indicators if each.code == code]
    bands = tuple(
        replace(band, points_start=band.points_start / 2, points_end=band.points_end / 2)
        for band in row.rule.bands
    )
    made = replace(row, weight=row.weight / 2, rule=PiecewiseRule(bands))
    return replace(
        scheme, indicators=tuple(made if each is row else each for each in scheme.indicators)
    )


def piecewise_code():
    return next(each.code for each in SCHEME.indicators if isinstance(each.rule, PiecewiseRule))


def paired(*inputs):
    before, after = ({county.code for county in each.counties} for each in inputs)
    return {code: code for code in sorted(before & after)}


def test_parts_sum_to_the_whole_on_random_years():
    chance = random.Random(7)
    for _ in range(20):
        after_scheme = halved(SCHEME, piecewise_code())
        before = frozen(some_counties(chance, 9))
        after = frozen(some_counties(chance, 9, first=2), after_scheme, 2021)
        corrected = chance.choice(after.counties[:7])
        cell = (corrected.code, "01")
        stated = {cell: some_figure(chance, SCHEME.indicators[0])}

        found = decompose(
            Side(before, SCHEME), Side(after, after_scheme), paired(before, after), stated
        )

        first, last = score_batch(before, SCHEME), score_batch(after, after_scheme)
        middle = rescore(before, after_scheme)
        assert found.counties.keys() == paired(before, after).keys()
        for code, change in found.counties.items():
            old, new = first.by_code[code], last.by_code[code]
            assert (change.before, change.after) == (old, new)
            assert change.parts.whole == new.total - old.total
            assert change.parts.scheme == middle.by_code[code].total - old.total
            assert sum(line.parts.whole for line in change.lines) == new.total - old.total
            assert sum(line.parts.correction for line in change.lines) == change.parts.correction
            assert (change.rounding.whole, code == cell[0] or not change.parts.correction) == (
                0,
                True,
            )
            ranks = change.ranks
            assert ranks.scheme + ranks.own + ranks.others == old.rank - new.rank


def rank_among(totals, total):
    return 1 + sum(other > total for other in totals)


def test_rank_had_only_this_county_moved_and_had_only_the_others():
    chance = random.Random(3)
    before, after = frozen(some_counties(chance, 12)), frozen(some_counties(chance, 12), year=2021)

    found = decompose(Side(before, SCHEME), Side(after, SCHEME), paired(before, after), {})

    old = {each.code: each.total for each in score_batch(before, SCHEME).counties}
    new = {each.code: each.total for each in score_batch(after, SCHEME).counties}
    for code, change in found.counties.items():
        others_old = [total for other, total in old.items() if other != code]
        others_new = [total for other, total in new.items() if other != code]
        assert change.ranks.alone == rank_among(others_old, new[code])
        assert change.ranks.others_only == rank_among(others_new, old[code])
        assert change.ranks.scheme == 0
        assert change.ranks.own == rank_among(others_old, old[code]) - change.ranks.alone


def test_same_data_by_another_scheme_is_all_the_scheme_s():
    chance = random.Random(5)
    counties = some_counties(chance, 6)
    after_scheme = halved(SCHEME, piecewise_code())
    before, after = frozen(counties), frozen(counties, after_scheme)

    found = decompose(Side(before, SCHEME), Side(after, after_scheme), paired(before, after), {})

    assert any(change.parts.scheme for change in found.counties.values())
    for change in found.counties.values():
        assert (change.parts.data, change.parts.correction) == (0, 0)
        assert (change.ranks.own, change.ranks.others) == (0, 0)


def test_correction_alone_is_all_the_correction_s():
    chance = random.Random(11)
    counties = some_counties(chance, 4)
    cell = (counties[1].code, piecewise_code())
    stated = next(f for f in counties[1].figures if f.indicator == cell[1])
    top = Figure(cell[1], Measure(value=D(100000)))
    mended = replace(
        counties[1],
        figures=tuple(top if f.indicator == cell[1] else f for f in counties[1].figures),
    )
    before = frozen(counties)
    after = frozen([counties[0], mended, *counties[2:]])

    found = decompose(
        Side(before, SCHEME), Side(after, SCHEME), paired(before, after), {cell: stated}
    )

    change = found.counties[cell[0]]
    assert change.parts.correction == change.after.total - change.before.total > 0
    assert (change.parts.scheme, change.parts.data) == (0, 0)
    (line,) = [line for line in change.lines if line.parts.whole]
    assert (line.code, line.parts.correction) == (cell[1], change.parts.correction)


def simple(codes, *, itemised=()):
    """A scheme of lines worth ten points each."""
    band = PiecewiseRule((Band(D(0), None, D(10), D(10)),))
    items = ItemisedRule(D(10), (ItemKind("k", "类", D(1)),))
    return replace(
        SCHEME,
        classes=(replace(SCHEME.classes[0], name="A", at_least=D(0)),),
        indicators=tuple(
            Indicator(code, "组", f"指标{code}", "", D(10), items if code in itemised else band)
            for code in codes
        ),
    )


def simple_county(codes):
    figures = tuple(Figure(code, Measure(value=D(1))) for code in codes)
    return CountyFigures("130001", "甲县", figures)


def test_added_and_dropped_indicators_are_the_scheme_s():
    old, new = simple(["01", "02"]), simple(["02", "03"])
    before = frozen([simple_county(["01", "02"])], old)
    after = frozen([simple_county(["02", "03"])], new, 2021)

    (change,) = decompose(
        Side(before, old), Side(after, new), {"130001": "130001"}, {}
    ).counties.values()

    parts = {line.code: line.parts for line in change.lines}
    assert {code: (part.scheme, part.data) for code, part in parts.items()} == {
        "02": (0, 0),
        "03": (10, 0),
        "01": (-10, 0),
    }
    assert [line.before is None for line in change.lines] == [False, True, False]
    assert [line.after is None for line in change.lines] == [False, False, True]


def test_earlier_figure_that_the_later_scheme_cannot_score_is_the_scheme_s():
    """Items of a kind that the later scheme does not know."""
    old = simple(["01", "02"], itemised=("01",))
    kinds = (ItemKind("new", "新类", D(4)),)
    new = replace(
        old,
        indicators=(
            replace(old.indicators[0], rule=ItemisedRule(D(10), kinds)),
            old.indicators[1],
        ),
    )
    own = Figure("02", Measure(value=D(1)))
    item = Figure("01", Measure(items=(Item("k", "某项"),)))
    later = Figure("01", Measure(items=(Item("new", "某项"),)))
    gone = CountyFigures("130002", "乙县", (item, own))
    before = frozen([CountyFigures("130001", "甲县", (item, own)), gone], old)
    after = frozen([CountyFigures("130001", "甲县", (later, own))], new, 2021)

    found = decompose(Side(before, old), Side(after, new), {"130001": "130001"}, {})

    change = found.counties["130001"]
    assert (change.parts.scheme, change.parts.data, change.parts.whole) == (3, 0, 3)
    assert [line.is_substituted for line in change.lines] == [True, False]
    assert [each.county for each in found.left_out] == ["130002"]


def test_fitted_takes_what_is_there_and_says_missing_of_the_rest():
    scheme = simple(["01", "02", "03"])
    county = simple_county(["01", "99"])

    made = fitted(county, scheme, {"02": Figure("02", Measure(value=D(2)))})

    assert [figure.indicator for figure in made.figures] == ["01", "02", "03"]
    assert [figure.absence and figure.absence.value for figure in made.figures] == [
        None,
        None,
        "missing",
    ]
