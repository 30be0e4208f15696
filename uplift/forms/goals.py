"""Class counts promised outside the stages, as typed: “力争年内A类县达到12个”."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from uplift.forms.rows import Cell, Row
from uplift.rules.text import Goal, PlanText

BLANK_ROWS = 2


@dataclass(slots=True)
class GoalsForm:
    """All goals; `goals` is what they say once there is no fault."""

    text: PlanText
    rows: list[Row] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)

    @classmethod
    def of(cls, text: PlanText) -> "GoalsForm":
        """With what is stored, and some rows more."""
        form = cls(text)
        goals: Sequence[Goal | None] = [*text.goals, *[None] * BLANK_ROWS]
        form.rows = [form._row(place, goal) for place, goal in enumerate(goals)]
        return form

    @classmethod
    def read(cls, text: PlanText, data: Mapping[str, str]) -> "GoalsForm":
        """With what was typed; rows without anything in them are left out."""
        form = cls(text)
        count = sum(name.startswith("year-") for name in data)
        form.rows = [form._row(place, None).fill(data) for place in range(count)]
        read = [form._read(row) for row in form.rows if not row.is_blank]
        form.goals = [goal for goal in read if goal]
        return form

    @property
    def faults(self) -> list[Cell]:
        """Every cell with a fault."""
        return [cell for row in self.rows for cell in row.faults]

    def edit(self, text: PlanText) -> PlanText:
        """The text with these goals."""
        return replace(text, goals=tuple(self.goals))

    def _row(self, place: int, goal: Goal | None) -> Row:
        cells = {"year": Cell(f"year-{place}", "年份", str(goal.year) if goal else "")}
        for name in self.text.heading.classes:
            count = goal.counts.get(name) if goal else None
            cells[f"c-{name}"] = Cell(
                f"c-{place}-{name}", f"{name}类县数", "" if count is None else str(count)
            )
        cells["sentence"] = Cell(f"sentence-{place}", "原文", goal.sentence if goal else "")
        return Row(cells)

    def _read(self, row: Row) -> Goal | None:
        year = row["year"].year()
        counts = self._counts(row)
        sentence = row["sentence"].words(2000, required=True)
        if any(row.faults) or year is None:
            return None
        return Goal(year, counts, sentence)

    def _counts(self, row: Row) -> dict[str, int]:
        """Of the classes the sentence speaks of: it may leave some out, never all."""
        found = {}
        cells = {name: row[f"c-{name}"] for name in self.text.heading.classes}
        for name, cell in cells.items():
            count = cell.number(integer=True)
            if count is not None and count < 0:
                cell.fault = f"{cell.label}不能小于0，请改正。"
            elif count is not None:
                found[name] = int(count)
        if not found and not any(cell.fault for cell in cells.values()):
            first = next(iter(cells.values()))
            first.fault = "总体目标至少写明一个类别的县数，请填写。"
        return found
