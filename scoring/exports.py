"""Workbooks of scoring: a published list, and all results of a run for the office's own use."""

from county_portal.common.clock import BEIJING
from county_portal.documents.workbook import Column, Sheet, render_workbook
from county_portal.files.actions import keep_generated
from scoring.list_document import render_list_xlsx
from scoring.models import GradingRun, ListFile, PublishedList
from scoring.selectors.list_documents import list_document
from scoring.selectors.results import ResultFilter, list_result_rows, list_scores
from scoring.selectors.runs import engine_scheme

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def make_list_file(published: PublishedList, kind: str) -> ListFile:
    """Make and keep the workbook of a published list; the one already there is returned."""
    existing = published.files.filter(kind=kind).first()
    if existing:
        return existing
    version = f"（第{published.version}版）" if published.version > 1 else ""
    file = keep_generated(
        content=render_list_xlsx(list_document(published)),
        name=f"{published.collection.data_year}年度县域科技创新能力监测评价名单{version}.{kind}",
        content_type=_XLSX,
    )
    return ListFile.objects.create(published_list=published, kind=kind, file=file)


def results_workbook(run: GradingRun) -> bytes:
    """All results of a complete run for the office's own use: totals, classes, every indicator's points."""
    indicators = engine_scheme(run.scheme_version).indicators
    scores = list_scores(run)
    rows = [
        (
            *(row.result.rank, row.result.region.code, row.city, row.result.region.name),
            *(row.result.total, row.result.class_name),
            *(scores[row.result.pk].get(indicator.code) for indicator in indicators),
            "、".join(row.flags),
        )
        for row in list_result_rows(run, ResultFilter())
    ]
    columns = (
        *(Column("位次", 8, "0"), Column("区划代码", 12), Column("设区市", 14)),
        *(Column("县（市、区）", 22), Column("总分", 10, "0.00"), Column("分档", 8)),
        *(Column(f"{indicator.code} {indicator.name}", 14, "0.00") for indicator in indicators),
        Column("标记", 30),
    )
    title = f"{run.collection.data_year}年度第{run.number}次评价结果"
    lines = (title, "内部资料，未经公布不得对外提供。", f"运行摘要（SHA-256）：{run.digest}")
    sheet = Sheet("评价结果", columns, rows, heading_lines=lines, landscape=True)
    made_on = run.completed_at.astimezone(BEIJING).date() if run.completed_at else None
    return render_workbook((sheet,), title=title, created_on=made_on).content
