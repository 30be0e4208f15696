"""Workbooks of scoring: a published list, and all results of a run for the office's own use."""

from county_portal.common import clock
from county_portal.common.province import words
from county_portal.documents.workbook import XLSX, Column, Sheet, stream_workbook
from county_portal.files.actions import keep_generated
from scoring.explanation import Explained
from scoring.list_document import render_list_xlsx
from scoring.models import GradingRun, ListFile, PublishedList
from scoring.origins import NOT_KEPT
from scoring.selectors.explained import iterate_explained
from scoring.selectors.list_documents import list_document
from scoring.selectors.results import ResultFilter, list_result_rows, list_scores
from scoring.selectors.runs import engine_scheme


def make_list_file(published: PublishedList, kind: str) -> ListFile:
    """Make and keep the workbook of a published list; the one already there is returned."""
    existing = published.files.filter(kind=kind).first()
    if existing:
        return existing
    version = f"（第{published.version}版）" if published.version > 1 else ""
    file = keep_generated(
        content=render_list_xlsx(list_document(published)),
        name=f"{published.collection.data_year}年度{words().evaluation}名单{version}.{kind}",
        content_type=XLSX,
    )
    return ListFile.objects.create(published_list=published, kind=kind, file=file)


def results_workbook(run: GradingRun) -> bytes:
    """All results of a complete run for the office's own use: every indicator's points, every line explained."""
    title = f"{run.collection.data_year}年度第{run.number}次评价结果"
    lines = (title, "内部资料，未经公布不得对外提供。", f"运行摘要（SHA-256）：{run.digest}")
    sheets = (_results_sheet(run, lines), _explained_sheet(run, lines))
    made_on = clock.day_of(run.completed_at) if run.completed_at else None
    return stream_workbook(sheets, title=title, created_on=made_on).content


def _results_sheet(run: GradingRun, lines: tuple[str, ...]) -> Sheet:
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
        *(Column("位次", 8, "0"), Column("区划代码", 12), Column(words().city, 14)),
        *(Column("县（市、区）", 22), Column("总分", 10, "0.00"), Column("分档", 8)),
        *(Column(f"{indicator.code} {indicator.name}", 14, "0.00") for indicator in indicators),
        Column("标记", 30),
    )
    return Sheet("评价结果", columns, rows, heading_lines=lines, landscape=True)


_EXPLAINED = (
    *(Column("区划代码", 12), Column("县（市、区）", 22), Column("指标代码", 10)),
    *(Column("指标", 26), Column("数值", 14), Column("分子", 26), Column("分母", 26)),
    *(Column("来源", 36), Column("确认", 40), Column("区间等依据", 34)),
    *(Column("计算", 44), Column("得分", 10, "0.00"), Column("满分", 8, "0.##")),
)


def _explained_sheet(run: GradingRun, lines: tuple[str, ...]) -> Sheet:
    """One row per county and indicator, written as it is read: no more than a chunk is held at once."""
    rows = (
        (
            *(line.code, line.county, line.indicator.code, line.indicator.name),
            line.explained.value,
            *_sides(line.explained),
            line.explained.origin.stated_text or NOT_KEPT,
            line.explained.origin.confirmed_text or NOT_KEPT,
            line.explained.basis,
            *(line.derivation, line.score, line.indicator.weight),
        )
        for line in iterate_explained(run)
    )
    return Sheet("逐项说明", _EXPLAINED, rows, heading_lines=lines, landscape=True)


def _sides(explained: Explained) -> tuple[str, str]:
    """Both sides of a ratio with their names; blanks where there is none."""
    sides = [f"{label}：{number}" for label, number in explained.operands]
    return (sides[0], sides[1]) if sides else ("", "")
