"""Units × months: how much of what was due each unit reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from measures.rules.lines import Line
from measures.rules.months import due_on, month_of, shifted

_SHOWN_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit's month: measures due, reported in time or later; `tone` and `word` say it."""

    month: date
    due: int
    said: int
    is_late: bool

    @property
    def tone(self) -> str:
        """Its colour."""
        if not self.due:
            return "neutral"
        if self.said >= self.due:
            return "success"
        return "danger" if self.is_late else "warning"

    @property
    def word(self) -> str:
        """What it says besides its colour."""
        if not self.due:
            return "无任务"
        if self.said >= self.due:
            return "已填"
        if not self.is_late:
            return "待填"
        return "部分逾期" if self.said else "逾期"


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit with its months; `owed` counts missing reports whose day has passed."""

    unit: str
    measures: int
    cells: Sequence[Cell]
    owed: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """The months shown and the units that report."""

    months: Sequence[date]
    rows: Sequence[UnitRow]


def draw_matrix(lines: Sequence[Line], due_day: int, today: date) -> Matrix:
    """The last twelve months something was due of, the newest first; units in the order of the text."""
    held: dict[str, list[tuple[frozenset[date], frozenset[date], int]]] = {}
    over: set[date] = set()
    for line in lines:
        for duty in line.duties:
            if duty.is_reporting:
                own = frozenset(duty.over)
                over |= own
                held.setdefault(duty.name, []).append((own, duty.months, len(duty.late)))
    last = max(over, default=shifted(month_of(today), -1))
    months = sorted(
        (month for month in over if month > shifted(last, -_SHOWN_MONTHS)), reverse=True
    )
    rows = [
        UnitRow(
            unit,
            len(parts),
            [_cell(month, parts, is_late=due_on(month, due_day) < today) for month in months],
            sum(owed for _, _, owed in parts),
        )
        for unit, parts in held.items()
    ]
    return Matrix(months, rows)


def _cell(
    month: date, parts: Sequence[tuple[frozenset[date], frozenset[date], int]], *, is_late: bool
) -> Cell:
    due = [said for over, said, _ in parts if month in over]
    return Cell(month, len(due), sum(month in said for said in due), is_late)
