"""The cheapest choice of at most one option from each menu that together gains enough: exact, in integers.

This is the integer programme min Σcost with Σgain ≥ needed and one option a menu (a multiple-choice knapsack). It is
solved by a table over the gains, which are whole hundredths of a point and at most some thousands: every optimum is
proven, no tolerance enters, and the time is bounded by menus × options × needed. A branch-and-bound solver (HiGHS)
gives the same optima on small cases (tests), but ends in no useful time on real menus of hundreds of options.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

Table = npt.NDArray[np.int64]

# Beyond every sum of costs, and far enough from the end of int64 that adding one cost more cannot overflow.
_NEVER = 1 << 61
MAX_COST = 1 << 60


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: what it gains (at least 1) and what it costs, both in whole units of the caller's."""

    gain: int
    cost: int


@dataclass(frozen=True, slots=True)
class Solution:
    """The chosen option of each menu (None: untouched), and another choice of the same cost if there is one."""

    picks: tuple[int | None, ...]
    cost: int
    other: tuple[int | None, ...] | None


def cheapest(menus: Sequence[Sequence[Choice]], needed: int) -> Solution | None:
    """The cheapest picks that gain `needed`; of equally cheap ones, those that touch the fewest menus.

    None where all menus together gain too little. Raises OverflowError for costs above MAX_COST in all.
    """
    weight = len(menus) + 1
    if sum(max((each.cost for each in menu), default=0) for menu in menus) * weight > MAX_COST:
        raise OverflowError("costs are too large to be added exactly")
    counted = [[Choice(each.gain, each.cost * weight + 1) for each in menu] for menu in menus]
    tables = _tables(counted, needed)
    if tables[-1][needed] >= _NEVER:
        return None
    picks = next(_picks(counted, tables, needed))
    cost = sum(menu[pick].cost for menu, pick in zip(menus, picks, strict=True) if pick is not None)
    same = islice(_picks(menus, _tables(menus, needed), needed), 2)
    return Solution(picks, cost, next((each for each in same if each != picks), None))


def most(menus: Sequence[Sequence[Choice]]) -> int:
    """What all menus together can gain."""
    return sum(max((each.gain for each in menu), default=0) for menu in menus)


def _tables(menus: Sequence[Sequence[Choice]], needed: int) -> list[Table]:
    """After each menu: the least cost of gaining at least 0, 1, … `needed` from the menus so far."""
    table = np.full(needed + 1, _NEVER, dtype=np.int64)
    table[0] = 0
    tables = [table]
    for menu in menus:
        after = tables[-1].copy()
        for each in menu:
            np.minimum(after, _shifted(tables[-1], each.gain) + each.cost, out=after)
        tables.append(after)
    return tables


def _shifted(table: Table, gain: int) -> Table:
    """The cost of what is still lacking once `gain` is had."""
    if gain >= len(table):
        return np.full_like(table, table[0])
    return np.concatenate([np.full(gain, table[0]), table[: len(table) - gain]])


def _picks(
    menus: Sequence[Sequence[Choice]], tables: Sequence[Table], needed: int
) -> Iterator[tuple[int | None, ...]]:
    """Every choice of least cost, read back from the tables; untouched menus come first."""
    if not menus:
        yield ()
        return
    *earlier, menu = menus
    before, cost = tables[-2], tables[-1][needed]
    if before[needed] == cost:
        for picks in _picks(earlier, tables[:-1], needed):
            yield (*picks, None)
    for place, each in enumerate(menu):
        lacking = max(0, needed - each.gain)
        if before[lacking] + each.cost == cost:
            for picks in _picks(earlier, tables[:-1], lacking):
                yield (*picks, place)
