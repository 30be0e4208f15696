"""What answers would score if they were graded now: the engine of the runs, lent to those below.

A forecast is never stored. It differs from a run in two things only: lines that a panel judges stand at 0
and are named as open, and an answer the engine would refuse costs its own line instead of the whole batch.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from county_portal.accounts.models import Region
from indicators.estimates import Answers, ClassLimit, Estimate, Estimator, LineEstimate
from indicators.models import Collection
from indicators.rules import CellFigure
from indicators.selectors.catalogue import catalogue_of
from scoring.engine.batch import FigureScorer, scheme_scorers
from scoring.engine.completion import indicators_with_targets
from scoring.engine.errors import ScoringError
from scoring.engine.grading import class_of, total_of
from scoring.engine.numbers import exact_arithmetic
from scoring.engine.types import (
    Absence,
    Carried,
    Figure,
    Indicator,
    IndicatorScore,
    Item,
    ItemisedRule,
    Measure,
    PanelRule,
    Scheme,
)
from scoring.ground import refused_line
from scoring.models import SchemeVersion
from scoring.selectors.inputs import read_targets
from scoring.selectors.runs import engine_scheme, newest_scheme_version

_ZERO = Decimal(0)
# A scheme in force and its predecessors, one per system; more are never asked for at once.
_KEPT = 8


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A scheme read and checked once, with a scorer per indicator."""

    scheme: Scheme
    scorers: dict[str, FigureScorer]
    indicators: dict[str, Indicator]


_prepared: dict[str, _Prepared] = {}


def provisional_estimator(collection: Collection) -> Estimator | None:
    """The newest locked scheme of the collection's indicator system; one query once it is known, two with targets."""
    catalogue = catalogue_of(collection.version_id)
    version = newest_scheme_version(catalogue.version.system_id)
    if version is None:
        return None
    prepared = _prepare(version)
    factors = {spec.code: spec.factor for spec in catalogue.specs.values()}
    aimed = indicators_with_targets(prepared.scheme)
    desk = _Desk(prepared, factors, collection.data_year, _targets(collection, aimed))
    classes = prepared.scheme.classes
    return Estimator(
        estimate=desk.estimate,
        score_line=desk.score_line,
        class_of=partial(class_of, classes=classes),
        limits=[ClassLimit(grade.name, grade.at_least) for grade in classes],
    )


def _targets(collection: Collection, aimed: Set[str]) -> dict[tuple[str, str], Decimal]:
    """The year's targets by region code, under which answers come."""
    targets = read_targets(collection, aimed)
    codes = dict(Region.objects.filter(pk__in={pk for pk, _ in targets}).values_list("pk", "code"))
    return {(codes[pk], code): target for (pk, code), target in targets.items()}


def sheet_figures(
    version: SchemeVersion, collection: Collection, answers: Answers
) -> dict[str, Figure]:
    """One county's answers as the engine would read them, a figure for each indicator of the scheme."""
    prepared = _prepare(version)
    factors = {
        spec.code: spec.factor for spec in catalogue_of(collection.version_id).specs.values()
    }
    targets = _targets(collection, indicators_with_targets(prepared.scheme))
    desk = _Desk(prepared, factors, collection.data_year, targets)
    return {code: desk.figure(prepared.indicators[code], answers) for code in prepared.indicators}


def prepared_scheme(version: SchemeVersion) -> Scheme:
    """The engine's reading of a locked version, kept by digest."""
    return _prepare(version).scheme


def _prepare(version: SchemeVersion) -> _Prepared:
    """Kept by digest: a locked document never changes, and reading it is the dear part."""
    kept = _prepared.get(version.sha256)
    if kept is None:
        scheme = engine_scheme(version)
        with exact_arithmetic():
            scorers = scheme_scorers(scheme)
        kept = _Prepared(scheme, scorers, {each.code: each for each in scheme.indicators})
        while len(_prepared) >= _KEPT:
            _prepared.pop(next(iter(_prepared)), None)
        _prepared[version.sha256] = kept
    return kept


@dataclass(frozen=True, slots=True)
class _Answer:
    """One line as answered: figure, items, last year's figure."""

    figure: CellFigure | None
    items: Sequence[tuple[str, str]] = ()
    before: CellFigure | None = None
    county: str = ""

    @property
    def is_blank(self) -> bool:
        """Neither figure nor absence: what a run would find missing, and a clerk has not come to yet."""
        figure = self.figure
        return figure is None or not (
            figure.absence or figure.number is not None or figure.numerator is not None
        )


def _answer(code: str, answers: Answers) -> _Answer:
    return _Answer(
        answers.figures.get(code),
        answers.items.get(code, ()),
        answers.last_year.get(code),
        answers.region_code,
    )


