"""公文 in Word: measured in its XML against GB/T 9704-2012, and compared with the PDF."""

import io
import time
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from docx import Document
from docx.oxml.ns import qn

from county_portal.documents.blocks import Attachment, Heading, Paragraph, Table, TableColumn
from county_portal.documents.enums import Layout
from county_portal.documents.official import (
    Imprint,
    Letterhead,
    OfficialDocument,
    Signature,
    Verification,
    render_official,
)
from county_portal.documents.word import render_word
from scoring.list_document import official_list
from tests.documents.reading import needs_pango, pages
from tests.documents.samples import published_list
from tests.documents.word_reading import all_text, millimetres, parts, styled, targets, tree, value

LIST_TABLE = Table(
    (
        TableColumn("序号", 4, "center"),
        TableColumn("县（市、区）", 12),
        TableColumn("设区市", 10),
        TableColumn("得分", 6, "right"),
    ),
    tuple((str(number), "井陘县", "石家庄市", "61.33") for number in range(1, 61)),
    "评价结果",
)
WIDE_TABLE = Table(
    tuple(TableColumn(f"指标{number}", 8) for number in range(1, 11)),
    tuple(tuple(f"{row}.{column}" for column in range(1, 11)) for row in range(1, 46)),
)
DOCUMENT = OfficialDocument(
    layout=Layout.GENERAL,
    letterhead=Letterhead("河北省科技创新工作领导小组文件", "冀科领〔2021〕1号"),
    title_lines=("河北省科技创新工作领导小组", "关于公布评价结果的通知"),
    addressees="各市人民政府，各县（市、区）人民政府",
    blocks=(
        Paragraph("经研究，现将评价结果公布如下。"),
        Heading(1, "一、评价结果"),
        Heading(2, "（一）A类县"),
        Paragraph("（二）B类县。共64个，名单见附件。", lead="（二）B类县。"),
        Paragraph("1.霸州市由C类跃升为B类。"),
    ),
    attachments=(
        Attachment("评价结果名单", (Paragraph("按得分排列。"), LIST_TABLE)),
        Attachment("各指标得分情况", (WIDE_TABLE,)),
    ),
    signature=Signature("河北省科技创新工作领导小组", date(2021, 9, 3)),
    imprint=Imprint(("省委办公厅", "省政府办公厅"), "省科技厅办公室", date(2021, 9, 6)),
    remark="此件公开发布",
    verification=Verification("7K3M-92QF-0XTC", "https://kj.example.gov.cn/v/7K3M92QF0XTC/", "ab" * 32),
)  # fmt: skip
UPWARD = replace(
    DOCUMENT,
    layout=Layout.UPWARD,
    letterhead=Letterhead("河北省科学技术厅文件", "冀科〔2021〕12号", ("张三", "李四光", "王五")),
    attachments=DOCUMENT.attachments[:1],
)
LETTER = replace(
    DOCUMENT,
    layout=Layout.LETTER,
    letterhead=Letterhead("石家庄市科学技术局", "石科函〔2021〕7号"),
    attachments=(),
    remark="",
)
LAYOUTS = pytest.mark.parametrize(
    "document", [DOCUMENT, UPWARD, LETTER], ids=["general", "upward", "letter"]
)


def sections(content):
    return list(tree(content).iter(qn("w:sectPr")))


def style(content, name):
    for each in tree(content, "styles").iter(qn("w:style")):
        if value(each.find(qn("w:name"))) == name:
            return each
    raise KeyError(name)


def paragraph(content, text):
    for each in tree(content).iter(qn("w:p")):
        if "".join(each.itertext()) == text:
            return each
    raise KeyError(text)


# Pages


@LAYOUTS
def test_every_upright_page_is_a4_with_the_text_block_of_the_standard(document):
    upright = [each for each in sections(render_word(document))
               if value(each.find(qn("w:pgSz")), "orient") != "landscape"]  # fmt: skip
    assert upright
    for section in upright:
        size, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
        assert millimetres(value(size, "w")) == pytest.approx(210, abs=0.02)
        assert millimetres(value(size, "h")) == pytest.approx(297, abs=0.02)
        measured = [
            millimetres(value(margins, side)) for side in ("top", "bottom", "left", "right")
        ]
        assert measured == pytest.approx([37, 35, 28, 26], abs=0.02)


