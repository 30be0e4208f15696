"""The indicator table as a form: what was typed, what is wrong with it, what others saved meanwhile.

Not a Django form: one line is one figure with parts, mode and note, and errors belong to parts of lines.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Self

from django.utils.text import Truncator

from county_portal.common.text import clean_text, fingerprint
from indicators.enums import FillMode, IndicatorKind
from indicators.rules import CellError, CellFigure, CellInput, Finding, read_cell, typed_of
from indicators.selectors import Row, Sheet

# Part of a cell -> prefix of its field's name; names are stable: v-08 is the figure of indicator 08.
PREFIXES = {"text": "v", "numerator": "n", "denominator": "d", "mode": "m", "note": "t"}
BASE = "b"
# Marks of the lines that a page shows already, apart by blanks.
SEEN = "seen"
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
class Marks:
    """Codes of the lines that were returned, that may not be changed now, that carry open comments."""

    flagged: Collection[str] = ()
    locked: Collection[str] = ()
    commented: Collection[str] = ()


NO_MARKS = Marks()


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
    is_locked: bool = False
    is_commented: bool = False

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
    def mode_label(self) -> str:
        """The mode in words."""
        return str(FillMode(self.typed.mode).label)

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
        """What counts first, as a word of `components/cell_state.html`; also the colour of the line."""
        return self.states[0][0]

    @property
    def states(self) -> list[tuple[str, str]]:
        """All that is to be said of the cell: words for `components/cell_state.html`, with other labels."""
        warnings = [each for each in self.findings if not each.is_block]
        is_settled = all(each.reason for each in warnings)
        marks = [
            ("failed", "必须改正", len(warnings) < len(self.findings)),
            ("returned", "", self.is_flagged),
            ("warned", "提示已说明" if is_settled else "", bool(warnings)),
            ("commented", "", self.is_commented),
        ]
        said = [(state, label) for state, label, holds in marks if holds]
        stored = self._stored_state
        # Work that is not in safety comes first, what is safe goes without saying beside a mark.
        return [stored, *said] if stored[0] in {"failed", "unsaved", "locked"} else [*said, stored]

    @property
    def _stored_state(self) -> tuple[str, str]:
        if self.errors:
            return "failed", ""
        if self.theirs:
            return (
                ("saved", "已采用同事的填写")
                if self.theirs.is_taken
                else ("failed", "与同事填写不同")
            )
        if self.is_unsaved:
            return "unsaved", "尚未保存"
        if self.is_locked:
            return "locked", ""
        if self.missing:
            return "empty", ""
        return "saved", ""

    @property
    def saved_at(self) -> datetime | None:
        """When what stands here was stored."""
        return self.row.value.updated_at if self.row.value and not self.is_unsaved else None

    @property
    def kinds(self) -> list[str]:
        """Which filters show the line; see `FILTERS`."""
        found = {
            "blank": bool(self.missing) and not self.is_unsaved,
            "faulty": bool(self.errors or self.theirs)
            or any(each.is_block for each in self.findings),
            "warned": any(not each.is_block for each in self.findings),
            "commented": self.is_commented,
            "returned": self.is_flagged,
        }
        return [kind for kind, holds in found.items() if holds]

    @property
    def fields(self) -> dict[str, str]:
        """What stands in each field, by its prefix."""
        parts = {"mode": str(self.typed.mode)}
        return {
            prefix: parts.get(part, getattr(self.typed, part)) for part, prefix in PREFIXES.items()
        }

    @property
    def mark(self) -> str:
        """The code with a digest of all that the page shows of the line: the same mark, nothing to draw anew."""
        shown = [
            self.base,
            self.fields,
            self.states,
            self.kinds,
            str(self.saved_at),
            str(self.row.computed),
            [[each.rule, each.severity, each.sentence, each.reason] for each in self.findings],
            [each.sentence for each in self.errors],
            self.theirs.summary if self.theirs else "",
        ]
        return f"{self.code}:{fingerprint(shown)}"


# Filters of the form -> words.
FILTERS = {
    "blank": "未填",
    "faulty": "有误",
    "warned": "有提示",
    "commented": "有批注",
    "returned": "被退回",
}


@dataclass(frozen=True, slots=True)
class CellGroup:
    """The lines under one first-level heading."""

    name: str
    cells: Sequence[Cell]

    @property
    def filled(self) -> int:
        """How many are answered."""
        return sum(1 for cell in self.cells if not cell.missing)

    @property
    def kinds(self) -> set[str]:
        """Filters under which something of the group shows."""
        return {kind for cell in self.cells for kind in cell.kinds}


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
    def of(
        cls,
        sheet: Sheet,
        revision: int,
        marks: Marks = NO_MARKS,
        *,
        only: Collection[str] | None = None,
    ) -> Self:
        """The form as it opens: what is stored; `only` these lines, where one fills a part of the sheet."""
        cells = []
        for row in sheet.rows:
            if only is None or row.spec.code in only:
                stored = typed_of(row.figure)
                cells.append(_cell(sheet, row, stored, stored.fingerprint, marks))
        return cls(revision, cells)

    @classmethod
    def read(cls, sheet: Sheet, data: Mapping[str, str], marks: Marks = NO_MARKS) -> Self:
        """The form as posted; a line none of whose fields came is left as stored."""
        cells, figures = [], {}
        for row in sheet.rows:
            typed = _typed(row, data)
            base = data.get(f"{BASE}-{row.spec.code}", "")
            cell = _cell(sheet, row, typed, base, marks)
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


def _cell(sheet: Sheet, row: Row, typed: CellInput, base: str, marks: Marks) -> Cell:
    code = row.spec.code
    return Cell(
        row,
        typed,
        base,
        missing=[finding for finding in sheet.missing if finding.indicator == code],
        is_flagged=code in marks.flagged,
        is_locked=code in marks.locked,
        is_commented=code in marks.commented,
    )


def read_typed(data: Mapping[str, str], code: str) -> CellInput | None:
    """One line's fields as posted; None if none of them came."""
    names = {part: f"{prefix}-{code}" for part, prefix in PREFIXES.items()}
    parts = {part: data[name] for part, name in names.items() if name in data}
    if not parts:
        return None
    return CellInput(**{**parts, "note": _one_line_end(parts.get("note", ""))})


def refused(cell: Cell, typed: CellInput, errors: Sequence[CellError]) -> Cell:
    """The line as it was typed, with what is wrong with it."""
    return replace(cell, typed=typed, errors=errors)


def in_conflict(cell: Cell, typed: CellInput) -> Cell:
    """The line as it was typed beside what somebody else stored meanwhile."""
    return replace(cell, typed=typed, theirs=_theirs(cell.row, cell.typed, is_taken=False))


def _typed(row: Row, data: Mapping[str, str]) -> CellInput:
    typed = read_typed(data, row.spec.code)
    return typed_of(row.figure) if typed is None else typed


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
    merged = _cell(sheet, row, typed, stored.fingerprint, NO_MARKS)
    return replace(
        merged,
        theirs=theirs,
        is_flagged=mine.is_flagged,
        is_locked=mine.is_locked,
        is_commented=mine.is_commented,
    )


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
