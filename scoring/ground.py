"""What a county stands on when it thinks ahead, and what its lines score: the engine's points, nothing estimated."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from indicators.rules import CellSpec
from scoring.engine.errors import ScoringError
from scoring.engine.field import compares, field_of
from scoring.engine.grading import class_of, total_of
from scoring.engine.numbers import exact_arithmetic
from scoring.engine.preparing import FigureScorer, figure_scorer, scheme_scorers
from scoring.engine.types import (
    ByPeerRule,
    CountyFigures,
    Figure,
    Indicator,
    IndicatorScore,
    PanelRule,
    Scheme,
    Step,
)
from scoring.improvements import Words, measured_value, scored_measure

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Refused:
    """In place of a derivation: why a line stands at 0 for now."""

    text: str
    exact: Fraction = Fraction(0)
    steps: tuple[Step, ...] = ()


def refused_line(code: str, reason: str) -> IndicatorScore:
    """A line that stands at 0 in whatever way the total is added."""
    return IndicatorScore(code, _ZERO, (), Refused(reason))


@dataclass(frozen=True, slots=True)
class LineScore:
    """One line's points; a figure the engine refuses costs its line alone and says why."""

    line: IndicatorScore
    is_open: bool = False  # judged by a panel that has not spoken: 0 for now

    @property
    def score(self) -> Decimal:
        """Points as recorded."""
        return self.line.score

    @property
    def exact(self) -> Fraction:
        """Before rounding: of 50家 and 63家 the recorded scores differ by 0.44, the arithmetic by 0.43."""
        return self.line.derivation.exact

    @property
    def text(self) -> str:
        """The arithmetic, or why there is none."""
        return self.line.derivation.text


@dataclass(frozen=True)
class Ground:
    """What a county stands on: a figure for each indicator of the scheme, and what lines are called.

    `others` are the counties it is compared with by rules that compare; without them those lines stand at 0.
    """

    scheme: Scheme
    figures: Mapping[str, Figure]
    words: Mapping[str, Words]
    specs: Mapping[str, CellSpec]
    code: str = ""
    others: tuple[CountyFigures, ...] | None = None

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Indicators by code, each with the rule that holds for this county."""
        return {
            each.code: replace(each, rule=each.rule.for_county(self.code))
            if isinstance(each.rule, ByPeerRule)
            else each
            for each in self.scheme.indicators
        }

    @cached_property
    def lines(self) -> dict[str, LineScore]:
        """Every line as it stands."""
        return {code: self.score(figure) for code, figure in self.figures.items()}

    def score(self, figure: Figure) -> LineScore:
        """One figure by the engine."""
        indicator = self._stated[figure.indicator]
        if isinstance(indicator.rule, PanelRule) and not figure.measure.panel:
            return LineScore(refused_line(indicator.code, "由专家评分，暂计0分"), is_open=True)
        try:
            with exact_arithmetic():
                return LineScore(self._scorer(indicator, figure)(figure, self.code))
        except ScoringError as error:
            return LineScore(refused_line(indicator.code, f"暂计0分：{error.reason}"))

    @cached_property
    def _stated(self) -> dict[str, Indicator]:
        return {each.code: each for each in self.scheme.indicators}

    @cached_property
    def _scorers(self) -> dict[str, FigureScorer]:
        with exact_arithmetic():
            return scheme_scorers(self.scheme)

    def _scorer(self, indicator: Indicator, figure: Figure) -> FigureScorer:
        """A rule that compares counties has the changed figure in its mean, too."""
        if self.others is None or not compares(indicator.rule):
            return self._scorers[indicator.code]
        own = CountyFigures(self.code, "", (figure,))
        field = field_of(indicator, (*self.others, own))
        return figure_scorer(indicator, self.scheme.places, self.scheme.mode, field)

    def total(self, changed: Mapping[str, Figure]) -> Decimal:
        """The total with these figures in place of one's own, added as the scheme adds."""
        scores = self.lines | {code: self.score(figure) for code, figure in changed.items()}
        return total_of([each.line for each in scores.values()], self.scheme)

    def class_of(self, total: Decimal) -> str:
        """The class of a total."""
        return class_of(total, self.scheme.classes)

    def with_figures(self, changed: Mapping[str, Figure]) -> "Ground":
        """The same county with other figures."""
        return replace(self, figures={**self.figures, **changed})


def value_of(indicator: Indicator, figure: Figure) -> Decimal | None:
    """The unrounded value that is scored; None where there is none."""
    with exact_arithmetic():
        measure = scored_measure(indicator, figure)
        return None if measure is None else measured_value(measure)
