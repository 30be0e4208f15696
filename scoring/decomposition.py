"""What moved a county between two runs: scheme, data, correction; and its rank: scheme, itself, the others.

Nothing is estimated: each part is the difference of two gradings of frozen inputs, in this order:

1. the earlier figures by the earlier scheme (the earlier run itself);
2. the earlier figures by the later scheme                      - what changed is the scheme's part;
3. the later figures as stated, by the later scheme             - the data's part;
4. the later figures with the corrections decided on appeals    - the corrections' part (the later run itself).

So the parts sum to the whole, and what two causes do together is counted with the one that comes later. Corrections
come last because one replaces what was stated of the later year and has nothing to replace in the earlier figures.
An indicator that the earlier scheme lacks has no earlier figure: it takes the later one in step 2, and all its points
are the scheme's. So is a line whose earlier figure cannot be scored by the later scheme.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from scoring.engine.batch import score_batch
from scoring.engine.errors import ScoringError
from scoring.engine.grading import standing
from scoring.engine.types import (
    BatchResult,
    CountyFigures,
    CountyResult,
    Figure,
    GradingInputs,
    IndicatorScore,
    Scheme,
)
from scoring.rescoring import Unscorable, fitted, rescore, score_what_can, without

_ZERO = Decimal(0)

# By county code and indicator code.
Cell = tuple[str, str]
# What a county is ranked by.
Standing = tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """A run as it was frozen."""

    inputs: GradingInputs
    scheme: Scheme


@dataclass(frozen=True, slots=True)
class Parts:
    """Points by cause."""

    scheme: Decimal
    data: Decimal
    correction: Decimal

    @property
    def whole(self) -> Decimal:
        """The difference they sum to."""
        return self.scheme + self.data + self.correction

    def minus(self, other: "Parts") -> "Parts":
        """Cause by cause."""
        return Parts(
            self.scheme - other.scheme,
            self.data - other.data,
            self.correction - other.correction,
        )


@dataclass(frozen=True, slots=True)
class LineChange:
    """One indicator's part; a score of None: not in that run's scheme."""

    code: str
    name: str
    before: IndicatorScore | None
    between: IndicatorScore | None  # the earlier figure by the later scheme
    after: IndicatorScore | None
    parts: Parts
    is_substituted: bool  # the earlier figure could not be scored by the later scheme


@dataclass(frozen=True, slots=True)
class RankParts:
    """Places gained (positive) or lost, by cause; `alone`, `others_only`: ranks had only these moved."""

    before: int
    after: int
    scheme: int
    own: int
    others: int
    alone: int
    others_only: int


@dataclass(frozen=True, slots=True)
class CountyChange:
    """One county's change; `rounding` is what rounding the totals adds to the sum of the lines."""

    code: str
    before: CountyResult
    after: CountyResult
    parts: Parts
    lines: tuple[LineChange, ...]
    rounding: Parts
    ranks: RankParts


@dataclass(frozen=True, slots=True)
class _Stages:
    """The four gradings; those in the middle are the outer ones where nothing lies between."""

    first: BatchResult
    rescored: BatchResult
    stated: BatchResult
    last: BatchResult
    substituted: frozenset[Cell]


@dataclass(frozen=True, slots=True)
class Decomposition:
    """Changes by the later code of each county that is in both runs."""

    counties: dict[str, CountyChange]
    # Earlier counties that nothing makes scorable by the later scheme; by their earlier codes.
    left_out: tuple[Unscorable, ...]


def decompose(
    before: Side, after: Side, pairs: Mapping[str, str], stated: Mapping[Cell, Figure]
) -> Decomposition:
    """`pairs`: later code to earlier code; `stated`: what corrected cells of the later run said before."""
    stages, left_out = _stages(before, after, pairs, stated)
    ladder = _Ladder(stages, after.scheme)
    names = _names(before.scheme, after.scheme)
    changes = {
        code: _county_change(code, earlier, stages, ladder, names)
        for code, earlier in pairs.items()
        if code in stages.last.by_code and earlier in stages.rescored.by_code
    }
    return Decomposition(changes, left_out)


def _names(before: Scheme, after: Scheme) -> dict[str, str]:
    """By code in the later scheme's order, then what was dropped; the later name where both have one."""
    names = {each.code: each.name for each in after.indicators}
    return names | {each.code: each.name for each in before.indicators if each.code not in names}


def _stages(
    before: Side, after: Side, pairs: Mapping[str, str], stated: Mapping[Cell, Figure]
) -> tuple[_Stages, tuple[Unscorable, ...]]:
    first = score_batch(before.inputs, before.scheme)
    last = score_batch(after.inputs, after.scheme)
    uncorrected = rescore(_with(after.inputs, stated), after.scheme) if stated else last
    if before.scheme == after.scheme:
        return _Stages(first, first, uncorrected, last, frozenset()), ()
    later = {county.code: county for county in after.inputs.counties}
    spare = {old: later[new] for new, old in pairs.items() if new in later}
    rescored, substituted, left_out = _rescored(before.inputs, after.scheme, spare)
    return _Stages(first, rescored, uncorrected, last, substituted), left_out


