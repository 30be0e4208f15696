"""How near the other classes are: what is still to be had on each indicator, and the shortest way up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.improvements import Improvement

SHORT = 6  # indicators a county can set itself for a year


@dataclass(frozen=True, slots=True)
class Room:
    """Points still to be had on one indicator, and the nearest step in words."""

    number: int
    name: str
    score: Decimal
    weight: Decimal
    text: str

    @property
    def points(self) -> Decimal:
        """What is missing to full marks."""
        return self.weight - self.score


@dataclass(frozen=True, slots=True)
class OutlookStep:
    """One indicator of the way to the next class."""

    number: int
    name: str
    text: str
    gain: Decimal


@dataclass(frozen=True, slots=True)
class Outlook:
    """The classes above and below; all figures but the changed ones as the run froze them."""

    next_class: str  # blank in the best class
    next_limit: Decimal | None
    gap: Decimal | None
    margin: Decimal | None  # over the limit of its own class; None in the lowest
    # Most points first; empty where no list of steps reaches the limit.
    steps: tuple[OutlookStep, ...]
    depth: int  # how many knots an indicator goes at most in them
    reachable: Decimal  # points the steps together would add, or all that can be computed
    rooms: tuple[Room, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """An indicator chosen for the way up, and how far it goes."""

    code: str
    improvement: Improvement


@dataclass(frozen=True, slots=True)
class Way:
    """The chosen indicators, most points first; none of them goes farther than `depth` knots."""

    choices: tuple[Choice, ...]
    depth: int


def shortest_way(options: Mapping[str, Sequence[Improvement]], gap: Decimal) -> Way | None:
    """A short list of indicators that together add `gap`; None where all together cannot.

    For each depth it is the shortest there is: first each indicator goes to its next knot alone, and only
    where that gives no short list may each go one knot farther, and so on; of several depths none of which
    gives a short list the nearest with the fewest counts. Whichever need not go so far stops earlier.
    """
    deepest = max((len(steps) for steps in options.values()), default=0)
    best: tuple[dict[str, int], int] | None = None
    for depth in range(1, deepest + 1):
        reach = {code: min(depth, len(steps)) for code, steps in options.items() if steps}
        chosen = _fewest(
            {code: options[code][level - 1].gain for code, level in reach.items()}, gap
        )
        if chosen is not None and (best is None or len(chosen) < len(best[0])):
            best = {code: reach[code] for code in chosen}, depth
        if best is not None and len(best[0]) <= SHORT:
            break
    if best is None:
        return None
    levels = _shortened(options, best[0], gap)
    choices = [Choice(code, options[code][level - 1]) for code, level in levels.items()]
    return Way(tuple(sorted(choices, key=lambda choice: -choice.improvement.gain)), best[1])


def _fewest(gains: Mapping[str, Decimal], gap: Decimal) -> list[str] | None:
    """The largest gains until they are enough: no smaller number of them could be."""
    chosen, total = [], Decimal(0)
    for code in sorted(gains, key=lambda code: -gains[code]):
        if total >= gap:
            break
        chosen.append(code)
        total += gains[code]
    return chosen if total >= gap else None


def _shortened(
    options: Mapping[str, Sequence[Improvement]], levels: dict[str, int], gap: Decimal
) -> dict[str, int]:
    """The same indicators, each going only as far as is needed, the farthest shortened first."""
    shorter = dict(levels)
    for code in sorted(levels, key=lambda code: -levels[code]):
        others = sum(
            (options[each][level - 1].gain for each, level in shorter.items() if each != code),
            Decimal(0),
        )
        shorter[code] = next(
            level
            for level in range(1, levels[code] + 1)
            if others + options[code][level - 1].gain >= gap
        )
    return shorter


def reach_of(options: Mapping[str, Sequence[Improvement]]) -> Decimal:
    """Points that all indicators together could add as far as they can be computed."""
    return sum((steps[-1].gain for steps in options.values() if steps), Decimal(0))