@dataclass(frozen=True, slots=True)
class _Desk:
    """Scores answers of one collection."""

    prepared: _Prepared
    factors: dict[str, Decimal]
    data_year: int
    # By county and indicator code; only where the scheme scores by targets.
    targets: dict[tuple[str, str], Decimal]

    def estimate(self, answers: Answers) -> Estimate:
        """All lines of one county by the engine, with what panels may still add."""
        scheme, open_points = self.prepared.scheme, _ZERO
        scores, lines = list[IndicatorScore](), dict[str, LineEstimate]()
        with exact_arithmetic():
            for indicator in scheme.indicators:
                answer = _answer(indicator.code, answers)
                score, line = self._line(indicator, answer)
                scores.append(score)
                lines[indicator.code] = line
                open_points += _open_points(indicator, answer, line)
            total = total_of(scores, scheme)
        class_name = class_of(total, scheme.classes)
        return Estimate(total, class_name, lines, open_points)

    def score_line(
        self, code: str, figure: CellFigure, items: Sequence[tuple[str, str]], region_code: str = ""
    ) -> Decimal | None:
        """Points of one line alone; None for a line that the scheme lacks.

        Without the county's code a line by peers scores as a county of no group, and a target is none.
        """
        indicator = self.prepared.indicators.get(code)
        if indicator is None:
            return None
        with exact_arithmetic():
            return self._line(indicator, _Answer(figure, items, county=region_code))[0].score

    def figure(self, indicator: Indicator, answers: Answers) -> Figure:
        """One line as the engine is given it."""
        return self._figure(indicator, _answer(indicator.code, answers))

    def _line(self, indicator: Indicator, answer: _Answer) -> tuple[IndicatorScore, LineEstimate]:
        """The line for the total, and as it is told."""
        if isinstance(indicator.rule, PanelRule):
            return _at_zero(indicator, "由专家评分，预测中暂计0分", is_judged_later=True)
        try:
            figure = self._figure(indicator, answer)
            scored = self.prepared.scorers[indicator.code](figure, answer.county)
        except ScoringError as error:
            return _at_zero(indicator, f"暂计0分：{error.reason}")
        words = scored.derivation.text
        if answer.is_blank and not isinstance(indicator.rule, ItemisedRule):
            words = f"尚未填写，暂按缺报计：{words}"
        return scored, LineEstimate(scored.score, indicator.weight, words)

    def _figure(self, indicator: Indicator, answer: _Answer) -> Figure:
        """As `selectors.inputs` freezes it: an absent line alone may take last year's figure."""
        code, figure = indicator.code, answer.figure
        items = tuple(Item(kind, name) for kind, name in sorted(answer.items))
        is_list = isinstance(indicator.rule, ItemisedRule)
        if figure is None or (answer.is_blank and not is_list):
            absence = None if items or (figure and is_list) else Absence.MISSING
        else:
            absence = Absence(figure.absence) if figure.absence else None
        target = self.targets.get((answer.county, code))
        carried = self._carried(code, answer.before, target) if absence else None
        measure = Measure(
            value=figure.number if figure else None,
            numerator=figure.numerator if figure else None,
            denominator=figure.denominator if figure else None,
            factor=self.factors.get(code, Decimal(1)),
            items=items,
            target=target,
        )
        return Figure(code, measure, absence, carried)

    def _carried(
        self, code: str, before: CellFigure | None, target: Decimal | None
    ) -> Carried | None:
        if before is None or before.absence:
            return None
        if before.number is None and before.numerator is None:
            return None
        measure = Measure(
            value=before.number,
            numerator=before.numerator,
            denominator=before.denominator,
            factor=self.factors.get(code, Decimal(1)),
            target=target,
        )
        return Carried(self.data_year - 1, measure)


def _at_zero(
    indicator: Indicator, words: str, *, is_judged_later: bool = False
) -> tuple[IndicatorScore, LineEstimate]:
    told = LineEstimate(_ZERO, indicator.weight, words, is_judged_later)
    return refused_line(indicator.code, words), told


def _open_points(indicator: Indicator, answer: _Answer, line: LineEstimate) -> Decimal:
    """What people may still add to a line: a panel's whole line, or items whose points they set."""
    rule = indicator.rule
    if isinstance(rule, PanelRule):
        return rule.maximum
    if not isinstance(rule, ItemisedRule):
        return _ZERO
    judged = {kind.code: kind.at_most or _ZERO for kind in rule.kinds if kind.points is None}
    may_come = sum((judged.get(kind, _ZERO) for kind, _ in answer.items), _ZERO)
    return min(may_come, rule.cap - line.score)
