"""What the workbook holds and where: the one place writer and reader learn the layout from."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum

from county_portal.common.errors import Invalid
from county_portal.common.numbers import NumberFormat, parse_number
from indicators.enums import FillMode, IndicatorKind
from indicators.rules.cells import CellFigure, CellInput, CellSpec

# Raise the number when a sheet, a column or a row moves: older copies are then refused by name.
FORMAT = "county-portal/workbook/1"
FILLING, GUIDE, EVIDENCE, IDENTITY = "填报", "说明", "佐证清单", "_portal"
HEAD_ROW = 4
FIRST_ROW = HEAD_ROW + 1
# A double holds so many decimal digits; a longer number stays text, or the spreadsheet would cut it.
EXACT_DIGITS = 15
WORDS_ONLY = "文字说明"


class Column(IntEnum):
    """Columns of the sheet 填报, counted from 1."""

    CODE = 1
    GROUP = 2
    NAME = 3
    UNIT = 4
    LAST_YEAR = 5
    MODE = 6
    TEXT = 7
    NUMERATOR_LABEL = 8
    NUMERATOR = 9
    DENOMINATOR_LABEL = 10
    DENOMINATOR = 11
    NOTE = 12

    @property
    def letter(self) -> str:
        """As spreadsheets call it; there are fewer than 27."""
        return chr(64 + self)


HEADINGS: Mapping[Column, str] = {
    Column.CODE: "序号",
    Column.GROUP: "一级指标",
    Column.NAME: "指标",
    Column.UNIT: "单位",
    Column.LAST_YEAR: "上年数值",
    Column.MODE: "填报方式",
    Column.TEXT: "本年数值",
    Column.NUMERATOR_LABEL: "分子名称",
    Column.NUMERATOR: "分子",
    Column.DENOMINATOR_LABEL: "分母名称",
    Column.DENOMINATOR: "分母",
    Column.NOTE: "说明",
}
# The cells one may write into, and the part of the figure each states.
PARTS: Mapping[Column, str] = {
    Column.MODE: "mode",
    Column.TEXT: "text",
    Column.NUMERATOR: "numerator",
    Column.DENOMINATOR: "denominator",
    Column.NOTE: "note",
}
NUMBERS = (Column.TEXT, Column.NUMERATOR, Column.DENOMINATOR)


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator as the workbook shows it; `typed` is what is stored."""

    spec: CellSpec
    group: str
    numerator_unit: str
    denominator_unit: str
    typed: CellInput = field(default_factory=CellInput)
    last_year: str = ""
    providers: str = ""
    responsible: str = ""
    definition: str = ""
    rubric: str = ""

    @property
    def shown(self) -> Mapping[Column, str]:
        """The cells one may not write into, last year's figure aside."""
        return {
            Column.CODE: self.spec.code,
            Column.GROUP: self.group,
            Column.NAME: self.spec.name,
            Column.UNIT: self.spec.unit,
            Column.NUMERATOR_LABEL: _labelled(self.spec.numerator_label, self.numerator_unit),
            Column.DENOMINATOR_LABEL: _labelled(self.spec.denominator_label, self.denominator_unit),
        }

    @property
    def asked(self) -> tuple[Column, ...]:
        """The cells this line asks for."""
        if self.spec.kind == IndicatorKind.QUALITATIVE:
            return (Column.NOTE,)
        if self.spec.kind == IndicatorKind.RATE:
            return tuple(PARTS)
        return (Column.MODE, Column.TEXT, Column.NOTE)

    @property
    def mode_word(self) -> str:
        """What stands under 填报方式."""
        if self.spec.kind == IndicatorKind.QUALITATIVE:
            return WORDS_ONLY
        return str(FillMode(self.typed.mode).label)


def _labelled(label: str, unit: str) -> str:
    return f"{label}（{unit}）" if label and unit else label


@dataclass(frozen=True, slots=True)
class Item:
    """A named item, for reading only."""

    indicator: str
    kind: str
    name: str
    year: int | None
    approval_number: str
    file: str


@dataclass(frozen=True, slots=True)
class Identity:
    """What the hidden sheet says of a copy."""

    format: str
    copy: str
    region_code: str
    region_name: str
    data_year: str
    template: str


@dataclass(frozen=True, slots=True)
class Template:
    """A whole workbook."""

    identity: Identity
    title: str
    version: str
    revision: int
    due_on: date
    made_at: datetime
    lines: Sequence[Line]
    items: Sequence[Item]
    notes: str = ""


def template_digest(version_digest: str, lines: Sequence[Line]) -> str:
    """Digest of what a copy of this layout and indicator system asks, whatever its figures are."""
    asked = [[str(cell) for cell in line.shown.values()] for line in lines]
    content = "\n".join([FORMAT, version_digest, *("\t".join(row) for row in asked)])
    return hashlib.sha256(content.encode()).hexdigest()


def number_of(spec: CellSpec, column: Column, text: str) -> Decimal | None:
    """The number a text states by the portal's own rule; None where it states none."""
    is_own = column == Column.TEXT
    accepts = NumberFormat(unit=spec.unit if is_own else "", integer=spec.is_integer and is_own)
    try:
        return parse_number(text, accepts, spec.name)
    except Invalid:
        return None


def as_cell(spec: CellSpec, column: Column, text: str) -> Decimal | str | None:
    """What to write for a number as typed: a number wherever a spreadsheet can hold it exactly.

    The way it was typed (0.50, 7,351.20) is not written: on return an equal number stands for the text
    of the copy's base, so that nothing changes by a round trip, nor by another program's saving it.
    """
    if not text:
        return None
    number = number_of(spec, column, text)
    if number is None or len(number.as_tuple().digits) > EXACT_DIGITS:
        return text
    return number


def means_same(one: CellFigure, other: CellFigure) -> bool:
    """Whether two figures say the same, however they were typed."""
    return replace(one, text="") == replace(other, text="")
