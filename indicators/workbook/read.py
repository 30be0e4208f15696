"""From bytes to what a workbook says: whose copy it is, whether it still has its shape, what was filled in."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, NoReturn

from python_calamine import CalamineError, CalamineWorkbook

from county_portal.common.errors import Invalid
from indicators.rules.cells import CellInput
from indicators.workbook.lines import Problem, read_line
from indicators.workbook.package import Package, SheetParts, Unreadable
from indicators.workbook.template import (
    FILLING,
    FIRST_ROW,
    FORMAT,
    HEAD_ROW,
    HEADINGS,
    IDENTITY,
    Column,
    Identity,
    Line,
)

_AGAIN = "请重新下载模板，只在黄色单元格内填写后上传。"
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Contents:
    """What a workbook says: lines by indicator code; lines with a blocking problem are not among them."""

    typed: Mapping[str, CellInput]
    problems: Sequence[Problem]


class Reading:
    """An opened workbook. Everything it refuses it refuses as Invalid."""

    def __init__(self, content: bytes) -> None:
        try:
            self._package = Package(content)
            self._book = _open(content)
        except Unreadable as error:
            raise _damaged() from error

    def identity(self) -> Identity:
        """Which copy this is. Raises Invalid `workbook_not_ours` for a workbook the portal never made."""
        if IDENTITY not in self._package.sheets:
            _refuse_as_strange()
        rows = self._values(IDENTITY)[1]
        said = {str(row[0]): str(row[1]) for row in rows if len(row) > 1}
        identity = Identity(**{part.name: said.get(part.name, "") for part in fields(Identity)})
        if not identity.format.startswith(FORMAT.rpartition("/")[0]) or not identity.copy:
            _refuse_as_strange()
        return identity

    def contents(self, lines: Sequence[Line], base: Mapping[str, CellInput]) -> Contents:
        """What was filled in. Raises Invalid where rows, columns or sheets are not as they were made."""
        if FILLING not in self._package.sheets:
            raise Invalid(
                "workbook_sheet_missing",
                f"工作簿中没有工作表“{FILLING}”，可能已被删除或改名。请改回原名，或{_AGAIN}",
                "file",
            )
        if self._package.sheets[FILLING][1] != "visible":
            raise Invalid(
                "workbook_sheet_hidden",
                f"工作表“{FILLING}”被隐藏，无法核对其中的改动。请取消隐藏，核对后重新上传。",
                "file",
            )
        parts, rows = self._values(FILLING)
        _check_head(rows)
        _check_columns(parts)
        _check_rows(rows, lines, parts)
        typed: dict[str, CellInput] = {}
        problems: list[Problem] = []
        for place, line in enumerate(lines):
            row = FIRST_ROW + place
            cells = {column: _at(rows, row, column) for column in Column}
            read, found = read_line(line, row, cells, parts, base.get(line.spec.code, CellInput()))
            problems.extend(found)
            if not any(problem.blocks for problem in found):
                typed[line.spec.code] = read
        return Contents(typed, problems)

    def _values(self, name: str) -> tuple[SheetParts, list[list[Any]]]:
        """A sheet's traps and values; the values only once the sheet is known to be small."""
        try:
            parts = self._package.scan(name)
            sheet = self._book.get_sheet_by_name(name)
            return parts, sheet.to_python(skip_empty_area=False)
        except (Unreadable, CalamineError, OSError, ValueError) as error:
            raise _damaged() from error


