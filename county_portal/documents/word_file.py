"""The .docx file: its styles, pages, page numbers and properties. The same text gives the same bytes."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from county_portal.documents.packing import packed, repacked
from county_portal.documents.pdf import STYLE_FOLDER
from county_portal.documents.word_xml import LINE, Element, paragraph, rule, run, twips, w

RED = "C7000B"
TEXT_WIDTH = 8845  # 156 mm
LANDSCAPE_WIDTH = 12756  # 225 mm

_CHARACTER_SPACE = -842  # 4096ths of a point: 28 characters of 16 pt in 156 mm
_FOOT = twips(20)
_TABLE = qn("w:tbl")
_DOUBLE_RULE = 24  # eighths of a point
_TURNED_LENGTH = twips(25)

_FOLDER = STYLE_FOLDER / "documents" / "word"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS = {"styles": "styles", "settings": "settings", "fontTable": "fontTable"}
_MAX_PROPERTY = 255
_FOOTER_CHARACTER = 280  # 4号


@dataclass(slots=True)
class Section:
    """Pages of one direction."""

    landscape: bool = False
    elements: list[Element] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Properties:
    """What the file says of itself."""

    title: str
    author: str
    subject: str
    dated: date


class WordFile:
    """A document of sections, each beginning a page."""

    def __init__(self, *, letter: bool) -> None:
        self._word: Any = Document(io.BytesIO(_skeleton()))
        self._letter = letter
        self._footers = self._make_footers()

    def picture(self, png: bytes, *, size: int, description: str) -> Element:
        """A run with a square picture; `size` in EMU."""
        inline = self._word.part.new_pic_inline(io.BytesIO(png), size, size)
        inline.docPr.set("name", description)
        inline.docPr.set("descr", description)
        return w("r", w("drawing", inline))

    def finished(self, sections: Sequence[Section], about: Properties) -> bytes:
        """The file."""
        body = self._word.element.body
        body.clear()
        for number, section in enumerate(sections):
            for element in section.elements:
                if element.tag == _TABLE and len(body) and body[-1].tag == _TABLE:
                    body.append(paragraph("Anchor"))  # tables that touch become one
                body.append(element)
            properties = self._section_properties(section, first=number == 0)
            if number == len(sections) - 1:
                body.append(properties)
            else:
                _last_paragraph(body, section).find(qn("w:pPr")).append(properties)
        self._describe(about)
        out = io.BytesIO()
        self._word.save(out)
        return repacked(out.getvalue())

    def _section_properties(self, section: Section, *, first: bool) -> Element:
        """Text block 156 × 225 mm at 28/37 mm; turned pages turn their margins with them."""
        letter = self._letter and first
        direction = "turned " if section.landscape else ""
        footers = {kind: self._footers[direction + kind] for kind in ("even", "default")}
        if letter:
            footers["first"] = self._footers["first"]
        return w(
            "sectPr",
            *(self._reference(kind, relation) for kind, relation in footers.items()),
            w("type", val="nextPage"),
            *_page(landscape=section.landscape),
            *([w("titlePg")] if letter else []),
            w("docGrid", type="linesAndChars", linePitch=LINE, charSpace=_CHARACTER_SPACE),
        )

    @staticmethod
    def _reference(kind: str, relation: str) -> Element:
        made = w("footerReference", type=kind)
        made.set(qn("r:id"), relation)
        return made

    def _make_footers(self) -> dict[str, str]:
        """— 1 — outside: odd pages right, even ones left; the first page of a letter bears a rule instead."""
        contents = {
            "even": [_page_number("left")],
            "default": [_page_number("right")],
            "turned even": _turned_page_number("left", twips(28) + _FOOTER_CHARACTER),
            "turned default": _turned_page_number(
                "right", twips(28) + TEXT_WIDTH - _FOOTER_CHARACTER - _TURNED_LENGTH
            ),
        }
        if self._letter:
            contents["first"] = [_letter_foot()]
        relations = {}
        for kind, content in contents.items():
            part, relations[kind] = self._word.part.add_footer_part()
            part.element.clear()
            part.element.extend(content)
        return relations

    def _describe(self, about: Properties) -> None:
        known = self._word.core_properties
        moment = datetime.combine(about.dated, datetime.min.time())
        known.title = about.title[:_MAX_PROPERTY]
        known.subject = about.subject[:_MAX_PROPERTY]
        known.author = known.last_modified_by = about.author[:_MAX_PROPERTY]
        known.created = known.modified = moment
        known.language = "zh-CN"


def _last_paragraph(body: Element, section: Section) -> Element:
    """The paragraph that ends a section; behind a table a small one is added."""
    if section.elements[-1].tag != qn("w:p"):
        body.append(paragraph("Anchor"))
    last: Element = body[-1]
    return last


def _page(*, landscape: bool) -> tuple[Element, Element]:
    """A turned page is an upright one turned clockwise: its binding edge lies on top."""
    if landscape:
        return (
            w("pgSz", w=16838, h=11906, orient="landscape"),
            _margins(top=28, right=37, bottom=26, left=35),
        )
    return w("pgSz", w=11906, h=16838), _margins(top=37, right=26, bottom=35, left=28)


def _margins(**sides: int) -> Element:
    """The footer ends where a letter's lower rule does, 20 mm above the edge."""
    edges = {side: twips(each) for side, each in sides.items()}
    return w("pgMar", **edges, header=851, footer=_FOOT, gutter=0)


