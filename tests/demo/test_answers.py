"""The years after the last invented one: they continue it, and hold together as typed figures do."""

from collections import Counter
from decimal import Decimal
from functools import cache

import pytest

from county_portal.accounts.models import Region
from county_portal.demo.answers import answers_of
from county_portal.demo.figures import generate
from county_portal.demo.shapes import load_shapes

LATER = (2024, 2025)
HALF_A_CENT = Decimal("0.005")


@cache
def invented():
    return {(each.code, each.data_year): each for each in generate()}


def later_answers(data_year):
    return [
        answer
        for code, year in invented()
        if year == 2020
        for answer in answers_of(
            Region(code=code, name=invented()[code, 2020].name), data_year
        ).answers
    ]


@pytest.mark.parametrize("data_year", LATER)
def test_typed_rates_are_those_of_their_parts(data_year):
    rows = {row.code: row for row in load_shapes().rows}
    rates = [each for each in later_answers(data_year) if each.numerator and each.denominator]
    apart = [
        each
        for each in rates
        if abs(
            Decimal(each.text)
            - Decimal(each.numerator) * rows[each.indicator].factor / Decimal(each.denominator)
        )
        > HALF_A_CENT
    ]
    assert rates
    assert not apart


@pytest.mark.parametrize("data_year", LATER)
def test_projects_and_awards_are_of_the_year(data_year):
    yearly = {row.code for row in load_shapes().rows if row.yearly}
    items = [
        item
        for answer in later_answers(data_year)
        if answer.indicator in yearly
        for item in answer.items
        if item.year is not None
    ]
    assert Counter(item.year for item in items) == {data_year: len(items)}
    assert items
    numbers = [item.approval_number for item in items if item.approval_number]
    assert all(f"〔{data_year}〕" in number for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_the_invented_years_stand_as_they_are():
    for (code, data_year), year in invented().items():
        assert answers_of(Region(code=code, name=year.name), data_year) == year
