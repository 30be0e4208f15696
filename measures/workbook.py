"""A ledger typed as a table: the template, and the table read as the text it stands for.

A table is turned into a text of numbered measures and read like any other, so that there is one reading and a keeper
looks at the same words whichever way they came.
"""

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, CalamineWorkbook

from county_portal.common.errors import Invalid
from county_portal.common.text import clean_text
from county_portal.documents.numbers import chinese_ordinal
from county_portal.documents.workbook import Column, Sheet, render_workbook
from indicators.workbook.package import Package
from indicators.workbook.package import Unreadable as Damaged
from measures.rules.reading import MOST_MEASURES, Fault, Unreadable, read_measures

SHEET = "措施"
_COLUMNS = (
    Column("部分", 26),
    Column("措施（原文）", 80),
    Column("牵头单位", 26),
    Column("配合单位", 30),
    Column("数据提供单位", 22),
)
HEADINGS = tuple(column.heading for column in _COLUMNS)
_RULES = (
    ("部分", "所在部分的标题，不写“一、”“（一）”；与上一行相同的可以留空。"),
    ("措施（原文）", "一行一条，照抄文件原文，不写序号，系统按行次编号。"),
    ("牵头单位", "几个单位用顿号分开；“各县（市、区）政府”等统称照写，系统按名录展开。"),
    ("配合单位", "没有的留空。"),
    ("数据提供单位", "没有的留空。"),
)
_AGAIN = "台账没有建立。"
# The heading stands in the first row of the template; people put a title above it.
_HEAD_WITHIN = 5
_PART_HEAD = re.compile(r"^[（(]?[一二三四五六七八九十]{1,3}[）)]?\s*、?\s*(?<=[、）)])\s*")
_NUMBER = re.compile(r"([0-9０-９]{1,3})\s*[.．、]\s*(?![0-9０-９])")
_SHOWN = 20
_MOST_PARTS = 99


def template_workbook() -> bytes:
    """The table to be filled in, with what belongs in each column."""
    rules = Sheet("填写说明", (Column("列", 20), Column("怎样填", 80)), _RULES)
    return render_workbook((Sheet(SHEET, _COLUMNS, ()), rules), title="措施台账").content


def read_sheet(content: bytes) -> str:
    """The text a table stands for, one that `read_measures` takes.

    Raises Invalid for a file that is no such table, Unreadable with every fault by its cell.
    """
    rows, formulas = _open(content)
    head = next((place for place, row in enumerate(rows[:_HEAD_WITHIN]) if _is_head(row)), None)
    if head is None:
        raise _refused(
            "measures_heading",
            f"工作表“{SHEET}”前{_HEAD_WITHIN}行没有表头“{'、'.join(HEADINGS)}”，请下载模板填写",
        )
    lines = _Lines(formulas)
    for number, row in enumerate(rows[head + 1 :], head + 2):
        lines.take(number, [_said(row, place) for place in range(len(HEADINGS))])
    if not lines.written and not lines.faults:
        raise _refused("measures_none", f"工作表“{SHEET}”没有填写措施，请填写后重新上传")
    return lines.text()


def _open(content: bytes) -> tuple[list[list[Any]], set[tuple[int, int]]]:
    try:
        package = Package(content)
        if SHEET not in package.sheets:
            raise _refused("measures_sheet", f"工作簿中没有工作表“{SHEET}”，请下载模板填写")
        formulas = package.scan(SHEET).formulas
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False), formulas
    except (Damaged, CalamineError, OSError, ValueError) as error:
        raise _refused(
            "workbook_unreadable",
            "这个文件不是可以读取的Excel工作簿，请在Excel或WPS中另存为“*.xlsx”后重新上传",
        ) from error


def _refused(code: str, sentence: str) -> Invalid:
    return Invalid(code, f"{sentence}。{_AGAIN}", "workbook")


def _is_head(row: Sequence[Any]) -> bool:
    return tuple(_said(row, place) for place in range(len(HEADINGS))) == HEADINGS


def _said(row: Sequence[Any], place: int) -> str:
    return str(row[place]).strip() if place < len(row) else ""


def _place(row: int, column: int) -> str:
    return f"{get_column_letter(column + 1)}{row}"


