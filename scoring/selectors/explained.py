"""Lines of a run explained: by county for a page, all of them for a workbook, and how many are whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from indicators.models import Indicator as StoredIndicator
from indicators.selectors.catalogue import catalogue_of
from scoring.engine.codec import inputs_from_bytes
from scoring.engine.types import Figure, Indicator
from scoring.explanation import Explained, explain
from scoring.improvements import Words
from scoring.models import GradingRun, ResultLine
from scoring.origins import origin_of
from scoring.selectors.runs import engine_scheme

# Rows fetched at a time: memory does not grow with the number of counties.
_CHUNK = 500


def indicator_words(indicator: StoredIndicator) -> Words:
    """Units, and what both sides of a ratio are called."""
    return Words(
        indicator.unit,
        indicator.numerator_label,
        indicator.numerator_unit,
        indicator.denominator_label,
        indicator.denominator_unit,
    )


def words_of(version_id: int) -> dict[str, Words]:
    """The words of every indicator of a version, by code."""
    return {code: indicator_words(row) for code, row in catalogue_of(version_id).indicators.items()}


def explain_line(
    line: ResultLine, figure: Figure, words: Mapping[str, Words], unit: str
) -> Explained:
    """One stored line beside the figure that was frozen for it."""
    found = words.get(line.indicator_code) or Words(unit)
    return explain(figure, line.flags, line.steps, found, origin_of(line.origin))


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """One line of any county of a run."""

    code: str
    county: str
    indicator: Indicator
    score: Decimal
    derivation: str
    explained: Explained


def iterate_explained(run: GradingRun) -> Iterator[ExplainedLine]:
    """Every line of a complete run by rank, region code and indicator; two queries and those of its chunks."""
    words = words_of(run.collection.version_id)
    scheme = {row.code: row for row in engine_scheme(run.scheme_version).indicators}
    counties = {
        county.code: (county.name, {figure.indicator: figure for figure in county.figures})
        for county in inputs_from_bytes(run.inputs).counties
    }
    lines = (
        ResultLine.objects.filter(result__run=run)
        .select_related("result__region")
        .order_by("result__rank", "result__region__code", "order")
    )
    for line in lines.iterator(_CHUNK):
        code = line.result.region.code
        name, figures = counties[code]
        indicator = scheme[line.indicator_code]
        yield ExplainedLine(
            code,
            name,
            indicator,
            line.score,
            line.derivation,
            explain_line(line, figures[indicator.code], words, indicator.unit),
        )


def count_explained(run: GradingRun) -> int:
    """Lines that tell who stated the figure, who confirmed it and every step to the points; one query."""
    told = Q(origin__has_keys=["stated", "confirmed"]) & ~Q(derivation="") & ~Q(steps=[])
    return ResultLine.objects.filter(told, result__run=run).count()
