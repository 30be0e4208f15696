"""Workbooks of the grading room: a comparison and a list of gaps, exactly as they were narrowed."""

from collections.abc import Sequence
from datetime import date

from county_portal.common import clock
from county_portal.common.province import words
from county_portal.documents.workbook import Column, Sheet, render_workbook
from scoring.comparison import Compared
from scoring.decomposition import CountyChange, Decomposition
from scoring.models import GradingRun
from scoring.selectors.comparison import Comparison
from scoring.selectors.gaps import Gap

INTERNAL = "内部资料，未经公布不得对外提供。"
ORDER_OF_PARTS = (
    "增减依次分为：方案（前次数据改按后次方案计分）、数据（后次申报数据）、更正（申诉更正）；"
    "三项之和等于总分增减。"
)
_POINTS = "0.00"


def made_on(run: GradingRun) -> date | None:
    """The day a run was complete, which is the day of its workbooks."""
    return clock.day_of(run.completed_at) if run.completed_at else None


def comparison_workbook(
    comparison: Comparison, rows: Sequence[Compared], found: Decomposition
) -> bytes:
    """The counties shown, with points and places by cause."""
    columns = (
        *(Column("区划代码", 12), Column(words().city, 14), Column("县（市、区）", 22)),
        *(Column("前次总分", 10, _POINTS), Column("后次总分", 10, _POINTS)),
        *(Column("增减", 10, _POINTS), Column("其中方案", 10, _POINTS)),
        *(Column("其中数据", 10, _POINTS), Column("其中更正", 10, _POINTS)),
        *(Column("前次分档", 9), Column("后次分档", 9)),
        *(Column("前次位次", 9, "0"), Column("后次位次", 9, "0"), Column("名次升降", 9, "0")),
        *(Column("其中方案", 9, "0"), Column("其中自身", 9, "0"), Column("其中他县", 9, "0")),
        Column("说明", 30),
    )
    title = f"{comparison.after}与{comparison.before}比较"
    sheet = Sheet(
        "比较",
        columns,
        [_compared(row, found.counties.get(row.code)) for row in rows],
        heading_lines=(title, INTERNAL, ORDER_OF_PARTS),
        landscape=True,
    )
    return render_workbook((sheet,), title=title, created_on=made_on(comparison.after)).content


def _compared(row: Compared, change: CountyChange | None) -> tuple[object, ...]:
    before, after = row.before, row.after
    parts = change.parts if change else None
    ranks = change.ranks if change else None
    words = [each.label for each in (row.entry, row.exit) if each]
    return (
        *(row.code, row.city, row.name),
        *(before and before.total, after and after.total, row.points),
        *(parts and parts.scheme, parts and parts.data, parts and parts.correction),
        *(before.class_name if before else "", after.class_name if after else ""),
        *(before and before.rank, after and after.rank, row.places),
        *(ranks and ranks.scheme, ranks and ranks.own, ranks and ranks.others),
        "，".join([*words, *([row.note] if row.note else [])]),
    )


def gaps_workbook(run: GradingRun, gaps: Sequence[Gap]) -> bytes:
    """The lines shown, with how each was scored all the same."""
    columns = (
        *(Column("区划代码", 12), Column(words().city, 14), Column("县（市、区）", 22)),
        *(Column("指标", 8), Column("指标名称", 30), Column("情形", 20)),
        *(Column("得分", 10, _POINTS), Column("满分", 10, _POINTS), Column("计算过程", 60)),
    )
    rows = [
        (
            *(gap.county_code, gap.city, gap.county, gap.indicator, gap.indicator_name),
            *("、".join(gap.words), gap.score, gap.weight, gap.derivation),
        )
        for gap in gaps
    ]
    title = f"{run}缺报与沿用清单"
    sheet = Sheet("缺报与沿用", columns, rows, heading_lines=(title, INTERNAL), landscape=True)
    return render_workbook((sheet,), title=title, created_on=made_on(run)).content
