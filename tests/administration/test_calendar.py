"""Days off: entered by the year, and what a working day is."""

from datetime import date

import pytest
from django.urls import reverse

from county_portal.accounts.actions import read_days, replace_year
from county_portal.accounts.models import CalendarDay
from county_portal.accounts.roles import Role
from county_portal.accounts.selectors import working_day
from county_portal.audit.models import Event
from county_portal.common.errors import Invalid, NotAllowed
from tests.accounts.people import make_user
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db

NATIONAL_DAY = "2026-10-01至2026-10-07 放假 国庆节\n2026-10-10 上班 国庆节调休\n"
SOURCE = "国办发明电〔2025〕7号"


@pytest.fixture
def manager():
    return make_user(Role.PROVINCE_MANAGER)


@pytest.fixture
def known(manager):
    replace_year(actor=manager, year=2026, days=read_days(2026, NATIONAL_DAY), source=SOURCE)


@pytest.mark.parametrize(
    "start, count, day",
    [
        # 2026-09-30 is a Wednesday; the seven days off follow it, and Saturday the 10th is worked.
        ("2026-09-30", 0, "2026-09-30"),
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 2, "2026-10-09"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-09-30", 4, "2026-10-12"),
        ("2026-10-12", -1, "2026-10-10"),
        ("2026-10-08", -1, "2026-09-30"),
        ("2026-10-04", 1, "2026-10-08"),
        # A year nobody entered: the week alone.
        ("2027-10-01", 1, "2027-10-04"),
    ],
)
def test_working_days_are_counted_by_the_calendar(known, start, count, day):
    assert working_day(count, date.fromisoformat(start)) == date.fromisoformat(day)


def test_one_query_however_far(known, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert working_day(250, date(2026, 1, 1)) > date(2026, 12, 1)


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "没有填写任何日期"),
        ("2026-13-01 放假 元旦", "第1行"),
        ("2026-01-01 休息 元旦", "第1行"),
        ("2026-01-03至2026-01-01 放假 元旦", "第1行"),
        ("2026-01-01至2026-12-31 放假 全年", "第1行"),
        ("2025-12-31 放假 元旦", "不在2026年"),
        ("2026-01-01 放假 元旦\n2026-01-01 上班 元旦", "第2行的2026-01-01重复"),
    ],
)
def test_a_line_that_cannot_be_is_named(text, said):
    with pytest.raises(Invalid) as refusal:
        read_days(2026, text)

    assert refusal.value.code == "calendar_lines"
    assert said in refusal.value.sentence


def test_a_year_is_replaced_as_a_whole_and_recorded(manager, known):
    days = read_days(2026, "2026-01-01 放假 元旦")
    replace_year(actor=manager, year=2026, days=days, source=SOURCE)

    assert list(CalendarDay.objects.values_list("day", flat=True)) == [date(2026, 1, 1)]
    event = Event.objects.filter(act="replace_calendar").last()
    assert event.detail["days"] == [8, 1]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.PROVINCE_MANAGER])
def test_only_the_manager_keeps_it(role):
    user = make_user(role)

    with pytest.raises(NotAllowed):
        replace_year(actor=user, year=2026, days=read_days(2026, NATIONAL_DAY), source=SOURCE)
    assert signed_in(user).get(reverse("administration:calendar")).status_code == 403


def test_the_page_shows_what_holds_and_keeps_what_was_typed(manager, known):
    browser = signed_in(manager)
    url = reverse("administration:calendar")

    page = browser.get(url + "?year=2026").content.decode()
    refused = browser.post(url, {"year": 2026, "source": SOURCE, "text": "明天 放假"})
    done = browser.post(url, {"year": 2027, "source": SOURCE, "text": "2027-01-01 放假 元旦"})

    assert "2026-10-07 放假 国庆节" in page
    assert refused.status_code == 422
    assert "明天 放假" in refused.content.decode()
    assert done["Location"].endswith("?year=2027")
    assert CalendarDay.objects.filter(day__year=2026).count() == 8
    for nonsense in ("x", "99999999999", "²", "1"):
        assert browser.get(f"{url}?year={nonsense}").status_code == 200
