import pytest
from django.urls import reverse

from county_portal.accounts.roles import Role
from county_portal.audit.actions import Entry, record, record_all
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
