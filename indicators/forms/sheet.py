"""The indicator table as a form: what was typed, what is wrong with it, what others saved meanwhile.

Not a Django form: one line is one figure with parts, mode and note, and errors belong to parts of lines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Self

from django.utils.text import Truncator

from county_portal.common.text import clean_text
from indicators.enums import FillMode, IndicatorKind
from indicators.rules import CellError, CellFigure, CellInput, Finding, read_cell, typed_of
from indicators.selectors import Row, Sheet

# Part of a cell -> prefix of its field's name; names are stable: v-08 is the figure of indicator 08.
PREFIXES = {"text": "v", "numerator": "n", "denominator": "d", "mode": "m", "note": "t"}
BASE = "b"
# No submission has it, so a form without its revision meets the conflict page and saves nothing.
NO_REVISION = -1
BLANK = "（空）"
SUMMARY_NOTE = 120
_WITH_FIGURE = {FillMode.ACTUAL, FillMode.FORECAST}


@dataclass(frozen=True, slots=True)
class Theirs:
    """What somebody else saved in a cell while it was being filled."""

    typed: CellInput
    by: str
    at: datetime | None
    is_taken: bool
    summary: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of the form."""

    row: Row
    typed: CellInput
    base: str
    errors: Sequence[CellError] = ()
    missing: Sequence[Finding] = ()
    theirs: Theirs | None = None
    is_flagged: bool = False

    @property
    def code(self) -> str:
        """The indicator's code."""
        return self.row.spec.code

    @property
    def summary(self) -> str:
        """What was typed, in one phrase."""
        return _summary(self.row, self.typed)

    @property
    def is_rate(self) -> bool:
        """Whether it asks for a numerator and a denominator."""
        return self.row.spec.kind == IndicatorKind.RATE

    @property
    def is_itemised(self) -> bool:
        """Whether it counts named items."""
        return self.row.spec.kind == IndicatorKind.ITEMISED

    @property
    def is_qualitative(self) -> bool:
        """Whether words are the answer."""
        return self.row.spec.kind == IndicatorKind.QUALITATIVE

    @property
    def modes(self) -> list[tuple[str, str, bool]]:
        """Choices of the mode: value, label, whether chosen."""
        return [(str(mode), str(mode.label), mode == self.typed.mode) for mode in FillMode]

    @property
    def faults(self) -> dict[str, list[str]]:
        """Sentences by part."""
        return {
            part: [error.sentence for error in self.errors if error.part == part]
            for part in PREFIXES
        }

    @property
    def is_unsaved(self) -> bool:
        """Whether something else is stored than stands in the field."""
        return self.typed.fingerprint != typed_of(self.row.figure).fingerprint

    @property
    def findings(self) -> Sequence[Finding]:
        """What the rules say; nothing of a figure that is no longer in the field."""
        return () if self.is_unsaved else self.row.findings

    @property
    def state(self) -> str:
        """The word for `components/cell_state.html`."""
        if self.errors or (self.theirs and not self.theirs.is_taken):
            return "failed"
        if self.is_unsaved:
            return "empty"
        if self.is_flagged:
            return "returned"
        if self.findings:
            return "warned"
        return "empty" if self.missing else "saved"

    @property
    def state_label(self) -> str:
        """Other words where the component's own do not say enough."""
        if self.errors:
            return ""
        if self.theirs:
            return "已采用同事的填写" if self.theirs.is_taken else "与同事填写不同"
        return "尚未保存" if self.is_unsaved else ""


@dataclass(frozen=True, slots=True)
class CellGroup:
    """The lines under one first-level heading."""

    name: str
    cells: Sequence[Cell]

    @property
    def filled(self) -> int:
        """How many are answered."""
        return sum(1 for cell in self.cells if not cell.missing)


@dataclass(frozen=True, slots=True)
class Fault:
    """A line of the error summary."""

    target: str
    sentence: str


