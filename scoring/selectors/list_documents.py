"""A list as the document it is published as: everything printed, from its frozen rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from django.conf import settings

from county_portal.accounts.models import Region
from county_portal.common.province_files import read_province_json
from county_portal.documents.models import Register
from county_portal.documents.official import Imprint, Letterhead, Signature, Verification
from county_portal.documents.selectors.papers import verification_of
from scoring.enums import Movement
from scoring.list_document import (
    ClassRise,
    Commendation,
    Consent,
    Correction,
    ListedClass,
    ListedCounty,
    PublishedListDocument,
    RankRise,
)
from scoring.models import ListRow, PublishedList
from scoring.rules import AppealTimes
from scoring.selectors.lists import list_classes, list_ended


@dataclass(frozen=True, slots=True)
class ListSettings:
    """How lists are published in this province, from its data file; the letterhead is the register's."""

    register: str  # 发文机关代字
    basis: str  # what the evaluation rests on, with 《》 and number
    consented_by: str
    printed_by: str
    addressees: tuple[str, ...]
    copied_to: tuple[str, ...]
    rank_rises_named: int
    appeals: AppealTimes
    commendation: Commendation | None  # who is commended (表彰), in a province that commends


def list_settings() -> ListSettings:
    """The province's."""
    return _read_settings(settings.PROVINCE)


@lru_cache
def _read_settings(province: str) -> ListSettings:
    data = read_province_json("list.json", province)
    return ListSettings(
        data["register"],
        data["basis"],
        data["consented_by"],
        data["printed_by"],
        tuple(data["addressees"]),
        tuple(data["copied_to"]),
        data["rank_rises_named"],
        AppealTimes(**data.get("appeals", {})),
        _commendation(data.get("commendation")),
    )


def _commendation(plain: Mapping[str, str] | None) -> Commendation | None:
    return Commendation(plain["class"], plain["text"]) if plain else None


def list_register() -> Register | None:
    """The register (发文登记簿) lists take their number from; None where no office keeps it."""
    return Register.objects.filter(prefix=list_settings().register, is_active=True).first()


def list_document(published: PublishedList) -> PublishedListDocument:
    """Everything printed in the list; before publication it has no number."""
    groups, register, chosen = list_classes(published), _register_of(published), list_settings()
    rows = [row for group in groups for row in group.rows]
    issuer = register.issuer if register else chosen.consented_by
    return PublishedListDocument(
        letterhead=Letterhead(register.sender if register else "", published.document_number),
        data_year=published.collection.data_year,
        evaluation_year=published.collection.evaluation_year,
        published_on=published.publish_on,
        addressees=chosen.addressees,
        classes=tuple(
            ListedClass(group.name, tuple(_county(row) for row in group.rows)) for group in groups
        ),
        rises=tuple(
            ClassRise(_county(row), row.previous_class, row.class_name)
            for row in rows
            if row.movement == Movement.RISE
        ),
        rank_rises=_rank_rises(rows, chosen.rank_rises_named),
        region_changes=_region_changes(published),
        consent=Consent(
            chosen.consented_by,
            published.consent_on or published.publish_on,
            published.consent_number,
        ),
        signature=Signature(issuer, published.publish_on),
        imprint=Imprint(
            chosen.copied_to,
            register.printed_by if register else chosen.printed_by,
            published.publish_on,
        ),
        verification=_verification(published),
        basis=chosen.basis,
        correction=_correction(published),
        commendation=chosen.commendation,
    )


def _register_of(published: PublishedList) -> Register | None:
    return published.paper.register if published.paper else list_register()


def _verification(published: PublishedList) -> Verification:
    """The paper's; a list published before lists were papers has only its own digest."""
    if published.paper:
        return verification_of(published.paper)
    return Verification(published.digest[:12].upper(), "", published.digest)


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
