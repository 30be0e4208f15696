"""Documents of a published list, from its frozen rows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from django.conf import settings

from county_portal.accounts.models import Region
from county_portal.common.clock import BEIJING
from county_portal.documents.official import Imprint, Letterhead, Signature, Verification
from county_portal.documents.workbook import Column, Sheet, render_workbook
from county_portal.files.actions import keep_generated
from county_portal.files.models import StoredFile
from scoring.enums import ListFileKind, Movement
from scoring.list_document import (
    ClassRise,
    Consent,
    Correction,
    ListedClass,
    ListedCounty,
    PublishedListDocument,
    RankRise,
    render_list_pdf,
    render_list_xlsx,
)
from scoring.models import GradingRun, ListFile, ListRow, PublishedList
from scoring.selectors.lists import list_classes, list_ended
from scoring.selectors.results import ResultFilter, list_result_rows, list_scores
from scoring.selectors.runs import engine_scheme

LETTERHEADS = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True, slots=True)
class IssuingOffice:
    """Who issues the list in this province, from its data file."""

    sender: str
    issuer: str
    addressees: tuple[str, ...]
    copied_to: tuple[str, ...]
    printed_by: str
    rank_rises_named: int


@lru_cache
def issuing_office() -> IssuingOffice:
    """The province's letterhead."""
    path = LETTERHEADS / f"{settings.PROVINCE}-list-letterhead.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    return IssuingOffice(
        data["sender"],
        data["issuer"],
        tuple(data["addressees"]),
        tuple(data["copied_to"]),
        data["printed_by"],
        data["rank_rises_named"],
    )


_TYPES = {
    ListFileKind.PDF: ("pdf", "application/pdf"),
    ListFileKind.XLSX: (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


def list_document(published: PublishedList) -> PublishedListDocument:
    """Everything printed in the list."""
    groups, office = list_classes(published), issuing_office()
    rows = [row for group in groups for row in group.rows]
    return PublishedListDocument(
        letterhead=Letterhead(office.sender, published.document_number),
        data_year=published.collection.data_year,
        evaluation_year=published.collection.evaluation_year,
        published_on=published.publish_on,
        addressees=office.addressees,
        classes=tuple(
            ListedClass(group.name, tuple(_county(row) for row in group.rows)) for group in groups
        ),
        rises=tuple(
            ClassRise(_county(row), row.previous_class, row.class_name)
            for row in rows
            if row.movement == Movement.RISE
        ),
        rank_rises=_rank_rises(rows, office.rank_rises_named),
        region_changes=_region_changes(published),
        consent=Consent(
            office.issuer, published.consent_on or published.publish_on, published.consent_number
        ),
        signature=Signature(office.issuer, published.publish_on),
        imprint=Imprint(office.copied_to, office.printed_by, published.publish_on),
        verification=Verification(published.digest[:12].upper(), "", published.digest),
        correction=_correction(published),
    )


def _county(row: ListRow) -> ListedCounty:
    return ListedCounty(row.code, row.name, row.city)


def _rank_rises(rows: list[ListRow], named: int) -> tuple[RankRise, ...]:
    rises = [
        RankRise(_county(row), row.previous_rank - row.rank)
        for row in rows
        if row.previous_rank and row.previous_rank > row.rank
    ]
    rises.sort(key=lambda rise: (-rise.places, rise.county.code))
    return tuple(rises[:named])


def _region_changes(published: PublishedList) -> tuple[str, ...]:
    """What became of counties that ended in the data year, so that a reader finds them again."""
    return tuple(
        _region_change(successor, list(ended))
        for successor, ended in groupby(list_ended(published), key=lambda region: region.successor)
        if successor is not None
    )


def _region_change(successor: Region, ended: Sequence[Region]) -> str:
    """Against whom movement is reckoned follows from who bore the code (accounts.selectors.lineages)."""
    names = "、".join(region.full_name for region in ended)
    bearer = next((region for region in ended if region.code == successor.code), None)
    if len(ended) == 1:
        return f"{names}改设为{successor.full_name}，升降情况与其上一年度结果比较。"
    if bearer is None:
        return f"{names}合并设立{successor.full_name}，视为首次参评。"
    return (
        f"{names}合并调整为{successor.full_name}，升降情况与原{bearer.full_name}上一年度结果比较。"
    )


def _correction(published: PublishedList) -> Correction | None:
    replaced = published.supersedes
    if replaced is None:
        return None
    return Correction(
        published.version,
        published.correction_reason,
        replaced.document_number,
        replaced.publish_on,
    )


def make_list_file(published: PublishedList, kind: str) -> ListFile:
    """Render and keep one file of a published list; the one already there is returned."""
    existing = published.files.filter(kind=kind).first()
    if existing:
        return existing
    document = list_document(published)
    content = (
        render_list_pdf(document).content
        if kind == ListFileKind.PDF
        else render_list_xlsx(document)
    )
    return ListFile.objects.create(
        published_list=published, kind=kind, file=_keep(published, kind, content)
    )


def _keep(published: PublishedList, kind: str, content: bytes) -> StoredFile:
    ending, content_type = _TYPES[ListFileKind(kind)]
    version = f"（第{published.version}版）" if published.version > 1 else ""
    name = f"{published.collection.data_year}年度县域科技创新能力监测评价名单{version}.{ending}"
    return keep_generated(content=content, name=name, content_type=content_type)


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
