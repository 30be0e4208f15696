"""Upward reports, letters, attachments, tables and signatures, measured in millimetres."""

import math
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from county_portal.documents.blocks import Attachment, Paragraph, Table, TableColumn
from county_portal.documents.enums import Layout
from county_portal.documents.official import (
    Imprint,
    Letterhead,
    OfficialDocument,
    Signature,
    Verification,
    fit_signers,
    render_official,
)
from county_portal.documents.wording import read_blocks
from tests.documents.reading import PageText, needs_pango, pages, text

pytestmark = needs_pango

EM = 15.79 / 72 * 25.4
LINE = 28.98 / 72 * 25.4
LEADING = (LINE - EM) / 2
TITLE_LEADING = (LINE - 22 / 72 * 25.4) / 2
PAGE_EM = 14 / 72 * 25.4
LEFT, TOP, RIGHT, BOTTOM = 28, 37, 184, 262

SENDER = "石家庄市科学技术局"
NUMBER = "石科〔2025〕1号"
TEXT = (
    "按照有关要求，现将有关情况函告如下。\n一、总体情况\n（一）提高认识\n各县要提高认识，按时报送。"
)
NARROW = Table(
    (TableColumn("序号", 4, "center"), TableColumn("县（市、区）", 14), TableColumn("得分", 6, "right")),
    tuple((f"第{row}行", "井陉县" * (1 + row % 9), f"{row}.25末{row}。") for row in range(60)),
    "推荐名单",
)  # fmt: skip
WIDE = Table(
    tuple(TableColumn(f"栏{place}", 6, "center") for place in range(8)),
    tuple(tuple(f"{row}之{place}" for place in range(8)) for row in range(50)),
    "监测数据一览表",
)
TABLES = {"窄": NARROW, "宽": WIDE}


SHORT = {
    "窄": replace(NARROW, rows=NARROW.rows[:15]),
    "宽": replace(WIDE, rows=WIDE.rows[:20]),
}


def document(layout: Layout = Layout.GENERAL, body: str = TEXT, **changes: Any) -> OfficialDocument:
    is_letter = layout == Layout.LETTER
    made = OfficialDocument(
        layout=layout,
        letterhead=Letterhead(SENDER if is_letter else f"{SENDER}文件", NUMBER),
        title_lines=("关于推荐创新型县（市、区）", "试点的函"),
        addressees="河北省科学技术厅",
        blocks=read_blocks(body, TABLES),
        signature=Signature(SENDER, date(2025, 3, 6)),
        imprint=Imprint(("省委办公厅", "省政府办公厅"), "市科技局办公室", date(2025, 3, 6)),
    )
    return replace(made, **changes)


def near(place: float) -> Any:
    return pytest.approx(place, abs=0.5)


def rules(page: PageText) -> list[tuple[float, float, float, float]]:
    return sorted(
        {shape for shape in page.shapes if shape[2] - shape[0] > 150}, key=lambda it: it[1]
    )


def test_an_upward_report_names_its_signers():
    signers = ("孟凡利", "王强", "欧阳文山")
    upward = document(Layout.UPWARD, letterhead=Letterhead(f"{SENDER}文件", NUMBER, signers))
    page = pages(render_official(upward).content)[0]
    _, _, _, sender_bottom = page.find(f"{SENDER}文件")
    label = page.find("签发人：")
    first, second, third = (page.find(name) for name in signers)
    number = page.find(NUMBER)

    assert number[0] == near(LEFT + EM)
    assert first[1] - LEADING - sender_bottom == near(2 * LINE)
    assert label[2] == near(first[0])
    assert third[0] == near(first[0])
    # Cells of four characters: 欧阳文山 is the longest name.
    assert second[0] + 4 * EM == near(RIGHT - EM)
    assert third[1] == near(first[1] + LINE)
    assert number[1] == near(third[1])  # on the line of the last signer
    (rule, *_) = rules(page)
    assert rule[1] - number[3] == near(4)
    assert page.find("关于推荐")[1] - TITLE_LEADING - rule[3] == near(2 * LINE)


def test_one_signer_ends_one_character_from_the_edge():
    upward = document(Layout.UPWARD, letterhead=Letterhead(f"{SENDER}文件", NUMBER, ("孟凡利",)))
    page = pages(render_official(upward).content)[0]

    assert page.find("孟凡利")[2] == near(RIGHT - EM)
    assert page.find(NUMBER)[1] == near(page.find("孟凡利")[1])


