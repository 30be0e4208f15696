"""How often honest data sets a test off: false alarms per thing tested, over many honest collections."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

from scoring.watch.checks import check_all
from scoring.watch.hints import Hint, Pattern
from scoring.watch.honest import KNOTS, make_honest

STORED = Path(__file__).with_name("false_alarms.json")
_PLACES = Decimal("0.000001")
# What one test is made of, in words.
UNITS = {
    Pattern.BUNCHING: "每个拐点",
    Pattern.DIGITS: "每个县",
    Pattern.CUTS: "每个分母",
    Pattern.COPYING: "每两个县",
}


@dataclass(frozen=True, slots=True)
class Rate:
    """False alarms among things tested."""

    alarms: int
    tested: int

    @property
    def share(self) -> Decimal:
        """Nought where nothing was tested."""
        if not self.tested:
            return Decimal(0)
        return (Decimal(self.alarms) / self.tested).quantize(_PLACES, ROUND_HALF_UP)

    @property
    def percent(self) -> Decimal:
        return self.share * 100


def false_alarms(seed: int, collections: int) -> dict[Pattern, Rate]:
    """Seeds follow on each other from `seed`."""
    alarms, tested = dict.fromkeys(Pattern, 0), dict.fromkeys(Pattern, 0)
    for each in range(seed, seed + collections):
        honest = make_honest(each)
        for test, outcome in check_all(honest.numbers, honest.words, KNOTS).items():
            tested[test] += outcome.tested
            alarms[test] += len(_things(test, outcome.hints))
    return {test: Rate(alarms[test], tested[test]) for test in Pattern}


def _things(test: Pattern, hints: Iterable[Hint]) -> set[object]:
    """What set a test off, counted once: a knot speaks of many counties, a pair of two."""
    if test is Pattern.BUNCHING:
        return {(hint.indicators, hint.statistic) for hint in hints}
    if test is Pattern.COPYING:
        return {frozenset((hint.county, hint.other)) for hint in hints}
    return {(hint.county, hint.indicators) for hint in hints}


@cache
def stored_rates() -> Mapping[Pattern, Rate]:
    """The rates measured once over many collections."""
    document = json.loads(STORED.read_text("utf-8"))
    return {
        Pattern(name): Rate(each["alarms"], each["tested"])
        for name, each in document["rates"].items()
    }
