"""A scheme tried on a past year's frozen data: who would stand elsewhere, and which lines make it so.

The report is plain JSON: points are texts, so that its digest is of exactly what is shown.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from scoring.engine.batch import score_batch
from scoring.engine.canonical import Json
from scoring.engine.numbers import fixed, plain
from scoring.engine.types import BatchResult, CountyResult, GradingInputs, Scheme
from scoring.rescoring import Unscorable, fitted, scheme_difference, score_what_can

REHEARSAL_FORMAT = "county-portal/rehearsal/1"
_ZERO = Decimal(0)


def rehearse(inputs: GradingInputs, before: Scheme, tried: Scheme) -> dict[str, Json]:
    """One year's part of the report; `before` is the scheme the inputs were frozen for.

    Figures of indicators that `tried` adds were never asked for: they are missing (缺报) and treated as it says.
    Raises ScoringError where the fault is no county's.
    """
    graded = score_batch(inputs, before)
    counties = tuple(fitted(county, tried) for county in inputs.counties)
    scored, refused = score_what_can(replace(inputs, counties=counties), tried)
    difference = scheme_difference(before, tried)
    return {
        "data_year": inputs.data_year,
        "counties": len(inputs.counties),
        "added": [f"{each.code} {each.name}" for each in difference.added],
        "dropped": [f"{each.code} {each.name}" for each in difference.dropped],
        "limits": [_limits(before), _limits(tried)],
        "classes": [_counts(graded, before), _counts(scored, tried)],
        "refused": _refused(inputs, tried, refused),
        "changed": _changed(graded, scored, before, tried),
    }


def _limits(scheme: Scheme) -> list[Json]:
    return [[grade.name, plain(grade.at_least)] for grade in scheme.classes]


def _counts(batch: BatchResult, scheme: Scheme) -> list[Json]:
    """Every class of the scheme, best first, also those nobody is in."""
    return [[grade.name, batch.class_counts.get(grade.name, 0)] for grade in scheme.classes]


def _refused(inputs: GradingInputs, scheme: Scheme, refused: tuple[Unscorable, ...]) -> list[Json]:
    names = {county.code: county.name for county in inputs.counties}
    indicators = {each.code: each.name for each in scheme.indicators}
    return [
        {
            "code": each.county,
            "name": names[each.county],
            "indicator": indicators.get(each.indicator, each.indicator),
            "reason": each.reason,
        }
        for each in refused
    ]


def _changed(graded: BatchResult, scored: BatchResult, before: Scheme, tried: Scheme) -> list[Json]:
    """Counties of another class or rank: changes of class first, then by the rank as graded."""
    names = {each.code: each.name for each in (*before.indicators, *tried.indicators)}
    pairs = [
        (old, scored.by_code[old.code]) for old in graded.counties if old.code in scored.by_code
    ]
    moved = [
        pair for pair in pairs if _standing(pair[0]) != _standing(pair[1])
    ]  # fmt: skip
    moved.sort(key=lambda pair: (pair[0].class_name == pair[1].class_name, pair[0].rank))
    return [_change(old, new, names) for old, new in moved]


def _standing(county: CountyResult) -> tuple[str, int]:
    return county.class_name, county.rank


def _change(old: CountyResult, new: CountyResult, names: Mapping[str, str]) -> dict[str, Json]:
    return {
        "code": old.code,
        "name": old.name,
        "total": [fixed(old.total), fixed(new.total)],
        "difference": fixed(new.total - old.total),
        "class": [old.class_name, new.class_name],
        "rank": [old.rank, new.rank],
        "lines": _lines(old, new, names),
    }


def _lines(old: CountyResult, new: CountyResult, names: Mapping[str, str]) -> list[Json]:
    """Lines whose points differ, the biggest difference first; None where a scheme lacks the line."""
    before = {line.indicator: line.score for line in old.lines}
    after = {line.indicator: line.score for line in new.lines}
    changed = [code for code in names if before.get(code) != after.get(code)]
    differences = {code: after.get(code, _ZERO) - before.get(code, _ZERO) for code in changed}
    changed.sort(key=lambda code: (-abs(differences[code]), code))
    return [
        {
            "code": code,
            "name": names[code],
            "points": [_points(before.get(code)), _points(after.get(code))],
            "difference": fixed(differences[code]),
        }
        for code in changed
    ]


def _points(score: Decimal | None) -> str | None:
    return None if score is None else fixed(score)
