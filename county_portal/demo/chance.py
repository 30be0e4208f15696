"""Chance for the demonstration: the same on every Python, for it asks only for `randrange`."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

Thing = TypeVar("Thing")


def stream(seed: int, *parts: int) -> Random:
    """A stream of its own for each county or year, so that one more draw disturbs no other."""
    mixed = seed
    for part in parts:
        mixed = mixed * 1_000_003 + part
    return Random(mixed)  # noqa: S311 -- invented figures, nothing to protect


def between(chance: Random, low: int, high: int) -> int:
    """A whole number from `low` to `high`, both possible."""
    return chance.randrange(low, high + 1)


def around(chance: Random, spread: int) -> int:
    """A whole number about 0, seldom near ± `spread`."""
    return sum(between(chance, -spread, spread) for _ in range(3)) // 3


def pick(chance: Random, things: Sequence[Thing]) -> Thing:
    return things[chance.randrange(len(things))]


def shuffled(chance: Random, things: Sequence[Thing]) -> list[Thing]:
    """The things in a random order."""
    left = list(things)
    return [left.pop(chance.randrange(len(left))) for _ in things]
