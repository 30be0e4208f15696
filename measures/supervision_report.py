"""月度督导专报 (S3 四-4: 督导结果形成专报，呈报市委、市政府主要领导): from a month's plain values to a draft."""

from collections.abc import Sequence
from datetime import date

from county_portal.common.numbers import plain, readable
from county_portal.common.text import chinese_date
from county_portal.documents.kinds import Composed, Source
from county_portal.documents.wording import fill_template
from measures.enums import Standing
from measures.rules.lines import STALLS_AFTER
from measures.rules.month import GoalPoint, LateUnit, Month, MonthLine
from measures.rules.months import month_words

TEMPLATE = "supervision_report.txt"
_TABLE = "措施进展情况表"
_COLUMNS = (
    (3, "序号", "center"),
    (11, "措施", "left"),
    (7, "牵头单位", "left"),
    (5, "状态", "center"),
    (10, "量化目标", "left"),
)
# Units a paragraph quotes; the others are counted.
_QUOTED = 3
_NAMED_UNITS = 4
_OTHERS = (Standing.NOT_STARTED, Standing.ADJUSTED, Standing.ENDED)


def compose_report(month: Month, addressee: str, source: Source) -> Composed:
    """The draft on a month, bound to it."""
    words = month_words(month.month)
    return Composed(
        title=f"关于《{month.ledger}》{words}落实情况的督导专报",
        addressees=addressee,
        text=fill_template(TEMPLATE, _fields(month, words)),
        tables={_TABLE: _table(month.lines)},
        attachments=({"title": f"{words}措施进展情况表", "text": f"【表：{_TABLE}】"},),
        sources=(source,),
    )


def _fields(month: Month, words: str) -> dict[str, object]:
    others = [(state.label, month.count(state)) for state in _OTHERS]
    overdue, late = month.overdue, month.late_units
    return {
        "ledger": month.ledger,
        "month": words,
        "total": str(len(month.lines)),
        "reporting": str(month.reporting),
        "reported": str(month.reported),
        "done": str(month.count(Standing.DONE)),
        "under_way": str(month.count(Standing.UNDER_WAY)),
        "lagging": str(month.count(Standing.LAGGING)),
        "others": "，".join(f"{label}{count}条" for label, count in others if count),
        "moved": [
            {**_named(place, line), "units": _said(line)} for place, line in _numbered(month.moved)
        ],
        "stalled": [
            {**_named(place, line), "why": why_stalled(line)}
            for place, line in _numbered(month.stalled)
        ],
        "overdue": [
            {**_named(place, line), "due_on": _day(line.due_on)}
            for place, line in _numbered(overdue)
        ],
        "late_units": [
            {"place": str(place), **told}
            for place, told in enumerate(_late_units(late), len(overdue) + 1)
        ],
        "is_in_time": not overdue and not late,
    }


def _late_units(late: Sequence[LateUnit]) -> list[dict[str, str]]:
    """A sentence for each debt: units that owe the same measures and as many months share it, every one by name."""
    debts: dict[tuple[tuple[int, ...], int], list[str]] = {}
    for unit in late:
        debts.setdefault((tuple(unit.measures), unit.months), []).append(unit.unit)
    return [
        {
            "unit": "、".join(names)
            + (f"等{len(names)}个单位，每个单位" if len(names) > 1 else ""),
            "count": str(len(measures)),
            "measures": "、".join(map(str, measures)),
            "months": str(months),
        }
        for (measures, months), names in debts.items()
    ]


def _numbered(lines: Sequence[MonthLine]) -> list[tuple[int, MonthLine]]:
    return list(enumerate(lines, 1))


def _named(place: int, line: MonthLine) -> dict[str, str]:
    return {
        "place": str(place),
        "number": str(line.number),
        "heading": _unnumbered(line),
        "leads": short_units(line.leads),
    }


def _unnumbered(line: MonthLine) -> str:
    return line.heading.removeprefix(f"{line.number}.")


def _day(day: date | None) -> str:
    return chinese_date(day) if day else ""


def short_units(names: Sequence[str]) -> str:
    """The first few, and how many there are."""
    if not names:
        return "未列明"
    shown = "、".join(names[:_NAMED_UNITS])
    return f"{shown}等{len(names)}个单位" if len(names) > _NAMED_UNITS else shown


def _said(line: MonthLine) -> str:
    quoted = "；".join(f"{each.unit}：{each.words.rstrip('。；')}" for each in line.said[:_QUOTED])
    more = len(line.said) - _QUOTED
    return quoted + (f"；另有{more}个单位填报了进展。" if more > 0 else "。")


def why_stalled(line: MonthLine) -> str:
    """In a sentence or two."""
    reasons = []
    if line.state == Standing.LAGGING:
        reasons.append(f"列为滞后：{line.reason.rstrip('。')}。")
    if line.silent_months >= STALLS_AFTER:
        reasons.append(f"已连续{line.silent_months}个月没有单位填报进展。")
    behind = [goal for goal in line.goals if goal.is_behind]
    reasons += [f"目标“{goal.name}”{goal_words(goal)}。" for goal in behind]
    return "".join(reasons)


def goal_words(goal: GoalPoint) -> str:
    """现为20家，按时序应达到22家，目标25家."""
    target = f"目标{plain(goal.target)}{goal.unit}"
    if goal.now is None:
        return f"尚无数值，{target}"
    now = f"现为{plain(goal.now)}{goal.unit}"
    if goal.is_behind and goal.expected is not None and goal.expected != goal.target:
        return f"{now}，按时序应达到{plain(readable(goal.expected, goal.now))}{goal.unit}，{target}"
    return f"{now}，{target}"


def _table(lines: Sequence[MonthLine]) -> dict[str, object]:
    return {
        "columns": [
            {"heading": heading, "width": width, "align": align}
            for width, heading, align in _COLUMNS
        ],
        "rows": [
            [
                str(line.number),
                _unnumbered(line),
                short_units(line.leads),
                str(Standing(line.state).label) + ("（逾期）" if line.is_overdue else ""),
                "；".join(f"{goal.name}{goal_words(goal)}" for goal in line.goals) or "—",
            ]
            for line in lines
        ],
    }
