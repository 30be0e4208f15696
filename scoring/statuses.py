"""One figure in four statuses: what a county expected, what it handed in, what its city confirmed, what was decided.

Each status of the whole batch is scored by the run's own engine and scheme, so two points differ only where
figures do. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from indicators.rules.cells import CellFigure
from indicators.rules.versions import Version, side_of
from scoring.engine.batch import score_batch
from scoring.engine.errors import ScoringError
from scoring.engine.types import (
    Absence,
    BatchResult,
    CountyFigures,
    CountyResult,
    Figure,
    GradingInputs,
    Item,
    Measure,
    Scheme,
)
from scoring.explanation import scored_measure, value_text


class Status(StrEnum):
    """The four, in the order they come about."""

    FORECAST = "forecast"
    SELF = "self"
    CITY = "city"
    DECIDED = "decided"

    @property
    def label(self) -> str:
        """As officials call it."""
        return {"forecast": "预测", "self": "自评", "city": "市审", "decided": "核定"}[self]


@dataclass(frozen=True, slots=True)
class Stage:
    """One status of every county that has it: figures and results by region code."""

    figures: Mapping[str, CountyFigures]
    results: Mapping[str, CountyResult]


@dataclass(frozen=True, slots=True)
class Cell:
    """One line in one status."""

    value: str
    score: Decimal


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One line in all statuses it has; the reasons for what differs stand in the order they were given."""

    code: str
    name: str
    weight: Decimal
    cells: Mapping[Status, Cell]
    reasons: Sequence[tuple[str, str]]

    @property
    def differs(self) -> bool:
        """Whether any two statuses have another figure or other points."""
        return len(set(self.cells.values())) > 1

    @property
    def row(self) -> list[tuple[Status, Cell | None]]:
        """Every status, with nothing where the line lacks it."""
        return [(status, self.cells.get(status)) for status in Status]

    def change(self, before: Status, after: Status) -> Decimal | None:
        """Points won (or lost, negative) between two statuses; None where one is lacking."""
        if before not in self.cells or after not in self.cells:
            return None
        return self.cells[after].score - self.cells[before].score


def restate(
    frozen: CountyFigures, version: Version, kinds: Mapping[str, frozenset[str]]
) -> CountyFigures:
    """A county's figures as an earlier text of its sheet has them; what experts gave stays as it was frozen."""
    return replace(
        frozen,
        figures=tuple(
            _restated(figure, version, kinds.get(figure.indicator, frozenset()))
            for figure in frozen.figures
        ),
    )


def _restated(frozen: Figure, version: Version, kinds: frozenset[str]) -> Figure:
    side = side_of(version, frozen.indicator, kinds)
    items = tuple(sorted((Item(each.kind, each.name) for each in side.items), key=_item_order))
    stated = side.figure or CellFigure()
    measure = replace(
        frozen.measure,
        value=stated.number,
        numerator=stated.numerator,
        denominator=stated.denominator,
        items=items,
    )
    absence = Absence(stated.absence) if stated.absence else None
    if side.figure is None and not items and not measure.panel:
        absence = Absence.MISSING
    return replace(frozen, measure=measure, absence=absence)


def _item_order(item: Item) -> tuple[str, str]:
    return item.kind, item.name


def with_targets(county: CountyFigures, targets: Mapping[str, Decimal]) -> CountyFigures:
    """A county's figures with the ones it expected in their place, by indicator code."""
    return replace(
        county,
        figures=tuple(
            replace(
                figure,
                measure=Measure(
                    value=targets[figure.indicator],
                    factor=figure.measure.factor,
                    target=figure.measure.target,
                ),
                absence=None,
                carried=None,
            )
            if figure.indicator in targets
            else figure
            for figure in county.figures
        ),
    )


def stage_of(counties: Mapping[str, CountyFigures], inputs: GradingInputs, scheme: Scheme) -> Stage:
    """Score one status of a batch; a county whose figures the engine refuses has no such status."""
    try:
        return _scored(counties, inputs, scheme)
    except ScoringError:
        sound = {
            code: county for code, county in counties.items() if _is_sound(county, inputs, scheme)
        }
        return _scored(sound, inputs, scheme)


def _scored(counties: Mapping[str, CountyFigures], inputs: GradingInputs, scheme: Scheme) -> Stage:
    # Nothing to compare with: a rule on the mean of the counties has none of no counties.
    if not counties:
        return Stage({}, {})
    return Stage(counties, _score(counties, inputs, scheme).by_code)


def _score(
    counties: Mapping[str, CountyFigures], inputs: GradingInputs, scheme: Scheme
) -> BatchResult:
    return score_batch(replace(inputs, counties=tuple(counties.values())), scheme)


def _is_sound(county: CountyFigures, inputs: GradingInputs, scheme: Scheme) -> bool:
    try:
        score_batch(replace(inputs, counties=(county,)), scheme)
    except ScoringError:
        return False
    return True


def cell_of(stage: Stage, region: str, code: str, unit: str) -> Cell | None:
    """One line of one county in a status; None where the county has no such status."""
    result = stage.results.get(region)
    if result is None:
        return None
    (line,) = (line for line in result.lines if line.indicator == code)
    (figure,) = (each for each in stage.figures[region].figures if each.indicator == code)
    value = value_text(figure, scored_measure(figure, line.flags), unit)
    return Cell(value, line.score)
