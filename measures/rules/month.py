"""A ledger's month in plain values: what moved, what stalls, who is late; what the monthly 专报 is bound to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from county_portal.documents.digest import content_digest
from measures.enums import DutyKind, Standing
from measures.rules.lines import STALLS_AFTER, DutyState, Line, names_of


@dataclass(frozen=True, slots=True)
class Said:
    """What a unit reported of the month."""

    unit: str
    words: str


@dataclass(frozen=True, slots=True)
class GoalPoint:
    """A goal at the end of the month; `expected` is the straight path's value."""

    name: str
    unit: str
    target: Decimal
    now: Decimal | None
    expected: Decimal | None
    is_met: bool
    is_behind: bool


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One measure in the month."""

    number: int
    part: str
    heading: str
    leads: Sequence[str]
    state: str
    reason: str
    is_overdue: bool
    due_on: date | None
    silent_months: int
    missing: int
    said: Sequence[Said]
    goals: Sequence[GoalPoint]

    @property
    def is_stalled(self) -> bool:
        """Silent for too long, or behind with a goal, or said to lag."""
        return (
            self.silent_months >= STALLS_AFTER
            or any(goal.is_behind for goal in self.goals)
            or self.state == Standing.LAGGING
        )


@dataclass(frozen=True, slots=True)
class LateUnit:
    """A unit that owes reports: of how many measures this month, and months in all."""

    unit: str
    measures: Sequence[int]
    months: int


@dataclass(frozen=True, slots=True)
class Month:
    """The whole month of a ledger."""

    ledger: str  # the title of the text it keeps
    month: date
    lines: Sequence[MonthLine]
    late_units: Sequence[LateUnit]
    reporting: int  # units × measures from which a word was due
    reported: int

    @property
    def digest(self) -> str:
        """Of everything the report may say."""
        return content_digest(self)

    @property
    def moved(self) -> list[MonthLine]:
        """Measures of which something was reported."""
        return [line for line in self.lines if line.said]

    @property
    def stalled(self) -> list[MonthLine]:
        """Measures that stall and are neither done nor ended."""
        return [line for line in self.lines if line.is_stalled]

    @property
    def overdue(self) -> list[MonthLine]:
        """Measures past their day."""
        return [line for line in self.lines if line.is_overdue]

    def count(self, state: Standing) -> int:
        """Measures that stand so."""
        return sum(line.state == state for line in self.lines)


@dataclass(frozen=True, slots=True)
class Words:
    """What a unit said of a measure in the month, as read from the rows."""

    measure: int
    unit: str
    words: str


def draw_up(ledger: str, month: date, lines: Sequence[Line], said: Iterable[Words]) -> Month:
    """The month of a ledger from its lines as they stood at the month's close."""
    by_measure: dict[int, list[Said]] = {}
    for each in said:
        by_measure.setdefault(each.measure, []).append(Said(each.unit, each.words))
    due = [
        (line, duty)
        for line in lines
        for duty in line.duties
        if duty.is_reporting and month in duty.over
    ]
    return Month(
        ledger=ledger,
        month=month,
        lines=[_month_line(line, month, by_measure.get(line.pk, [])) for line in lines],
        late_units=_late_units(due, month),
        reporting=len(due),
        reported=sum(month in duty.months for _, duty in due),
    )


def _month_line(line: Line, month: date, said: Sequence[Said]) -> MonthLine:
    leading = (duty for duty in line.active_duties if duty.kind != DutyKind.SUPPORT)
    return MonthLine(
        number=line.number,
        part=line.part_title,
        heading=line.heading,
        leads=names_of(leading),
        state=str(line.state),
        reason=line.state_reason,
        is_overdue=line.is_overdue,
        due_on=line.due_on,
        silent_months=line.silent_months,
        missing=line.missing,
        said=said,
        goals=[
            GoalPoint(
                goal.name,
                goal.unit,
                goal.target,
                goal.now,
                goal.expected(month),
                goal.is_met,
                line.is_open and goal.is_behind(month),
            )
            for goal in line.goals
        ],
    )


def _late_units(due: Iterable[tuple[Line, DutyState]], month: date) -> list[LateUnit]:
    owing: dict[str, list[tuple[Line, DutyState]]] = {}
    for line, duty in due:
        if month in duty.late:
            owing.setdefault(duty.name, []).append((line, duty))
    found = [
        LateUnit(
            unit,
            [line.number for line, _ in owed],
            sum(len(duty.late) for _, duty in owed),
        )
        for unit, owed in owing.items()
    ]
    return sorted(found, key=lambda each: (-len(each.measures), -each.months, each.unit))