def _with(inputs: GradingInputs, figures: Mapping[Cell, Figure]) -> GradingInputs:
    """The inputs with some cells replaced."""
    counties = (
        replace(
            county,
            figures=tuple(
                figures.get((county.code, each.indicator), each) for each in county.figures
            ),
        )
        for county in inputs.counties
    )
    return replace(inputs, counties=tuple(counties))


def _rescored(
    inputs: GradingInputs, scheme: Scheme, spare: Mapping[str, CountyFigures]
) -> tuple[BatchResult, frozenset[Cell], tuple[Unscorable, ...]]:
    """The earlier figures by the later scheme; what it cannot score is the county's later figure instead."""
    later = {
        code: {figure.indicator: figure for figure in county.figures}
        for code, county in spare.items()
    }
    counties = tuple(
        fitted(county, scheme, later.get(county.code, {})) for county in inputs.counties
    )
    try:
        return rescore(replace(inputs, counties=counties), scheme), frozenset(), ()
    except ScoringError:
        _, refused = score_what_can(replace(inputs, counties=counties), scheme)
    replaced = {
        (each.county, each.indicator): later[each.county][each.indicator]
        for each in refused
        if each.indicator in later.get(each.county, {})
    }
    mended = _with(replace(inputs, counties=counties), replaced)
    hopeless = {each.county for each in refused} - {county for county, _ in replaced}
    batch, more = score_what_can(without(mended, hopeless), scheme)
    left_out = tuple(each for each in refused if each.county in hopeless)
    return batch, frozenset(replaced), (*left_out, *more)


class _Ladder:
    """Places among the second and the last grading, by the totals as given and what the later scheme breaks ties by.

    A rule that compares counties gave each its points in its own year's field; they are moved as they were given.
    """

    def __init__(self, stages: _Stages, scheme: Scheme) -> None:
        self._scheme = scheme
        self._rescored = sorted(self._key(county) for county in stages.rescored.counties)
        self._last = sorted(self._key(county) for county in stages.last.counties)

    def _key(self, county: CountyResult) -> Standing:
        return standing(county.total, county.lines, self._scheme)

    def ranks(self, first: CountyResult, rescored: CountyResult, last: CountyResult) -> RankParts:
        """Each difference of ranks is a place gained where it is positive."""
        old, new = self._key(rescored), self._key(last)
        alone = _place(self._rescored, old, new)
        return RankParts(
            before=first.rank,
            after=last.rank,
            scheme=first.rank - rescored.rank,
            own=rescored.rank - alone,
            others=alone - last.rank,
            alone=alone,
            others_only=_place(self._last, new, old),
        )


def _place(field: list[Standing], own: Standing, other: Standing) -> int:
    """The rank of the county that has `own` in `field` (ascending), had it `other` instead."""
    above = len(field) - bisect_right(field, other)
    return 1 + above - (1 if own > other else 0)


def _county_change(
    code: str, earlier: str, graded: _Stages, ladder: _Ladder, names: Mapping[str, str]
) -> CountyChange:
    first, rescored = graded.first.by_code[earlier], graded.rescored.by_code[earlier]
    stated, last = graded.stated.by_code[code], graded.last.by_code[code]
    substituted = {cell for county, cell in graded.substituted if county == earlier}
    stages = [first, rescored, stated, last]
    by_code = [{line.indicator: line for line in each.lines} for each in stages]
    lines = tuple(
        _line_change(name, [each.get(line) for each in by_code], substituted)
        for line, name in names.items()
    )
    parts = _parts([each.total for each in stages])
    return CountyChange(
        code=code,
        before=first,
        after=last,
        parts=parts,
        lines=lines,
        rounding=parts.minus(_sum(line.parts for line in lines)),
        ranks=ladder.ranks(first, rescored, last),
    )


def _line_change(
    name: str, scores: list[IndicatorScore | None], substituted: set[str]
) -> LineChange:
    first, rescored, _, last = scores
    code = next(score.indicator for score in scores if score)
    points = [score.score if score else _ZERO for score in scores]
    return LineChange(
        code, name, first, rescored, last, _parts(points), is_substituted=code in substituted
    )


def _parts(stages: list[Decimal]) -> Parts:
    first, rescored, stated, last = stages
    return Parts(rescored - first, stated - rescored, last - stated)


def _sum(parts: Iterator[Parts]) -> Parts:
    rows = list(parts)
    return Parts(
        sum((row.scheme for row in rows), _ZERO),
        sum((row.data for row in rows), _ZERO),
        sum((row.correction for row in rows), _ZERO),
    )
