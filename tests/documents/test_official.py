"""公文 measured against GB/T 9704-2012, in millimetres."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from county_portal.common.text import chinese_date
from county_portal.documents.blocks import Paragraph
from county_portal.documents.enums import Layout
from county_portal.documents.official import (
    Imprint,
    Letterhead,
    OfficialDocument,
    Signature,
    Verification,
    chinese_ordinal,
    document_number,
    fit_sender,
    fit_signature,
    imprint_height,
    render_official,
    text_width,
)
from tests.documents.reading import needs_pango, pages, text

DENSE = "科技创新能力监测评价结果" * 200
LINE = 28.98 / 72 * 25.4
LEADING = (LINE - 15.79 / 72 * 25.4) / 2
TITLE_LEADING = (LINE - 22 / 72 * 25.4) / 2


def official(paragraph: str, **changes: Any) -> OfficialDocument:
    document = OfficialDocument(
        layout=Layout.GENERAL,
        letterhead=Letterhead("河北省科技创新工作领导小组文件", document_number("冀科领", 2021, 1)),
        title_lines=("河北省科技创新工作领导小组", "关于公布评价结果的通知"),
        signature=Signature("河北省科技创新工作领导小组", date(2021, 9, 3)),
        imprint=Imprint(("省委办公厅",), "省科技厅办公室", date(2021, 9, 6)),
        verification=Verification("7K3M-92QF", "https://example.gov.cn/verify", "ab" * 32),
        addressees="各市人民政府",
        blocks=(Paragraph(paragraph),),
    )
    return replace(document, **changes)


def test_number_has_six_corner_brackets_and_no_zeros():
    assert document_number("冀科领", 2021, 1) == "冀科领〔2021〕1号"


def test_date_has_no_zeros():
    assert chinese_date(date(2021, 9, 3)) == "2021年9月3日"


@pytest.mark.parametrize(
    "number, words",
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (28, "二十八"), (99, "九十九")],
)
def test_ordinals(number, words):
    assert chinese_ordinal(number) == words


@pytest.mark.parametrize("number", [0, -1, 100])
def test_no_ordinal_beyond_99(number):
    with pytest.raises(ValueError, match=str(number)):
        chinese_ordinal(number)


def test_width_counts_latin_half():
    assert text_width("2021年9月3日") == Decimal(6)


def test_short_sender_keeps_its_proportions_and_long_ones_are_condensed():
    assert fit_sender("省科技厅文件").scale == 1
    fitted = fit_sender("河北省科技创新工作领导小组办公室文件")
    assert fitted.width_em * 40 * fitted.scale <= Decimal("442.5")


def test_signature_leaves_four_characters_free_behind_the_date():
    short = fit_signature(Signature("省科技厅", date(2021, 9, 3)))
    assert (short.width_em, short.indent_em) == (Decimal(6), Decimal(4))
    long = fit_signature(Signature("河北省科技创新工作领导小组办公室综合处", date(2021, 9, 3)))
    assert long.indent_em == 2


def test_room_for_the_imprint_grows_with_its_lines():
    one = Imprint(("省委办公厅",), "省科技厅", date(2021, 9, 6))
    three = replace(one, copied_to=("省委办公厅",) * 12)
    none = replace(one, copied_to=())
    assert imprint_height(none) < imprint_height(one) < imprint_height(three)


@needs_pango
def test_a_full_page_has_22_lines_of_28_characters():
    page = pages(render_official(official(DENSE)).content)[1]
    *lines, _ = page.rows()  # the last is the page number
    assert len(lines) == 22
    assert [len(line) for line in lines] == [28] * 22
    assert page.width == pytest.approx(210, abs=0.1)
    assert page.height == pytest.approx(297, abs=0.1)


@needs_pango
def test_text_block_is_156_by_225_at_28_and_37():
    page = pages(render_official(official(DENSE)).content)[1]
    *lines, _ = page.rows()
    # The em box of 15.79 pt stands in the middle of its line of 28.98 pt.
    assert lines[0][0].left == pytest.approx(28, abs=0.2)
    assert lines[0][-1].right == pytest.approx(184, abs=0.2)
    assert lines[0][0].top - LEADING == pytest.approx(37, abs=0.3)
    assert lines[-1][0].bottom + LEADING == pytest.approx(262, abs=0.3)
    for upper, lower in pairwise(lines):
        assert lower[0].top - upper[0].top == pytest.approx(LINE, abs=0.05)


@needs_pango
def test_mixed_digits_and_signs_keep_the_grid():
    page = pages(render_official(official("共167个县（市、区），2021年9月3日公布。" * 90)).content)[
        1
    ]
    *lines, _ = page.rows()
    assert len(lines) == 22
    assert all(line[-1].right <= 184.2 for line in lines)


@needs_pango
def test_letterhead_and_rule_stand_where_the_standard_puts_them():
    page = pages(render_official(official(DENSE)).content)[0]
    sender, number = "河北省科技创新工作领导小组文件", "冀科领〔2021〕1号"
    left, top, right, _ = page.ink(sender)
    assert top == pytest.approx(37 + 35, abs=0.5)
    assert right - left == pytest.approx(156, abs=1.5)
    _, _, _, sender_bottom = page.find(sender)
    number_left, number_top, number_right, number_bottom = page.find(number)
    # Two lines left free: the number's line begins half its leading above it.
    assert number_top - LEADING - sender_bottom == pytest.approx(2 * LINE, abs=0.5)
    assert (number_left + number_right) / 2 == pytest.approx(106, abs=0.5)
    rule = max(page.shapes, key=lambda shape: shape[2] - shape[0])
    assert (rule[0], rule[2]) == (pytest.approx(28, abs=0.1), pytest.approx(184, abs=0.1))
    assert rule[1] - number_bottom == pytest.approx(4, abs=0.5)
    title_left, title_top, title_right, _ = page.find("河北省科技创新工作领导小组关于公布")
    assert title_top - TITLE_LEADING - rule[3] == pytest.approx(2 * LINE, abs=0.5)
    assert (title_left + title_right) / 2 == pytest.approx(106, abs=0.5)


@needs_pango
def test_page_numbers_stand_outside():
    first, second, *_ = pages(render_official(official(DENSE)).content)
    for page, number, side in ((first, "—1—", "right"), (second, "—2—", "left")):
        footer = page.rows()[-1]
        assert "".join(glyph.char for glyph in footer) == number
        assert footer[0].top > 262 + 6.5
        margin = 184 - footer[-1].right if side == "right" else footer[0].left - 28
        assert margin == pytest.approx(14 / 72 * 25.4, abs=0.6)  # 空一字


@needs_pango
@pytest.mark.parametrize("length", range(100, 1900, 90))
def test_signature_never_stands_alone_and_the_imprint_ends_an_even_page(length):
    content = render_official(official("评" * length + "完。")).content
    made = pages(content)
    assert len(made) % 2 == 0
    last_words = [page for page in made if any(glyph.char == "完" for glyph in page.glyphs)]
    assert "2021年9月3日" in "".join(glyph.char for glyph in last_words[0].glyphs)
    imprint = made[-1].find("印发")
    assert imprint[3] == pytest.approx(262, abs=2.5)
    number = "".join(glyph.char for glyph in made[-1].rows()[-1])
    blank = any(not page.glyphs for page in made)
    assert (number == f"—{len(made)}—") is not blank


@needs_pango
def test_verification_line_can_be_left_out():
    silent = official("评价。", verification=None)
    assert "核验码" not in text(render_official(silent).content)
    assert "核验码：7K3M-92QF" in text(render_official(official("评价。")).content)
