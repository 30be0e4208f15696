"""No character of a document is lost: every font embedded, every glyph drawn and the one it should be."""

import re
from dataclasses import replace
from datetime import date
from functools import lru_cache

import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from county_portal.documents.blocks import Attachment, Heading, Paragraph, Table, TableColumn
from county_portal.documents.enums import Layout
from county_portal.documents.fonts import FONT_FOLDER
from county_portal.documents.official import (
    Imprint,
    Letterhead,
    OfficialDocument,
    Signature,
    Verification,
    render_official,
)
from county_portal.documents.pdf import render_pdf
from reports.card import render_report_card
from tests.documents.card_samples import report_card
from tests.documents.glyphs import DrawnFont, drawn_fonts
from tests.documents.reading import needs_pango, text

pytestmark = needs_pango

# Places and people as counties have them; the last are beyond GBK, two of them beyond the first 65 536.
NAMES = "井陘县、浉河区、瀍河回族区、李喆、王堃、陈䶮、赵𬇕、钱鿍"
SIGNS = "面积≧500㎡，约3‰，×①Ⅰ～—…“”《》〔2021〕"
RARE = NAMES + SIGNS


def document(layout: Layout) -> OfficialDocument:
    table = Table((TableColumn(f"栏{NAMES}", 20), TableColumn("数", 6)), ((RARE, "1≧0"),), RARE)
    return OfficialDocument(
        layout=layout,
        letterhead=Letterhead("井陘县浉河瀍河文件", "陘科〔2021〕1号", ("李喆", "王堃", "陈䶮")),
        title_lines=("井陘县浉河区瀍河区", "关于李喆王堃陈䶮的通知"),
        addressees=NAMES,
        blocks=(Heading(1, f"一、{RARE}"), Heading(2, f"（一）{RARE}"), Paragraph(f"1.{RARE}"), table),
        attachments=(Attachment(f"{NAMES}名单", (Paragraph(RARE),)),),
        signature=Signature("井陘县浉河区李喆王堃陈䶮", date(2021, 9, 3)),
        imprint=Imprint((NAMES,), "井陘县浉河瀍河", date(2021, 9, 6)),
        remark=RARE,
        verification=Verification("7K3M-92QF-0XTC", "https://kj.example.gov.cn/v/7K3M/", "ab" * 32),
    )  # fmt: skip


@lru_cache(maxsize=8)
def shipped(name: str) -> TTFont:
    return TTFont(FONT_FOLDER / f"{name}.ttf", lazy=True)


def missing(fonts: list[DrawnFont]) -> list[str]:
    return [font.drawn[0] for font in fonts if 0 in font.drawn]


def outline(font, name):
    pen = RecordingPen()
    font.getGlyphSet()[name].draw(pen)
    return pen.value


def check_fonts(content: bytes) -> None:
    """All fonts embedded and subset; each glyph drawn has an outline and is the one of its character."""
    fonts = drawn_fonts(content)
    assert fonts
    assert missing(fonts) == []
    for font in fonts:
        assert re.fullmatch(r"[A-Z]{6}\+County-[A-Za-z]+(-Bold)?,?", font.name), font.name
        assert font.program, font.name
        kept = sum(font.has_outline(glyph) for glyph in range(len(font.outlines.getGlyphOrder())))
        assert kept <= len(font.drawn) + 1, (font.name, kept)  # .notdef stays in every font
        for glyph, char in font.drawn.items():
            assert font.has_outline(glyph) is not char.isspace(), (font.name, char)


def check_rare_glyphs(content: bytes, wanted: str) -> None:
    """What is drawn for each character is what the shipped font draws for it, not a look-alike or a box."""
    seen = set()
    for font in drawn_fonts(content):
        family = font.name.split("-")[1].rstrip(",")
        faces = [path.stem for path in FONT_FOLDER.glob(f"County{family}-*.ttf")]
        for glyph, char in font.drawn.items():
            if char in wanted:
                drawn = outline(font.outlines, font.outlines.getGlyphOrder()[glyph])
                originals = [shipped(face) for face in faces]
                assert any(
                    drawn == outline(each, each.getBestCmap()[ord(char)])
                    for each in originals
                    if ord(char) in each.getBestCmap()
                ), (font.name, char)
                seen.add(char)
    assert set(wanted) - seen == set()


@pytest.mark.parametrize("layout", list(Layout))
def test_every_character_of_a_document_is_drawn(layout):
    content = render_official(document(layout)).content
    check_fonts(content)
    check_rare_glyphs(content, "陘浉瀍喆堃䶮𬇕鿍㎡≧①Ⅰ‰")
    assert text(content).count("陈䶮") >= 8


def test_every_character_of_a_report_card_is_drawn():
    card = report_card("井陘浉瀍喆堃䶮县")
    issuer = replace(card.provenance, issuer=NAMES)
    content = render_report_card(replace(card, provenance=issuer)).content
    check_fonts(content)
    check_rare_glyphs(content, "陘浉瀍喆堃䶮𬇕鿍")


def test_the_walk_finds_a_character_no_font_has():
    content = render_pdf(
        "<p>吉林𠮷野家</p>", title="缺字", styles=("documents/official.css",)
    ).content
    assert missing(drawn_fonts(content)) == ["𠮷"]
