"""The published list: counties in score order without scores, nothing else than what was decided."""

import io
import re
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from county_portal.documents.blocks import Heading, Paragraph, Table
from scoring.list_document import (
    ClassRise,
    DisplayNames,
    ListedClass,
    ListedCounty,
    RankRise,
    list_attachment,
    list_digest,
    list_parts,
    numbered,
    official_list,
    opening,
    render_list_pdf,
    render_list_xlsx,
    usual_title,
)
from tests.documents.reading import needs_pango, pages, text
from tests.documents.samples import correction, published_list

QIAOXI = ListedCounty("130104", "桥西区", "石家庄市")
OTHER_QIAOXI = ListedCounty("130703", "桥西区", "张家口市")
PINGSHAN = ListedCounty("130131", "平山县", "石家庄市")


def words(document) -> str:
    """The text of the parts, in order."""
    return "\n".join(
        line
        for part in numbered(list_parts(document))
        for line in (part.heading, *part.paragraphs,
                     *(line for section in part.sections for line in (section.heading, *section.paragraphs)))
    )  # fmt: skip


def test_only_homonyms_carry_their_city():
    names = DisplayNames([QIAOXI, OTHER_QIAOXI, PINGSHAN])
    assert (
        names.joined([OTHER_QIAOXI, PINGSHAN, QIAOXI]) == "张家口市桥西区、平山县、石家庄市桥西区"
    )
    assert DisplayNames([QIAOXI, PINGSHAN]).of(QIAOXI) == "桥西区"


def test_hebei_has_two_pairs_of_homonyms():
    assert DisplayNames(published_list().counties).repeated == {"桥西区", "新华区"}


def test_numbers_of_classes_stand_in_the_text_and_the_list_behind_it():
    document = published_list()
    assert "县（市、区）167个，其中A类19个，B类64个，C类84个。名单见附件。" in words(document)


def test_attachment_lists_every_county_once_in_score_order():
    document = published_list()
    attached = list_attachment(document)
    headings = [block.text for block in attached.blocks if isinstance(block, Heading)]
    rows = [row for block in attached.blocks if isinstance(block, Table) for row in block.rows]
    assert headings == [
        "一、A类县（市、区）19个",
        "二、B类县（市、区）64个",
        "三、C类县（市、区）84个",
    ]
    assert rows == [
        (str(place), county.name, county.city)
        for place, county in enumerate(document.counties, start=1)
    ]
    assert official_list(document).attachments == (attached,)


def test_three_years_are_told_apart():
    document = replace(published_list(), evaluation_year=2022, published_on=date(2023, 1, 9))
    assert "2020年度（2023年公布）" in opening(document)
    assert "采用2020年度数据，于2022年组织评价，2023年1月9日公布" in words(document)


def test_numbers_quoted_as_basis_are_spelled_as_the_standard_has_them():
    consent = replace(published_list().consent, document_number="冀科领纪[2021]第03号")
    document = replace(published_list(), basis="《计划》（冀政办字（2019）9号）", consent=consent)

    assert "根据《计划》（冀政办字〔2019〕9号），" in opening(document)
    assert "，冀科领纪〔2021〕3号）" in opening(document)


def test_consent_is_named_with_date_and_number():
    assert "经省科技创新工作领导小组同意（2021年8月26日，冀科领纪〔2021〕3号）" in opening(
        published_list()
    )
    unnumbered = replace(published_list().consent, document_number="")
    assert "同意（2021年8月26日）" in opening(replace(published_list(), consent=unnumbered))


def test_rises_stand_by_kind_best_class_first():
    document = replace(
        published_list(),
        rises=(
            ClassRise(PINGSHAN, "C", "B"),
            ClassRise(QIAOXI, "B", "A"),
            ClassRise(OTHER_QIAOXI, "C", "A"),
        ),
        rank_rises=(RankRise(PINGSHAN, 23),),
    )
    said = words(document)
    order = [said.index(kind) for kind in ("由B类跃升为A类1个：石家庄市桥西区。",
                                           "由C类跃升为A类1个：张家口市桥西区。",
                                           "由C类跃升为B类1个：平山县。", "平山县（提升23位）")]  # fmt: skip
    assert order == sorted(order)


