"""The engine against a second implementation, on random schemes of every kind of rule."""

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.batch import score_batch
from scoring.engine.codec import inputs_bytes, inputs_from_bytes, scheme_bytes, scheme_from_bytes
from tests.scoring.engine.builders import inputs
from tests.scoring.engine.random_schemes import random_county, random_scheme, second_opinion


def mismatches(scheme, counties):
    """What the engine says otherwise than the second opinion; the engine gets what a file keeps."""
    batch = score_batch(inputs_from_bytes(inputs_bytes(inputs(scheme, *counties))), scheme)
    totals, ranks, lines = second_opinion(scheme, counties)
    found = []
    for county in batch.counties:
        scores = {line.indicator: Fraction(line.score) for line in county.lines}
        mine = (Fraction(county.total), county.rank, scores)
        if mine != (totals[county.code], ranks[county.code], lines[county.code]):
            found.append((county.code, mine, totals[county.code], lines[county.code]))
    return found, len(batch.counties)


@pytest.mark.parametrize("seed", range(50))
def test_ten_thousand_counties_score_as_by_a_second_hand(seed):
    """Fifty random schemes with two hundred counties each."""
    chance = random.Random(seed)
    scheme = scheme_from_bytes(scheme_bytes(random_scheme(chance)))
    counties = [random_county(number, scheme, chance) for number in range(200)]

    assert mismatches(scheme, counties) == ([], 200)


@settings(max_examples=60)
@given(st.integers(0, 2**32), st.integers(1, 6))
def test_few_counties_score_as_by_a_second_hand(seed, count):
    """Few counties make empty fields, fields of one, and ties."""
    chance = random.Random(seed)
    scheme = random_scheme(chance)
    counties = [random_county(number, scheme, chance) for number in range(count)]

    assert mismatches(scheme, counties) == ([], count)


@settings(max_examples=40)
@given(st.integers(0, 2**32))
def test_every_line_of_every_kind_is_written_out(seed):
    chance = random.Random(seed)
    scheme = random_scheme(chance)
    counties = [random_county(number, scheme, chance) for number in range(5)]

    for county in score_batch(inputs(scheme, *counties), scheme).counties:
        for line in county.lines:
            assert str(line.score) in line.derivation.text
            assert line.derivation.steps[-1].text == str(line.score)
            assert all(step.text and "None" not in step.text for step in line.derivation.steps)
