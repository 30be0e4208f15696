"""Warnings as filtered, as a workbook."""

from collections.abc import Sequence
from datetime import date, datetime

from county_portal.common import clock
from county_portal.documents.workbook import Column, Sheet, render_workbook
from monitoring.models import Warning  # noqa: A004 -- the word of the field

_COLUMNS = (
    Column("序号", 8, "0"),
    Column("年度", 8, "0"),
    Column("市级单位", 20),
    Column("县（市、区）", 22),
    Column("区划代码", 12),
    Column("指标", 30),
    Column("种类", 14),
    Column("程度", 8),
    Column("依据月份", 10, "0"),
    Column("情况", 60),
    Column("责任单位", 24),
    Column("发出日期", 14),
    Column("状态", 12),
    Column("办理层级", 10),
    Column("期限", 14),
    Column("原因说明", 40),
    Column("整改措施", 40),
    Column("解除日期", 14),
    Column("解除说明", 40),
)


def warnings_workbook(warnings: Sequence[Warning], made_on: date) -> bytes:
    """One row per warning, in the order given."""
    rows = [
        (
            place,
            row.call.year,
            row.reviewing_office.name,
            row.region.full_name,
            row.region.code,
            row.indicator.name if row.indicator else "",
            row.get_kind_display(),
            row.get_severity_display(),
            row.month or None,
            row.cause,
            "、".join(row.responsible),
            _day(row.raised_at),
            row.where,
            row.get_stage_display(),
            row.due_on.isoformat() if row.due_on else "",
            row.answer_cause,
            row.answer_steps,
            _day(row.closed_at),
            row.closing_words,
        )
        for place, row in enumerate(warnings, 1)
    ]
    lines = ("监测预警台账", "内部资料，未经同意不得对外提供。")
    sheet = Sheet("预警", _COLUMNS, rows, heading_lines=lines, landscape=True)
    return render_workbook((sheet,), title="监测预警台账", created_on=made_on).content


def _day(moment: datetime | None) -> str:
    return clock.day_of(moment).isoformat() if moment else ""
