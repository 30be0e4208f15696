"""Workbooks out: text that stays text, bytes that stay the same, styles made once.

openpyxl turns a text beginning with "=" into a live formula, writes NaN as an empty cell and cuts long
texts without a word; this module is the one place that knows.
"""

import io
import math
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from county_portal.common.delimited import FORMULA_STARTS
from county_portal.documents.packing import repacked

# The type every answer and every kept file that is a workbook has.
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# No date here comes from the clock; a workbook without a date of its own carries the format's earliest.
_NO_DATE = date(1980, 1, 1)
_MAX_TEXT = 32_767
# Readers take _x0041_ in a text for an escaped A; the underscore itself is escaped so that they do not.
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

_THIN = Side(style="thin", color="8A94A6")
GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
TITLE_FONT = Font(name="方正小标宋简体", size=16)
NOTE_FONT = Font(name="仿宋", size=11)
HEAD_FONT = Font(name="黑体", size=11)
BODY_FONT = Font(name="宋体", size=11)
HEAD_FILL = PatternFill("solid", fgColor="E8EEF8")
_CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
_TEXT = Alignment(vertical="center", wrap_text=True)


@dataclass(frozen=True, slots=True)
class Column:
    """A column; number_format "@" is text, "0", "0.00", "0.00%" … are numbers."""

    heading: str
    width: float
    number_format: str = "@"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table under its title lines."""

    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[object]]
    heading_lines: tuple[str, ...] = ()  # the title, then lines of explanation
    header: str = ""
    footer: str = "第 &P 页，共 &N 页"
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class ReplacedCell:
    """A cell whose content could not stand in a workbook as it was."""

    sheet: str
    row: int
    column: int
    reason: str


@dataclass(frozen=True, slots=True)
class RenderedWorkbook:
    """The bytes, and what had to be replaced in them: one bad cell never fails an export."""

    content: bytes
    replaced: tuple[ReplacedCell, ...]


def render_workbook(
    sheets: Sequence[Sheet], *, title: str, created_on: date | None = None
) -> RenderedWorkbook:
    """The same arguments give the same bytes."""
    book = new_book(title, created_on)
    replaced: list[ReplacedCell] = []
    styles = Styles(book)
    for sheet in sheets:
        replaced += write_table(book.create_sheet(sheet.title), sheet, styles)
    return RenderedWorkbook(packed(book), tuple(replaced))


def stream_workbook(
    sheets: Sequence[Sheet], *, title: str, created_on: date | None = None
) -> RenderedWorkbook:
    """The same for sheets of any length: rows are written as they come and never held together."""
    book = new_book(title, created_on, is_streamed=True)
    replaced: list[ReplacedCell] = []
    styles = Styles(book)
    for sheet in sheets:
        replaced += _stream_table(book.create_sheet(sheet.title), sheet, styles)
    return RenderedWorkbook(packed(book), tuple(replaced))


def new_book(title: str, created_on: date | None = None, *, is_streamed: bool = False) -> Any:
    """A book without sheets, whose properties hold nothing of the clock."""
    book = Workbook(write_only=is_streamed)
    if not is_streamed:
        book.remove(book.active)
    moment = datetime.combine(created_on or _NO_DATE, datetime.min.time())
    about = book.properties
    about.title, about.creator, about.created, about.modified = title, None, moment, moment
    return book


def packed(book: Any) -> bytes:
    """The file; equal books give equal bytes."""
    content = io.BytesIO()
    # Not book.save(): it would write the clock into the properties.
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).write_data()
    return repacked(content.getvalue())


class Styles:
    """Finished style records, handed to cells as they are: making one per cell trebles the time."""

    def __init__(self, book: Any) -> None:
        self._workshop = book.create_sheet("styles")
        self._cell = WriteOnlyCell(self._workshop)
        self._records: dict[str, Any] = {}
        self.title = self.record(TITLE_FONT, Alignment(horizontal="center", vertical="center"))
        self.note = self.record(NOTE_FONT, Alignment(vertical="center", wrap_text=True))
        # The same for cells that stand alone instead of across the sheet.
        self.banner = self.record(TITLE_FONT, Alignment(vertical="center"))
        self.line = self.record(NOTE_FONT, Alignment(vertical="center"))
        self.head = self.record(HEAD_FONT, _CENTRED, border=GRID, fill=HEAD_FILL)
        book.remove(self._workshop)

    def body(self, number_format: str, *, quoted: bool) -> Any:
        """A table cell; `quoted` marks text that Excel would otherwise take for a formula on editing."""
        key = f"{quoted}{number_format}"
        if key not in self._records:
            alignment = _TEXT if number_format == "@" else Alignment(vertical="center")
            record = self.record(BODY_FONT, alignment, border=GRID, number_format=number_format)
            record.quotePrefix = int(quoted)
            self._records[key] = record
        return self._records[key]

    def record(self, font: Font, alignment: Alignment, **more: Any) -> Any:
        """A finished style; `more` are further attributes of a cell: border, fill, protection …"""
        cell = self._cell
        cell.style = "Normal"
        cell.font, cell.alignment = font, alignment
        for name, value in more.items():
            setattr(cell, name, value)
        return copy(cell._style)  # noqa: SLF001 -- openpyxl offers no other way to share a style


def write_table(target: Any, sheet: Sheet, styles: Styles) -> list[ReplacedCell]:
    """Fill a sheet of a book; answers which cells had to be replaced."""
    for place, line in enumerate(sheet.heading_lines):
        put_text(target.cell(place + 1, 1), line, styles.title if place == 0 else styles.note)
        target.merge_cells(
            start_row=place + 1, end_row=place + 1, start_column=1, end_column=len(sheet.columns)
        )
        target.row_dimensions[place + 1].height = 30 if place == 0 else 20
    head = len(sheet.heading_lines) + 1
    for place, column in enumerate(sheet.columns, start=1):
        put_text(target.cell(head, place), column.heading, styles.head)
        target.column_dimensions[get_column_letter(place)].width = column.width
    replaced: list[ReplacedCell] = []
    for row, values in enumerate(sheet.rows, start=head + 1):
        for place, (column, value) in enumerate(zip(sheet.columns, values, strict=True), start=1):
            reason = _write_value(target.cell(row, place), column, value, styles)
            if reason:
                replaced.append(ReplacedCell(sheet.title, row, place, reason))
    set_up_print(target, sheet, head)
    return replaced


def _stream_table(target: Any, sheet: Sheet, styles: Styles) -> list[ReplacedCell]:
    """As `write_table`, row after row; what concerns the whole sheet must be said before the first."""
    head = len(sheet.heading_lines) + 1
    for place, column in enumerate(sheet.columns, start=1):
        target.column_dimensions[get_column_letter(place)].width = column.width
    set_up_print(target, sheet, head)
    for place, line in enumerate(sheet.heading_lines):
        cell = WriteOnlyCell(target)
        # Not merged, as the format wants that said last: the text runs over the empty cells beside it.
        put_text(cell, line, styles.banner if place == 0 else styles.line)
        target.append([cell])
    headings = [WriteOnlyCell(target) for _ in sheet.columns]
    for cell, column in zip(headings, sheet.columns, strict=True):
        put_text(cell, column.heading, styles.head)
    target.append(headings)
    replaced: list[ReplacedCell] = []
    for row, values in enumerate(sheet.rows, start=head + 1):
        cells = [WriteOnlyCell(target) for _ in sheet.columns]
        for place, (column, value) in enumerate(zip(sheet.columns, values, strict=True)):
            reason = _write_value(cells[place], column, value, styles)
            if reason:
                replaced.append(ReplacedCell(sheet.title, row, place + 1, reason))
        target.append(cells)
    return replaced


def _write_value(cell: Any, column: Column, value: object, styles: Styles) -> str:
    """Write one value; answer why it had to be changed, or nothing."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, float, type(None))):
        text, reason = printable(str(value))
        quoted = text.startswith(FORMULA_STARTS)
        put_text(cell, text, styles.body("@" if quoted else column.number_format, quoted=quoted))
        return reason
    if value is not None and not math.isfinite(value):
        put_text(cell, "非有效数字", styles.body("@", quoted=False))
        return "不是有限的数字"
    cell.value = value
    dress(cell, styles.body(column.number_format, quoted=False))
    return ""