@LAYOUTS
def test_the_grid_has_22_lines_of_28_characters_and_so_has_the_text(document):
    content = render_word(document)
    width, height = 11906 - 1587 - 1474, 16838 - 2098 - 1984
    for section in sections(content):
        grid = section.find(qn("w:docGrid"))
        assert value(grid, "type") == "linesAndChars"
        assert height // int(value(grid, "linePitch")) == 22
        pitch = (16 + int(value(grid, "charSpace")) / 4096) * 20
        assert width // pitch == 28
    normal = style(content, "Normal")
    spacing = normal.find(qn("w:pPr")).find(qn("w:spacing"))
    assert (value(spacing, "lineRule"), height // int(value(spacing, "line"))) == ("exact", 22)
    letters = normal.find(qn("w:rPr"))
    assert value(letters.find(qn("w:sz"))) == "32"
    assert width // (320 + int(value(letters.find(qn("w:spacing"))))) == 28


def test_a_wide_table_turns_its_pages_and_only_those():
    found = sections(render_word(DOCUMENT))
    turned = [value(each.find(qn("w:pgSz")), "orient") == "landscape" for each in found]
    assert turned == [False, False, True, False]  # text, 附件1, 附件2, 版记
    size, margins = found[2].find(qn("w:pgSz")), found[2].find(qn("w:pgMar"))
    assert (value(size, "w"), value(size, "h")) == ("16838", "11906")
    measured = [millimetres(value(margins, side)) for side in ("top", "right", "bottom", "left")]
    assert measured == pytest.approx([28, 37, 26, 35], abs=0.02)
    assert {value(each.find(qn("w:type"))) for each in found} == {"nextPage"}


def test_a_wide_table_in_the_text_leaves_the_text_upright():
    blocks = (Paragraph("前。"), WIDE_TABLE, Paragraph("后。"))
    content = render_word(replace(DOCUMENT, blocks=blocks, attachments=()))
    turned = [value(each.find(qn("w:pgSz")), "orient") == "landscape" for each in sections(content)]
    assert turned == [False, True, False]
    order = [all_text(content).index(words) for words in ("前。", "指标10", "45.10", "后。")]
    assert order == sorted(order)


def footers(content, section):
    names = targets(content)
    return {
        value(each, "type"): tree(content, names[each.get(qn("r:id"))])
        for each in section.iter(qn("w:footerReference"))
    }


@LAYOUTS
def test_page_numbers_stand_outside_between_dashes(document):
    content = render_word(document)
    assert tree(content, "settings").find(qn("w:evenAndOddHeaders")) is not None
    for section in sections(content):
        found = footers(content, section)
        for kind, side in (("default", "right"), ("even", "left")):
            footer = found[kind]
            assert "".join(footer.itertext()) == "— 1 —"
            (number,) = footer.iter(qn("w:fldSimple"))
            assert value(number, "instr").strip() == "PAGE"
            (where,) = footer.iter(qn("w:jc"))
            assert value(where) == side
    look = style(content, "footer").find(qn("w:rPr"))
    assert value(look.find(qn("w:sz"))) == "28"
    assert value(look.find(qn("w:rFonts")), "ascii") == "宋体"


def test_the_number_begins_7_mm_below_the_text_block():
    content = render_word(UPWARD)
    section = sections(content)[0]
    spacing = footers(content, section)["default"].find(f".//{qn('w:spacing')}")
    foot = millimetres(value(section.find(qn("w:pgMar")), "footer"))
    above_edge = foot + millimetres(value(spacing, "after")) + millimetres(value(spacing, "line"))
    assert 35 - above_edge == pytest.approx(7, abs=0.05)


def test_a_letter_has_a_rule_instead_of_a_number_on_its_first_page():
    content = render_word(LETTER)
    first, *others = sections(content)
    assert first.find(qn("w:titlePg")) is not None
    assert all(each.find(qn("w:titlePg")) is None for each in others)
    foot = footers(content, first)["first"]
    assert "".join(foot.itertext()) == ""
    (line,) = foot.iter(qn("w:pBdr"))
    assert value(line[0]) == "thinThickSmallGap"
    indent = foot.find(f".//{qn('w:ind')}")
    overhang = [millimetres(value(indent, side)) for side in ("left", "right")]
    assert overhang == pytest.approx([-8, -6], abs=0.05)  # 170 mm, in the middle of the page
    assert millimetres(value(first.find(qn("w:pgMar")), "footer")) == pytest.approx(20, abs=0.05)
    assert "titlePg" not in etree_names(render_word(DOCUMENT))


def etree_names(content):
    return {each.tag.rpartition("}")[2] for each in tree(content).iter()}


# Type


@pytest.mark.parametrize(
    "name, font, size",
    [
        ("heading 1", "黑体", None),
        ("heading 2", "楷体_GB2312", None),
        ("Title", "方正小标宋简体", "44"),
        ("发文机关标志", "方正小标宋简体", "80"),
        ("附件标识", "黑体", None),
        ("附件标题", "方正小标宋简体", "44"),
        ("版记", None, "28"),
    ],
)
def test_styles_have_the_faces_and_sizes_of_the_standard(name, font, size):
    look = style(render_word(DOCUMENT), name).find(qn("w:rPr"))
    fonts = look.find(qn("w:rFonts"))
    assert (value(fonts, "eastAsia") if fonts is not None else None) == font
    found = look.find(qn("w:sz"))
    assert (value(found) if found is not None else None) == size


def test_text_is_fangsong_with_times_and_every_face_has_a_substitute():
    content = render_word(DOCUMENT)
    fonts = tree(content, "styles").find(f"{qn('w:docDefaults')}//{qn('w:rFonts')}")
    assert (value(fonts, "ascii"), value(fonts, "eastAsia")) == ("Times New Roman", "仿宋_GB2312")
    known = {value(each, "name"): each.find(qn("w:altName"))
             for each in tree(content, "fontTable")}  # fmt: skip
    assert value(known["仿宋_GB2312"]) == "仿宋"
    used = {
        value(each, "eastAsia")
        for name in ("styles", "document")
        for each in tree(content, name).iter(qn("w:rFonts"))
    } - {""}
    assert all(known[name] is not None for name in used), used


def test_headings_are_headings_and_leads_take_their_type():
    content = render_word(DOCUMENT)
    by_style = styled(content)
    assert ("Heading 1", "一、评价结果") in by_style
    assert ("Heading 2", "（一）A类县") in by_style
    assert ("附件标题", "评价结果名单") in by_style
    for name, level in (("heading 1", "0"), ("heading 2", "1"), ("附件标题", "0")):
        assert value(style(content, name).find(f".//{qn('w:outlineLvl')}")) == level
    runs = paragraph(content, "（二）B类县。共64个，名单见附件。").findall(qn("w:r"))
    faces = [value(each.find(f".//{qn('w:rFonts')}"), "eastAsia") for each in runs]
    assert faces == ["楷体_GB2312", ""]


@pytest.mark.parametrize("name", ["Title", "附件标题"])
def test_a_full_line_of_a_title_has_room_to_spare(name):
    indent = style(render_word(DOCUMENT), name).find(f".//{qn('w:ind')}")
    room = 8845 - int(value(indent, "left")) - int(value(indent, "right"))
    assert room >= 20 * 440 + 40 * 20  # 20 characters of 22 pt, and 2 pt for each


def test_paragraphs_are_indented_by_two_characters():
    indent = style(render_word(DOCUMENT), "公文正文").find(f".//{qn('w:ind')}")
    assert value(indent, "firstLineChars") == "200"
    assert int(value(indent, "firstLine")) == pytest.approx(2 * 8845 / 28, abs=1)


# Parts


def test_the_sender_is_red_and_condensed_to_the_text_block():
    content = render_word(DOCUMENT)
    scale = int(value(paragraph(content, DOCUMENT.letterhead.sender).find(f".//{qn('w:w')}")))
    assert 15 * 40 * scale / 100 <= 442.3 < 15 * 40 * (scale + 1) / 100
    assert value(style(content, "发文机关标志").find(f".//{qn('w:color')}")) == "C7000B"
    short = render_word(UPWARD)
    assert value(paragraph(short, "河北省科学技术厅文件").find(f".//{qn('w:w')}")) == "100"


@pytest.mark.parametrize("document", [DOCUMENT, UPWARD], ids=["general", "upward"])
def test_the_red_rule_stands_4_mm_below_the_number(document):
    content = render_word(document)
    (border,) = [
        each for each in tree(content).iter(qn("w:bottom")) if value(each, "color") == "C7000B"
    ]
    assert int(value(border, "space")) / 72 * 25.4 == pytest.approx(4, abs=0.15)
    assert int(value(border, "sz")) / 8 / 72 * 25.4 == pytest.approx(0.7, abs=0.02)
    assert document.letterhead.number in "".join(
        border.getparent().getparent().getparent().itertext()
    )


def test_signers_stand_two_a_row_in_kai_and_the_number_beside_the_last():
    content = render_word(UPWARD)
    rows = [text for name, text in styled(content) if name == "发文字号"]
    assert [row.split() for row in rows] == [
        ["签发人：张三", "李四光"],
        ["冀科〔2021〕12号", "王五"],
    ]
    names = paragraph(content, "冀科〔2021〕12号王五").findall(qn("w:r"))[-1]
    assert value(names.find(f".//{qn('w:rFonts')}"), "eastAsia") == "楷体_GB2312"


def test_a_number_without_room_beside_the_signers_stands_below_them():
    signer, number = "阿不都热合曼·买买提明江", "冀科基础函字〔2021〕112号"
    letterhead = replace(UPWARD.letterhead, number=number, signers=(signer,))
    rows = styled(render_word(replace(UPWARD, letterhead=letterhead)))
    said = ["".join(text.split()) for name, text in rows if name == "发文字号"]
    assert said == [f"签发人：{signer}", number]


def test_a_letters_sender_stands_30_mm_from_the_edge_over_170_mm_of_double_rule():
    sender = paragraph(render_word(LETTER), "石家庄市科学技术局")
    frame = sender.find(f".//{qn('w:framePr')}")
    assert (value(frame, "vAnchor"), value(frame, "xAlign")) == ("page", "center")
    assert millimetres(value(frame, "y")) == pytest.approx(30, abs=0.05)
    assert millimetres(value(frame, "w")) == pytest.approx(170, abs=0.05)
    assert value(sender.find(f".//{qn('w:bottom')}")) == "thickThinSmallGap"


def test_the_date_keeps_four_characters_free_and_the_office_is_centred_over_it():
    content = render_word(replace(DOCUMENT, signature=Signature("省科技厅", date(2021, 9, 3))))
    free = [
        int(value(paragraph(content, words).find(f".//{qn('w:ind')}"), "right")) / (8845 / 28)
        for words in ("省科技厅", "2021年9月3日")
    ]
    assert free == pytest.approx([5, 4], abs=0.02)


@pytest.mark.parametrize("blocks", [(Paragraph("正文。"),), (Paragraph("正文。"), LIST_TABLE)])
def test_the_signature_stays_with_what_stands_before_it(blocks):
    content = render_word(replace(DOCUMENT, blocks=blocks, attachments=()))
    office = paragraph(content, DOCUMENT.signature.office)
    before = office.getprevious()
    last = before.findall(qn("w:tr"))[-1] if before.tag == qn("w:tbl") else before
    assert all(each.find(qn("w:keepNext")) is not None for each in last.iter(qn("w:pPr")))
    assert style(content, "发文机关署名").find(f".//{qn('w:keepNext')}") is not None


def test_attachments_are_named_below_the_text_and_begin_pages():
    content = render_word(DOCUMENT)
    words = [text for _, text in styled(content)]
    assert "附件：1.评价结果名单" in words
    assert "2.各指标得分情况" in words
    for mark in ("附件1", "附件2"):
        assert paragraph(content, mark).getprevious().find(f".//{qn('w:sectPr')}") is not None


def test_one_attachment_has_no_number():
    words = [text for _, text in styled(render_word(UPWARD))]
    assert "附件：评价结果名单" in words
    assert "附件" in words


def test_tables_repeat_their_head_and_tear_no_row():
    content = render_word(DOCUMENT)
    tables = [each for each in tree(content).iter(qn("w:tbl"))
              if each.find(f".//{qn('w:tblHeader')}") is not None]  # fmt: skip
    assert len(tables) == 2
    for table, width in zip(tables, (8845, 12756), strict=True):
        head, *rows = table.findall(qn("w:tr"))
        assert head.find(f".//{qn('w:tblHeader')}") is not None
        assert all(row.find(f".//{qn('w:tblHeader')}") is None for row in rows)
        assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in [head, *rows])
        assert sum(int(value(each, "w")) for each in table.iter(qn("w:gridCol"))) == width


