"""Documents out: the overview of monthly figures as a workbook."""

from collections.abc import Sequence

from county_portal.common import clock
from county_portal.documents.workbook import Column, Sheet, render_workbook
from indicators.models import MonthlyCall
from indicators.rules.monthly import pace_word
from indicators.selectors.monthly import CountyYear, Line


def monthly_workbook(call: MonthlyCall, years: Sequence[CountyYear]) -> bytes:
    """One row a county and indicator: target, each month, where the latest stands to the path."""
    today = clock.today()
    columns = (
        Column("县（市、区）", 18),
        Column("指标", 30),
        Column("单位", 8),
        Column("上年数值", 12, "0.######"),
        Column("年度目标", 12, "0.######"),
        *(Column(f"{month}月", 10, "0.######") for month in range(1, 13)),
        Column("最近月份", 10),
        Column("序时进度", 12, "0.######"),
        Column("快慢", 8),
        Column("相差", 12, "0.######"),
    )
    rows = [_row(year, line) for year in years for line in year.lines]
    heading = (
        f"{call.year}年月报汇总",
        f"导出日期：{today.year}年{today.month}月{today.day}日。空格为未报，不作零处理；“快”“慢”按指标方向判断。",
    )
    sheet = Sheet("月报汇总", columns, rows, heading_lines=heading, landscape=True)
    return render_workbook([sheet], title=heading[0], created_on=today).content


def _row(year: CountyYear, line: Line) -> list[object]:
    latest, target = line.latest, line.target
    return [
        year.region.full_name,
        line.indicator.name,
        line.indicator.unit,
        line.baseline,
        target.number if target else None,
        *(month.number for month in line.months),
        f"{latest.month}月" if latest else "",
        latest.expected if latest else None,
        pace_word(latest.lead) if latest else "",
        abs(latest.lead) if latest and latest.lead is not None else None,
    ]
