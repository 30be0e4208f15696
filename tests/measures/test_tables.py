"""A ledger from a table; and a unit's own months beside its colleagues'."""

import html
import io
import re
from datetime import datetime

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from county_portal.common import clock
from county_portal.documents.workbook import XLSX
from measures.models import Ledger
from measures.selectors.lines import read_line
from measures.workbook import HEADINGS, SHEET
from tests.factories.people import signed_in
from tests.measures.acts import small_ledger


def table(*rows, headings=HEADINGS, sheet=SHEET):
    """A table of measures as somebody saved it."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in (headings, *rows):
        page.append(row)
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile("measures.xlsx", content.getvalue(), content_type=XLSX)


ROWS = (
    ("（一）投入", "1.加大财政投入。2026年比重达到0.5%以上。", "市财政局", "市统计局", ""),
    ("", "落实税收政策。", "市税务局", "", "市统计局"),
    ("主体", "培育企业。", "市科技局", "各乡镇（区、办）", ""),
)


class TestALedgerFromATable:
    """Uploaded, read into the text, looked at, made."""

    TYPED = {
        "title": "表格台账",
        "document_title": "新方案",
        "starts_on": "2026-01-01",
        "due_day": 5,
        "remind": "3",
    }

    def test_the_template_is_one(self, people):
        answer = signed_in(people.lead).get(reverse("measures:new_template"))
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        assert [cell.value for cell in book[SHEET][1]] == list(HEADINGS)
        assert signed_in(people.filler).get(reverse("measures:new_template")).status_code == 403

    def test_a_table_becomes_the_text_and_then_the_ledger(self, people):
        browser, url = signed_in(people.lead), reverse("measures:new")
        # Even pressed together with the table: nobody has looked at what was read.
        read = browser.post(url, {**self.TYPED, "workbook": table(*ROWS), "make": ""})
        page = read.content.decode()
        assert read.status_code == 200
        assert "2个部分，3条措施" in page
        assert not Ledger.objects.exists()
        text = read.context["form"]["text"].value()
        assert text == (
            "（一）投入\n"
            "1.加大财政投入。2026年比重达到0.5%以上。（牵头单位：市财政局；配合单位：市统计局）\n"
            "2.落实税收政策。（牵头单位：市税务局；数据提供单位：市统计局）\n"
            "（二）主体\n"
            "3.培育企业。（牵头单位：市科技局；配合单位：各乡镇（区、办））"
        )

        assert browser.post(url, {**self.TYPED, "text": text, "make": ""}).status_code == 302
        kinds = Ledger.objects.get().measures.get(number=2).duties.order_by("order")
        assert [(duty.name, duty.kind) for duty in kinds] == [
            ("市税务局", "lead"),
            ("市统计局", "data"),
        ]

    @pytest.mark.parametrize(
        ("rows", "said"),
        [
            ([("", "加大投入。", "", "", "")], "A2（部分）是空的，请填写这一条所在部分的标题"),
            ([ROWS[0], ("", "", "市财政局", "", "")], "B3（措施（原文））是空的，请照抄措施原文"),
            (
                [ROWS[0], ("", "7.补。", "", "", "")],
                "B3（措施（原文））以序号“7”开头，按行次应为第2条",
            ),
            ([ROWS[0], ("", "补。", "=A1", "", "")], "C3（牵头单位）是公式，请改为文字"),
            ([ROWS[0], ("", "补。", "市财政局、市财政局", "", "")], "第3行：牵头单位第2个单位重复"),
            (
                [("投入", "甲。\n2.乙。", "", "", ""), ("", "丙。", "", "", "")],
                "第3行：序号“2”不连续",
            ),
            ([], "没有填写措施"),
        ],
    )
    def test_a_faulty_table_is_told_by_its_cell_and_changes_nothing(self, people, rows, said):
        data = {**self.TYPED, "workbook": table(*rows), "make": ""}
        answer = signed_in(people.lead).post(reverse("measures:new"), data)
        assert answer.status_code == 422
        assert said in html.unescape(answer.content.decode())
        assert "台账没有建立" in answer.content.decode()
        assert not Ledger.objects.exists()

    def test_another_table_and_no_table(self, people):
        browser, url = signed_in(people.lead), reverse("measures:new")
        for workbook, said in (
            (table(*ROWS, sheet="别的"), "没有工作表“措施”"),
            (table(*ROWS, headings=("甲",)), "没有表头"),
            (SimpleUploadedFile("a.xlsx", b"PK nonsense"), "不是可以读取的Excel工作簿"),
            (SimpleUploadedFile("a.xlsx", b""), "不是可以读取的Excel工作簿"),
        ):
            answer = browser.post(url, {**self.TYPED, "workbook": workbook})
            assert answer.status_code == 422
            assert said in html.unescape(answer.content.decode())


class TestOnesOwnMonths:
    """What a unit reads of its own tasks is its own."""

    @pytest.fixture
    def late(self, people):
        """霸州's bureau leads the first measure and has reported nothing since; the bureau supports in none."""
        with clock.playing(datetime(2026, 1, 2, 9, tzinfo=clock.BEIJING)):
            ledger = small_ledger(people, aliases={"市财政局": people.lead.office.name})
        first = ledger.measures.get(number=1)
        first.duties.filter(name="市统计局").update(kind="data")
        return first

    def test_a_colleague_s_missing_months_are_not_mine(self, people, late):
        with clock.playing(datetime(2026, 3, 20, 9, tzinfo=clock.BEIJING)):
            assert read_line(late).missing_words == "4次"
            page = signed_in(people.filler).get(reverse("measures:own")).content.decode()
        assert "欠报2次" in page
        assert "欠报4次" not in page

    def test_units_that_support_owe_nothing(self, people, late):
        late.duties.filter(name="市统计局").update(kind="support")
        page = signed_in(people.lead).get(reverse("measures:measure", args=[late.public_id]))
        rows = re.findall(r"<tr>.*?</tr>", page.content.decode(), re.DOTALL)
        (support,) = (row for row in rows if "市统计局" in row)
        assert "有进展时填报" in support
        assert "尚未填报" not in support

    def test_months_begin_with_the_newest(self, people, late):
        with clock.playing(datetime(2026, 4, 20, 9, tzinfo=clock.BEIJING)):
            url = reverse("measures:overview", args=[late.ledger.public_id])
            page = signed_in(people.lead).get(url).content.decode()
        assert re.findall(r">(2026\.\d+)<", page) == ["2026.3", "2026.2", "2026.1"]
