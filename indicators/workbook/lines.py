"""One row of the sheet 填报: what was filled in, and each thing in it that cannot be taken as it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from county_portal.common.numbers import plain
from county_portal.common.text import clean_text
from indicators.enums import FillMode, IndicatorKind
from indicators.rules.cells import CellError, CellInput, read_cell, typed_of
from indicators.workbook.package import SheetParts
from indicators.workbook.template import (
    EXACT_DIGITS,
    HEADINGS,
    PARTS,
    WORDS_ONLY,
    Column,
    Line,
    means_same,
    number_of,
)

_MODES = {str(mode.label): str(mode) for mode in FillMode}
_EXACT = Context(prec=EXACT_DIGITS, rounding=ROUND_HALF_UP)
_SHOWN = 40
_DATES = (date, time, timedelta)
_COLUMN_OF = {part: column for column, part in PARTS.items()}


@dataclass(frozen=True, slots=True)
class Problem:
    """What cannot be taken as it is; one that does not block is taken, and said."""

    cell: str
    field: str
    found: str
    problem: str
    remedy: str
    code: str
    indicator: str
    blocks: bool = True


class _Row:
    """A row being read."""

    def __init__(self, line: Line, row: int, parts: SheetParts, base: CellInput) -> None:
        self.line, self.row, self.parts, self.base = line, row, parts, base
        self.problems: list[Problem] = []

    def add(
        self, column: Column, code: str, found: str, words: tuple[str, str], *, blocks: bool = True
    ) -> None:
        cell = f"{column.letter}{self.row}"
        field = f"{self.line.spec.name}：{HEADINGS[column]}"
        found = found if len(found) <= _SHOWN else f"{found[:_SHOWN]}…"
        problem = Problem(cell, field, found, *words, code, self.line.spec.code, blocks)
        self.problems.append(problem)


def read_line(
    line: Line, row: int, cells: Mapping[Column, Any], parts: SheetParts, base: CellInput
) -> tuple[CellInput, list[Problem]]:
    """The line as typed, in the form the portal would show it again, with what is wrong with it."""
    reading = _Row(line, row, parts, base)
    texts = {
        column: _text(reading, column, cells[column]) for column in PARTS if column != Column.MODE
    }
    typed = CellInput(
        texts[Column.TEXT],
        texts[Column.NUMERATOR],
        texts[Column.DENOMINATOR],
        _mode(reading, cells[Column.MODE]),
        texts[Column.NOTE],
    )
    figure, errors = read_cell(line.spec, typed)
    blocked = {problem.cell for problem in reading.problems if problem.blocks}
    for error in errors:
        column = _COLUMN_OF[error.part]
        if f"{column.letter}{row}" not in blocked:
            reading.add(column, error.code, _found(cells[column]), _split(error))
    _check_shown(reading, cells)
    if errors or blocked:
        return typed, reading.problems
    if means_same(figure, read_cell(line.spec, base)[0]):
        return base, _kept(reading)
    _check_hidden(reading, typed)
    return typed_of(figure), reading.problems


def _kept(reading: _Row) -> list[Problem]:
    """Of an unchanged line only what blocks or was written where nothing may be."""
    return [each for each in reading.problems if each.blocks or each.code == "cell_not_open"]


def _text(reading: _Row, column: Column, value: Any) -> str:
    """What a cell says, as somebody would type it."""
    place = (reading.row, column)
    trap = _trap(reading, column, value)
    if trap:
        code, found, words = trap
        reading.add(column, code, found, words)
        return ""
    if column not in reading.line.asked and place in reading.parts.filled and str(value).strip():
        words = (f"此项指标不需要填“{HEADINGS[column]}”", "请清空该单元格")
        reading.add(column, "cell_not_asked", _found(value), words)
        return ""
    base = str(getattr(reading.base, PARTS[column]))
    if column == Column.NOTE:
        return _note(value, base)
    if isinstance(value, str):
        return _typed_number(reading, column, value, base)
    return _plain_number(reading, column, value, base)


def _trap(reading: _Row, column: Column, value: Any) -> tuple[str, str, tuple[str, str]] | None:
    """Contents that only look like what was typed."""
    place, parts = (reading.row, column), reading.parts
    found = _found(value)
    merged = parts.merged_over(place)
    if merged:
        words = (f"单元格已与相邻单元格合并（{merged}），分不清属于哪一项", "请取消合并，逐格填写")
        return "cell_merged", found, words
    if place in parts.errors:
        words = ("是计算错误的结果，不是数值", "请改为实际数值，或清空后选“缺报”并说明")
        return "cell_error_value", parts.errors[place], words
    if place in parts.formulas:
        words = ("含有公式，取值会随其他单元格变化", "请改为数值：复制后“选择性粘贴—数值”")
        return "cell_formula", found, words
    if isinstance(value, bool):
        return "cell_boolean", found, ("是逻辑值，不是数值", "请填写数字")
    if isinstance(value, _DATES):
        words = ("被设为日期或时间格式，无法确定原来的数字", "请把单元格格式改为“常规”后重新填写")
        return "cell_date", found, words
    return None


def _note(value: Any, base: str) -> str:
    text = value if isinstance(value, str) else plain(_exact(value)[0])
    try:
        text = clean_text(text)
    except ValueError:
        # Left as it is: the rules say what is wrong with it.
        return text
    return base if text == base.strip() else text


def _typed_number(reading: _Row, column: Column, value: str, base: str) -> str:
    """A number kept as text."""
    text = value.strip()
    if not text or text == base:
        return text
    number = number_of(reading.line.spec, column, text)
    if number is not None and number == number_of(reading.line.spec, column, base):
        return base
    if number is not None:
        words = (f"是文本格式的数字，按{plain(number)}读取", "如有出入，请改为数值格式后重新上传")
        reading.add(column, "number_as_text", text, words, blocks=False)
    elif _is_scientific(text):
        words = ("是科学计数法，可能已丢失末几位数字", "请写成普通数字，不用字母E")
        reading.add(column, "number_scientific", text, words)
    return text


def _is_scientific(text: str) -> bool:
    mantissa, mark, exponent = text.upper().partition("E")
    return bool(mark) and exponent.lstrip("+-").isdigit() and any(c.isdigit() for c in mantissa)


def _plain_number(reading: _Row, column: Column, value: Any, base: str) -> str:
    number, is_exact = _exact(value)
    if number == number_of(reading.line.spec, column, base):
        return base
    text = plain(number)
    if not is_exact:
        words = (
            f"超过{EXACT_DIGITS}位有效数字，表格软件不能准确保存",
            "请核对单位后重新填写，或改在网上填写",
        )
        reading.add(column, "number_beyond_precision", text, words)
    elif (reading.row, column) in reading.parts.percents:
        shown = f"{plain(number * 100)}%"
        words = (
            f"设为百分比格式：显示为{shown}，实际数值是{text}，系统不作猜测",
            "请把单元格格式改为“常规”，再按单位填写数值（0.35表示0.35%）",
        )
        reading.add(column, "number_percent_format", shown, words)
    return text


def _exact(value: Any) -> tuple[Decimal, bool]:
    """A double as the number somebody typed, and whether no digit of it can have been lost."""
    number = Decimal(repr(value))
    kept = _EXACT.plus(number)
    # The noise of a sum (0.30000000000000004) goes; digits that fill the precision were cut.
    return kept, kept == number or len(kept.normalize().as_tuple().digits) < EXACT_DIGITS


def _mode(reading: _Row, value: Any) -> str:
    is_words = reading.line.spec.kind == IndicatorKind.QUALITATIVE
    trap = _trap(reading, Column.MODE, value)
    if trap:
        code, found, words = trap
        reading.add(Column.MODE, code, found, words)
        return str(FillMode.ACTUAL)
    text = str(value).strip()
    if is_words and text != WORDS_ONLY and text:
        words = ("此项只填文字说明，不选填报方式", f"请恢复为“{WORDS_ONLY}”")
        reading.add(Column.MODE, "cell_not_asked", text, words)
    if is_words or not text:
        return str(FillMode.ACTUAL)
    if text not in _MODES:
        words = ("不是规定的填报方式", f"请从列表中选择：{'、'.join(_MODES)}")
        reading.add(Column.MODE, "mode_unknown", text, words)
    return _MODES.get(text, str(FillMode.ACTUAL))


def _check_shown(reading: _Row, cells: Mapping[Column, Any]) -> None:
    """A changed unit or label changes what a figure would mean: the figure is not taken."""
    for column, text in reading.line.shown.items():
        if column == Column.CODE or str(cells[column]).strip() == text:
            continue
        words = (f"不能改动，应为“{text}”", "请恢复原来的内容；数值须按原单位填写")
        reading.add(column, "cell_not_open", _found(cells[column]), words)


def _check_hidden(reading: _Row, typed: CellInput) -> None:
    for column in _changed(reading.base, typed):
        if reading.parts.is_hidden((reading.row, column)):
            words = ("所在的行或列被隐藏，其中的改动看不见", "请取消隐藏，核对后重新上传")
            reading.add(column, "cell_hidden", str(getattr(typed, PARTS[column])), words)


def _changed(base: CellInput, typed: CellInput) -> Iterable[Column]:
    return [
        column
        for column, part in PARTS.items()
        if str(getattr(base, part)).strip() != str(getattr(typed, part)).strip()
    ]


def _found(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return plain(_exact(value)[0])
    return str(value).strip()


def _split(error: CellError) -> tuple[str, str]:
    """The rule's sentence in two columns: what is wrong, and what to do."""
    reason, mark, remedy = error.sentence.rstrip("。").rpartition("，请")
    return (reason, f"请{remedy}") if mark else (error.sentence.rstrip("。"), "请核对后重新填写")
