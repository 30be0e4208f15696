"""The published list (名单): a 通知 with the list attached, and the same as xlsx.

Counties stand class by class in score order and without scores: that is what is made public. The
dataclasses hold finished facts; nothing here asks the database or the clock.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from county_portal.common.province import words
from county_portal.common.text import chinese_date
from county_portal.documents.blocks import (
    Attachment,
    Block,
    Heading,
    Paragraph,
    Table,
    TableColumn,
)
from county_portal.documents.digest import content_digest
from county_portal.documents.enums import Layout
from county_portal.documents.numbers import normalise_citations
from county_portal.documents.official import (
    Imprint,
    Letterhead,
    OfficialDocument,
    Signature,
    Verification,
    chinese_ordinal,
    render_official,
)
from county_portal.documents.pdf import RenderedPdf
from county_portal.documents.workbook import Column, Sheet, render_workbook


@dataclass(frozen=True, slots=True)
class ListedCounty:
    """A county as it was in the data year."""

    code: str
    name: str
    city: str  # 设区市, 雄安新区, or the province's where the province administers it


@dataclass(frozen=True, slots=True)
class ListedClass:
    """One class, its counties in score order."""

    name: str
    counties: tuple[ListedCounty, ...]


@dataclass(frozen=True, slots=True)
class ClassRise:
    """跃升: a better class than on the last list."""

    county: ListedCounty
    from_class: str
    to_class: str


@dataclass(frozen=True, slots=True)
class RankRise:
    """位次提升: places gained against the last list."""

    county: ListedCounty
    places: int


@dataclass(frozen=True, slots=True)
class Consent:
    """领导小组同意, without which nothing is published."""

    body: str
    consented_on: date
    document_number: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What a correcting version replaces and why."""

    version: int
    reason: str
    replaces_number: str
    replaces_on: date


@dataclass(frozen=True, slots=True)
class Commendation:
    """表彰: of which class, in which words; `text` holds {names} and {count}."""

    class_name: str
    text: str


@dataclass(frozen=True, slots=True)
class PublishedListDocument:
    """Everything printed in the list."""

    letterhead: Letterhead
    data_year: int
    evaluation_year: int
    published_on: date
    addressees: tuple[str, ...]
    classes: tuple[ListedClass, ...]  # best class first
    rises: tuple[ClassRise, ...]
    rank_rises: tuple[RankRise, ...]  # most places first
    region_changes: tuple[str, ...]  # one sentence each: 撤并, 更名, 未参评
    consent: Consent
    signature: Signature
    imprint: Imprint
    verification: Verification
    territory: str = "全省"
    basis: str = ""  # the documents it rests on, with 《》 and numbers
    correction: Correction | None = None
    title_lines: tuple[str, ...] = ()  # broken by meaning; the usual title when empty
    commendation: Commendation | None = None

    @property
    def counties(self) -> tuple[ListedCounty, ...]:
        """All counties, in the order of the list."""
        return tuple(county for listed in self.classes for county in listed.counties)

    @property
    def years(self) -> str:
        """The two years a reader must not confuse."""
        return f"{self.data_year}年度（{self.published_on.year}年公布）"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the paragraphs under it."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the text: paragraphs of its own, then sections."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()


def render_list_pdf(document: PublishedListDocument) -> RenderedPdf:
    """The list as 公文; the same document gives the same bytes."""
    return render_official(official_list(document))


def official_list(document: PublishedListDocument) -> OfficialDocument:
    """The list as the parts every official document has."""
    return OfficialDocument(
        layout=Layout.GENERAL,
        letterhead=document.letterhead,
        title_lines=document.title_lines or usual_title(document),
        addressees="，".join(document.addressees),
        blocks=tuple(_blocks(document)),
        attachments=(list_attachment(document),),
        signature=document.signature,
        imprint=document.imprint,
        verification=document.verification if document.verification.code else None,
    )


def _blocks(document: PublishedListDocument) -> Iterator[Block]:
    yield Paragraph(opening(document))
    for part in numbered(list_parts(document)):
        yield Heading(1, part.heading)
        yield from map(Paragraph, part.paragraphs)
        for section in part.sections:
            yield Heading(2, section.heading)
            yield from map(Paragraph, section.paragraphs)


# Widths in characters: what the longest name of a county and of a city needs.
_LIST_COLUMNS = (
    TableColumn("序号", 4, "center"),
    TableColumn("县（市、区）", 14),
    TableColumn(words().city, 10),
)