def test_tables_that_follow_each_other_stay_two():
    content = render_word(replace(DOCUMENT, blocks=(LIST_TABLE, LIST_TABLE), attachments=()))
    for table in tree(content).iter(qn("w:tbl")):
        assert table.getnext().tag != qn("w:tbl")


def test_the_imprint_is_framed_at_the_foot_between_rules():
    content = render_word(DOCUMENT)
    copies = paragraph(content, "抄送：省委办公厅，省政府办公厅。")
    printed = paragraph(content, "省科技厅办公室2021年9月6日印发")
    rules = [
        {
            each.tag.rpartition("}")[2]: int(value(each, "sz"))
            for each in row.find(f".//{qn('w:pBdr')}")
        }
        for row in (copies, printed)
    ]
    assert rules == [{"top": 8}, {"top": 6, "bottom": 8}]  # 0.35 and 0.25 mm
    frame = printed.find(f".//{qn('w:framePr')}")
    assert (value(frame, "vAnchor"), value(frame, "yAlign")) == ("margin", "bottom")
    assert value(frame, "w") == "8845"
    letter = render_word(LETTER)
    assert "印发" not in all_text(letter)


def test_the_qr_code_is_a_picture_of_22_mm_with_a_description():
    content = render_word(DOCUMENT)
    (picture,) = Document(io.BytesIO(content)).inline_shapes
    assert picture.width.mm == pytest.approx(22, abs=0.05)
    assert picture.height.mm == pytest.approx(22, abs=0.05)
    assert "核验二维码" in parts(content)["word/document.xml"].decode()
    silent = render_word(replace(DOCUMENT, verification=None))
    assert not [name for name in parts(silent) if name.startswith("word/media/")]


