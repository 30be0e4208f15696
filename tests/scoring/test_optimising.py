"""The cheapest choice, against trying everything and against another solver."""

import random
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import (
    Bounds,
    LinearConstraint,
    milp,
)

from scoring.optimising import MAX_COST, Choice, cheapest, most

CHOICES = st.builds(Choice, st.integers(1, 12), st.integers(0, 9))
MENUS = st.lists(st.lists(CHOICES, max_size=4), max_size=5)


def tried(menus, needed):
    """Every selection that gains enough, as (cost, touched, picks)."""
    found = []
    for picks in product(*([None, *range(len(menu))] for menu in menus)):
        chosen = [menu[pick] for menu, pick in zip(menus, picks, strict=True) if pick is not None]
        if sum(each.gain for each in chosen) >= needed:
            found.append((sum(each.cost for each in chosen), len(chosen), picks))
    return found


@settings(max_examples=400)
@given(MENUS, st.integers(1, 40))
def test_as_trying_everything(menus, needed):
    found = tried(menus, needed)

    solution = cheapest(menus, needed)

    if not found:
        assert solution is None
        assert most(menus) < needed
        return
    least = min(cost for cost, _, _ in found)
    assert solution.cost == least
    own = next(row for row in found if row[2] == solution.picks)
    assert own[:2] == min(row[:2] for row in found)
    # Another of the same cost is named exactly where there is one.
    same = {picks for cost, _, picks in found if cost == least} - {solution.picks}
    assert solution.other in same if same else solution.other is None


def by_branch_and_bound(menus, needed):
    """The same programme handed to HiGHS: one binary an option."""
    options = [(row, each) for row, menu in enumerate(menus) for each in menu]
    once = np.zeros((len(menus), len(options)))
    for column, (row, _) in enumerate(options):
        once[row, column] = 1
    gains = np.array([[each.gain for _, each in options]])
    answer = milp(
        [each.cost for _, each in options],
        integrality=np.ones(len(options)),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(once, -np.inf, 1), LinearConstraint(gains, needed, np.inf)],
        options={"mip_rel_gap": 0},
    )
    return None if answer.status == 2 else round(answer.fun)


@pytest.mark.parametrize("seed", range(12))
def test_as_branch_and_bound_on_rising_menus(seed):
    chance = random.Random(seed)
    menus = []
    for _ in range(chance.randint(2, 9)):
        cost, menu = 0, []
        for gain in sorted(chance.sample(range(1, 300), chance.randint(1, 40))):
            cost += chance.randint(1, 60)
            menu.append(Choice(gain, cost))
        menus.append(menu)
    needed = max(1, most(menus) * chance.randint(5, 101) // 100)

    solution = cheapest(menus, needed)

    assert (solution.cost if solution else None) == by_branch_and_bound(menus, needed)


def test_nothing_to_choose_from():
    assert cheapest([], 1) is None
    assert cheapest([[], []], 3) is None
    assert most([]) == 0


def test_costs_that_cannot_be_added_exactly_are_refused():
    with pytest.raises(OverflowError):
        cheapest([[Choice(1, MAX_COST)]], 1)
