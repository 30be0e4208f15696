"""How far the points of a rule reach, found by bounds: what is said to be out of reach truly is.

Figures are never negative. Bounds of a formula are those of its parts (interval arithmetic), so they may be wider than
what it truly gives and never narrower.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from scoring.engine.types import (
    ByPeerRule,
    DeviationRule,
    Expression,
    ItemisedRule,
    Op,
    PiecewiseRule,
    Rule,
)

_ZERO: Final = Decimal(0)
_HUNDRED: Final = Decimal(100)


def highest_points(rule: Rule) -> Decimal:
    """An upper bound of the points the rule can give; call inside `exact_arithmetic` only."""
    match rule:
        case PiecewiseRule():
            return max(
                (max(band.points_start, band.points_end) for band in rule.bands), default=_ZERO
            )
        case ItemisedRule():
            return min(rule.cap, _most_items(rule))
        case DeviationRule():
            return _highest_deviation(rule)
        case ByPeerRule():
            inner = [highest_points(each.rule) for each in rule.groups]
            return max([*inner, highest_points(rule.otherwise)])
        case _:
            return rule.maximum


def _most_items(rule: ItemisedRule) -> Decimal:
    """What items may bring: kinds without rivals may be named again and again, of rivals one item counts."""
    rivals = {code for group in rule.exclusive for code in group}
    if any(kind.code not in rivals for kind in rule.kinds):
        return rule.cap
    points = {kind.code: kind.points or _ZERO for kind in rule.kinds}
    best = [
        max((points.get(code, _ZERO) for code in each), default=_ZERO) for each in rule.exclusive
    ]
    return sum(best, _ZERO)


def _highest_deviation(rule: DeviationRule) -> Decimal:
    """Where less is better nobody falls more than a hundred percent below the mean."""
    if rule.step_points > _ZERO or rule.step_percent <= _ZERO:
        return rule.maximum
    return min(rule.maximum, rule.base - _HUNDRED / rule.step_percent * rule.step_points)


@dataclass(frozen=True, slots=True)
class Reach:
    """Bounds of a formula; None for no bound on that side."""

    lowest: Fraction | None
    highest: Fraction | None
    is_constant: bool = False


_FIGURE: Final = Reach(Fraction(0), None)
_ANYTHING: Final = Reach(None, None)


def expression_reach(tree: Expression) -> Reach:
    """Bounds of what a formula may give for figures of 0 and more."""
    if tree.number is not None:
        number = Fraction(tree.number)
        return Reach(number, number, is_constant=True)
    parts = [expression_reach(each) for each in tree.operands]
    if not parts:
        return _FIGURE
    found = _combined(tree.op, parts)
    return Reach(found.lowest, found.highest, all(each.is_constant for each in parts))


def _combined(op: Op, parts: list[Reach]) -> Reach:
    match op:
        case Op.ADD:
            return Reach(
                _sum([each.lowest for each in parts]), _sum([each.highest for each in parts])
            )
        case Op.SUBTRACT:
            first, second = parts
            return Reach(
                _less(first.lowest, second.highest),
                _less(first.highest, second.lowest),
            )
        case Op.MULTIPLY | Op.DIVIDE:
            return _scaled(op, parts)
        case _:
            return _chosen(op, parts)


def _chosen(op: Op, parts: list[Reach]) -> Reach:
    """The lesser, the greater, or one of two by a condition of which nothing is known."""
    if op is Op.MIN:
        highest = [each.highest for each in parts if each.highest is not None]
        return Reach(_least(parts), min(highest, default=None))
    if op is Op.MAX:
        lowest = [each.lowest for each in parts if each.lowest is not None]
        return Reach(max(lowest, default=None), _most(parts))
    return Reach(_least(parts[2:]), _most(parts[2:]))


def _scaled(op: Op, parts: list[Reach]) -> Reach:
    """Products and quotients of what is never negative; of anything else nothing is said."""
    if any(each.lowest is None or each.lowest < 0 for each in parts):
        return _ANYTHING
    if op is Op.DIVIDE:
        upper, lower = parts
        if lower.lowest is None or lower.lowest == 0 or upper.highest is None:
            return Reach(Fraction(0), None)
        return Reach(Fraction(0), upper.highest / lower.lowest)
    highest = Fraction(1)
    for each in parts:
        if each.highest is None:
            return Reach(Fraction(0), None)
        highest *= each.highest
    return Reach(Fraction(0), highest)


def _sum(bounds: list[Fraction | None]) -> Fraction | None:
    known = [each for each in bounds if each is not None]
    return sum(known, Fraction(0)) if len(known) == len(bounds) else None


def _less(first: Fraction | None, second: Fraction | None) -> Fraction | None:
    return None if first is None or second is None else first - second


def _least(parts: list[Reach]) -> Fraction | None:
    lowest = [each.lowest for each in parts if each.lowest is not None]
    return min(lowest) if len(lowest) == len(parts) else None


def _most(parts: list[Reach]) -> Fraction | None:
    highest = [each.highest for each in parts if each.highest is not None]
    return max(highest) if len(highest) == len(parts) else None
