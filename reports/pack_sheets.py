"""The tables of an evidence pack: targets as promised and as changed, steps with words, what was changed when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from county_portal.common import clock
from county_portal.common.numbers import plain
from county_portal.documents.workbook import Column, Sheet, render_workbook


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A year's target of an indicator; `reached` as the province received it."""

    order: int
    name: str
    kind: str
    unit: str
    baseline_year: int
    baseline: Decimal | None
    year: int
    promised: Decimal
    number: Decimal
    reached: Decimal | None
    words: str


@dataclass(frozen=True, slots=True)
class WordedRow:
    """A year of an indicator judged in words; `year` is None while nothing was received."""

    order: int
    name: str
    kind: str
    aim: str
    year: int | None
    words: str


@dataclass(frozen=True, slots=True)
class FinalRow:
    """One indicator as the county summed it up for the acceptance."""

    order: int
    name: str
    kind: str
    unit: str
    baseline: Decimal | None
    goal_year: int | None
    goal: Decimal | None
    number: Decimal | None
    verdict: str
    words: str


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One key task as the acceptance was handed in; `done` and `expected` in per cent."""

    name: str
    goal: str
    done: int
    expected: int | None
    noted_on: str
    words: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A request to change a target, with what city and province said."""

    at: datetime
    name: str
    year: int
    before: Decimal
    after: Decimal
    reason: str
    state: str
    city: str
    province: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step somebody took on the application, a report or the acceptance."""

    matter: str
    at: datetime
    office: str
    person: str
    label: str
    comment: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something that happened to the pilot."""

    on: str
    until: str
    label: str
    reason: str
    document_number: str


@dataclass(frozen=True, slots=True)
class RecordRow:
    """An entry of the audit record: which act (in words) of which office on what, and the entry's own digest."""

    serial: int
    at: datetime
    office: str
    matter: str
    act: str
    digest: str


def moment_text(moment: datetime) -> str:
    """2026-03-20 12:00, in Beijing."""
    return f"{moment.astimezone(clock.BEIJING):%Y-%m-%d %H:%M}"


def targets_workbook(
    name: str,
    targets: Iterable[TargetRow],
    worded: Iterable[WordedRow],
    changes: Iterable[ChangeRow],
) -> bytes:
    """Original and changed targets, those judged in words, and each request."""
    goal_columns = (
        *(Column("序号", 8, "0"), Column("指标", 44), Column("类别", 12), Column("单位", 12)),
        *(Column("基数年份", 10, "0"), Column("基数", 14, "General"), Column("年份", 8, "0")),
        *(Column("原定目标", 14, "General"), Column("现行目标", 14, "General")),
        *(Column("实际值", 14, "General"), Column("说明", 50)),
    )
    worded_columns = (
        *(Column("序号", 8, "0"), Column("指标", 44), Column("类别", 12), Column("目标", 60)),
        *(Column("年份", 8, "0"), Column("完成情况", 60)),
    )
    change_columns = (
        *(Column("申请时间", 18), Column("指标", 44), Column("年份", 8, "0")),
        *(Column("原目标", 14, "General"), Column("调整后", 14, "General")),
        *(Column("理由", 50), Column("状态", 14), Column("市级意见", 40), Column("省级意见", 40)),
    )
    goals = [
        [
            *(row.order, row.name, row.kind, row.unit, row.baseline_year, _exact(row.baseline)),
            *(row.year, _exact(row.promised), _exact(row.number), _exact(row.reached)),
            row.words,
        ]
        for row in targets
    ]
    told = [[row.order, row.name, row.kind, row.aim, row.year, row.words] for row in worded]
    asked = [
        [
            *(moment_text(row.at), row.name, row.year, _exact(row.before), _exact(row.after)),
            *(row.reason, row.state, row.city, row.province),
        ]
        for row in changes
    ]
    return _book(
        f"{name}建设目标",
        [
            ("目标", goal_columns, goals),
            ("定性指标", worded_columns, told),
            ("调整申请", change_columns, asked),
        ],
    )


def final_workbook(name: str, lines: Iterable[FinalRow], tasks: Iterable[TaskRow]) -> bytes:
    """The indicators and the key tasks of one acceptance."""
    columns = (
        *(Column("序号", 8, "0"), Column("指标", 44), Column("类别", 12), Column("单位", 12)),
        *(
            Column("基数", 14, "General"),
            Column("目标年份", 10, "0"),
            Column("目标", 14, "General"),
        ),
        *(Column("实际值", 14, "General"), Column("是否达到", 10), Column("说明", 50)),
    )
    rows = [
        [
            *(row.order, row.name, row.kind, row.unit, _exact(row.baseline), row.goal_year),
            *(_exact(row.goal), _exact(row.number), row.verdict, row.words),
        ]
        for row in lines
    ]
    task_columns = (
        *(Column("重点任务", 24), Column("目标", 60), Column("完成（%）", 10, "0")),
        *(Column("应完成约（%）", 14, "0"), Column("填写日期", 14), Column("进展情况", 60)),
    )
    done = [[row.name, row.goal, row.done, row.expected, row.noted_on, row.words] for row in tasks]
    return _book(name, [("指标完成情况", columns, rows), ("重点任务完成情况", task_columns, done)])


def steps_workbook(name: str, steps: Iterable[StepRow]) -> bytes:
    """Who said what, on which matter, in which order."""
    columns = (
        *(Column("事项", 30), Column("时间", 18), Column("单位", 24), Column("办理人", 14)),
        *(Column("环节", 20), Column("意见", 70)),
    )
    rows = [
        [row.matter, moment_text(row.at), row.office, row.person, row.label, row.comment]
        for row in steps
    ]
    return _book(f"{name}审核意见与办理记录", [("办理记录", columns, rows)])


def changes_workbook(name: str, events: Iterable[EventRow], records: Iterable[RecordRow]) -> bytes:
    """What happened to the pilot, and the audit record's entries about it."""
    event_columns = (
        *(Column("日期", 14), Column("至", 14), Column("事项", 14), Column("原因", 60)),
        Column("文号", 30),
    )
    record_columns = (
        *(Column("序号", 10, "0"), Column("时间", 18), Column("单位", 28), Column("对象", 18)),
        *(Column("事项", 30), Column("记录摘要（SHA-256）", 70)),
    )
    happened = [[row.on, row.until, row.label, row.reason, row.document_number] for row in events]
    noted = [
        [row.serial, moment_text(row.at), row.office, row.matter, row.act, row.digest]
        for row in records
    ]
    return _book(
        f"{name}变更记录",
        [("试点大事", event_columns, happened), ("审计记录摘录", record_columns, noted)],
    )


def _book(
    title: str, tables: Sequence[tuple[str, tuple[Column, ...], Sequence[Sequence[object]]]]
) -> bytes:
    sheets = [
        Sheet(name, columns, rows, heading_lines=(f"{title}（{name}）",), landscape=True)
        for name, columns, rows in tables
    ]
    return render_workbook(sheets, title=title).content


def _exact(number: Decimal | None) -> Decimal | None:
    return None if number is None else Decimal(plain(number))
