"""The responsibility table as a workbook."""

from county_portal.documents.workbook import Column, Sheet, render_workbook
from reports.duty_table import DutyTable


def duty_workbook(table: DutyTable) -> bytes:
    """One sheet, columns as S3's annex has them, the totals last."""
    columns = [
        *(Column("一级指标", 14), Column("二级指标", 26), Column("权重分值", 9, "0.##")),
        *(Column("评分标准", 34), Column("责任单位", 18), Column("数据提供单位", 18)),
    ]
    for column in table.columns:
        figure, points = column.headings
        columns += [Column(figure, 14), Column(points, 10, "0.00")]
    rows: list[list[object]] = []
    for row in table.rows:
        entry = row.entry
        line: list[object] = [
            *(row.group_label, entry.name, entry.weight, entry.rubric),
            *("、".join(entry.responsible), "、".join(entry.providers)),
        ]
        for cell in row.cells:
            line += [cell.value, cell.score]
        rows.append(line)
    totals: list[object] = ["合计得分", "", None, "", "", ""]
    for column in table.columns:
        totals += ["", column.total]
    heading = tuple(filter(None, (table.title, table.carried_words)))
    sheet = Sheet(
        "责任分工表", tuple(columns), [*rows, totals], heading_lines=heading, landscape=True
    )
    return render_workbook([sheet], title=table.title).content
