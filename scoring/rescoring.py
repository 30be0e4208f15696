"""Frozen inputs scored once more by another scheme: what fits, and what cannot be scored by it."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace

from scoring.engine.batch import score_batch
from scoring.engine.codec import scheme_sha256
from scoring.engine.errors import ScoringError
from scoring.engine.types import (
    Absence,
    BatchResult,
    CountyFigures,
    Figure,
    GradingInputs,
    Indicator,
    Scheme,
)

NOTHING: Mapping[str, Figure] = {}


@dataclass(frozen=True, slots=True)
class Unscorable:
    """Why a county cannot be scored; `indicator` is its code, blank where the whole county is meant."""

    county: str
    indicator: str
    reason: str


@dataclass(frozen=True, slots=True)
class SchemeDifference:
    """Which indicators one scheme has and the other lacks, matched by code."""

    added: tuple[Indicator, ...]
    dropped: tuple[Indicator, ...]


def scheme_difference(before: Scheme, after: Scheme) -> SchemeDifference:
    """What `after` added and dropped."""
    old = {each.code for each in before.indicators}
    new = {each.code for each in after.indicators}
    return SchemeDifference(
        tuple(each for each in after.indicators if each.code not in old),
        tuple(each for each in before.indicators if each.code not in new),
    )


def fitted(
    county: CountyFigures, scheme: Scheme, spare: Mapping[str, Figure] = NOTHING
) -> CountyFigures:
    """The county's answers to exactly the scheme's indicators.

    Where it has none the one in `spare` stands in, and without that the line is missing (缺报).
    """
    own = {figure.indicator: figure for figure in county.figures}
    figures = (
        own.get(each.code) or spare.get(each.code) or Figure(each.code, absence=Absence.MISSING)
        for each in scheme.indicators
    )
    return replace(county, figures=tuple(figures))


def rescore(inputs: GradingInputs, scheme: Scheme) -> BatchResult:
    """Score by a scheme other than the one the inputs were frozen for; raises ScoringError."""
    return score_batch(replace(inputs, scheme_sha256=scheme_sha256(scheme)), scheme)


def score_what_can(
    inputs: GradingInputs, scheme: Scheme
) -> tuple[BatchResult, tuple[Unscorable, ...]]:
    """Score all counties that can be scored, and say of the others why not.

    They are left out together: of a rule that compares counties the field is then those left.
    Raises ScoringError where the fault is no county's.
    """
    refused: list[Unscorable] = []
    while True:
        try:
            return rescore(inputs, scheme), tuple(refused)
        except ScoringError as error:
            found = _located(error, inputs, scheme)
            if not found:
                raise
            refused += found
            inputs = without(inputs, {each.county for each in found})


def without(inputs: GradingInputs, codes: Set[str]) -> GradingInputs:
    """The inputs without some counties."""
    return replace(inputs, counties=tuple(c for c in inputs.counties if c.code not in codes))


def _located(error: ScoringError, inputs: GradingInputs, scheme: Scheme) -> list[Unscorable]:
    """The engine names places in words; here they are codes again."""
    counties = {f"{county.name}（{county.code}）": county.code for county in inputs.counties}
    indicators = {each.name: each.code for each in scheme.indicators}
    return [
        Unscorable(
            counties[each.county], indicators.get(each.indicator, each.indicator), each.reason
        )
        for each in (error, *error.others)
        if each.county in counties
    ]