# The same as the PDF


def shown_text(content, heads):
    """What the PDF says within its text blocks, by lines, without the heads of tables that are repeated."""
    words = ""
    for page in pages(content):
        upright = page.height > page.width
        inside = [
            glyph for glyph in page.glyphs if (glyph.top < 263 if upright else glyph.left > 34)
        ]
        said = "".join(
            glyph.char for row in replace(page, glyphs=tuple(inside)).rows() for glyph in row
        )
        said = "".join(said.split())
        for head in heads:
            if head in words:
                said = said.removeprefix(head)
        words += said
    return words


def heads(document):
    blocks = [block for each in document.attachments for block in each.blocks]
    return {
        "".join(column.heading for column in block.columns)
        for block in blocks
        if isinstance(block, Table)
    }


@needs_pango
@LAYOUTS
def test_word_says_what_the_pdf_says(document):
    shown = shown_text(render_official(document).content, heads(document))
    assert all_text(render_word(document)) == shown


@needs_pango
def test_the_published_list_says_the_same_in_word():
    document = official_list(published_list())
    shown = shown_text(render_official(document).content, heads(document))
    assert all_text(render_word(document)) == shown


# The file


@LAYOUTS
def test_the_same_document_gives_the_same_bytes(document):
    assert render_word(document) == render_word(replace(document))
    changed = replace(document, addressees="各县人民政府")
    assert render_word(document) != render_word(changed)


