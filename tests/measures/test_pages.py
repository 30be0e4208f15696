"""The pages: who sees what, filters in the address, a month reported by its page, a ledger from a pasted text."""

from datetime import datetime
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from county_portal.common import clock
from measures.actions.reporting import ReportInput, report_month
from measures.importer import import_ledgers
from measures.models import Duty, Ledger
from measures.rules.months import month_of, shifted
from tests.factories.people import signed_in
from tests.measures.acts import SMALL, province_units, small_ledger


@pytest.fixture
def ledger(people):
    """Kept since two months ago."""
    month = shifted(month_of(clock.today()), -2)
    with clock.playing(datetime(month.year, month.month, 3, 9, tzinfo=clock.BEIJING)):
        return small_ledger(people)


@pytest.fixture
def duty(ledger):
    return Duty.objects.get(measure__ledger=ledger, name="市财政局")


def words_of(person, name, *args, query=""):
    response = signed_in(person).get(reverse(f"measures:{name}", args=args) + query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


class TestWhoSees:
    def test_the_ledger(self, people, ledger):
        url = reverse("measures:ledger", args=[ledger.public_id])
        for person in (people.lead, people.filler, people.reviewer, people.manager):
            assert signed_in(person).get(url).status_code == 200
        for person in (people.changan_lead, people.shijiazhuang_reviewer):
            assert signed_in(person).get(url).status_code == 404
        for person in (people.provider, people.expert, people.system_admin):
            assert signed_in(person).get(url).status_code == 403

    def test_a_department_sees_its_own_lines_alone(self, people, ledger, duty):
        own = words_of(people.provider, "own")
        assert "加大财政投入" in own
        assert "落实税收政策" not in own
        browser = signed_in(people.provider)
        other = ledger.measures.get(number=2)
        assert (
            browser.get(reverse("measures:measure", args=[duty.measure.public_id])).status_code
            == 200
        )
        assert browser.get(reverse("measures:measure", args=[other.public_id])).status_code == 404
        assert browser.get(reverse("measures:home")).status_code == 302

    def test_only_the_keeper_has_the_acts(self, people, ledger, duty):
        args = [duty.measure.public_id]
        assert "列为滞后" in words_of(people.lead, "measure", *args)
        assert "列为滞后" not in words_of(people.filler, "measure", *args)
        for person, status in ((people.manager, 404), (people.reviewer, 404), (people.filler, 403)):
            url = reverse("measures:urge", args=args)
            assert signed_in(person).post(url, {"comment": "请补报。"}).status_code == status


class TestTheLedgersPage:
    def shown(self, people, ledger, query=""):
        response = signed_in(people.lead).get(
            reverse("measures:ledger", args=[ledger.public_id]) + query
        )
        return [line.number for line in response.context["lines"]]

    def test_filters(self, people, ledger):
        assert self.shown(people, ledger) == [1, 2, 3]
        assert self.shown(people, ledger, "?part=2") == [3]
        assert self.shown(people, ledger, "?unit=市统计局") == [1]
        assert self.shown(people, ledger, "?q=税收") == [2]
        assert self.shown(people, ledger, "?goal=1") == []
        assert self.shown(people, ledger, "?state=done") == []
        assert self.shown(people, ledger, "?late=overdue") == []

    def test_what_means_nothing_narrows_nothing(self, people, ledger):
        for query in ("?part=99", "?part=x", "?unit=没有", "?state=x", "?late=x", "?goal=7"):
            assert self.shown(people, ledger, query) == [1, 2, 3]

    def test_the_workbook_is_what_is_shown(self, people, ledger):
        url = reverse("measures:ledger_xlsx", args=[ledger.public_id])
        content = signed_in(people.lead).get(url + "?part=1").content
        sheet = load_workbook(BytesIO(content)).active
        texts = [row[2] for row in sheet.iter_rows(values_only=True)]
        assert "加大财政投入。2026年比重达到0.5%以上。" in texts
        assert "培育企业。" not in texts

    def test_the_same_queries_however_long(self, people, ledger, django_assert_max_num_queries):
        province_units(people)
        import_ledgers("hebei", only=["hebei-measures"])
        long = Ledger.objects.get(office=people.manager.office)
        browser = signed_in(people.manager)
        browser.get(reverse("measures:ledger", args=[ledger.public_id]))
        with django_assert_max_num_queries(14) as counted:
            browser.get(reverse("measures:ledger", args=[ledger.public_id]))
        with django_assert_max_num_queries(len(counted)):
            assert (
                "省科技厅"
                in browser.get(reverse("measures:ledger", args=[long.public_id])).content.decode()
            )

    def test_months(self, people, ledger):
        words = words_of(people.lead, "overview", ledger.public_id)
        assert "市财政局" in words
        assert "逾期" in words


class TestReporting:
    def test_by_its_page(self, people, duty):
        url = reverse("measures:report", args=[duty.public_id])
        browser = signed_in(people.provider)

        assert browser.post(url, {"words": "　", "seen": 0}).status_code == 422
        assert browser.post(url, {"words": "已下达。", "seen": 0}).status_code == 302
        assert browser.post(url, {"words": "再报。", "seen": 0}).status_code == 409
        assert "已下达。" in browser.get(url).content.decode()
        assert signed_in(people.statistician).get(url).status_code == 404
        assert browser.get(url + "?month=1999-01").status_code == 404
        assert duty.entries.count() == 1

    def test_the_inbox_says_what_is_due(self, people, duty):
        browser = signed_in(people.provider)
        assert "措施进展待填报" in browser.get(reverse("home:inbox")).content.decode()
        month = shifted(month_of(clock.today()), -1)
        report_month(
            actor=people.provider, duty_id=duty.public_id, data=ReportInput(month, "已办。")
        )
        assert "措施进展待填报" not in browser.get(reverse("home:inbox")).content.decode()


class TestKeeping:
    def test_standing_by_its_page(self, people, duty):
        url = reverse("measures:standing", args=[duty.measure.public_id, "start"])
        browser = signed_in(people.lead)

        assert browser.post(url, {"comment": " ", "seen": "not_started"}).status_code == 422
        assert browser.post(url, {"comment": "已部署。", "seen": "not_started"}).status_code == 302
        assert browser.post(url, {"comment": "已部署。", "seen": "not_started"}).status_code == 409
        begin = reverse("measures:standing", args=[duty.measure.public_id, "begin"])
        assert browser.get(begin).status_code == 404

    def test_a_ledger_from_a_pasted_text(self, people):
        browser, url = signed_in(people.lead), reverse("measures:new")
        typed = {
            "title": "新台账",
            "document_title": "新方案",
            "starts_on": "2026-01-01",
            "due_day": 5,
            "remind": "3，1",
        }

        bad = browser.post(url, {**typed, "text": SMALL.replace("2.落实", "4.落实")})
        read = browser.post(url, {**typed, "text": SMALL, "read": ""})
        assert bad.status_code == 422
        assert "第3行：序号“4”不连续" in bad.content.decode()
        assert "2个部分，3条措施" in read.content.decode()
        assert not Ledger.objects.exists()

        assert browser.post(url, {**typed, "text": SMALL, "make": ""}).status_code == 302
        assert Ledger.objects.get().remind_before == [3, 1]
        again = browser.post(url, {**typed, "text": SMALL, "make": ""})
        assert again.status_code == 422
        assert "本单位已有同名台账" in again.content.decode()

    def test_its_own_facts(self, people, ledger):
        url = reverse("measures:ledger_edit", args=[ledger.public_id])
        typed = {
            "title": "改名",
            "document_title": "方案",
            "starts_on": "2026-01-01",
            "due_day": 40,
            "remind": "",
        }
        browser = signed_in(people.lead)
        assert browser.post(url, typed).status_code == 422
        assert (
            browser.post(url, {**typed, "due_day": 8, "ends_on": "2025-01-01"}).status_code == 422
        )
        assert browser.post(url, {**typed, "due_day": 8}).status_code == 302
        ledger.refresh_from_db()
        assert (ledger.title, ledger.due_day) == ("改名", 8)