def test_signers_stand_two_a_row():
    assert fit_signers((), NUMBER).rows == ()
    assert fit_signers(("甲某",), NUMBER).rows == (("甲某",),)
    assert fit_signers(("甲某", "乙某", "丙某"), NUMBER).rows == (("甲某", "乙某"), ("丙某",))
    assert fit_signers(("阿不都热合曼·买买提明江", "乙某"), NUMBER).width_em <= 26


def test_a_long_number_stands_below_the_signers():
    number = "冀科创新领导小组办公室督导专报〔2025〕12号"
    letterhead = Letterhead(f"{SENDER}文件", number, ("孟凡利", "王强"))
    page = pages(render_official(document(Layout.UPWARD, letterhead=letterhead)).content)[0]
    (rule, *_) = rules(page)

    assert page.find(number)[1] == near(page.find("孟凡利")[1] + LINE)
    assert rule[1] - page.find(number)[3] == near(4)


def test_a_long_printing_office_keeps_clear_of_the_verification():
    office = "河北省石家庄市县域科技创新跃升计划推进工作领导小组办公室综合处"
    made = document(
        imprint=Imprint(("省委办公厅",), office, date(2025, 12, 16)),
        verification=Verification("7K3M-92QF-0XTC", "https://example.gov.cn/v/7K3M92QF0XTC/", "ab" * 32),
    )  # fmt: skip
    page = pages(render_official(made).content)[-1]

    assert page.find("扫码或访问")[3] < page.find("抄送：")[1]
    assert page.find("抄送：")[3] < page.find(office)[1]
    assert page.find(office)[3] < BOTTOM


def test_a_letter_has_its_sender_number_and_rules_in_place():
    page = pages(render_official(document(Layout.LETTER)).content)[0]
    sender_left, sender_top, sender_right, sender_bottom = page.ink(SENDER)
    number = page.find(NUMBER)
    upper, lower = rules(page)

    assert sender_top == near(30)
    assert (sender_left + sender_right) / 2 == near((LEFT + RIGHT) / 2)
    assert upper[1] - sender_bottom == near(4)
    for rule in (upper, lower):
        assert (rule[0], rule[2]) == (near(20), near(190))
    assert lower[3] == near(297 - 20)
    assert number[2] == near(RIGHT)
    assert number[1] - upper[3] == near(16 / 72 * 25.4 * 7 / 8)
    number_line_ends = number[1] + EM + LEADING
    assert page.find("关于推荐")[1] - TITLE_LEADING - number_line_ends == near(2 * LINE)


