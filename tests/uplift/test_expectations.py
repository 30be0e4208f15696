"""Targets become what counties are expected to do, month by month; the fund's use; pages."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from county_portal.accounts.models import Region
from county_portal.accounts.roles import Role
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from indicators.actions.monthly import open_call
from indicators.models import MonthlyTarget
from tests.factories.people import make_person, signed_in
from uplift.actions.drafts import DraftKey, edit_draft
from uplift.actions.expectations import Answer, answer_expectations
from uplift.actions.spending import SpendingInput, record_spending, revoke_spending
from uplift.models import Expectation, Spending
from uplift.selectors.expectations import own_expected

pytestmark = pytest.mark.django_db
# 长安区 is one of the eight A counties S1 does not name.
COUNTY = "130102"


@pytest.fixture
def now():
    """S1's year of targets."""
    with clock.playing(datetime(2022, 5, 20, 9, tzinfo=clock.BEIJING)):
        yield


@pytest.fixture
def version_in_force(now, city, people, version):
    open_call(actor=people.manager, version=version, year=2022, due_day=10)
    return city.settled()


@pytest.fixture
def filler(province, version_in_force):
    return make_person("changan.filler", Role.COUNTY_FILLER, province.bureaus["changan"])


def answer(filler, version, *answers, seen=""):
    seen = seen or own_expected(filler, version).fingerprint
    return answer_expectations(
        actor=filler, version_id=version.public_id, seen=seen, answers=answers
    )


def test_the_targets_of_its_class_are_expected(filler, version_in_force):
    expected = own_expected(filler, version_in_force)

    assert expected.outlook.aimed == "A"
    assert {line.indicator.code: line.expected for line in expected.lines} == {
        "01": 7000, "04": 90, "06": 900, "08": 20, "09": 7, "10": 20, "12": 12,
    }  # fmt: skip
    money = next(line for line in expected.lines if line.indicator.code == "01")
    assert money.path[5] == (6, Decimal(3500))


def test_adopting_sets_the_month_s_targets(filler, version_in_force):
    assert (
        answer(filler, version_in_force, Answer("04", Decimal(90)), Answer("08", Decimal(21))) == 2
    )
    assert dict(MonthlyTarget.objects.values_list("indicator__code", "number")) == {
        "04": 90,
        "08": 21,
    }


def test_less_than_expected_takes_a_reason(filler, version_in_force):
    for reason in ("", "  "):
        with pytest.raises(Invalid) as refused:
            answer(filler, version_in_force, Answer("04", Decimal(80), reason))
        assert refused.value.field == "r-04"
    assert not MonthlyTarget.objects.exists()
    answer(filler, version_in_force, Answer("04", Decimal(80), "基数低。"))
    assert Expectation.objects.get().is_below


def test_what_a_county_set_is_never_overwritten(filler, version_in_force):
    answer(filler, version_in_force, Answer("04", Decimal(100)))
    assert answer(filler, version_in_force, Answer("04", Decimal(90))) == 0
    assert MonthlyTarget.objects.get().number == 100


def test_a_stale_page_changes_nothing(filler, version_in_force):
    seen = own_expected(filler, version_in_force).fingerprint
    answer(filler, version_in_force, Answer("04", Decimal(90)))
    with pytest.raises(Stale):
        answer(filler, version_in_force, Answer("08", Decimal(20)), seen=seen)
    assert MonthlyTarget.objects.count() == 1


def test_only_the_county_itself_answers(filler, version_in_force, people, city):
    with pytest.raises(NotAllowed):
        answer(city.drafter, version_in_force, Answer("04", Decimal(90)), seen="x")
    with pytest.raises(Http404):
        answer(people.filler, version_in_force, Answer("04", Decimal(90)), seen="x")