def _page_number(side: str) -> Element:
    """On the outer side, a character from the edge; its line begins 7 mm below the text block."""
    after = twips(35 - 7) - _FOOTER_CHARACTER - _FOOT
    spacing = w("spacing", after=after, line=_FOOTER_CHARACTER, lineRule="exact")
    return _number_paragraph(spacing, w("ind", **{side: _FOOTER_CHARACTER}), w("jc", val=side))


def _turned_page_number(side: str, top: int) -> list[Element]:
    """On turned pages the number stands where the other pages have it, and is turned with the sheet."""
    place = w(
        "tblpPr",
        leftFromText=0,
        rightFromText=0,
        vertAnchor="page",
        horzAnchor="page",
        tblpX=twips(35 - 7) - _FOOTER_CHARACTER,
        tblpY=top,
    )
    cell = w(
        "tc",
        w("tcPr", w("tcW", w=_FOOTER_CHARACTER, type="dxa"), w("textDirection", val="tbRl")),
        _number_paragraph(w("jc", val=side)),
    )
    no_margins = w("tblCellMar", *(w(each, w=0, type="dxa") for each in ("left", "right")))
    height = w("trPr", w("trHeight", val=_TURNED_LENGTH, hRule="exact"))
    width = w("tblW", w=_FOOTER_CHARACTER, type="dxa")
    return [
        w(
            "tbl",
            w("tblPr", place, width, w("tblLayout", type="fixed"), no_margins),
            w("tblGrid", w("gridCol", w=_FOOTER_CHARACTER)),
            w("tr", height, cell),
        ),
        paragraph("Footer"),
    ]


def _number_paragraph(*properties: Element) -> Element:
    number = w("fldSimple", run("1"), instr=" PAGE ")
    return paragraph("Footer", run("— "), number, run(" —"), properties=properties)


def _letter_foot() -> Element:
    """The red double rule of letters, thin above thick, 7 mm beyond the text block on either side."""
    line = rule("bottom", "thinThickSmallGap", _DOUBLE_RULE, color=RED)
    return paragraph("Footer", properties=(line, w("ind", left=twips(-8), right=twips(-6))))


def letter_rule(*, space: int) -> Element:
    """The red double rule under a letter's sender, thick above thin."""
    return rule("bottom", "thickThinSmallGap", _DOUBLE_RULE, space=space, color=RED)


@lru_cache(maxsize=1)
def _skeleton() -> bytes:
    """An empty file with our styles; python-docx's own brings a theme, a thumbnail and 160 styles."""
    kinds = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
        for name, kind in {"document": "document.main", **_PARTS}.items()
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATION}/{kind}" Target="{name}.xml"/>'
        for number, (name, kind) in enumerate(_PARTS.items(), start=1)
    )
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{kinds}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATION}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{relations}</Relationships>",
        "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml'
        f'/2006/main" xmlns:r="{_RELATION}"><w:body/></w:document>',
        **{f"word/{name}.xml": (_FOLDER / f"{name}.xml").read_text("utf-8") for name in _PARTS},
    }
    return packed({name: content.encode() for name, content in members.items()})
