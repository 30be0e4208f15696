"""The province's workbook of a year: pilots × assessed indicators, what is late and what is missing."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from county_portal.common.numbers import plain
from county_portal.common.province import words
from county_portal.documents.workbook import Column, Sheet, render_workbook
from reports.rules.lagging import shortfalls_of
from reports.rules.progress import OWN_FROM, Reading
from reports.selectors.progress_year import YearRow

_PERCENT = "0.00%"


def year_workbook(year: int, rows: Sequence[YearRow]) -> bytes:
    """Three sheets: one line a pilot; shares of each given indicator; every figure with its target."""
    title = f"{year}年度{words().pilot_kind}建设进展汇总"
    sheets = [_overview(year, title, rows), _matrix(year, rows), _details(year, rows)]
    return render_workbook(sheets, title=title).content


def _standing(row: YearRow) -> str:
    report = row.report
    if report.is_missing:
        return "逾期未报"
    if row.content is None:
        return "未报"
    return "逾期报送" if report.is_late else "按期报送"


def _overview(year: int, title: str, rows: Sequence[YearRow]) -> Sheet:
    columns = (
        *(Column("试点", 28), Column("审核单位", 20), Column("批次", 34), Column("状态", 14)),
        *(Column("报送情况", 12), Column("报送期限", 14), Column("报送日期", 14)),
        *(Column("考核指标数", 12, "0"), Column("有目标且已填报", 16, "0")),
        *(Column("达到年度目标", 14, "0"), Column("平均完成率", 12, _PERCENT)),
        Column("未达到年度目标的考核指标（完成率，由低到高）", 70),
    )
    note = "平均完成率为各项考核指标完成率的简单平均，单项超过100%的按100%、低于0的按0计；定性指标不计。"
    return Sheet(
        "汇总", columns, [_line(row) for row in rows], heading_lines=(title, note), landscape=True
    )


def _line(row: YearRow) -> list[object]:
    report, content = row.report, row.content
    submitted = report.first_submitted_on.isoformat() if report.submitted_at else ""
    return [
        report.pilot.region.full_name,
        report.pilot.reviewing_office.short_name,
        report.pilot.round.title,
        report.get_state_display(),
        _standing(row),
        report.due_on.isoformat(),
        submitted,
        len(content.assessed) if content else None,
        content.measured if content else None,
        content.reached if content else None,
        row.mean,
        _shortfalls(row),
    ]


def _shortfalls(row: YearRow) -> str:
    return "；".join(
        f"{each.reading.order} {each.reading.name}（{each.words}）"
        for each in (shortfalls_of(row.content) if row.content else ())
    )


def _matrix(year: int, rows: Sequence[YearRow]) -> Sheet:
    """A column for each given indicator that some pilot is assessed by; blank where this one is not."""
    names = dict(
        sorted(
            (reading.order, reading.name)
            for row in rows
            if row.content
            for reading in row.content.assessed
            if reading.order < OWN_FROM and not reading.is_qualitative
        )
    )
    columns = (
        Column("试点", 28),
        *(Column(f"{order} {name}", 16, _PERCENT) for order, name in names.items()),
    )
    lines = [
        [row.report.pilot.region.full_name, *(_share(row, order, year) for order in names)]
        for row in rows
    ]
    note = "空格表示该项不是本试点的考核指标，或未报送、未设年度目标。"
    title = f"{year}年度各试点考核指标完成率"
    return Sheet("指标完成率", columns, lines, heading_lines=(title, note), landscape=True)


def _share(row: YearRow, order: int, year: int) -> Decimal | None:
    if row.content is None:
        return None
    readings = {reading.order: reading for reading in row.content.assessed}
    return readings[order].achieved(year).share if order in readings else None


def _details(year: int, rows: Sequence[YearRow]) -> Sheet:
    columns = (
        *(Column("试点", 28), Column("序号", 8, "0"), Column("指标", 44), Column("类别", 12)),
        *(Column("单位", 12), Column("基数", 14, "General"), Column("年度目标", 14, "General")),
        *(Column("实际值", 14, "General"), Column("直线进度应到", 14, "0.00")),
        *(Column("完成率", 12, _PERCENT), Column("是否达到", 10), Column("计算过程", 36)),
        Column("说明", 50),
    )
    return Sheet(
        "逐项明细",
        columns,
        list(_detail_lines(year, rows)),
        heading_lines=(f"{year}年度各试点考核指标明细",),
        landscape=True,
    )


def _detail_lines(year: int, rows: Sequence[YearRow]) -> Iterator[list[object]]:
    for row in rows:
        for reading in row.content.assessed if row.content else []:
            yield [row.report.pilot.region.full_name, *_detail(reading, year)]


def _detail(reading: Reading, year: int) -> list[object]:
    achievement = reading.achieved(year)
    reached = {True: "是", False: "否", None: ""}[achievement.is_reached]
    return [
        reading.order,
        reading.name,
        reading.kind,
        reading.unit,
        _exact(reading.baseline),
        _exact(reading.target_of(year)),
        _exact(reading.number),
        reading.path(year),
        achievement.share,
        reached,
        achievement.words,
        reading.words,
    ]


def _exact(number: Decimal | None) -> Decimal | None:
    """Without the zeros the table keeps behind it."""
    return None if number is None else Decimal(plain(number))
