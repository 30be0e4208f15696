"""A scheme out of a workbook, read within bounds; every refusal names sheet, cell, reason and remedy."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, CalamineWorkbook

from county_portal.common.errors import Invalid
from county_portal.common.numbers import plain
from indicators.workbook.package import MAX_ROWS, Package, Unreadable
from scoring.engine.scheme_document import SCHEME_FORMAT
from scoring.schemes.documents import Document
from scoring.schemes.expressions import read_formula
from scoring.schemes.words import ABSENCES, KINDS, METHODS, MODES, TOTALS, TREATMENTS
from scoring.schemes.workbook import (
    BANDS,
    CLASSES,
    GENERAL,
    GENERAL_ROWS,
    GROUPS,
    HEADINGS,
    INDICATORS,
    ITEMS,
    OTHERS,
    OUTER,
    RULES,
    SCALARS,
    SEPARATOR,
    SHARED,
    YES,
)


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of a sheet by heading; `row` counts from 1 as the program that made it shows."""

    sheet: str
    row: int
    cells: Mapping[str, str]
    columns: Mapping[str, int]

    def __getitem__(self, heading: str) -> str:
        return self.cells[heading]

    def refuse(self, heading: str, reason: str) -> Invalid:
        """A refusal naming sheet and cell."""
        place = f"{get_column_letter(self.columns[heading])}{self.row}"
        return Invalid(
            "scheme_cell",
            f"工作表“{self.sheet}”的{place}（{heading}）{reason}。请改正后重新导入，方案没有改动。",
            "file",
        )

    def number(self, heading: str) -> str:
        """A number in digits."""
        try:
            return plain(Decimal(self[heading].strip()))
        except ArithmeticError:
            shown = self[heading][:20]
            raise self.refuse(
                heading, f"“{shown}”不是数字" if shown else "是空的，应当填写数字"
            ) from None

    def word(self, heading: str, words: Mapping[str, str]) -> str:
        """The key of one of the words."""
        keys = {label: key for key, label in words.items()}
        text = self[heading].strip()
        if text not in keys:
            raise self.refuse(heading, f"“{text[:20]}”应当是：{'、'.join(keys)}之一")
        return keys[text]

    def yes(self, heading: str) -> bool:
        """是 or blank."""
        text = self[heading].strip()
        if text not in {"", YES, "否"}:
            raise self.refuse(heading, f"“{text[:20]}”应当写“是”或留空")
        return text == YES


def read_scheme_workbook(content: bytes) -> Document:
    """The document of a workbook. Raises Invalid naming sheet, cell, reason and remedy."""
    book = _Book(content)
    general = _read_general(book.lines(GENERAL))
    rules = _Rules(book)
    indicators = []
    for line in book.lines(INDICATORS):
        row: dict[str, Any] = {
            "code": line["代码"],
            "group": line["一级指标"],
            "name": line["名称"],
            "unit": line["单位"],
            "weight": line.number("权重"),
            "rule": rules.of(line),
        }
        own = {key: line.word(label, TREATMENTS) for key, label in ABSENCES.items() if line[label]}
        indicators.append({**row, "absence": own} if own else row)
    rules.refuse_unused()
    classes = [
        {"name": line["档次"], "at_least": line.number("下限")} for line in book.lines(CLASSES)
    ]
    groups = [
        {"name": line["一级指标"], "weight": line.number("分值")} for line in book.lines(GROUPS)
    ]
    return {**general, "classes": classes, "groups": groups, "indicators": indicators}


