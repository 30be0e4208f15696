"""Sample documents for looking at: every layout and kind, from files of the repository, without the database."""

import csv
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from county_portal.common.province_files import province_file, read_province_json
from county_portal.documents.blocks import Attachment, Table, TableColumn
from county_portal.documents.codes import shown_code
from county_portal.documents.content import canonical_content, sha256_of
from county_portal.documents.enums import Layout
from county_portal.documents.official import (
    Imprint,
    Letterhead,
    OfficialDocument,
    Signature,
    Verification,
    document_number,
    render_official,
)
from county_portal.documents.titles import break_title
from county_portal.documents.word import render_word
from county_portal.documents.wording import read_blocks
from reports.card import render_report_card, said_digest
from reports.card_facts import ReportCard
from scoring.list_document import (
    ClassRise,
    Consent,
    ListedClass,
    ListedCounty,
    PublishedListDocument,
    RankRise,
    official_list,
)

_ADDRESS = "https://kjcx.example.gov.cn/v/{}/"
_CLASS_SIZES = (19, 83)  # A, A and B; the others are C (as reported for data year 2020)


@dataclass(frozen=True, slots=True)
class Sample:
    """A document to look at: its files, and the pages worth showing (from 1; -1 is the last)."""

    name: str
    pages: tuple[int, ...]
    pdf: Callable[[], bytes]
    docx: Callable[[], bytes] | None = None


def samples() -> Iterator[Sample]:
    """推荐函, 通知 with a table attached, 报告, the published list, and a report card."""
    for plain in read_province_json("demo/sample-documents.json")["documents"]:
        yield _official(plain["name"], tuple(plain["pages"]), _read_document(plain))
    listed = official_list(_published_list())
    yield _official("评价结果通知", (1, 2, 4, -1), _verified(listed, "3F1C9A52E07B"))
    yield Sample("得分说明书", (1, 2), lambda: render_report_card(read_card()).content)


def _official(name: str, pages: tuple[int, ...], document: OfficialDocument) -> Sample:
    return Sample(
        name,
        pages,
        lambda: render_official(document).content,
        lambda: render_word(document),
    )


def _verified(document: OfficialDocument, code: str) -> OfficialDocument:
    digest = sha256_of(canonical_content(document))
    return replace(
        document, verification=Verification(shown_code(code), _ADDRESS.format(code), digest)
    )


def _read_document(plain: Mapping[str, Any]) -> OfficialDocument:
    signed_on = date.fromisoformat(plain["signed_on"])
    tables = {name: _read_table(table) for name, table in plain.get("tables", {}).items()}
    document = OfficialDocument(
        layout=Layout(plain["layout"]),
        letterhead=Letterhead(plain["sender"], plain["number"], tuple(plain.get("signers", ()))),
        title_lines=break_title(plain["title"], plain["office"]),
        addressees=plain["addressees"],
        blocks=read_blocks("\n".join(plain["text"]), tables),
        attachments=tuple(
            Attachment(each["title"], read_blocks("\n".join(each["text"]), tables))
            for each in plain["attachments"]
        ),
        signature=Signature(plain["office"], signed_on),
        imprint=Imprint(tuple(plain["copies"]), plain["printed_by"], signed_on),
        remark=plain["remark"],
    )
    return _verified(document, plain["code"])


def _read_table(plain: Mapping[str, Any]) -> Table:
    columns = tuple(TableColumn(*column) for column in plain["columns"])
    return Table(columns, tuple(map(tuple, plain["rows"])), plain["caption"])


def _counties() -> tuple[ListedCounty, ...]:
    """The counties of the province in an order that mixes the cities, as scores would."""
    with province_file("regions.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    names = {row["code"]: row["name"] for row in rows}
    now = [row for row in rows if row["level"] == "county" and not row["valid_to"]]
    listed = [ListedCounty(row["code"], row["name"], names[row["parent"]]) for row in now]
    return tuple(sorted(listed, key=lambda county: (int(county.code) * 7919) % 1009))


def _published_list() -> PublishedListDocument:
    counties = _counties()
    first, second = _CLASS_SIZES
    told = read_province_json("demo/sample-list.json")
    office, day = told["office"], date(2021, 9, 3)
    return PublishedListDocument(
        letterhead=Letterhead(f"{office}文件", document_number(told["register"], 2021, 1)),
        data_year=2020,
        evaluation_year=2021,
        published_on=day,
        addressees=tuple(told["addressees"]),
        classes=(
            ListedClass("A", counties[:first]),
            ListedClass("B", counties[first:second]),
            ListedClass("C", counties[second:]),
        ),
        rises=(
            *(ClassRise(county, "B", "A") for county in counties[first - 6 : first]),
            *(ClassRise(county, "C", "B") for county in counties[second - 21 : second]),
        ),
        rank_rises=tuple(
            RankRise(county, 58 - 4 * place) for place, county in enumerate(counties[30:40])
        ),
        region_changes=(),
        consent=Consent(told["consented_by"], date(2021, 8, 26), told["consent_number"]),
        signature=Signature(office, day),
        imprint=Imprint(tuple(told["copied_to"]), told["printed_by"], day),
        verification=Verification("", "", ""),
        basis=told["basis"],
    )


def read_card() -> ReportCard:
    """A report card with the figures printed for data year 2019, from its canonical content."""
    plain = read_province_json("demo/sample-card.json")
    card: ReportCard = _read(ReportCard, plain)
    code = "4QXN7T1MZ9VB"
    seen = Verification(shown_code(code), _ADDRESS.format(code), said_digest(card))
    return replace(card, verification=seen)


def _read(kind: Any, plain: Any) -> Any:
    """A value of an annotated type from canonical JSON."""
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        given = [each.name for each in fields(kind) if each.name in plain]
        return kind(**{name: _read(hints[name], plain[name]) for name in given})
    if get_origin(kind) in (Union, types.UnionType):
        (only,) = [each for each in get_args(kind) if each is not types.NoneType]
        return None if plain is None else _read(only, plain)
    if get_origin(kind) is tuple:
        return _read_tuple(get_args(kind), plain)
    if kind is date:
        return date.fromisoformat(plain)
    if isinstance(kind, type) and issubclass(kind, (Decimal, Enum)):
        return kind(plain)
    return plain


def _read_tuple(kinds: Sequence[Any], plain: Sequence[Any]) -> tuple[Any, ...]:
    if kinds[-1] is ...:
        return tuple(_read(kinds[0], each) for each in plain)
    return tuple(_read(kind, each) for kind, each in zip(kinds, plain, strict=True))