def list_attachment(document: PublishedListDocument) -> Attachment:
    """附件：the list itself, class by class; places count through, as on the workbook."""
    blocks: list[Block] = []
    place = 0
    for number, listed in enumerate(document.classes, start=1):
        heading = f"{chinese_ordinal(number)}、{listed.name}类县（市、区）{len(listed.counties)}个"
        blocks.append(Heading(1, heading))
        rows = []
        for county in listed.counties:
            place += 1
            rows.append((str(place), county.name, county.city))
        blocks.append(Table(_LIST_COLUMNS, tuple(rows)) if rows else Paragraph("无。"))
    return Attachment(attachment_title(document), tuple(blocks))


def attachment_title(document: PublishedListDocument) -> str:
    """As the text names it, in 《》 or behind 附件."""
    return f"{document.data_year}年度{words().evaluation}名单"


def list_digest(document: PublishedListDocument) -> str:
    """The sha256 (hex) of what the list says; the verification line, which carries it, is left out.

    So is a commendation where there is none: lists from before there were any keep their digest.
    """
    blank = () if document.commendation else ("commendation",)
    return content_digest(document, without=("verification", *blank))


def usual_title(document: PublishedListDocument) -> tuple[str, ...]:
    """Office, matter and kind, in lines broken by meaning and none wider than 20 characters."""
    act = "更正" if document.correction else "公布"
    return (
        document.signature.office,
        f"关于{act}{document.data_year}年度县域{words().assessed}",
        f"{words().assessing}结果和跃升情况的通知",
    )


def opening(document: PublishedListDocument) -> str:
    """Basis, consent, and what is published."""
    consent = document.consent
    number = normalise_citations(f"，{consent.document_number}" if consent.document_number else "")
    basis = normalise_citations(f"根据{document.basis}，" if document.basis else "")
    return (
        f"{basis}对{document.territory}{len(document.counties)}个县（市、区）{document.data_year}年度"
        f"{words().assessed}进行了{words().assessing}。经{consent.body}同意（{chinese_date(consent.consented_on)}"
        f"{number}），现将{document.years}评价结果和跃升情况予以公布。附件所列各类县（市、区）按评价得分由高到低排列。"
    )


def list_parts(document: PublishedListDocument) -> Iterator[Part]:
    """The text in order, headings not yet numbered."""
    names = DisplayNames(document.counties)
    if document.correction:
        yield Part("更正说明", (correction_sentence(document.correction),))
    yield Part("评价结果", (classes_sentence(document),))
    if sentence := commendation_sentence(document):
        yield Part("表彰", (sentence,))
    yield Part(
        "跃升情况",
        sections=(
            Section("类别跃升", tuple(rise_paragraphs(document, names))),
            Section("位次提升", (rank_rise_paragraph(document.rank_rises, names),)),
        ),
    )
    yield Part("有关说明", tuple(note_paragraphs(document, names)))


def numbered(parts: Iterable[Part]) -> list[Part]:
    """一、 before parts and （一） before their sections."""
    return [
        Part(
            f"{chinese_ordinal(place)}、{part.heading}",
            part.paragraphs,
            tuple(
                Section(f"（{chinese_ordinal(inner)}）{section.heading}", section.paragraphs)
                for inner, section in enumerate(part.sections, start=1)
            ),
        )
        for place, part in enumerate(parts, start=1)
    ]


class DisplayNames:
    """County names as the list prints them: those that occur twice carry their city."""

    def __init__(self, counties: Iterable[ListedCounty]) -> None:
        times = Counter(county.name for county in counties)
        self.repeated = frozenset(name for name, count in times.items() if count > 1)

    def of(self, county: ListedCounty) -> str:
        """石家庄市桥西区, but 平山县."""
        return county.city + county.name if county.name in self.repeated else county.name

    def joined(self, counties: Iterable[ListedCounty]) -> str:
        """All names, in the order given."""
        return "、".join(self.of(county) for county in counties)


def classes_sentence(document: PublishedListDocument) -> str:
    """How many counties there are in each class; who they are stands in the attachment."""
    counts = "，".join(f"{each.name}类{len(each.counties)}个" for each in document.classes)
    return f"{document.territory}参加评价的县（市、区）{len(document.counties)}个，其中{counts}。名单见附件。"