def test_nothing_of_the_clock_or_of_the_machine_is_in_the_file():
    content = render_word(DOCUMENT)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
    about = Document(io.BytesIO(content)).core_properties
    assert (about.title, about.author) == (DOCUMENT.title, DOCUMENT.signature.office)
    assert (about.subject, about.language) == ("冀科领〔2021〕1号", "zh-CN")
    assert {about.created.date(), about.modified.date()} == {date(2021, 9, 3)}
    assert b"python-docx" not in b"".join(parts(content).values())


HOSTILE = (
    "<w:br/><script>alert(1)</script>",
    '{ INCLUDETEXT "/etc/passwd" } { DDEAUTO cmd "/c calc" }',
    "]]>&amp;<!ENTITY x SYSTEM 'file:///etc/passwd'>",
    "{{ settings.SECRET_KEY }}{% load static %}",
    "=HYPERLINK(\"http://evil\")\x00\x08\x0b\ud800\ufffe",
)  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_text_of_people_is_text_wherever_it_stands(words):
    table = Table((TableColumn(words, 10),), ((words,),), words)
    document = replace(
        DOCUMENT,
        letterhead=Letterhead(words, words, (words,)),
        title_lines=(words * 12,),
        addressees=words,
        blocks=(Paragraph(words), Paragraph(words, lead=words), Heading(1, words), table),
        attachments=(Attachment(words, (table,)),),
        signature=Signature(words, date(2021, 9, 3)),
        imprint=Imprint((words,), words, date(2021, 9, 3)),
        remark=words,
    )
    for layout in Layout:
        content = render_word(replace(document, layout=layout))
        clean = "".join("�" if each in "\x00\x08\x0b\ud800\ufffe" else each for each in words)
        assert "".join(clean.split()) in all_text(content)
        names = parts(content)
        assert all(
            b"TargetMode" not in data for name, data in names.items() if name.endswith(".rels")
        )
        assert not [name for name in names if "vba" in name or "embeddings" in name]
        fields = [value(each, "instr").strip() for each in tree(content).iter(qn("w:fldSimple"))]
        assert fields == []
        assert {"instrText", "hyperlink", "altChunk", "object"}.isdisjoint(etree_names(content))


