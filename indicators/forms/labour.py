"""Forms of the division of labour: who gets which line, and a department's own lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django import forms

from county_portal.accounts.models import Office
from indicators.actions.filling import CellEdit
from indicators.actions.labour import AssignmentInput
from indicators.enums import FillMode, IndicatorKind
from indicators.forms.fields import DayField
from indicators.rules import CellError, CellInput, read_cell, typed_of
from indicators.selectors.labour import AssignedLine, DividedLine

_PARTS = {"text": "v", "numerator": "n", "denominator": "d", "mode": "m", "note": "t"}


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One indicator with the department and day chosen for it."""

    line: DividedLine
    office: str
    due_on: str
    error: str = ""

    @property
    def code(self) -> str:
        """The indicator's code, which names its fields."""
        return self.line.row.spec.code

    @property
    def base(self) -> str:
        """What is stored, so that only touched lines are written later."""
        assignment = self.line.assignment
        if assignment is None:
            return ""
        return f"{assignment.office.public_id}|{assignment.due_on.isoformat()}"


@dataclass(frozen=True, slots=True)
class DivisionForm:
    """The division as a table: a department and a day for each indicator."""

    rows: Sequence[DivisionRow]
    wanted: Sequence[AssignmentInput] = ()

    @classmethod
    def of(cls, lines: Sequence[DividedLine]) -> "DivisionForm":
        """The table as stored."""
        return cls([_stored_row(line) for line in lines])

    @classmethod
    def read(
        cls, lines: Sequence[DividedLine], data: Mapping[str, str], offices: Sequence[Office]
    ) -> "DivisionForm":
        """The table as posted; only lines touched since the page was opened are wanted."""
        known = {str(office.public_id): office for office in offices}
        rows, wanted = [], []
        for line in lines:
            code = line.row.spec.code
            if f"o-{code}" not in data:
                rows.append(_stored_row(line))
                continue
            office, due_on = data[f"o-{code}"], data.get(f"u-{code}", "")
            row = DivisionRow(line, office, due_on, _day_error(office, due_on))
            if office not in {"", *known}:
                row = replace(row, error="所选单位不是本县的数据提供部门，请重新选择。")
            rows.append(row)
            if not row.error and _posted(office, due_on) != data.get(f"b-{code}", ""):
                day = date.fromisoformat(due_on) if due_on else None
                wanted.append(AssignmentInput(code, known.get(office), day))
        return cls(rows, wanted)

    @property
    def errors(self) -> list[DivisionRow]:
        """Rows that cannot be accepted as typed."""
        return [row for row in self.rows if row.error]

    def refused(self, code: str, sentence: str) -> "DivisionForm":
        """The same typing with the sentence of a refusal beside its line."""
        rows = [replace(row, error=sentence) if row.code == code else row for row in self.rows]
        return replace(self, rows=rows)


def _stored_row(line: DividedLine) -> DivisionRow:
    assignment = line.assignment
    if assignment is None:
        return DivisionRow(line, "", "")
    return DivisionRow(line, str(assignment.office.public_id), assignment.due_on.isoformat())


def _posted(office: str, due_on: str) -> str:
    return f"{office}|{due_on}" if office else ""


def _day_error(office: str, due_on: str) -> str:
    if not office or not due_on:
        return ""
    try:
        date.fromisoformat(due_on)
    except ValueError:
        return "日期无效，请按“2026-03-31”的格式填写。"
    return ""


class DefaultDivisionForm(forms.Form):
    """The one day that goes with the system's own division."""

    due_on = DayField(label="部门截止日期")


@dataclass(frozen=True, slots=True)
class ProvidedCell:
    """One of a department's lines as typed."""

    line: AssignedLine
    typed: CellInput
    base: str
    errors: Sequence[CellError] = ()
    theirs: CellInput | None = None

    @property
    def code(self) -> str:
        """The indicator's code, which names its fields."""
        return self.line.row.spec.code

    @property
    def is_rate(self) -> bool:
        """Whether it has parts."""
        return self.line.row.spec.kind == IndicatorKind.RATE

    @property
    def is_qualitative(self) -> bool:
        """Whether it is answered in words."""
        return self.line.row.spec.kind == IndicatorKind.QUALITATIVE

    @property
    def modes(self) -> list[tuple[str, str, bool]]:
        """Choices of the way it is filled: value, label, whether chosen."""
        return [(str(mode), str(mode.label), mode == self.typed.mode) for mode in FillMode]

    @property
    def faults(self) -> dict[str, list[str]]:
        """Sentences by part."""
        found: dict[str, list[str]] = {}
        for error in self.errors:
            found.setdefault(error.part, []).append(error.sentence)
        return found


@dataclass(frozen=True, slots=True)
class ProvidedForm:
    """A department's lines as a form; fields of any other line are not even read."""

    cells: Sequence[ProvidedCell]
    edits: Sequence[CellEdit] = field(default_factory=list)

    @classmethod
    def of(cls, lines: Sequence[AssignedLine]) -> "ProvidedForm":
        """As stored."""
        stored = [(line, typed_of(line.row.figure)) for line in lines]
        return cls([ProvidedCell(line, typed, typed.fingerprint) for line, typed in stored])

    @classmethod
    def read(cls, lines: Sequence[AssignedLine], data: Mapping[str, str]) -> "ProvidedForm":
        """As posted."""
        cells, edits = [], []
        for line in lines:
            typed, base = _typed(line, data), data.get(f"b-{line.row.spec.code}", "")
            figure, errors = read_cell(line.row.spec, typed)
            cells.append(ProvidedCell(line, typed, base, errors))
            if typed.fingerprint != base:
                edits.append(CellEdit(line.row.spec.code, base, figure))
        return cls(cells, edits)

    def in_conflict(self, lines: Sequence[AssignedLine], codes: Sequence[str]) -> "ProvidedForm":
        """The same typing where others wrote meanwhile, theirs beside it; everything else as stored."""
        mine = {cell.code: cell for cell in self.cells}
        cells = []
        for line in lines:
            code, stored = line.row.spec.code, typed_of(line.row.figure)
            cell = ProvidedCell(line, stored, stored.fingerprint)
            if code in codes:
                cell = replace(cell, typed=mine[code].typed, theirs=stored)
            cells.append(cell)
        return ProvidedForm(cells)

    @property
    def faults(self) -> list[CellError]:
        """All errors in table order."""
        return [error for cell in self.cells for error in cell.errors]


def _typed(line: AssignedLine, data: Mapping[str, str]) -> CellInput:
    names = {part: f"{prefix}-{line.row.spec.code}" for part, prefix in _PARTS.items()}
    if not any(name in data for name in names.values()):
        return typed_of(line.row.figure)
    parts = {part: data[name] for part, name in names.items() if name in data}
    return CellInput(**{**parts, "note": parts.get("note", "").replace("\r\n", "\n")})
