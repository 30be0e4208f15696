"""The sheet of targets by class, read in again within bounds; every refusal names its cell."""

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, CalamineWorkbook

from county_portal.common.errors import Invalid
from county_portal.common.numbers import NumberFormat, parse_number, plain
from county_portal.common.text import clean_text
from indicators.workbook.package import Package, Unreadable
from uplift.rules.text import TargetLine

TARGETS = "分类目标"
_AGAIN = "请改正后重新导入，草稿没有改动。"
_FIRST_YEAR, _LAST_YEAR, _SHOWN = 2000, 2100, 20


def target_headings(classes: Sequence[str]) -> tuple[str, ...]:
    """The columns of the sheet; `classes` are those that have targets."""
    return ("指标", "单位", "对应指标", "数据年度", *(f"{name}类县目标" for name in classes))


def read_targets(content: bytes, classes: Sequence[str], codes: Sequence[str]) -> list[TargetLine]:
    """The lines of the sheet 分类目标, without their sentences.

    Raises Invalid naming sheet, cell, reason and remedy for whatever cannot be read; nothing is guessed.
    """
    rows, traps = _open(content)
    headings = target_headings(classes)
    head = next((number for number, row in enumerate(rows) if _said(row, 0) == headings[0]), None)
    if head is None or tuple(_said(rows[head], c) for c in range(len(headings))) != headings:
        raise Invalid(
            "targets_heading",
            f"工作表“{TARGETS}”没有表头“{'、'.join(headings)}”，请用“导出”得到的表格填写。{_AGAIN}",
            "file",
        )
    reader = _Reader(classes, {code.lstrip("0"): code for code in codes}, traps)
    lines = [
        reader.line(row, number)
        for number, row in enumerate(rows[head + 1 :], head + 2)
        if any(str(cell).strip() for cell in row[: len(headings)])
    ]
    if not lines:
        raise Invalid("targets_empty", f"工作表“{TARGETS}”没有内容。{_AGAIN}", "file")
    return lines


def _open(content: bytes) -> tuple[list[list[Any]], set[tuple[int, int]]]:
    try:
        package = Package(content)
        if TARGETS not in package.sheets:
            raise Invalid(
                "targets_sheet", f"工作簿中没有工作表“{TARGETS}”，可能已改名。{_AGAIN}", "file"
            )
        parts = package.scan(TARGETS)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = book.get_sheet_by_name(TARGETS).to_python(skip_empty_area=False)
    except (Unreadable, CalamineError, OSError, ValueError) as error:
        raise Invalid(
            "workbook_unreadable",
            "这个文件不是可以读取的Excel工作簿，请在Excel或WPS中另存为“*.xlsx”后重新导入。",
            "file",
        ) from error
    return rows, parts.formulas


def _said(row: Sequence[Any], column: int) -> str:
    return str(row[column]).strip() if column < len(row) else ""


class _Reader:
    """Reads rows; knows the classes, the codes by their number, and where formulas stand."""

    def __init__(
        self, classes: Sequence[str], codes: dict[str, str], formulas: set[tuple[int, int]]
    ) -> None:
        self.classes, self.codes, self.formulas = classes, codes, formulas
        self.headings = target_headings(classes)

    def line(self, row: Sequence[Any], number: int) -> TargetLine:
        for column in range(len(self.headings)):
            if (number, column + 1) in self.formulas:
                raise self._refuse(number, column, "是公式，请改为数值")
        name = self._text(row, number, 0)
        if not name:
            raise self._refuse(number, 0, "是空的，请填写指标名称")
        unit, code = self._text(row, number, 1), self._text(row, number, 2)
        # Programs that take a serial number for a number drop its leading nought.
        known = self.codes.get(code.removesuffix(".0").lstrip("0"), "")
        if code and not known:
            raise self._refuse(number, 2, f"“{code[:_SHOWN]}”不在指标体系中")
        year = self._number(row, number, 3, "")
        if year != int(year) or not _FIRST_YEAR <= year <= _LAST_YEAR:
            raise self._refuse(number, 3, "应为四位年份")
        targets = {
            each: self._number(row, number, 4 + place, unit)
            for place, each in enumerate(self.classes)
        }
        return TargetLine(name, unit, int(year), targets, known)

    def _text(self, row: Sequence[Any], number: int, column: int) -> str:
        try:
            return clean_text(_said(row, column))
        except ValueError:
            raise self._refuse(number, column, "含有不可见的控制字符") from None

    def _number(self, row: Sequence[Any], number: int, column: int, unit: str) -> Decimal:
        value = row[column] if column < len(row) else ""
        # Calamine gives binary floats; their shortest text is what the cell shows.
        text = plain(Decimal(repr(value))) if isinstance(value, (int, float)) else str(value)
        try:
            found = parse_number(text, NumberFormat(unit=unit), self.headings[column])
        except (Invalid, ArithmeticError) as error:
            reason = error.sentence.rstrip("。") if isinstance(error, Invalid) else "不是数字"
            raise self._refuse(number, column, f"不能识别：{reason}") from error
        if found is None:
            raise self._refuse(number, column, "是空的，请填写数值")
        return found

    def _refuse(self, row: int, column: int, reason: str) -> Invalid:
        place = f"{get_column_letter(column + 1)}{row}"
        return Invalid(
            "targets_cell",
            f"工作表“{TARGETS}”的{place}（{self.headings[column]}）{reason}。{_AGAIN}",
            "file",
        )