def test_a_first_list_without_rises_says_so():
    document = replace(published_list(), rises=(), rank_rises=())
    assert "本次无类别跃升的县（市、区）。" in words(document)
    assert "比较基准" not in words(document)


def test_an_empty_class_says_so():
    classes = (ListedClass("A", ()), ListedClass("B", (PINGSHAN,)))
    heading, nobody, *_ = list_attachment(replace(published_list(), classes=classes)).blocks
    assert (heading, nobody) == (Heading(1, "一、A类县（市、区）0个"), Paragraph("无。"))


def test_changes_of_regions_are_noted():
    document = replace(published_list(), region_changes=("唐山市滦县撤销，由滦州市承接。",))
    assert "唐山市滦县撤销，由滦州市承接。" in words(document)


def test_a_correction_says_what_it_replaces_and_why():
    document = published_list(correction())
    said = words(document)
    assert said.startswith(
        "一、更正说明\n本名单为第2版，自公布之日起替代2021年9月3日公布的名单（冀科领〔2021〕1号）"
    )
    assert "更正原因：两个县的发明专利数据经核定有误，重新评价后类别发生变化。" in said
    assert "关于更正2020年度" in "".join(usual_title(document))


def test_digest_changes_with_the_content_alone():
    document = published_list()
    assert list_digest(document) == list_digest(published_list())
    assert list_digest(
        replace(document, verification=replace(document.verification, code="X"))
    ) == list_digest(document)
    first, *others = document.classes
    swapped = replace(first, counties=(first.counties[1], first.counties[0], *first.counties[2:]))
    for changed in (
        replace(document, classes=(swapped, *others)),
        replace(document, published_on=date(2021, 9, 4)),
        replace(document, region_changes=()),
        published_list(correction()),
    ):
        assert list_digest(changed) != list_digest(document)


@needs_pango
def test_pdf_says_what_the_parts_say():
    document = published_list()
    said = text(render_list_pdf(document).content)
    without_page_numbers = re.sub(r"—\d+—", "", said)
    for line in (opening(document), *words(document).splitlines()):
        assert line in without_page_numbers
    assert "冀科领〔2021〕1号" in said
    assert "核验码：7K3M-92QF内容摘要：3f1c9a52e07b4d68" in without_page_numbers


@needs_pango
@pytest.mark.parametrize("change", [None, correction()])
def test_pdf_is_the_same_again_and_ends_on_an_even_page(change):
    first, second = (render_list_pdf(published_list(change)) for _ in range(2))
    assert first.content == second.content
    assert first.page_count % 2 == 0
    assert len(first.content) < 250_000


@needs_pango
def test_no_heading_is_left_at_the_foot_of_a_page():
    for page in pages(render_list_pdf(published_list(correction())).content):
        *lines, _ = page.rows() or [[], []]
        if len(lines) == 22:
            last = "".join(glyph.char for glyph in lines[-1])
            assert not re.match(r"[一二三四五]、|（[一二三]）", last)


def test_workbook_lists_the_same_and_no_scores():
    document = published_list()
    book = openpyxl.load_workbook(io.BytesIO(render_list_xlsx(document)))
    rows = list(book["名单"].iter_rows(values_only=True))
    head = next(place for place, row in enumerate(rows) if row[0] == "序号")
    assert rows[head] == (
        "序号",
        "类别",
        "县（市、区）",
        "设区市",
        "区划代码",
        "类别跃升",
        "位次提升",
    )
    table = rows[head + 1 :]
    assert [row[4] for row in table] == [county.code for county in document.counties]
    assert [row[0] for row in table] == list(range(1, 168))
    assert sum(1 for row in table if row[5]) == len(document.rises)
    assert sum(1 for row in table if row[6]) == len(document.rank_rises)
    assert not re.search("得分|总分", str(rows[head:]))


def test_workbook_is_the_same_again():
    assert render_list_xlsx(published_list()) == render_list_xlsx(published_list())
    assert render_list_xlsx(published_list()) != render_list_xlsx(published_list(correction()))