def _open(content: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable(str(error)) from error


def _at(rows: Sequence[Sequence[Any]], row: int, column: int) -> Any:
    if row > len(rows) or column > len(rows[row - 1]):
        return ""
    return rows[row - 1][column - 1]


def _words(rows: Sequence[Sequence[Any]], row: int, column: int) -> str:
    return str(_at(rows, row, column)).strip()


def _check_head(rows: Sequence[Sequence[Any]]) -> None:
    found = [_words(rows, HEAD_ROW, column) for column in range(1, len(Column) + 20)]
    for column, heading in HEADINGS.items():
        was = found[column - 1]
        if was == heading:
            continue
        cell = f"{column.letter}{HEAD_ROW}"
        others = [text for text in found if text]
        if heading in others or set(others) <= set(HEADINGS.values()):
            raise Invalid(
                "workbook_columns_moved",
                f"工作表“{FILLING}”的列有增删或移动（{cell}应为“{heading}”）。{_AGAIN}",
                "file",
            )
        raise Invalid(
            "workbook_header_changed",
            f"工作表“{FILLING}”{cell}的表头应为“{heading}”，现为“{was[:_SHOWN]}”，不能对应到指标。{_AGAIN}",
            "file",
        )


def _check_columns(parts: SheetParts) -> None:
    beyond = sorted(place for place in parts.filled if place[1] > len(Column))
    if beyond:
        row, column = beyond[0]
        raise Invalid(
            "workbook_columns_added",
            f"工作表“{FILLING}”在“{HEADINGS[Column.NOTE]}”列之后增加了内容（第{row}行第{column}列）。"
            f"请删除增加的列，需要说明的写入“说明”列。",
            "file",
        )


def _check_rows(rows: Sequence[Sequence[Any]], lines: Sequence[Line], parts: SheetParts) -> None:
    expected = [line.spec.code for line in lines]
    last = max((row for row, _ in parts.filled), default=0)
    found = [_words(rows, row, Column.CODE) for row in range(FIRST_ROW, max(last, HEAD_ROW) + 1)]
    # Programs that take a serial number for a number drop its leading nought.
    codes = {str(int(code)): code for code in expected if code.isdigit()}
    found = [codes.get(text.removesuffix(".0"), text) for text in found]
    if found == expected:
        _check_names(rows, lines)
        return
    known = [code for code in found if code in expected]
    missing = [code for code in expected if code not in known]
    if missing:
        names = "、".join(missing[:5])
        raise Invalid(
            "workbook_rows_deleted",
            f"工作表“{FILLING}”缺少序号为{names}的行，可能已被删除或序号被改动。{_AGAIN}",
            "file",
        )
    if len(found) != len(expected):
        row = FIRST_ROW + next(
            place
            for place, code in enumerate(found)
            if place >= len(expected) or code != expected[place]
        )
        raise Invalid(
            "workbook_rows_inserted",
            f"工作表“{FILLING}”第{row}行是增加的行。请删除增加的行，需要说明的写入“说明”列。",
            "file",
        )
    place = next(place for place, code in enumerate(found) if code != expected[place])
    raise Invalid(
        "workbook_rows_moved",
        f"工作表“{FILLING}”的行次序有变（第{FIRST_ROW + place}行应为序号{expected[place]}，"
        f"现为{found[place]}）。请按序号恢复次序，或{_AGAIN}",
        "file",
    )


def _check_names(rows: Sequence[Sequence[Any]], lines: Sequence[Line]) -> None:
    for row, line in enumerate(lines, start=FIRST_ROW):
        name = _words(rows, row, Column.NAME)
        if name != line.spec.name:
            raise Invalid(
                "workbook_rows_changed",
                f"工作表“{FILLING}”C{row}的指标名称应为“{line.spec.name}”，现为“{name[:_SHOWN]}”，"
                f"无法确认所填数值属于哪项指标。{_AGAIN}",
                "file",
            )


def _refuse_as_strange() -> NoReturn:
    raise Invalid(
        "workbook_not_ours",
        "这不是从本平台下载的填报工作簿（没有找到模板标识），无法对应到指标。请先“下载Excel”，在下载的文件中填写后上传。",
        "file",
    )


def _damaged() -> Invalid:
    return Invalid(
        "workbook_unreadable",
        "工作簿的内部结构已损坏，无法读取。请在Excel或WPS中打开，另存为“Excel工作簿（*.xlsx）”后重新上传。",
        "file",
    )
