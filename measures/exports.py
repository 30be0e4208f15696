"""The ledger as a workbook: one row a measure, exactly the lines shown."""

from collections.abc import Sequence
from datetime import date

from county_portal.common.numbers import plain
from county_portal.common.text import chinese_date
from county_portal.documents.workbook import Column, Sheet, render_workbook
from measures.enums import DutyKind
from measures.models import Ledger
from measures.rules.goals import GoalState
from measures.rules.lines import Line
from measures.rules.months import month_words

_COLUMNS = (
    Column("部分", 24),
    Column("序号", 6, "0"),
    Column("措施（原文）", 70),
    Column("牵头单位", 22),
    Column("配合单位", 22),
    Column("数据提供单位", 16),
    Column("完成时限", 14),
    Column("状态", 10),
    Column("状态说明", 30),
    Column("量化目标", 40),
    Column("最近填报", 12),
    Column("最近进展", 60),
    Column("欠报次数", 10, "0"),
    Column("是否逾期", 10),
)


def ledger_workbook(ledger: Ledger, lines: Sequence[Line], made_on: date) -> bytes:
    """One row a line, in the order given."""
    heading = (
        ledger.title,
        f"来源：{ledger.document_title}{ledger.document_number}。导出日期：{chinese_date(made_on)}，共{len(lines)}条。"
        "空格为未填，不作零处理。",
    )
    sheet = Sheet(
        "措施台账", _COLUMNS, [_row(line) for line in lines], heading_lines=heading, landscape=True
    )
    return render_workbook((sheet,), title=ledger.title, created_on=made_on).content


def _row(line: Line) -> tuple[object, ...]:
    newest = line.newest
    return (
        line.part_title,
        line.number,
        line.text,
        *("、".join(line.units(kind)) for kind in (DutyKind.LEAD, DutyKind.SUPPORT, DutyKind.DATA)),
        chinese_date(line.due_on) if line.due_on else "",
        line.state.label,
        line.state_reason,
        "；".join(_goal_words(goal) for goal in line.goals),
        month_words(newest.month) if newest else "",
        newest.words if newest else "",
        line.missing,
        "是" if line.is_late else "否",
    )


def _goal_words(goal: GoalState) -> str:
    said = f"，现为{plain(goal.now)}{goal.unit}" if goal.now is not None else "，尚无数值"
    return f"{goal.name}目标{plain(goal.target)}{goal.unit}{said}"
