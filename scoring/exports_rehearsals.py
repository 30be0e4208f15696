"""The report of a rehearsal as a workbook."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from county_portal.common import clock
from county_portal.documents.workbook import Column, Sheet, render_workbook
from scoring.models import Rehearsal
from scoring.selectors.rehearsals import TriedYear, read_report

_POINTS = "0.00"
_COLUMNS = (
    *(Column("区划代码", 12), Column("县（市、区）", 26)),
    *(Column("原总分", 10, _POINTS), Column("试算总分", 10, _POINTS), Column("增减", 10, _POINTS)),
    *(Column("原分档", 8), Column("试算分档", 9)),
    *(Column("原位次", 8, "0"), Column("试算位次", 9, "0"), Column("缘由", 70)),
)


def rehearsal_workbook(rehearsal: Rehearsal) -> bytes:
    """A sheet for each year: counties of another class or rank, then those that cannot be scored."""
    title = f"{rehearsal}结果"
    sheets = [_sheet(rehearsal, year) for year in read_report(rehearsal)]
    day = rehearsal.completed_at
    made_on = clock.day_of(day) if day else None
    return render_workbook(sheets, title=title, created_on=made_on).content


def _sheet(rehearsal: Rehearsal, year: TriedYear) -> Sheet:
    data = year.data
    rows = [_row(each) for each in data["changed"]]
    refused = [
        (
            each["code"],
            each["name"],
            *([""] * 7),
            f"不能计分：{each['indicator']}，{each['reason']}",
        )
        for each in data["refused"]
    ]
    lines = (
        f"{rehearsal}：{data['data_year']}年度",
        "内部资料，只供研究评分方案使用，不是评价结果。",
        f"所试方案摘要（SHA-256）：{rehearsal.scheme_sha256}；试算报告摘要：{rehearsal.digest}",
    )
    name = f"{data['data_year']}年度"
    return Sheet(name, _COLUMNS, [*rows, *refused], heading_lines=lines, landscape=True)


def _row(county: Mapping[str, Any]) -> tuple[object, ...]:
    before, after = (Decimal(total) for total in county["total"])
    return (
        *(county["code"], county["name"], before, after, after - before),
        *(*county["class"], *county["rank"]),
        "；".join(_why(line) for line in county["lines"]) or "本县得分未变",
    )


def _why(line: Mapping[str, Any]) -> str:
    before, after = (each or "不计分" for each in line["points"])
    return f"{line['code']} {line['name']}：{before}→{after}"