def test_a_letter_s_rules_are_thick_above_and_thin_above():
    content = render_official(document(Layout.LETTER)).content
    scale = 8.0  # pixels a point
    image = pypdfium2.PdfDocument(content)[0].render(scale=scale).to_pil()
    column = [image.getpixel((image.width // 2 + 900, y)) for y in range(image.height)]
    red = [y for y, (r, g, b) in enumerate(column) if r > 150 and g < 80 and b < 80]
    bands: list[list[int]] = [[red[0]]]
    for above, below in pairwise(red):
        if below - above > 1:
            bands.append([])
        bands[-1].append(below)
    thick = [len(band) / scale / 72 * 25.4 for band in bands[-4:]]

    assert thick == [pytest.approx(each, abs=0.06) for each in (1, 0.35, 0.35, 1)]


def test_a_letter_s_first_page_has_no_number_and_the_others_have():
    first, second, *_ = pages(render_official(document(Layout.LETTER, "评价。\n" * 40)).content)

    assert "—1—" not in first.words
    footer = second.rows()[-1]
    assert "".join(glyph.char for glyph in footer) == "—2—"
    assert footer[0].left == near(LEFT + PAGE_EM)
    assert footer[0].top == near(BOTTOM + 7)


def test_a_letter_says_who_has_copies_and_not_who_printed_it():
    letter = document(Layout.LETTER)
    (page,) = pages(render_official(letter).content)  # nothing asks for an even page

    assert page.find("抄送：省委办公厅，省政府办公厅。")[0] == near(LEFT + PAGE_EM)
    assert page.find("抄送")[3] == pytest.approx(BOTTOM, abs=2)
    assert "印发" not in page.words
    assert len(rules(page)) == 2
    silent = replace(letter, imprint=replace(letter.imprint, copied_to=()))
    assert "抄送" not in text(render_official(silent).content)


NAMES = ("推荐名单", "2025年度县域科技创新能力监测评价指标数据及其来源情况一览表", "说明")
SHEETS = tuple(Attachment(name, (Paragraph(f"{name}的内容。"),)) for name in NAMES)


def test_attachments_are_listed_below_the_text():
    made = pages(render_official(document(Layout.LETTER, attachments=SHEETS)).content)
    (page,) = [page for page in made if "附件：" in page.words]
    label = page.find("附件：1.推荐名单")
    names = [page.find("推荐名单"), page.find("2025年度县域"), page.find("说明")]
    text_ends = page.find("各县要提高认识，按时报送。")

    assert label[0] == near(LEFT + 2 * EM)
    assert label[1] == near(text_ends[1] + 2 * LINE)
    assert [name[0] for name in names] == [near(LEFT + 5.75 * EM)] * 3
    wrapped = [row for row in page.rows() if names[1][1] + 5 < row[0].top < names[2][1] - 5]
    assert wrapped[0][0].left == near(LEFT + 5.75 * EM)
    assert "。" not in "".join(NAMES)
    assert "说明石家庄市" in page.words  # nothing behind the last name


def test_a_single_attachment_has_no_number():
    page = pages(render_official(document(attachments=SHEETS[:1])).content)[1]

    assert "附件：推荐名单" in page.words
    assert page.find("推荐名单")[0] == near(LEFT + 5 * EM)


def test_ten_attachments_stay_under_each_other():
    many = tuple(replace(SHEETS[0], title=f"名单{number}") for number in "甲乙丙丁戊己庚辛壬癸")
    made = pages(render_official(document(Layout.LETTER, attachments=many)).content)
    lefts = [
        page.find(each.title)[0] for page in made[:2] for each in many if each.title in page.words
    ]

    assert len(lefts) >= len(many)
    assert max(lefts[:10]) == near(min(lefts[:10]))


def test_an_attachment_begins_a_page_with_its_title_in_the_third_line():
    made = pages(render_official(document(Layout.LETTER, attachments=SHEETS)).content)

    for number, page, sheet in zip("123", made[-3:], SHEETS, strict=True):
        mark = page.find(f"附件{number}")
        assert (mark[0], mark[1]) == (near(LEFT), near(TOP + LEADING))
        title = page.find(sheet.title[:4])
        assert title[1] == near(TOP + 2 * LINE + TITLE_LEADING)
        line = min(page.rows(), key=lambda row, top=title[1]: abs(row[0].top - top))
        assert (line[0].left + line[-1].right) / 2 == near((LEFT + RIGHT) / 2)


def test_date_office_remark_and_seal_stand_together():
    rendered = render_official(document(remark="联系人：张三"))
    number, seal_left, seal_top = rendered.places["seal-centre"]
    page = pages(rendered.content)[number - 1]
    day = page.find("2025年3月6日")
    office = page.find(f"{SENDER}2025年")
    text_ends = page.find("各县要提高认识，按时报送。")[3] + LEADING
    remark = page.find("（联系人：张三）")

    assert day[2] == near(RIGHT - 4 * EM)
    assert office[1] == near(text_ends + 2 * LINE + LEADING)
    middle = (day[0] + day[2]) / 2
    assert (office[0] + office[2]) / 2 == near(middle)
    assert (remark[0], remark[1]) == (near(LEFT + 2 * EM), near(day[1] + LINE))
    assert seal_left == near(middle)
    # A seal of 42 mm: its top within a line of the text, office and date below its middle but inside it.
    assert 0 < seal_top - 21 - text_ends < LINE
    assert office[1] < seal_top < day[3]
    assert seal_top < (office[1] + day[3]) / 2


def test_a_long_office_keeps_inside_the_text_block():
    office = "河北省石家庄市县域科技创新跃升计划推进工作领导小组办公室（石家庄市科学技术局）"
    page = pages(
        render_official(
            document(Layout.LETTER, signature=Signature(office, date(2025, 3, 6)))
        ).content
    )[0]

    assert LEFT < page.find(office)[0] < page.find(office)[2] < RIGHT


@pytest.mark.parametrize("layout", [Layout.GENERAL, Layout.LETTER])
def test_a_table_s_head_is_on_every_page_and_no_row_is_torn(layout):
    made = pages(render_official(document(layout, f"{TEXT}\n【表：窄】\n以上。")).content)
    tabled = [page for page in made if "行井陉" in page.words]

    assert len(tabled) > 2
    assert all("序号县（市、区）得分" in page.words for page in tabled)
    assert sum("推荐名单" in page.words for page in made) == 1
    for row in range(60):
        (page,) = [page for page in made if f"第{row}行井" in page.words]
        assert f".25末{row}。" in page.words
    assert all("以上。" not in page.words or "2025年3月6日" in page.words for page in made)


def test_a_wide_table_lies_on_its_side_with_the_number_where_it_always_is():
    made = pages(render_official(document(body=f"{TEXT}\n【表：宽】\n评价。")).content)
    lying = [(place, page) for place, page in enumerate(made, start=1) if page.width > page.height]

    assert len(lying) > 2
    for place, page in lying:
        assert (page.width, page.height) == (near(297), near(210))
        assert "栏0栏1栏2" in page.words
        footer = [glyph for glyph in page.glyphs if glyph.left < 35 - 2]
        assert sorted(glyph.char for glyph in footer) == sorted(f"—{place}—")
        # Turned upright again, its head at the left, it is 7 mm below and one character from the edge.
        assert max(glyph.right for glyph in footer) == near(35 - 7)
        if place % 2:
            assert max(glyph.bottom for glyph in footer) == near(RIGHT - PAGE_EM)
        else:
            assert min(glyph.top for glyph in footer) == near(28 + PAGE_EM)
        rest = [glyph for glyph in page.glyphs if glyph not in footer]
        assert all(35 - 0.3 < glyph.left < glyph.right < 260.3 for glyph in rest)
        assert all(28 - 0.3 < glyph.top < glyph.bottom < 184.3 for glyph in rest)
    (after,) = [page for page in made if "评价。" in page.words]
    assert after.width < after.height
    assert "2025年3月6日" in after.words


def test_a_wide_table_before_the_signature_stays_upright():
    rendered = render_official(document(body=f"{TEXT}\n【表：宽】"))
    made = pages(rendered.content)
    number, _, _ = rendered.places["signature"]

    assert all(page.width < page.height for page in made)
    assert "49之7" in made[number - 1].words


def test_an_attachment_that_is_a_wide_table_lies_as_a_whole():
    sheets = (Attachment("监测数据", (WIDE,)), SHEETS[0])
    made = pages(render_official(document(Layout.LETTER, attachments=sheets)).content)
    (first,) = [page for page in made if "附件1监测数据" in page.words]

    assert first.width > first.height
    assert "0之0" in first.words
    assert made[-1].width < made[-1].height


def test_a_row_higher_than_a_page_loses_nothing():
    tall = Table(
        (TableColumn("理由", 6), TableColumn("说明", 6)), (("评价" * 2000 + "完。", "短"),)
    )
    said = text(render_official(document(blocks=(Paragraph("如下。"), tall))).content)

    assert said.count("评") == 2000
    assert "完。" in said


@pytest.mark.parametrize("layout", list(Layout))
def test_the_same_document_gives_the_same_bytes(layout):
    made = document(layout, f"{TEXT}\n【表：宽】\n以上。", attachments=SHEETS)

    assert render_official(made).content == render_official(replace(made)).content


def random_document(layout: Layout, body: str, **changes: Any) -> OfficialDocument:
    return document(layout, blocks=read_blocks(body, SHORT), **changes)


LINES = st.one_of(
    st.integers(1, 150).map(lambda length: "评价结果" * (length // 4) + "完。"),
    st.sampled_from(["一、总体要求", "（一）提高认识", "（二）明确责任。各县（市、区）科技局牵头。", "1.按时填报。"]),
    st.sampled_from(["R&D经费投入1.5%，http://" + "example" * 20, "【表：窄】", "【表：宽】"]),
)  # fmt: skip
DOCUMENTS = st.builds(
    random_document,
    st.sampled_from(Layout),
    st.lists(LINES, min_size=1, max_size=10).map("\n".join),
    letterhead=st.builds(
        Letterhead,
        st.sampled_from([SENDER, "河北省科技创新工作领导小组办公室文件"]),
        st.just(NUMBER),
        st.lists(st.sampled_from(["孟凡利", "王强", "欧阳文山"]), max_size=4).map(tuple),
    ),
    signature=st.sampled_from([SENDER, "河北省县域科技创新跃升计划推进工作领导小组办公室"]).map(
        lambda office: Signature(office, date(2025, 11, 16))
    ),
    imprint=st.integers(0, 12).map(
        lambda copies: Imprint(("省政府办公厅",) * copies, "市科技局办公室", date(2025, 3, 6))
    ),
    attachments=st.lists(
        st.sampled_from([*SHEETS, Attachment("监测数据", (SHORT["宽"],))]), max_size=3
    ).map(tuple),
    remark=st.sampled_from(["", "联系人：张三，电话：0311-12345678"]),
    verification=st.sampled_from(
        [None, Verification("7K3M-92QF-0XTC", "https://example.gov.cn/v/7K3M92QF0XTC/", "ab" * 32)]
    ),
)


@settings(
    max_examples=60,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(DOCUMENTS)
def test_nothing_leaves_the_text_block_and_no_signature_stands_alone(made):
    rendered = render_official(made)
    read = pages(rendered.content)

    for number, page in enumerate(read, start=1):
        assert outside(page, is_first_of_letter=number == 1 and made.layout == Layout.LETTER) == ""
    number, _, _ = rendered.places["signature"]
    words = read[number - 1].words
    ends_before = "附件：" if made.attachments else made.signature.office + "2025年11月16日"
    assert words[: words.index(ends_before)], "the signature stands alone"
    assert len(read) == rendered.page_count


def outside(page: PageText, *, is_first_of_letter: bool) -> str:
    """What stands beside the text block but the page's number and a letter's sender."""
    upright = page.width < page.height
    left, top, right, bottom = (LEFT, TOP, RIGHT, BOTTOM) if upright else (35, 28, 260, 184)
    return "".join(
        glyph.char
        for glyph in page.glyphs
        if not (left - 0.4 < glyph.left and glyph.right < right + 0.4 and glyph.top > top - 0.4)
        or glyph.bottom > bottom + 0.4
        if not _is_page_number(glyph, upright=upright)
        if not (is_first_of_letter and glyph.bottom < 50)
    )


def _is_page_number(glyph: Any, *, upright: bool) -> bool:
    is_below = glyph.top > BOTTOM + 6.5 if upright else glyph.right < 35 - 6.5
    return is_below and (glyph.char == "—" or glyph.char.isdecimal()) and math.isfinite(glyph.left)


HOSTILE = (
    '<b>粗</b><img src="file:///etc/hostname"><a href="https://x.example">链</a>{{ 7 }}&amp;]]>'
)


def test_what_people_type_is_text_wherever_it_stands():
    hostile = OfficialDocument(
        layout=Layout.UPWARD,
        letterhead=Letterhead(HOSTILE, HOSTILE, (HOSTILE,)),
        title_lines=(HOSTILE,),
        addressees=HOSTILE,
        blocks=read_blocks(f"{HOSTILE}\n一、{HOSTILE}\n（一）{HOSTILE}。{HOSTILE}", {}),
        signature=Signature(HOSTILE, date(2025, 3, 6)),
        imprint=Imprint((HOSTILE,), HOSTILE, date(2025, 3, 6)),
        attachments=(
            Attachment(
                HOSTILE, (Table((TableColumn(HOSTILE, 9),), ((HOSTILE,),), caption=HOSTILE),)
            ),
        ),
        remark=HOSTILE,
        verification=Verification(HOSTILE, HOSTILE, HOSTILE),
    )
    content = render_official(hostile).content
    said = text(content)

    # Sender, number, signer, title, addressees, four in the text, 附件说明, office, remark, heading of the attachment,
    # caption, head and cell, code and address, copies and printer.
    assert said.count("链</a>{{7}}&amp;]]>") == 20
    assert said.count("<b>粗</b><imgsrc") == 20 + 1  # the digest shows sixteen characters
    read = pypdfium2.PdfDocument(content)
    assert pypdfium2.raw.FPDFDoc_GetAttachmentCount(read) == 0
    for page in read:
        assert pypdfium2.raw.FPDFPage_GetAnnotCount(page) == 0
        kinds = {each.type for each in page.get_objects()}
        assert pypdfium2.raw.FPDF_PAGEOBJ_IMAGE not in kinds