def test_a_table_of_2000_rows_takes_seconds():
    rows = tuple((str(number), "霸州市", "廊坊市", "61.33") for number in range(2000))
    document = replace(DOCUMENT, blocks=(replace(LIST_TABLE, rows=rows),), attachments=())
    begun = time.monotonic()
    content = render_word(document)
    assert time.monotonic() - begun < 10
    assert len(tree(content).findall(f".//{qn('w:tr')}")) > 2000


ORDERS = {
    "pPr": "pStyle keepNext keepLines framePr pBdr tabs overflowPunct autoSpaceDE autoSpaceDN snapToGrid spacing ind "
    "jc outlineLvl sectPr",
    "rPr": "rFonts color spacing w kern sz szCs lang",
    "tblPr": "tblStyle tblpPr tblW jc tblInd tblBorders tblLayout tblCellMar",
    "tcPr": "tcW textDirection vAlign",
    "sectPr": "footerReference type pgSz pgMar titlePg docGrid",
    "pBdr": "top bottom",
}


@LAYOUTS
def test_properties_stand_in_the_order_of_the_schema(document):
    """Word refuses to open a file whose properties are in disorder."""
    content = render_word(document)
    names = [name for name in parts(content) if name.startswith("word/") and name.endswith(".xml")]
    seen = set()
    for part in names:
        for element in tree(content, part.removeprefix("word/").removesuffix(".xml")).iter():
            tag = str(element.tag).rpartition("}")[2]
            if tag in ORDERS:
                order = ORDERS[tag].split()
                children = [str(child.tag).rpartition("}")[2] for child in element]
                places = [order.index(child) for child in children]
                assert places == sorted(places), (part, tag, children)
                seen.add(tag)
    assert seen == set(ORDERS)
