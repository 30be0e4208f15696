import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from county_portal.accounts.roles import Role
from county_portal.audit.actions import Entry, record, record_all
from county_portal.audit.models import Event
from county_portal.common.clock import BEIJING
from tests.accounts.people import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client):
    client.force_login(make_user(Role.AUDITOR))
    return client


def test_the_auditor_reads_the_record(auditor):
    record(
        make_user(login="somebody"),
        Entry("return", "submission", "7", {"意见": "<b>请补正</b>"}, "130123"),
    )

    page = auditor.get(reverse("home:audit"), {"login": "somebody"}).content.decode()

    assert "somebody" in page
    assert "&lt;b&gt;请补正&lt;/b&gt;" in page
    assert "<b>请补正" not in page


def test_filters_narrow_and_stay(auditor):
    record(None, Entry("first_act", "a", "1", {}))
    record(None, Entry("second_act", "a", "1", {}))

    page = auditor.get(reverse("home:audit"), {"act": "first_act"}).content.decode()

    assert page.count("first_act") > 1  # the row, and the field that keeps the filter
    assert "second_act" not in page


def test_acts_are_read_and_looked_for_in_chinese(auditor):
    record(None, Entry("reset_password", "user", "1", {}))
    record(None, Entry("close_office", "office", "1", {}))

    page = auditor.get(reverse("home:audit"), {"act": "重置"}).content.decode()

    assert ">重置密码<" in page
    assert "撤销单位" not in page


def test_days_narrow_and_both_are_included(auditor):
    record(None, Entry("reset_password", "user", "1", {}))
    today = timezone.now().astimezone(BEIJING).date()
    url, days = reverse("home:audit"), [today + timedelta(days=step) for step in (-1, 0, 1)]

    def count(since, until):
        data = {"since": since.isoformat(), "until": until.isoformat()}
        return auditor.get(url, data).content.decode().count(">重置密码<")

    assert [count(today, today), count(days[0], days[0]), count(days[2], days[2])] == [1, 0, 0]


def test_the_export_holds_what_the_list_shows_with_whole_digests(auditor):
    record(make_user(login="somebody"), Entry("reset_password", "user", "1", {"login": "x"}))
    record(None, Entry("close_office", "office", "1", {}))

    answer = auditor.get(reverse("home:audit_export"), {"login": "somebody"})

    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    told = [row for row in rows if row and "somebody" in row]
    assert [row[4] for row in told] == ["重置密码"]
    assert told[0][-1] == Event.objects.get(act="reset_password").digest
    assert not any("close_office" in row for row in rows)


def test_nothing_found_is_said(auditor):
    page = auditor.get(reverse("home:audit"), {"act": "never"}).content.decode()

    assert "没有符合条件的记录" in page


def test_queries_do_not_grow_with_the_record(auditor, django_assert_max_num_queries):
    record_all(None, [Entry("x", "a", str(number), {}) for number in range(120)])

    with django_assert_max_num_queries(10):
        page = auditor.get(reverse("home:audit"), {"page": "2"}).content.decode()

    assert page.count("<tr>") == 51


@pytest.mark.parametrize("role", [role for role in Role if role != Role.AUDITOR])
def test_nobody_else_reads_it(client, role):
    client.force_login(make_user(role))

    assert client.get(reverse("home:audit")).status_code == 403
