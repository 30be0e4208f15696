"""进度安排 as a picture: where each step lies on the axis of the term. Pure; per cent of the axis, not pixels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from applications.enums import KeyTask
from applications.rules.materials import Materials, Step, Task
from applications.rules.plan import is_within, term_of

_WHOLE = Decimal(100)
_NARROWEST = Decimal(1)
_QUARTERS = (1, 4, 7, 10)


@dataclass(frozen=True, slots=True)
class Bar:
    """One step. What lies outside the axis is cut off at its ends, and says so."""

    step: Step
    left: Decimal
    width: Decimal
    is_outside: bool

    @property
    def right(self) -> Decimal:
        """Where it ends."""
        return self.left + self.width


@dataclass(frozen=True, slots=True)
class Lane:
    """The steps of one key task, or of whatever else is drawn."""

    label: str
    bars: Sequence[Bar]
    task: Task | None = None


@dataclass(frozen=True, slots=True)
class YearSpan:
    """A year of the axis."""

    year: int
    left: Decimal
    width: Decimal


@dataclass(frozen=True, slots=True)
class Schedule:
    """The whole picture."""

    years: Sequence[YearSpan]
    quarters: Sequence[Decimal]  # where lines stand, the axis's left end left out
    lanes: Sequence[Lane]

    @property
    def step_count(self) -> int:
        """Steps of all tasks."""
        return sum(len(lane.bars) for lane in self.lanes)


def draw_schedule(materials: Materials) -> Schedule:
    """Tasks in their order, steps by their dates."""
    lanes = [(KeyTask(task.kind).label, task.steps) for task in materials.tasks]
    drawn = draw_lanes(term_of(materials), lanes)
    pairs = zip(drawn.lanes, materials.tasks, strict=True)
    return replace(drawn, lanes=[replace(lane, task=task) for lane, task in pairs])


def draw_lanes(term: tuple[date, date], lanes: Iterable[tuple[str, Sequence[Step]]]) -> Schedule:
    """Labelled lanes of steps on the axis between two days, both included."""
    years = range(term[0].year, term[1].year + 1)
    return Schedule(
        years=[
            YearSpan(year, *_span(date(year, 1, 1), date(year, 12, 31), term)) for year in years
        ],
        quarters=[
            _span(date(year, month, 1), date(year, month, 1), term)[0]
            for year in years
            for month in _QUARTERS
        ][1:],
        lanes=[Lane(label, [_bar(step, term) for step in steps]) for label, steps in lanes],
    )


def _bar(step: Step, term: tuple[date, date]) -> Bar:
    left, width = _span(step.starts_on, step.ends_on, term)
    width = max(width, _NARROWEST)
    return Bar(step, min(left, _WHOLE - width), width, not is_within(step, term))


def _span(first: date, last: date, term: tuple[date, date]) -> tuple[Decimal, Decimal]:
    days = (term[1] - term[0]).days + 1
    begin = min(max((first - term[0]).days, 0), days)
    end = min(max((last - term[0]).days + 1, begin), days)
    return _percent(begin, days), _percent(end, days) - _percent(begin, days)


def _percent(days: int, whole: int) -> Decimal:
    return (_WHOLE * days / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)
