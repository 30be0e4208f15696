"""Grade a batch of counties under one scheme: the engine's main door."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import assert_never

from scoring.engine.absence import score_absent
from scoring.engine.canonical import sha256_of
from scoring.engine.errors import ScoringError, together
from scoring.engine.grading import class_of, shared_ranks
from scoring.engine.itemised import itemised_scorer
from scoring.engine.numbers import exact_arithmetic
from scoring.engine.panel import panel_scorer
from scoring.engine.piecewise import piecewise_scorer
from scoring.engine.scheme_document import scheme_document
from scoring.engine.types import (
    Absence,
    BatchResult,
    CountyFigures,
    CountyResult,
    Derivation,
    Figure,
    FigureStatus,
    Flag,
    GradingInputs,
    Indicator,
    IndicatorScore,
    ItemisedRule,
    Measure,
    PanelRule,
    PiecewiseRule,
    Scheme,
)
from scoring.engine.version import ENGINE_VERSION

MeasureScorer = Callable[[Measure], tuple[Decimal, tuple[Flag, ...], Derivation]]
FigureScorer = Callable[[Figure], IndicatorScore]


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
        scorers = {each.code: figure_scorer(each, scheme.places) for each in scheme.indicators}
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


def score_indicator(indicator: Indicator, figure: Figure, places: int = 2) -> IndicatorScore:
    """Score one figure by itself, as a preview does; raises ScoringError naming the indicator."""
    with exact_arithmetic():
        try:
            return figure_scorer(indicator, places)(figure)
        except ScoringError as problem:
            raise problem.located(indicator=indicator.name) from None


def figure_scorer(indicator: Indicator, places: int) -> FigureScorer:
    """Prepare one indicator for many figures; call the scorer inside `exact_arithmetic` only."""
    score_measure = _measure_scorer(indicator, places)
    code, judged = indicator.code, isinstance(indicator.rule, PanelRule)

    def score(figure: Figure) -> IndicatorScore:
        if figure.absence is None or (judged and _is_judged(figure)):
            points, flags, derivation = score_measure(figure.measure)
        else:
            _refuse_contradiction(figure)
            points, flags, derivation = score_absent(
                indicator, figure, figure.absence, places, score_measure
            )
        if figure.status is FigureStatus.FORECAST:
            flags = (*flags, Flag.FORECAST)
        return IndicatorScore(code, points, flags, derivation)

    return score


def _measure_scorer(indicator: Indicator, places: int) -> MeasureScorer:
    rule = indicator.rule
    match rule:
        case PiecewiseRule():
            return piecewise_scorer(indicator, rule, places)
        case ItemisedRule():
            return itemised_scorer(indicator, rule, places)
        case PanelRule():
            return panel_scorer(indicator, rule, places)
        case _:  # pragma: no cover -- the type checker proves that no rule is left
            assert_never(rule)


def _is_judged(figure: Figure) -> bool:
    """A qualitative answer is no absence once a panel has scored it."""
    return figure.absence is Absence.QUALITATIVE and bool(figure.measure.panel)


def _refuse_contradiction(figure: Figure) -> None:
    measure = figure.measure
    has_ratio = measure.numerator is not None and measure.denominator is not None
    if measure.value is not None or has_ratio or measure.items or measure.panel:
        raise ScoringError("figure-contradictory", "既有填报内容，又注明缺报、不适用或定性")


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
            lines.append(scorers[indicator.code](figure))
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
    """S3: the total is the sum of the rounded scores. Listed by total, then by region code."""
    totals = [
        (sum((line.score for line in lines), Decimal(0)), county, lines) for county, lines in scored
    ]
    totals.sort(key=lambda row: (-row[0], row[1].code))
    ranks = shared_ranks([total for total, _, _ in totals])
    return tuple(
        CountyResult(county.code, county.name, total, class_of(total, scheme.classes), rank, lines)
        for rank, (total, county, lines) in zip(ranks, totals, strict=True)
    )