def commended_counties(document: PublishedListDocument) -> tuple[ListedCounty, ...]:
    """Those of the class the province commends; none where it commends nobody."""
    wanted = document.commendation.class_name if document.commendation else None
    return tuple(
        county for listed in document.classes if listed.name == wanted for county in listed.counties
    )


def commendation_sentence(document: PublishedListDocument) -> str:
    """Whom the province commends and on which ground; blank where it commends nobody."""
    commended = commended_counties(document)
    if document.commendation is None or not commended:
        return ""
    names = DisplayNames(document.counties).joined(commended)
    return document.commendation.text.format(names=names, count=len(commended))


def rise_paragraphs(document: PublishedListDocument, names: DisplayNames) -> Iterator[str]:
    """One paragraph for each kind of rise, into the best class first."""
    kinds = [
        (origin.name, goal.name)
        for place, goal in enumerate(document.classes)
        for origin in document.classes[place + 1 :]
    ]
    if not document.rises:
        yield "本次无类别跃升的县（市、区）。"
    for origin, goal in kinds:
        risen = [
            rise.county
            for rise in document.rises
            if (rise.from_class, rise.to_class) == (origin, goal)
        ]
        if risen:
            yield f"由{origin}类跃升为{goal}类{len(risen)}个：{names.joined(risen)}。"


def rank_rise_paragraph(rises: tuple[RankRise, ...], names: DisplayNames) -> str:
    """Counties that gained most places, with the number of places."""
    if not rises:
        return "本次无通报表扬的位次提升县（市、区）。"
    listed = "、".join(f"{names.of(rise.county)}（提升{rise.places}位）" for rise in rises)
    return f"与上年度名单相比，位次提升较大的县（市、区）{len(rises)}个：{listed}。"


def note_paragraphs(document: PublishedListDocument, names: DisplayNames) -> Iterator[str]:
    """Years, changes of regions, homonyms; numbered 1. 2. 3."""
    notes = [
        f"本名单采用{document.data_year}年度数据，于{document.evaluation_year}年组织评价，"
        f"{chinese_date(document.published_on)}公布。数据年度、评价年度与公布日期不同，引用时请注明。",
        *document.region_changes,
    ]
    if document.rises or document.rank_rises:
        notes.insert(
            1,
            "跃升情况以上一年度公布的名单为比较基准，县（市、区）名称以数据年度末的行政区划为准。",
        )
    if names.repeated:
        repeated = "、".join(sorted(names.repeated))
        notes.append(f"{repeated}等同名县（市、区）前冠以{words().city}名称，以示区别。")
    for number, note in enumerate(notes, start=1):
        yield f"{number}.{note}"


def correction_sentence(correction: Correction) -> str:
    """Which list is replaced, by which version, and why."""
    return (
        f"本名单为第{correction.version}版，自公布之日起替代{chinese_date(correction.replaces_on)}"
        f"公布的名单（{correction.replaces_number}），原名单同时废止。"
        f"更正原因：{correction.reason.rstrip('。')}。"
    )


def render_list_xlsx(document: PublishedListDocument) -> bytes:
    """The list as a workbook: order, class, county, city, code, rise; no scores here either."""
    risen = {
        rise.county.code: f"由{rise.from_class}类跃升为{rise.to_class}类" for rise in document.rises
    }
    gained = {rise.county.code: rise.places for rise in document.rank_rises}
    rows: list[tuple[object, ...]] = []
    for listed in document.classes:
        for county in listed.counties:
            row = (len(rows) + 1, f"{listed.name}类", county.name, county.city, county.code,
                   risen.get(county.code, ""), gained.get(county.code))  # fmt: skip
            rows.append(row)
    columns = (
        Column("序号", 8, "0"), Column("类别", 8), Column("县（市、区）", 26), Column(words().city, 16),
        Column("区划代码", 12), Column("类别跃升", 22), Column("位次提升", 12, "0"),
    )  # fmt: skip
    title = "".join(document.title_lines or usual_title(document))
    sheet = Sheet("名单", columns, rows, heading_lines=(title, *_workbook_lines(document)))
    return render_workbook((sheet,), title=title, created_on=document.published_on).content


def _workbook_lines(document: PublishedListDocument) -> Iterator[str]:
    yield f"{document.letterhead.number}　{chinese_date(document.published_on)}"
    if document.correction:
        yield correction_sentence(document.correction)
    if document.verification.code:
        yield f"核验码：{document.verification.code}　内容摘要：{document.verification.digest}"