class _Book:
    """An opened workbook, small and without formulas."""

    def __init__(self, content: bytes) -> None:
        try:
            self._package = Package(content)
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        except (Unreadable, CalamineError, OSError, ValueError) as error:
            raise _damaged() from error
        for name in HEADINGS:
            if name not in self._package.sheets:
                raise Invalid(
                    "scheme_sheet_missing",
                    f"工作簿中没有工作表“{name}”。请从方案页导出Excel，在其上修改后导入，方案没有改动。",
                    "file",
                )

    def lines(self, name: str) -> list[_Line]:
        """The rows of a sheet that are not blank; columns are found by their headings."""
        rows = self._values(name)
        head = [str(cell).strip() for cell in rows[0]] if rows else []
        columns = {}
        for heading in HEADINGS[name]:
            if heading not in head:
                raise Invalid(
                    "scheme_column_missing",
                    f"工作表“{name}”第1行没有列“{heading}”。请保留导出时的各列标题后重新导入，方案没有改动。",
                    "file",
                )
            columns[heading] = head.index(heading) + 1
        return [
            _Line(name, number, {key: _text(row, place) for key, place in columns.items()}, columns)
            for number, row in enumerate(rows[1:], 2)
            if any(_text(row, place).strip() for place in columns.values())
        ]

    def _values(self, name: str) -> list[list[Any]]:
        try:
            parts = self._package.scan(name)
        except Invalid as refusal:
            if refusal.code != "workbook_too_large":
                raise
            raise Invalid(
                "scheme_too_long",
                f"工作表“{name}”超过{MAX_ROWS}行，不能从Excel导入。请改用JSON文件，方案没有改动。",
                "file",
            ) from refusal
        except Unreadable as error:
            raise _damaged() from error
        if parts.formulas:
            row, column = min(parts.formulas)
            raise Invalid(
                "scheme_formula",
                f"工作表“{name}”的{get_column_letter(column)}{row}是公式。请改为数值或文字后重新导入，方案没有改动。",
                "file",
            )
        try:
            return self._book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except (CalamineError, OSError, ValueError) as error:
            raise _damaged() from error


def _damaged() -> Invalid:
    return Invalid(
        "scheme_file_damaged",
        "文件不是能读取的Excel工作簿（.xlsx）。请从方案页导出Excel，在其上修改后导入，方案没有改动。",
        "file",
    )


def _text(row: Sequence[Any], place: int) -> str:
    """A cell as text; numbers as typed, since programs turn texts of digits into numbers when they are edited."""
    value = row[place - 1] if place <= len(row) else ""
    if isinstance(value, bool):
        return YES if value else "否"
    if isinstance(value, float):
        return plain(Decimal(repr(value)))
    return str(value)


def _read_general(lines: Sequence[_Line]) -> Document:
    said = {line["项目"].strip(): line for line in lines}
    for name in GENERAL_ROWS:
        if name not in said:
            raise Invalid(
                "scheme_row_missing",
                f"工作表“{GENERAL}”没有“{name}”一行。请补上后重新导入，方案没有改动。",
                "file",
            )
    if said["格式"]["内容"].strip() != SCHEME_FORMAT:
        raise said["格式"].refuse("内容", f"应当是“{SCHEME_FORMAT}”")
    ties = said["同分排位"]["内容"].strip()
    places = said["小数位数"].number("内容")
    if not places.isdigit():
        raise said["小数位数"].refuse("内容", "应当是整数")
    return {
        "format": SCHEME_FORMAT,
        "title": said["名称"]["内容"],
        "rounding": {"places": int(places), "mode": said["取舍办法"].word("内容", MODES)},
        "total": said["总分"].word("内容", TOTALS),
        "ties": "shared-rank" if ties == SHARED else {"then_by": ties.split(SEPARATOR)},
        "absence": {key: said[label].word("内容", TREATMENTS) for key, label in ABSENCES.items()},
    }


