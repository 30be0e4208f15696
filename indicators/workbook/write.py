"""From a template to bytes: only what may be filled is unlocked, and every cell says what it takes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, fields
from decimal import Decimal
from typing import Any

from openpyxl.styles import Alignment, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation

from county_portal.common import clock
from county_portal.common.clock import BEIJING
from county_portal.documents import workbook as documents
from indicators.enums import FillMode
from indicators.workbook.template import (
    EVIDENCE,
    FILLING,
    FIRST_ROW,
    GUIDE,
    HEAD_ROW,
    HEADINGS,
    IDENTITY,
    NUMBERS,
    Column,
    Identity,
    Line,
    Template,
    as_cell,
)

_WIDTHS: Mapping[Column, float] = {
    Column.CODE: 6,
    Column.GROUP: 10,
    Column.NAME: 30,
    Column.UNIT: 8,
    Column.LAST_YEAR: 12,
    Column.MODE: 10,
    Column.TEXT: 13,
    Column.NUMERATOR_LABEL: 20,
    Column.NUMERATOR: 13,
    Column.DENOMINATOR_LABEL: 20,
    Column.DENOMINATOR: 13,
    Column.NOTE: 34,
}
_HOW = (
    "只在黄色单元格内填写；序号、指标、单位等不能改动，行、列和工作表不能增删、移动或改名。",
    "填报方式从下拉列表中选择：实际数、预测数、缺报、不适用。缺报、不适用的数值留空并在“说明”中写明原因。",
    "数值只填数字，不带单位；比率请同时填写分子、分母。请填数值，不要填公式；百分数按百分数填写，0.35表示0.35%。",
    "清单与证明材料请在网上登记，“佐证清单”仅供查看。填好后在网上“上传Excel”，核对预览并确认后才写入。",
)
_INPUT_FILL = PatternFill("solid", fgColor="FFF8E1")
_SHUT_FILL = PatternFill("solid", fgColor="F1F3F5")
_MAX_INPUT = "999999999999"


def write_workbook(template: Template) -> bytes:
    """The same template gives the same bytes."""
    made_on = clock.day_of(template.made_at)
    book = documents.new_book(template.title, made_on)
    styles = documents.Styles(book)
    _write_filling(book.create_sheet(FILLING), template, styles)
    for sheet in (_guide(template), _evidence(template)):
        target = book.create_sheet(sheet.title)
        documents.write_table(target, sheet, styles)
        target.protection.enable()
    _write_identity(book.create_sheet(IDENTITY), template.identity)
    book.security = WorkbookProtection(lockStructure=True)
    return documents.packed(book)


class _Looks:
    """The finished styles of the sheet 填报."""

    def __init__(self, styles: documents.Styles) -> None:
        middle = Alignment(vertical="center", wrap_text=True)
        unlocked = Protection(locked=False)
        grid, body = documents.GRID, documents.BODY_FONT
        self.title = styles.record(documents.TITLE_FONT, Alignment(vertical="center"))
        self.line = styles.record(documents.NOTE_FONT, Alignment(vertical="center"))
        self.head = styles.head
        self.shown = styles.record(body, middle, border=grid, number_format="@")
        self.figure = styles.record(body, Alignment(vertical="center"), border=grid)
        self.shut = styles.record(body, middle, border=grid, fill=_SHUT_FILL)
        self.number = styles.record(
            body,
            Alignment(vertical="center", horizontal="right"),
            border=grid,
            fill=_INPUT_FILL,
            protection=unlocked,
        )
        words = {"border": grid, "fill": _INPUT_FILL, "protection": unlocked, "number_format": "@"}
        self.words = styles.record(body, middle, **words)
        self.quoted = styles.record(body, middle, **words)
        self.quoted.quotePrefix = 1


def _write_filling(target: Any, template: Template, styles: documents.Styles) -> None:
    looks = _Looks(styles)
    for row, text in enumerate(_heading_lines(template), start=1):
        documents.put_text(target.cell(row, 1), text, looks.title if row == 1 else looks.line)
        target.row_dimensions[row].height = 30 if row == 1 else 18
    for column, heading in HEADINGS.items():
        documents.put_text(target.cell(HEAD_ROW, column), heading, looks.head)
        target.column_dimensions[column.letter].width = _WIDTHS[column]
    for row, line in enumerate(template.lines, start=FIRST_ROW):
        _write_line(target, row, line, looks)
    _restrict(target, template.lines)
    table = documents.Sheet(
        FILLING, (), (), header=f"{template.identity.region_name} {template.title}", landscape=True
    )
    documents.set_up_print(target, table, HEAD_ROW)
    target.freeze_panes = f"{Column.UNIT.letter}{FIRST_ROW}"
    target.protection.enable()
    # Guards against accidents only: widths and heights are the reader's own business.
    target.protection.formatColumns = target.protection.formatRows = False


def _heading_lines(template: Template) -> tuple[str, ...]:
    made = template.made_at.astimezone(BEIJING)
    due = template.due_on
    return (
        template.title,
        f"{template.identity.region_name}  数据年度{template.identity.data_year}年  {template.version}",
        f"下载于{made.year}年{made.month}月{made.day}日{made:%H:%M}，第{template.revision}次修订后的内容；"
        f"填报截止{due.year}年{due.month}月{due.day}日。只填黄色单元格，填法见“{GUIDE}”。",
    )


def _write_line(target: Any, row: int, line: Line, looks: _Looks) -> None:
    for column, text in line.shown.items():
        documents.put_text(target.cell(row, column), text, looks.shown)
    last_year = target.cell(row, Column.LAST_YEAR)
    _put_number(last_year, as_cell(line.spec, Column.LAST_YEAR, line.last_year), looks.figure)
    mode = Column.MODE in line.asked
    style = looks.words if mode else looks.shut
    documents.put_text(target.cell(row, Column.MODE), line.mode_word, style)
    typed = (line.typed.text, line.typed.numerator, line.typed.denominator)
    for column, text in zip(NUMBERS, typed, strict=True):
        cell = target.cell(row, column)
        if column in line.asked:
            _put_number(cell, as_cell(line.spec, column, text), looks.number)
        else:
            documents.dress(cell, looks.shut)
    note = line.typed.note
    style = looks.quoted if note.startswith(("=", "+", "-", "@")) else looks.words
    cell = target.cell(row, Column.NOTE)
    if note:
        documents.put_text(cell, note, style)
    else:
        documents.dress(cell, looks.words)


def _put_number(cell: Any, number: Decimal | str | None, style: Any) -> None:
    if isinstance(number, str):
        documents.put_text(cell, number, style)
        return
    cell.value = number
    documents.dress(cell, style)


def _restrict(target: Any, lines: Sequence[Line]) -> None:
    """What each cell takes, told on entering it and on a mistake."""
    modes = DataValidation(type="list", formula1=f'"{",".join(mode.label for mode in FillMode)}"')
    modes.showDropDown = False
    _word(
        modes, "填报方式", "请从列表中选择。", "请从下拉列表中选择：实际数、预测数、缺报、不适用。"
    )
    whole = DataValidation(type="whole", operator="between", formula1="0", formula2=_MAX_INPUT)
    _word(whole, "整数", "请填不小于0的整数，不带单位。", "应为不小于0的整数，不带单位和文字。")
    number = DataValidation(type="decimal", operator="between", formula1="0", formula2=_MAX_INPUT)
    _word(number, "数值", "请填不小于0的数，不带单位。", "应为不小于0的数，不带单位和文字。")
    for row, line in enumerate(lines, start=FIRST_ROW):
        if Column.MODE in line.asked:
            modes.add(f"{Column.MODE.letter}{row}")
        for column in (each for each in NUMBERS if each in line.asked):
            own = whole if line.spec.is_integer and column == Column.TEXT else number
            own.add(f"{column.letter}{row}")
    for validation in (modes, whole, number):
        if validation.sqref.ranges:
            target.add_data_validation(validation)


def _word(validation: DataValidation, title: str, prompt: str, error: str) -> None:
    validation.allow_blank = True
    validation.promptTitle, validation.prompt, validation.showInputMessage = title, prompt, True
    validation.errorTitle, validation.error, validation.showErrorMessage = "填写有误", error, True


def _guide(template: Template) -> documents.Sheet:
    columns = (
        documents.Column("序号", 6),
        documents.Column("指标", 30),
        documents.Column("指标解释", 60),
        documents.Column("评分标准", 36),
        documents.Column("数据提供单位", 18),
        documents.Column("责任单位", 18),
    )
    return documents.Sheet(
        GUIDE,
        columns,
        [_explained(line) for line in template.lines],
        heading_lines=("填报说明", *_HOW, *filter(None, template.notes.splitlines())),
        landscape=True,
    )


def _explained(line: Line) -> tuple[str, ...]:
    spec = line.spec
    return spec.code, spec.name, line.definition, line.rubric, line.providers, line.responsible


def _evidence(template: Template) -> documents.Sheet:
    columns = tuple(
        documents.Column(heading, width)
        for heading, width in (
            ("指标", 30),
            ("类别", 20),
            ("名称", 40),
            ("认定年份", 10),
            ("批准文号", 26),
            ("证明材料", 30),
        )
    )
    rows: Iterable[tuple[str, ...]] = (
        tuple("" if part is None else str(part) for part in astuple(item))
        for item in template.items
    )
    lines = ("佐证清单", "仅供查看。增加、修改请在网上“清单”页办理，在此处改动不会写入系统。")
    return documents.Sheet(EVIDENCE, columns, rows, heading_lines=lines, landscape=True)


def _write_identity(target: Any, identity: Identity) -> None:
    for row, part in enumerate(fields(Identity), start=1):
        for column, text in enumerate((part.name, getattr(identity, part.name)), start=1):
            cell = target.cell(row, column)
            cell.value, cell.data_type = str(text), "s"
    target.column_dimensions[get_column_letter(2)].width = 70
    target.sheet_state = "veryHidden"
    target.protection.enable()
