from dataclasses import replace
from decimal import Decimal

import pytest

from scoring.engine.batch import score_batch
from scoring.engine.codec import inputs_bytes, results_bytes, scheme_sha256
from scoring.engine.errors import ScoringError
from scoring.engine.types import (
    Band,
    Figure,
    GradingInputs,
    Item,
    Measure,
    PiecewiseRule,
)
from scoring.engine.version import ENGINE_VERSION
from tests.scoring.engine.builders import (
    bazhou,
    county,
    hebei_scheme,
    inputs,
    small_scheme,
    value,
)

ONE_POINT_EACH = PiecewiseRule(
    (
        Band(Decimal(0), Decimal(10), Decimal(0), Decimal(10)),
        Band(Decimal(10), None, Decimal(10), Decimal(10)),
    )
)
SCHEME = small_scheme(ONE_POINT_EACH)


def refused(*counties, scheme=SCHEME):
    with pytest.raises(ScoringError) as refusal:
        score_batch(inputs(scheme, *counties), scheme)
    return refusal.value


def test_counties_are_listed_by_total_and_equal_totals_by_region_code():
    batch = score_batch(
        inputs(
            SCHEME,
            county("130403", value("01", "7")),
            county("130105", value("01", "7")),
            county("130902", value("01", "9")),
            county("130102", value("01", "5.5")),
        ),
        SCHEME,
    )

    assert [(each.code, each.rank, each.class_name) for each in batch.counties] == [
        ("130902", 1, "A"),
        ("130105", 2, "B"),
        ("130403", 2, "B"),
        ("130102", 4, "C"),
    ]
    assert batch.class_counts == {"A": 1, "B": 2, "C": 1}
    assert batch.by_code["130403"].total == Decimal("7.00")


def test_batch_names_years_scheme_and_engine():
    batch = score_batch(inputs(SCHEME, county("130102", value("01", "1"))), SCHEME)

    assert (batch.data_year, batch.evaluation_year) == (2019, 2020)
    assert (batch.scheme_sha256, batch.engine_version) == (
        scheme_sha256(SCHEME),
        ENGINE_VERSION,
    )


def test_batch_without_counties_is_an_empty_list():
    batch = score_batch(inputs(SCHEME), SCHEME)

    assert (batch.counties, batch.class_counts) == ((), {})


def test_total_is_the_sum_of_rounded_scores_and_not_the_rounded_sum():
    scheme = small_scheme(ONE_POINT_EACH, ONE_POINT_EACH, limits=("16", "12", "0"))

    batch = score_batch(
        inputs(scheme, county("130102", value("01", "1.004"), value("02", "1.004"))), scheme
    )

    assert batch.counties[0].total == Decimal("2.00")


def test_counties_of_the_same_name_are_told_apart_by_code():
    batch = score_batch(
        inputs(
            SCHEME,
            county("130104", value("01", "9"), name="桥西区"),
            county("130703", value("01", "3"), name="桥西区"),
        ),
        SCHEME,
    )

    assert [(each.code, each.class_name) for each in batch.counties] == [
        ("130104", "A"),
        ("130703", "C"),
    ]


def test_order_of_counties_figures_and_items_changes_nothing():
    scheme, figures = hebei_scheme(), bazhou(2019)
    turned = replace(
        figures,
        figures=tuple(
            replace(each, measure=replace(each.measure, items=each.measure.items[::-1]))
            for each in figures.figures[::-1]
        ),
    )
    other = replace(bazhou(2018), code="131082", name="三河市")
    one_way = inputs(scheme, figures, other)
    other_way = inputs(scheme, other, turned)

    assert inputs_bytes(one_way) == inputs_bytes(other_way)
    assert results_bytes(score_batch(one_way, scheme)) == results_bytes(
        score_batch(other_way, scheme)
    )
    assert score_batch(one_way, scheme).counties[0].lines[7].derivation == (
        score_batch(other_way, scheme).counties[0].lines[7].derivation
    )


def test_inputs_frozen_for_another_scheme_are_refused():
    frozen = GradingInputs(2019, 2020, "0" * 64, ())

    with pytest.raises(ScoringError) as refusal:
        score_batch(frozen, SCHEME)

    assert refusal.value.code == "scheme-mismatch"
    assert refusal.value.sentence == "所给评分方案与冻结数据注明的方案不是同一版本。"


def test_missing_row_names_county_and_indicator():
    problem = refused(county("130102", name="长安区"))

    assert (problem.code, problem.county, problem.indicator) == (
        "figure-row-missing",
        "长安区（130102）",
        "指标1",
    )
    assert problem.sentence == "长安区（130102）“指标1”：缺少这一行数据。"


def test_unknown_indicator_is_refused():
    problem = refused(county("130102", value("01", "1"), value("99", "1"), name="长安区"))

    assert (problem.code, problem.sentence) == (
        "indicator-unknown",
        "长安区（130102）“99”：评分方案中没有这个指标。",
    )


def test_repeated_row_is_refused():
    problem = refused(county("130102", value("01", "1"), value("01", "2"), name="长安区"))

    assert (problem.code, problem.sentence) == (
        "figure-row-repeated",
        "长安区（130102）“指标1”：同一指标出现多行数据。",
    )


def test_repeated_county_is_refused():
    problem = refused(
        county("130102", value("01", "1"), name="长安区"),
        county("130102", value("01", "2"), name="长安区"),
    )

    assert (problem.code, problem.sentence) == (
        "county-repeated",
        "长安区（130102）：同一县（市、区）出现两次。",
    )


def test_unsound_figure_names_county_and_indicator():
    problem = refused(county("130102", value("01", "-1"), name="长安区"))

    assert problem.sentence == "长安区（130102）“指标1”：数值不能是负数（-1）。"


def test_all_problems_of_a_batch_are_told_together_in_the_same_order():
    counties = [
        county("130104", value("01", "-1"), name="桥西区"),
        county("130102", name="长安区"),
        county("130105", Figure("01"), name="新华区"),
        county("130107", value("01", "5")),
    ]

    problem, turned = refused(*counties), refused(*counties[::-1])

    assert problem.sentence == "长安区（130102）“指标1”：缺少这一行数据（另有2处问题）。"
    assert [each.code for each in problem.others] == ["value-negative", "figure-blank"]
    assert [str(each) for each in problem.others] == [str(each) for each in turned.others]


def test_unknown_item_kind_names_the_item():
    figures = [
        each if each.indicator != "08" else Figure("08", Measure(items=(Item("x", "某某中心"),)))
        for each in bazhou(2019).figures
    ]

    problem = refused(county("131081", *figures, name="霸州市"), scheme=hebei_scheme())

    assert problem.sentence == (
        "霸州市（131081）“省级以上科技创新平台建设情况”：佐证“某某中心”的类别“x”不在评分方案中。"
    )