class _Rules:
    """The rules of a workbook, each with its bands or items, told by indicator and class of counties."""

    def __init__(self, book: _Book) -> None:
        self.rules = _by_owner(book.lines(RULES))
        self.bands: dict[tuple[str, str], list[_Line]] = {}
        for line in book.lines(BANDS):
            self.bands.setdefault((line["指标代码"], line["组"].strip()), []).append(line)
        self.items: dict[str, list[_Line]] = {}
        for line in book.lines(ITEMS):
            self.items.setdefault(line["指标代码"], []).append(line)
        self.used: set[int] = set()

    def of(self, indicator: _Line) -> dict[str, Any]:
        """The rule of an indicator."""
        code = indicator["代码"]
        if (code, "") not in self.rules:
            raise indicator.refuse("代码", f"“{code[:20]}”在工作表“{RULES}”中没有计分办法")
        return self._rule(code, "")

    def _rule(self, code: str, group: str) -> dict[str, Any]:
        line = self.rules[code, group]
        kind = line.word("计分办法", KINDS)
        _refuse_unasked(line, kind)
        rule: dict[str, Any] = {"kind": kind, **_scalars(line, kind)}
        self.used.add(id(line))
        if kind == "panel":
            rule["method"] = line.word("合成办法", METHODS)
        elif kind == "expression":
            rule["tree"] = _formula(line)
        elif kind == "itemised":
            rule["exclusive"] = [
                each.split(SEPARATOR) for each in line["互斥组"].split(OUTER) if each
            ]
            rule["items"] = [self._item(each) for each in self.items.get(code, [])]
        elif kind == "piecewise":
            rule["bands"] = [self._band(each) for each in self.bands.get((code, group), [])]
        elif kind == "by-peer":
            rule |= self._peers(code, group, line)
        return rule

    def _peers(self, code: str, group: str, line: _Line) -> dict[str, Any]:
        if group:
            raise line.refuse("计分办法", "组内不能再分组")
        if (code, OTHERS) not in self.rules:
            raise line.refuse("计分办法", f"分组计分的指标{code}还要有“组”为“{OTHERS}”的一行")
        groups = []
        for (owner, name), each in self.rules.items():
            if owner == code and name not in {"", OTHERS}:
                codes = [part for part in each["县代码"].split(SEPARATOR) if part]
                groups.append(
                    {"name": each["组名"], "codes": codes, "rule": self._rule(code, name)}
                )
        return {"groups": groups, "otherwise": self._rule(code, OTHERS)}

    def _band(self, line: _Line) -> dict[str, Any]:
        self.used.add(id(line))
        return {
            "from": line.number("从"),
            "to": line.number("到") if line["到"].strip() else None,
            "points_from": line.number("起点得分"),
            "points_to": line.number("终点得分"),
        }

    def _item(self, line: _Line) -> dict[str, Any]:
        self.used.add(id(line))
        points = line.number("每项得分") if line["每项得分"].strip() else None
        item = {"code": line["类别代码"], "name": line["类别名称"], "points": points}
        return {**item, "at_most": line.number("酌情上限")} if line["酌情上限"].strip() else item

    def refuse_unused(self) -> None:
        """A row that belongs to nothing was meant for something."""
        lines = [*self.rules.values()]
        lines += [line for each in (*self.bands.values(), *self.items.values()) for line in each]
        for line in lines:
            if id(line) not in self.used:
                owner = line["指标代码"][:20]
                raise line.refuse("指标代码", f"“{owner}”没有与之相符的指标、组或计分办法")


def _by_owner(lines: Sequence[_Line]) -> dict[tuple[str, str], _Line]:
    rules: dict[tuple[str, str], _Line] = {}
    for line in lines:
        key = (line["指标代码"], line["组"].strip())
        if key in rules:
            raise line.refuse("指标代码", "与前面的一行重复")
        rules[key] = line
    return rules


def _refuse_unasked(line: _Line, kind: str) -> None:
    """What somebody wrote where this kind of rule asks for nothing was meant for something."""
    asked = {"指标代码", "组", "计分办法", *(heading for _, heading, _ in SCALARS[kind])}
    asked |= {"panel": {"合成办法"}, "expression": {"算式"}, "itemised": {"互斥组"}}.get(
        kind, set()
    )
    if line["组"].strip() not in {"", OTHERS}:
        asked |= {"组名", "县代码"}
    for heading in HEADINGS[RULES]:
        if heading not in asked and line[heading].strip():
            raise line.refuse(heading, f"不用于“{KINDS[kind]}”，应当留空")


def _scalars(line: _Line, kind: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, heading, entry in SCALARS[kind]:
        if entry == "number":
            values[key] = line.number(heading)
        elif entry == "whole-if":
            if line[heading].strip():
                values[key] = _whole(line, heading)
        elif entry == "yes" or line.yes(heading):
            values[key] = line.yes(heading)
    return values


def _whole(line: _Line, heading: str) -> int:
    text = line.number(heading)
    if not text.isdigit():
        raise line.refuse(heading, "应当是整数")
    return int(text)


def _formula(line: _Line) -> list[Any]:
    try:
        return read_formula(line["算式"])
    except Invalid as refusal:
        raise line.refuse("算式", f"不能识别：{refusal.sentence.rstrip('。')}") from refusal
