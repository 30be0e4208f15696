"""Grade a batch of counties under one scheme: the engine's main door."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from scoring.engine.canonical import sha256_of
from scoring.engine.errors import ScoringError, together
from scoring.engine.grading import class_of, shared_ranks, standing, total_of
from scoring.engine.numbers import exact_arithmetic
from scoring.engine.preparing import FigureScorer, figure_scorer, scheme_scorers
from scoring.engine.scheme_document import scheme_document
from scoring.engine.types import (
    BatchResult,
    CountyFigures,
    CountyResult,
    Figure,
    GradingInputs,
    Indicator,
    IndicatorScore,
    RoundingMode,
    Scheme,
)
from scoring.engine.version import ENGINE_VERSION

__all__ = ["FigureScorer", "figure_scorer", "scheme_scorers", "score_batch", "score_indicator"]


def score_batch(inputs: GradingInputs, scheme: Scheme) -> BatchResult:
    """Score, class and rank every county; the order of the inputs makes no difference.

    Raises ScoringError with the first problem by region code and all others in `others`, when a
    county lacks a row, answers an unknown indicator, or holds a figure that cannot be scored.
    """
    digest = sha256_of(scheme_document(scheme))
    if inputs.scheme_sha256 != digest:
        raise ScoringError("scheme-mismatch", "所给评分方案与冻结数据注明的方案不是同一版本")
    counties = sorted(inputs.counties, key=lambda county: (county.code, county.name))
    with exact_arithmetic():
        scorers = scheme_scorers(scheme, counties)
        problems: list[ScoringError] = list(_repeated_counties(counties))
        scored = [(county, _score_county(county, scheme, scorers, problems)) for county in counties]
        if problems:
            raise together(problems)
        return BatchResult(
            ENGINE_VERSION,
            inputs.data_year,
            inputs.evaluation_year,
            digest,
            _listed(scored, scheme),
        )


def score_indicator(
    indicator: Indicator,
    figure: Figure,
    places: int = 2,
    mode: RoundingMode = RoundingMode.HALF_UP,
) -> IndicatorScore:
    """Score one figure by itself, as a preview does; raises ScoringError naming the indicator."""
    with exact_arithmetic():
        try:
            return figure_scorer(indicator, places, mode)(figure)
        except ScoringError as problem:
            raise problem.located(indicator=indicator.name) from None


def _score_county(
    county: CountyFigures,
    scheme: Scheme,
    scorers: Mapping[str, FigureScorer],
    problems: list[ScoringError],
) -> tuple[IndicatorScore, ...]:
    name = f"{county.name}（{county.code}）"
    figures = {figure.indicator: figure for figure in county.figures}
    if len(figures) != len(county.figures) or figures.keys() != scorers.keys():
        problems.extend(each.located(county=name) for each in _misfits(county, scheme))
    lines = []
    for indicator in scheme.indicators:
        figure = figures.get(indicator.code)
        if figure is None:
            continue
        try:
            lines.append(scorers[indicator.code](figure, county.code))
        except ScoringError as problem:
            problems.append(problem.located(county=name, indicator=indicator.name))
    return tuple(lines)


def _misfits(county: CountyFigures, scheme: Scheme) -> Iterator[ScoringError]:
    """Rows that are missing, repeated or not in the scheme, in an order of their own."""
    answered = Counter(figure.indicator for figure in county.figures)
    names = {indicator.code: indicator.name for indicator in scheme.indicators}
    for code, name in names.items():
        if code not in answered:
            yield ScoringError("figure-row-missing", "缺少这一行数据", indicator=name)
        elif answered[code] > 1:
            yield ScoringError("figure-row-repeated", "同一指标出现多行数据", indicator=name)
    for code in sorted(answered.keys() - names.keys()):
        yield ScoringError("indicator-unknown", "评分方案中没有这个指标", indicator=code)


def _repeated_counties(counties: Sequence[CountyFigures]) -> Iterator[ScoringError]:
    for before, county in pairwise(counties):
        if before.code == county.code:
            name = f"{county.name}（{county.code}）"
            yield ScoringError("county-repeated", "同一县（市、区）出现两次", county=name)


def _listed(
    scored: Sequence[tuple[CountyFigures, tuple[IndicatorScore, ...]]], scheme: Scheme
) -> tuple[CountyResult, ...]:
    """Listed by total, then by the lines that part equal totals, then by region code."""
    rows = [
        (standing(total_of(lines, scheme), lines, scheme), county, lines)
        for county, lines in scored
    ]
    rows.sort(key=lambda row: ([-each for each in row[0]], row[1].code))
    ranks = shared_ranks([place for place, _, _ in rows])
    return tuple(
        CountyResult(
            county.code, county.name, place[0], class_of(place[0], scheme.classes), rank, lines
        )
        for rank, (place, county, lines) in zip(ranks, rows, strict=True)
    )