def test_class_c_is_expected_nothing_and_other_years_neither(
    city, province, filler, version_in_force
):
    """行唐县 is B by 2022; of 2023 the plan names no targets."""
    office = Region.objects.get(code="130125").offices.get()
    other = make_person("xingtang.filler", Role.COUNTY_FILLER, office)
    assert own_expected(other, version_in_force).outlook.aimed == "B"
    with clock.playing(datetime(2023, 5, 20, 9, tzinfo=clock.BEIJING)), pytest.raises(Stale):
        own_expected(other, version_in_force)


def test_pages(filler, version_in_force, city, people):
    one = f"/uplift/{version_in_force.public_id}/"
    county = Region.objects.get(code=COUNTY)
    browser = signed_in(filler)
    for url in ("/uplift/", one, f"{one}counties/", f"{one}counties.xlsx?year=2022", f"{one}fund/", f"{one}plan.xlsx",
                f"{one}counties/{county.public_id}/?year=2022", f"{one}expectations/"):  # fmt: skip
        assert browser.get(url).status_code == 200, url
    assert browser.get(f"{one}edit/targets/").status_code == 403
    other = Region.objects.get(code="130125").public_id
    assert browser.get(f"{one}counties/{other}/").status_code == 404
    assert signed_in(people.reviewer).get(one).status_code == 404
    assert signed_in(people.expert).get(one).status_code == 403
    answer = browser.post(f"{one}expectations/", {"seen": "old", "n-04": "90"})
    assert answer.status_code == 409
    text = signed_in(city.drafter).get(one).content.decode()
    assert "总体目标写2022年内" in text
    assert "井陉县" in text


def test_the_table_of_counties_takes_as_many_queries_for_one_as_for_all(
    city, filler, version_in_force
):
    one = f"/uplift/{version_in_force.public_id}/counties/?year=2022"
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert signed_in(filler).get(one).status_code == 200
    with CaptureQueriesContext(connection) as many:
        answer = signed_in(city.drafter).get(one)
    assert answer.content.decode().count("<tr>") == 22
    assert len(many) <= len(few) + 2
    assert len(many) <= 50


def spent(amount=1, year=2022, on=date(2022, 5, 1)):
    return SpendingInput(year, Decimal(amount), "科技特派员", "石科计〔2022〕1号", on)


def test_the_fund_is_spent_with_a_document_and_never_beyond(city, version_in_force, people):
    one = version_in_force.public_id
    record_spending(actor=city.drafter, version_id=one, data=spent(14_000_000))
    for wrong, code in (
        (spent(1_000_001), "fund_overspent"),
        (spent(year=2026), "year_without_fund"),
        (spent(-1), "amount_not_positive"),
        (spent(on=date(2022, 6, 1)), "spent_in_future"),
    ):
        with pytest.raises(Invalid) as refused:
            record_spending(actor=city.drafter, version_id=one, data=wrong)
        assert refused.value.code == code
    with pytest.raises(NotAllowed):
        record_spending(actor=city.decider, version_id=one, data=spent())
    with pytest.raises(Http404):
        record_spending(actor=people.reviewer, version_id=one, data=spent())
    entry = Spending.objects.get()
    with pytest.raises(Invalid):
        revoke_spending(actor=city.drafter, version_id=one, entry_id=entry.public_id, reason=" ")
    revoke_spending(
        actor=city.drafter, version_id=one, entry_id=entry.public_id, reason="重复登记。"
    )
    with pytest.raises(Stale):
        revoke_spending(
            actor=city.drafter, version_id=one, entry_id=entry.public_id, reason="再撤。"
        )
    record_spending(actor=city.drafter, version_id=one, data=spent(15_000_000))


def test_a_draft_takes_no_spending(city, now):
    edit_draft(
        actor=city.drafter,
        key=DraftKey(city.draft.public_id, city.draft.revision),
        edit=lambda text: replace(text, goals=()),
    )
    with pytest.raises(Stale):
        record_spending(actor=city.drafter, version_id=city.draft.public_id, data=spent())
