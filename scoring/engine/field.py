"""The other counties: what a rule that compares counties compares with."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

from scoring.engine.errors import ScoringError
from scoring.engine.measures import exact_value
from scoring.engine.types import (
    ByPeerRule,
    CountyFigures,
    DeviationRule,
    Indicator,
    PercentileRule,
    Rule,
)


@dataclass(frozen=True, slots=True)
class Quotient:
    """A fraction left unreduced: thousands of unlike denominators multiply to numbers that are dear to reduce."""

    numerator: int
    denominator: int


@dataclass(frozen=True)
class Field:
    """The unrounded figures of all counties that have one, by region code; absent ones are not in it."""

    values: Mapping[str, Fraction]

    def among(self, codes: Iterable[str]) -> "Field":
        """The field of a class of counties."""
        return Field({code: self.values[code] for code in codes if code in self.values})

    def without(self, codes: Iterable[str]) -> "Field":
        left_out = set(codes)
        return Field({code: each for code, each in self.values.items() if code not in left_out})

    @property
    def size(self) -> int:
        return len(self.values)

    @cached_property
    def total(self) -> Quotient:
        """The exact sum of all figures."""
        denominator = lcm(*(each.denominator for each in self.values.values()))
        numerator = sum(
            each.numerator * (denominator // each.denominator) for each in self.values.values()
        )
        return Quotient(numerator, denominator)

    @property
    def mean(self) -> Quotient:
        """The unweighted mean; not for an empty field."""
        return Quotient(self.total.numerator, self.total.denominator * self.size)

    @cached_property
    def _ordered(self) -> list[Fraction]:
        return sorted(self.values.values())

    def above(self, value: Fraction) -> int:
        """How many figures are greater."""
        return self.size - bisect_right(self._ordered, value)

    def below(self, value: Fraction) -> int:
        """How many figures are smaller."""
        return bisect_left(self._ordered, value)


def compares(rule: Rule) -> bool:
    """Whether the rule scores a county by how it stands among others."""
    if isinstance(rule, ByPeerRule):
        return compares(rule.otherwise) or any(compares(each.rule) for each in rule.groups)
    return isinstance(rule, DeviationRule | PercentileRule)


def field_of(indicator: Indicator, counties: Iterable[CountyFigures]) -> Field:
    """The field of one indicator; figures that cannot be scored are left for the scoring to refuse."""
    values = {}
    for county in counties:
        for figure in county.figures:
            if figure.indicator == indicator.code and figure.absence is None:
                try:
                    values[county.code] = exact_value(figure.measure)
                except ScoringError:
                    continue
    return Field(values)