class _Lines:
    """The text as it grows, and from which row each of its lines came."""

    def __init__(self, formulas: set[tuple[int, int]]) -> None:
        self.formulas = formulas
        self.written: list[str] = []
        self.rows: list[int] = []
        self.faults: list[Fault] = []
        self.parts = self.measures = 0
        self.part = ""

    def take(self, number: int, cells: Sequence[str]) -> None:
        """One row of the table; a blank one is none."""
        if not any(cells):
            return
        # Counted though something is wrong with it: the rows below it are not to blame.
        self.measures += 1
        found = list(self._troubles(number, cells))
        part, words, *units = (cell if found else clean_text(cell) for cell in cells)
        self._begin_part(number, part.replace("\n", ""))
        if found:
            self.faults += found
            return
        own = _NUMBER.match(words)
        self._write(
            f"{self.measures}.{words[own.end() :] if own else words}{_bracket(units)}", number
        )

    def _begin_part(self, number: int, typed: str) -> None:
        title = _PART_HEAD.sub("", typed, count=1)
        if not title or title == self.part:
            return
        self.parts, self.part = self.parts + 1, title
        if self.parts <= _MOST_PARTS:
            self._write(f"（{chinese_ordinal(self.parts)}）{title}", number)
        elif self.parts == _MOST_PARTS + 1:
            remedy = f"部分超过{_MOST_PARTS}个"
            self.faults.append(self._fault(number, 0, remedy, "请分成几本台账"))

    def _write(self, line: str, number: int) -> None:
        self.written.append(line)
        self.rows += [number] * len(line.splitlines())

    def _troubles(self, number: int, cells: Sequence[str]) -> Iterator[Fault]:
        for column, cell in enumerate(cells):
            if (number, column + 1) in self.formulas:
                yield self._fault(number, column, "是公式", "请改为文字")
            elif not _is_clean(cell):
                yield self._fault(number, column, "含有不可见的控制字符", "请删去后重新输入")
        if not cells[0] and not self.part:
            yield self._fault(number, 0, "是空的", "请填写这一条所在部分的标题")
        if not cells[1] and (number, 2) not in self.formulas:
            yield self._fault(number, 1, "是空的", "请照抄措施原文，或删去这一行")
        own = _NUMBER.match(cells[1])
        if own and int(own[1]) != self.measures:
            remedy = f"按行次应为第{self.measures}条，请核对有无缺漏，或删去序号"
            yield self._fault(number, 1, f"以序号“{own[1]}”开头", remedy)

    def _fault(self, number: int, column: int, trouble: str, remedy: str) -> Fault:
        place = f"{_place(number, column)}（{HEADINGS[column]}）"
        return Fault(number, f"工作表“{SHEET}”的{place}{trouble}，{remedy}。")

    def text(self) -> str:
        """The whole; Unreadable with what is wrong with the table, or with the text it makes."""
        if self.measures > MOST_MEASURES:
            self.faults.insert(0, Fault(0, f"措施超过{MOST_MEASURES}条，请分成几本台账。"))
        if self.faults:
            raise CellsUnreadable(self.faults)
        text = "\n".join(self.written)
        try:
            read_measures(text)
        except Unreadable as wrong:
            raise CellsUnreadable([self._in_cells(fault) for fault in wrong.faults]) from wrong
        return text

    def _in_cells(self, fault: Fault) -> Fault:
        number = self.rows[min(fault.line, len(self.rows)) - 1]
        return Fault(number, f"工作表“{SHEET}”第{number}行：{fault.sentence}")


class CellsUnreadable(Invalid):
    """A table that is no ledger; `sentences` name everything at once, by cell."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        shown = [fault.sentence for fault in faults[:_SHOWN]]
        if len(faults) > _SHOWN:
            shown.append(f"另有{len(faults) - _SHOWN}处，改正后再次读取时列出。")
        super().__init__("measures_cells", "".join(shown) + _AGAIN, "workbook")
        self.sentences = (*shown, _AGAIN)


def _is_clean(cell: str) -> bool:
    try:
        clean_text(cell)
    except ValueError:
        return False
    return True


def _bracket(units: Sequence[str]) -> str:
    named = [
        f"{heading}：{words}" for heading, words in zip(HEADINGS[2:], units, strict=True) if words
    ]
    return f"（{'；'.join(named)}）" if named else ""
