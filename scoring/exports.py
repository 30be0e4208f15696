"""Documents of a published list, from its frozen rows."""

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from county_portal.documents.official import Imprint, Letterhead, Signature, Verification
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
from scoring.models import ListFile, ListRow, PublishedList
from scoring.selectors.lists import list_rows

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
    rows, office = list(list_rows(published)), issuing_office()
    classes: defaultdict[str, list[ListRow]] = defaultdict(list)
    for row in rows:
        classes[row.class_name].append(row)
    return PublishedListDocument(
        letterhead=Letterhead(office.sender, published.document_number),
        data_year=published.collection.data_year,
        evaluation_year=published.collection.evaluation_year,
        published_on=published.publish_on,
        addressees=office.addressees,
        classes=tuple(
            ListedClass(name, tuple(_county(row) for row in members)) for name, members in classes.items()
        ),
        rises=tuple(
            ClassRise(_county(row), row.previous_class, row.class_name)
            for row in rows
            if row.movement == Movement.RISE
        ),
        rank_rises=_rank_rises(rows, office.rank_rises_named),
        region_changes=_region_changes(rows),
        consent=Consent(office.issuer, published.consent_on or published.publish_on, published.consent_number),
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


def _region_changes(rows: list[ListRow]) -> tuple[str, ...]:
    """Mergers since the last list, from the dated regions."""
    regions = {row.region_id: row.region for row in rows}
    return tuple(
        f"{ended.full_name}已并入{region.full_name}，不再单独参评。"
        for region in regions.values()
        for ended in region.predecessors.order_by("code")
        if ended.code != region.code and region.predecessors.count() > 1
    )


def _correction(published: PublishedList) -> Correction | None:
    replaced = published.supersedes
    if replaced is None:
        return None
    return Correction(
        published.version, published.correction_reason, replaced.document_number, replaced.publish_on
    )


def make_list_file(published: PublishedList, kind: str) -> ListFile:
    """Render and keep one file of a published list; the one already there is returned."""
    existing = published.files.filter(kind=kind).first()
    if existing:
        return existing
    document = list_document(published)
    content = (
        render_list_pdf(document).content if kind == ListFileKind.PDF else render_list_xlsx(document)
    )
    return ListFile.objects.create(
        published_list=published, kind=kind, file=_keep(published, kind, content)
    )


def _keep(published: PublishedList, kind: str, content: bytes) -> StoredFile:
    ending, content_type = _TYPES[ListFileKind(kind)]
    version = f"（第{published.version}版）" if published.version > 1 else ""
    name = f"{published.collection.data_year}年度县域科技创新能力监测评价名单{version}.{ending}"
    return keep_generated(content=content, name=name, content_type=content_type)