@dataclass(frozen=True, slots=True)
class SheetForm:
    """All lines, with the revision they were read at."""

    revision: int
    cells: Sequence[Cell]
    figures: Mapping[str, CellFigure] = field(default_factory=dict)

    @classmethod
    def of(cls, sheet: Sheet, revision: int, flagged: Sequence[str] = ()) -> Self:
        """The form as it opens: what is stored."""
        cells = []
        for row in sheet.rows:
            stored = typed_of(row.figure)
            cells.append(_cell(sheet, row, stored, stored.fingerprint, flagged))
        return cls(revision, cells)

    @classmethod
    def read(cls, sheet: Sheet, data: Mapping[str, str], flagged: Sequence[str] = ()) -> Self:
        """The form as posted; a line none of whose fields came is left as stored."""
        cells, figures = [], {}
        for row in sheet.rows:
            typed = _typed(row, data)
            base = data.get(f"{BASE}-{row.spec.code}", "")
            cell = _cell(sheet, row, typed, base, flagged)
            figure, errors = read_cell(row.spec, typed)
            cells.append(replace(cell, errors=errors))
            figures[row.spec.code] = figure
        return cls(_revision(data), cells, figures)

    def merged_with(self, sheet: Sheet, revision: int) -> Self:
        """The same typing over what has been stored meanwhile.

        A line only others touched takes theirs; a line touched on both sides keeps mine and shows theirs.
        """
        mine = {cell.code: cell for cell in self.cells}
        cells = [_merge(sheet, row, mine[row.spec.code]) for row in sheet.rows]
        figures = {cell.code: read_cell(cell.row.spec, cell.typed)[0] for cell in cells}
        return replace(self, revision=revision, cells=cells, figures=figures)

    @property
    def groups(self) -> list[CellGroup]:
        """The lines by first-level heading."""
        grouped = groupby(self.cells, key=lambda cell: cell.row.indicator.group.name)
        return [CellGroup(name, list(cells)) for name, cells in grouped]

    @property
    def faults(self) -> list[Fault]:
        """All errors in table order, with the field each concerns."""
        return [
            Fault(f"{PREFIXES[error.part]}-{cell.code}", error.sentence)
            for cell in self.cells
            for error in cell.errors
        ]

    @property
    def differing(self) -> list[Cell]:
        """Lines in which somebody else saved something different."""
        return [cell for cell in self.cells if cell.theirs]


def _cell(sheet: Sheet, row: Row, typed: CellInput, base: str, flagged: Sequence[str]) -> Cell:
    missing = [finding for finding in sheet.missing if finding.indicator == row.spec.code]
    return Cell(row, typed, base, missing=missing, is_flagged=row.spec.code in flagged)


def _typed(row: Row, data: Mapping[str, str]) -> CellInput:
    names = {part: f"{prefix}-{row.spec.code}" for part, prefix in PREFIXES.items()}
    if not any(name in data for name in names.values()):
        return typed_of(row.figure)
    parts = {part: data[name] for part, name in names.items() if name in data}
    return CellInput(**{**parts, "note": _one_line_end(parts.get("note", ""))})


def _one_line_end(note: str) -> str:
    # Browsers send \r\n for a stored \n: without this every note would look touched.
    try:
        return clean_text(note)
    except ValueError:
        return note


def _revision(data: Mapping[str, str]) -> int:
    text = data.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() else NO_REVISION


def _merge(sheet: Sheet, row: Row, mine: Cell) -> Cell:
    stored = typed_of(row.figure)
    is_touched = mine.typed.fingerprint != mine.base
    is_same = mine.typed.fingerprint == stored.fingerprint
    is_theirs = stored.fingerprint != mine.base
    typed = mine.typed if is_touched else stored
    theirs = _theirs(row, stored, is_taken=not is_touched) if is_theirs and not is_same else None
    merged = _cell(sheet, row, typed, stored.fingerprint, ())
    return replace(merged, theirs=theirs, is_flagged=mine.is_flagged)


def _theirs(row: Row, stored: CellInput, *, is_taken: bool) -> Theirs:
    value = row.value
    by, at = (value.updated_by.display_name, value.updated_at) if value else ("", None)
    return Theirs(stored, by, at, is_taken, _summary(row, stored))


def _summary(row: Row, typed: CellInput) -> str:
    """A cell in one phrase, for the comparison of two of them."""
    note = Truncator(typed.note).chars(SUMMARY_NOTE)
    if row.spec.kind == IndicatorKind.QUALITATIVE:
        return note or BLANK
    label = FillMode(typed.mode).label if typed.mode in FillMode.values else typed.mode
    phrases = [f"{label} {typed.text}" if typed.text else str(label)]
    if typed.numerator or typed.denominator:
        phrases.append(f"分子{typed.numerator or BLANK}")
        phrases.append(f"分母{typed.denominator or BLANK}")
    if not (typed.text or typed.numerator or typed.denominator) and typed.mode in _WITH_FIGURE:
        phrases = [BLANK]
    return "，".join([*phrases, f"说明：{note}"] if note else phrases)