def put_text(cell: Any, text: str, style: Any) -> None:
    """Text as text: the type is set by hand, for openpyxl guesses it from the content."""
    cell.value = _ESCAPE_LIKE.sub("_x005F_", printable(text)[0])
    cell.data_type = "s"
    dress(cell, style)


def dress(cell: Any, style: Any) -> None:
    """Give a cell a finished style."""
    cell._style = style  # noqa: SLF001 -- as in record


def printable(text: str) -> tuple[str, str]:
    """The text as a workbook can hold it, and why it differs (blank where it does not)."""
    clean = "".join(
        char if char in "\t\n" or unicodedata.category(char) not in {"Cc", "Cs"} else "�"
        for char in text
    )
    if len(clean) > _MAX_TEXT:
        return clean[: _MAX_TEXT - 1] + "…", f"超过{_MAX_TEXT}个字符，已截断"
    return clean, "" if clean == text else "含有控制字符，已替换"


def set_up_print(target: Any, sheet: Sheet, head: int) -> None:
    """A4, as wide as the page, the heading on every page and always in sight on the screen."""
    target.freeze_panes = f"A{head + 1}"
    target.print_title_rows = f"{head}:{head}"
    target.page_setup.paperSize = 9
    target.page_setup.orientation = "landscape" if sheet.landscape else "portrait"
    target.sheet_properties.pageSetUpPr.fitToPage = True
    target.page_setup.fitToHeight = 0
    target.print_options.horizontalCentered = True
    target.oddHeader.center.text = sheet.header or None
    target.oddFooter.center.text = sheet.footer or None
