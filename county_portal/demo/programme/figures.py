"""What a county measures in each year, and what it promises: the 31-row table of the demonstration.

Figures that the yearly evaluation asks for too are the evaluation's; the others are invented around them, each
county's by a stream of chance of its own, so that the same county tells the same story in every table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cache
from random import Random
from typing import Any

from county_portal.accounts.models import Region
from county_portal.common.province_files import read_province_json
from county_portal.demo.answers import answers_of
from county_portal.demo.chance import around, between, stream
from county_portal.demo.figures import Answer

SEED = 31
FIRST_YEAR = 2018
# Years in which a figure left blank is looked for, before it is invented.
_LOOKED_IN = (2018, 2019, 2020)
# What the tables keep of a number that is computed.
_KEPT = 6
# Shares are written in hundred-thousandths, growth in thousandths.
_PARTS, _MILLE = 100_000, 1000
# What a county promises of the progress it will make, in per cent: most keep their word, some do not.
_MODEST, _BOLD, _LUCK = 78, 112, 8


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table as the story tells it: from which facts, how many decimals, in which direction."""

    code: str
    decimals: int
    factor: Decimal
    is_share: bool
    lower_is_better: bool = False
    value: str | None = None
    numerator: str | None = None
    denominator: str | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure of one year, with its parts where it is a rate."""

    number: Decimal
    numerator: Decimal | None = None
    denominator: Decimal | None = None


class Story:
    """One county's figures, whatever the year."""

    def __init__(self, region: Region) -> None:
        self.region = region
        chance = stream(SEED, int(region.code))
        self._size = between(chance, 120, 900)
        self._luck = around(chance, _LUCK)
        self._facts: dict[tuple[str, int], Decimal] = {}

    def fact(self, meaning: str, year: int) -> Decimal:
        """A raw number: the evaluation's where it has one."""
        key = meaning, year
        if key not in self._facts:
            known = self._known(meaning, year)
            self._facts[key] = self._invent(meaning, year) if known is None else known
        return self._facts[key]

    def _known(self, meaning: str, year: int) -> Decimal | None:
        """The year's, else a neighbouring year's: a figure left blank once is carried on."""
        for looked in (max(year, FIRST_YEAR), *_LOOKED_IN):
            number = _stated(self.region, looked).get(meaning)
            if number is not None:
                return number if year >= FIRST_YEAR else self._earlier(meaning, number, year)
        return None

    def _earlier(self, meaning: str, number: Decimal, year: int) -> Decimal:
        """Before the first evaluation: back along the growth of the following years."""
        entry = _entry(meaning)
        return _rounded(number / self._grown(meaning, entry, 2 * FIRST_YEAR - year), entry)

    def _invent(self, meaning: str, year: int) -> Decimal:
        entry = _entry(meaning)
        chance = self._chance(meaning)
        if chance.randrange(_MILLE) < entry.get("absent_per_mille", 0):
            return Decimal(0)
        share = min(max(self._size + around(chance, 240), 0), _MILLE)
        start = entry["low"] + Decimal(entry["high"] - entry["low"]) * share / _MILLE
        if "gain" in entry:
            gained = between(chance, *entry["gain"]) * (year - FIRST_YEAR) // _MILLE
            return max(_rounded(start, entry) + gained, Decimal(0))
        grown = start * self._grown(meaning, entry, year)
        if "of" in entry:
            grown *= self.fact(entry["of"], year) / _PARTS
        return _rounded(grown, entry)

    def _grown(self, meaning: str, entry: Mapping[str, Any], year: int) -> Decimal:
        if "drift" not in entry:
            return Decimal(1)
        drift = between(self._chance(f"{meaning}+"), *entry["drift"])
        return (Decimal(_MILLE + drift) / _MILLE) ** (year - FIRST_YEAR)

    def _chance(self, meaning: str) -> Random:
        return stream(SEED, int(self.region.code), *meaning.encode())

    def measured(self, line: Line, year: int) -> Measured:
        """A row's figure of a year, computed from its parts where it has any."""
        if line.value:
            return Measured(self.fact(line.value, year))
        if not (line.numerator and line.denominator):
            raise ValueError(f"{line.code} is not measured")
        above, below = self.fact(line.numerator, year), self.fact(line.denominator, year)
        if line.is_share:
            above = min(above, below)
        return Measured(_places(above * line.factor / below, _KEPT), above, below)

    def target(self, line: Line, call_year: int, year: int) -> Decimal:
        """What the county promises for a year of its term: a part of the progress it will make, or a little more.

        Never behind the year before; who will fall back promises to hold what it has.
        """
        start = self.measured(line, call_year - 1).number
        boldness = between(self._chance(f"{line.code}!"), _MODEST, _BOLD) + self._luck
        held = ROUND_FLOOR if line.lower_is_better else ROUND_CEILING
        promised = start.quantize(Decimal(1).scaleb(-line.decimals), held)
        for each in range(call_year, year + 1):
            gained = (self.measured(line, each).number - start) * boldness / 100
            better = min if line.lower_is_better else max
            promised = better(promised, _places(start + gained, line.decimals))
        return min(promised, Decimal(100)) if line.is_share else promised


@cache
def _entries() -> Mapping[str, Mapping[str, Any]]:
    document = read_province_json("demo/pilot-figures.json")
    meanings: Mapping[str, Mapping[str, Any]] = document["meanings"]
    return meanings


def _entry(meaning: str) -> Mapping[str, Any]:
    return _entries()[meaning]


@cache
def _bindings() -> tuple[tuple[str, str, str], ...]:
    """Indicator, part and meaning of the evaluation's facts."""
    document = read_province_json("indicator-system.json")
    return tuple(
        (entry["code"], part, meaning)
        for entry in document["indicators"]
        for part, meaning in (entry.get("facts") or {}).items()
        if meaning
    )


_stated_by_year: dict[tuple[str, int], Mapping[str, Decimal]] = {}


def _stated(region: Region, year: int) -> Mapping[str, Decimal]:
    """What a county's form of the evaluation states of a year, by meaning."""
    key = region.code, year
    if key not in _stated_by_year:
        answers = {each.indicator: each for each in answers_of(region, year).answers}
        texts = {
            meaning: _part(answers[code], part)
            for code, part, meaning in _bindings()
            if code in answers
        }
        _stated_by_year[key] = {meaning: Decimal(text) for meaning, text in texts.items() if text}
    return _stated_by_year[key]


def _part(answer: Answer, part: str) -> str:
    if answer.absence:
        return ""
    return {
        "value": answer.text,
        "numerator": answer.numerator,
        "denominator": answer.denominator,
    }[part]


def _rounded(number: Decimal, entry: Mapping[str, Any]) -> Decimal:
    return _places(number, entry["decimals"])


def _places(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
