"""From an indicator to a scorer of its figures: which kind of rule, for which county, against which others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, Protocol, assert_never

from scoring.engine.absence import score_absent
from scoring.engine.completion import completion_scorer
from scoring.engine.errors import ScoringError
from scoring.engine.expression import expression_scorer
from scoring.engine.field import Field, compares, field_of
from scoring.engine.itemised import itemised_scorer
from scoring.engine.panel import panel_scorer
from scoring.engine.piecewise import piecewise_scorer
from scoring.engine.relative import deviation_scorer, percentile_scorer
from scoring.engine.types import (
    Absence,
    ByPeerRule,
    CompletionRule,
    CountyFigures,
    Derivation,
    DeviationRule,
    ExpressionRule,
    Figure,
    FigureRule,
    FigureStatus,
    Flag,
    Indicator,
    IndicatorScore,
    ItemisedRule,
    Measure,
    PanelRule,
    PercentileRule,
    PiecewiseRule,
    RoundingMode,
    Scheme,
    Step,
)

OTHERS = "其他县"

Scored = tuple[Decimal, tuple[Flag, ...], Derivation]
MeasureScorer = Callable[[Measure], Scored]


class FigureScorer(Protocol):
    """Scores a figure; `county` is the region code, which rules by class of counties need."""

    def __call__(self, figure: Figure, county: str = "") -> IndicatorScore: ...


class _Pair(NamedTuple):
    """A rule made ready: for figures of this year, and for earlier ones carried forward."""

    own: MeasureScorer
    carried: MeasureScorer


@dataclass(frozen=True, slots=True)
class PeerDerivation:
    """A derivation with the class of counties whose rule it followed."""

    group: str
    basis: Derivation

    @property
    def exact(self) -> Fraction:
        return self.basis.exact

    @property
    def text(self) -> str:
        return f"{self.group}：{self.basis.text}"

    @property
    def steps(self) -> tuple[Step, ...]:
        return Step("peer", "县类", self.group), *self.basis.steps


def scheme_scorers(
    scheme: Scheme, counties: Iterable[CountyFigures] | None = None
) -> dict[str, FigureScorer]:
    """A scorer per indicator code; rules that compare counties compare with these, or refuse where there are none.

    Call the scorers inside `exact_arithmetic` only.
    """
    field_values = None if counties is None else list(counties)
    scorers = {}
    for indicator in scheme.indicators:
        field = None
        if field_values is not None and compares(indicator.rule):
            field = field_of(indicator, field_values)
        scorers[indicator.code] = figure_scorer(indicator, scheme.places, scheme.mode, field)
    return scorers


def figure_scorer(
    indicator: Indicator,
    places: int,
    mode: RoundingMode = RoundingMode.HALF_UP,
    field: Field | None = None,
) -> FigureScorer:
    """Prepare one indicator for many figures; call the scorer inside `exact_arithmetic` only.

    `field` holds the other counties for rules that compare; without one those raise ScoringError when asked.
    """
    pair_for = _preparer(indicator, places, mode, field)
    code, judged = indicator.code, isinstance(indicator.rule, PanelRule)

    def score(figure: Figure, county: str = "") -> IndicatorScore:
        pair = pair_for(county)
        if figure.absence is None or (judged and _is_judged(figure)):
            points, flags, derivation = pair.own(figure.measure)
        else:
            _refuse_contradiction(figure)
            points, flags, derivation = score_absent(
                indicator, figure, figure.absence, places, pair.carried
            )
        if figure.status is FigureStatus.FORECAST:
            flags = (*flags, Flag.FORECAST)
        return IndicatorScore(code, points, flags, derivation)

    return score


def _preparer(
    indicator: Indicator, places: int, mode: RoundingMode, field: Field | None
) -> Callable[[str], _Pair]:
    rule = indicator.rule
    if isinstance(rule, ByPeerRule):
        return _peer_preparer(indicator, rule, _Terms(places, mode, field))
    pair = _pair(indicator, _Terms(places, mode, field))
    return lambda _county: pair


class _Terms(NamedTuple):
    """What rules of every kind are made ready with."""

    places: int
    mode: RoundingMode
    field: Field | None


def _peer_preparer(indicator: Indicator, rule: ByPeerRule, terms: _Terms) -> Callable[[str], _Pair]:
    """One pair of scorers for each class of counties; each class is a field of its own."""
    field, listed = terms.field, [code for group in rule.groups for code in group.codes]

    def made(name: str, inner: FigureRule, members: Field | None) -> _Pair:
        pair = _pair(replace(indicator, rule=inner), terms._replace(field=members))
        return _Pair(_named(name, pair.own), _named(name, pair.carried))

    by_code: dict[str, _Pair] = {}
    for group in rule.groups:
        members = None if field is None else field.among(group.codes)
        by_code.update(dict.fromkeys(group.codes, made(group.name, group.rule, members)))
    rest = made(OTHERS, rule.otherwise, None if field is None else field.without(listed))

    def pair_for(county: str) -> _Pair:
        if not county:
            raise ScoringError("county-needed", "按县的类别计分，须指明是哪个县")
        return by_code.get(county, rest)

    return pair_for


def _named(group: str, scorer: MeasureScorer) -> MeasureScorer:
    def score(measure: Measure) -> Scored:
        points, flags, basis = scorer(measure)
        return points, flags, PeerDerivation(group, basis)

    return score


def _pair(indicator: Indicator, terms: _Terms) -> _Pair:
    rule = indicator.rule
    if isinstance(rule, PercentileRule):
        return _Pair(
            percentile_scorer(indicator, rule, *terms),
            percentile_scorer(indicator, rule, *terms, is_member=False),
        )
    scorer = _measure_scorer(indicator, terms)
    return _Pair(scorer, scorer)


def _measure_scorer(indicator: Indicator, terms: _Terms) -> MeasureScorer:
    places, mode, field = terms
    rule = indicator.rule
    match rule:
        case PiecewiseRule():
            return piecewise_scorer(indicator, rule, places, mode)
        case ItemisedRule():
            return itemised_scorer(indicator, rule, places, mode)
        case PanelRule():
            return panel_scorer(indicator, rule, places, mode)
        case DeviationRule():
            return deviation_scorer(indicator, rule, places, mode, field)
        case CompletionRule():
            return completion_scorer(indicator, rule, places, mode)
        case ExpressionRule():
            return expression_scorer(indicator, rule, places, mode)
        case (
            PercentileRule() | ByPeerRule()
        ):  # pragma: no cover -- made ready by those who call this
            raise AssertionError(rule)
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
