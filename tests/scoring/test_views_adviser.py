"""The county's pages of thinking ahead: what is set stands in the address, what is wrong stands at its field."""

from dataclasses import replace
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.rules import CellInput
from scoring.engine.types import TotalRule
from scoring.models import Scenario
from scoring.selectors import advice
from tests.factories.people import signed_in
from tests.factories.sheets import fill
from tests.scoring.test_scenarios import basis, make, orphan  # noqa: F401 -- basis is a fixture


@pytest.fixture
def client(people):
    return signed_in(people.filler)


def on_result(published, name="ahead_result"):
    return reverse(f"scoring:{name}", args=[published.public_id])


def test_first_page_offers_results_and_sheets(client, people, published):
    page = client.get(reverse("scoring:ahead"))

    assert on_result(published) in page.content.decode()
    assert signed_in(people.lead).get(reverse("scoring:ahead")).status_code == HTTPStatus.OK


def test_first_page_without_anything_says_so(client):
    assert "还没有可以测算的数据" in client.get(reverse("scoring:ahead")).content.decode()


def test_only_counties_come_in(people, published):
    for person in (people.manager, people.reviewer, people.expert, people.system_admin):
        browser = signed_in(person)
        for address in (reverse("scoring:ahead"), on_result(published)):
            assert browser.get(address).status_code == HTTPStatus.FORBIDDEN


def test_strangers_sheets_are_not_found(people, submission, scheme):
    address = reverse("scoring:ahead_sheet", args=[submission.public_id])

    assert signed_in(people.changan_lead).get(address).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("name", ["ahead_sheet", "scenarios_sheet", "scenario_on_sheet"])
def test_a_sheet_without_a_scheme_says_so(client, submission, name):
    page = client.get(reverse(f"scoring:{name}", args=[submission.public_id]))

    assert "还没有已锁定的评分方案" in page.content.decode()


def test_where_one_stands(client, published):
    with CaptureQueriesContext(connection) as asked:
        page = client.get(on_result(published))

    standing = page.context["standing"]
    assert (standing.class_name, standing.above.name, standing.below.name) == ("B", "A", "C")
    text = page.content.decode()
    assert f"{standing.gap:.2f}" in text
    assert "逐项测算" in text
    assert "plan" not in page.context
    assert len(asked) < 25


def test_the_cheapest_way(client, published):
    page = client.get(
        on_result(published),
        {"plan": "1", "c-08": "100", "k-08": "key-laboratory-national", "c-16": "80", "c-15": "5"},
    )

    plan = page.context["plan"]
    assert plan.is_feasible
    assert plan.reached >= 80
    assert {step.key for step in plan.steps} <= {"08", "15", "16"}
    assert "确认没有更省的" in page.content.decode()
    # The link hands the figures on to a scenario.
    new = client.get(on_result(published, "scenario_on_result") + "?" + page.context["plan_query"])
    assert any(row.is_changed for row in new.context["form"].rows)


def test_out_of_reach_is_said_in_words(client, published):
    page = client.get(on_result(published), {"plan": "1", "c-04": "1"})

    assert "即使所有可提升指标都达到上限，也只有" in page.content.decode()


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("c-04", "三", "number_not_a_number"),
        ("c-04", "0.00001", "cost_out_of_range"),
        ("c-04", "1000000000", "cost_out_of_range"),
        ("m-04", "12%", "number_percent_sign"),
        ("m-04", "97.5", "number_not_an_integer"),
        ("m-08", "1.5", "number_not_an_integer"),
        ("k-08", "nothing", "invalid_choice"),
    ],
)
def test_what_cannot_be_read_stands_at_its_field(client, published, field, text, code):
    page = client.get(on_result(published), {"plan": "1", field: text})

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert [error.code for error in page.context["form"].errors.as_data()[field]] == [code]
    assert "plan" not in page.context


def test_costs_too_large_stand_at_their_field(client, people, submission, scheme):
    fill(people.filler, submission, {"04": CellInput("50"), "05": CellInput("3.01", "50", "16625")})
    address = reverse("scoring:ahead_sheet", args=[submission.public_id])

    asked = {"plan": "1", "c-04": "99999999", "d-05": "999999999999"}
    page = client.get(address, asked)

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert [error.code for error in page.context["form"].errors.as_data()["c-04"]] == [
        "cost_too_large"
    ]
    assert "无法精确相加" in page.content.decode()
    assert "plan" not in page.context


def test_a_total_rounded_once_is_not_planned(client, published, monkeypatch):
    """No such scheme is shipped: the one in force is read as if it rounded its sum."""
    known = advice.prepared_scheme
    monkeypatch.setattr(
        advice,
        "prepared_scheme",
        lambda version: replace(known(version), total=TotalRule.ROUNDED_SUM),
    )

    page = client.get(on_result(published), {"plan": "1", "c-04": "1"})

    assert page.status_code == HTTPStatus.OK
    assert "再对总分取舍" in page.content.decode()
    assert "plan" not in page.context
    assert 'name="c-04"' not in page.content.decode()


def test_growth_stays_among_whole_things(client, people, submission, scheme):
    fill(people.filler, submission, {"04": CellInput("50")})
    address = reverse("scoring:ahead_sheet", args=[submission.public_id])

    page = client.get(address, {"plan": "1", "m-04": "+33%"})

    # 66.5 家 is nobody's limit.
    assert page.context["form"].wishes.levers["04"].limit == 66


def test_growth_limits_and_expected_denominators(client, people, submission, scheme):
    both = {"04": CellInput("50"), "05": CellInput("3.01", "50", "16625")}
    fill(people.filler, submission, both)
    address = reverse("scoring:ahead_sheet", args=[submission.public_id])

    page = client.get(address, {"plan": "1", "m-04": "+20%", "d-05": "20000"})

    wishes = page.context["form"].wishes
    assert wishes.levers["04"].limit == 60
    assert wishes.denominators == {"05": 20000}
    # 8.33 and 2.84 now; of 50 among 20 000, 2.5 a thousand, 2.67.
    assert page.context["standing"].total == Decimal("11.17")
    assert page.context["plan"].start == Decimal("11.00")
    refused = client.get(address, {"plan": "1", "d-05": "0"})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_a_scenario_is_written_changed_and_removed(client, published):
    new = on_result(published, "scenario_on_result")

    made = client.post(new, {"name": "高企增至100家", "v-04": "100"})

    scenario = Scenario.objects.get()
    address = reverse("scoring:scenario", args=[scenario.public_id])
    assert made["Location"] == address
    page = client.get(address)
    assert page.context["form"]["v-04"].value() == "100"
    assert "高企增至100家" in client.get(on_result(published, "scenarios_result")).content.decode()
    client.post(address, {"name": "高企增至90家", "v-04": "90", "revision": "0"})
    assert Scenario.objects.get().changes == {"04": {"value": "90"}}
    stale = client.post(address, {"name": "旧页面", "v-04": "80", "revision": "0"})
    assert stale.status_code == HTTPStatus.CONFLICT
    assert Scenario.objects.get().name == "高企增至90家"
    remove = reverse("scoring:scenario_remove", args=[scenario.public_id])
    assert client.post(remove, {"revision": "x"}).status_code == HTTPStatus.CONFLICT
    assert client.get(remove).status_code == HTTPStatus.OK
    client.post(remove, {"revision": "1"})
    assert not Scenario.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "", "v-04": "100"},
        {"name": "空的"},
        {"name": "错的", "v-04": "一百"},
        {"name": "长" * 61, "v-04": "100"},
    ],
)
def test_a_scenario_in_bad_order_is_not_kept(client, published, typed):
    page = client.post(on_result(published, "scenario_on_result"), typed)

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert page.context["form"].errors
    assert not Scenario.objects.exists()


def test_at_most_four_side_by_side(client, people, published, basis):  # noqa: F811
    made = [make(people, basis, f"方案{number}") for number in range(6)]
    address = on_result(published, "scenarios_result")

    newest = client.get(address)
    chosen = client.get(address, {"s": [str(row.public_id) for row in made[:2]]})
    nonsense = client.get(address, {"s": "x"})

    assert len(newest.context["compared"]) == 4
    assert {row.scenario for row in chosen.context["compared"]} == set(made[:2])
    assert nonsense.context["compared"] == []


def test_strangers_scenarios_are_not_found(people, basis):  # noqa: F811
    scenario = make(people, basis)
    browser = signed_in(people.changan_lead)

    for name in ("scenario", "scenario_remove"):
        address = reverse(f"scoring:{name}", args=[scenario.public_id])
        assert browser.get(address).status_code == HTTPStatus.NOT_FOUND
        assert browser.post(address, {"revision": "0"}).status_code == HTTPStatus.NOT_FOUND
    assert Scenario.objects.get() == scenario


def test_a_scenario_whose_basis_is_gone_can_be_removed(client, people, run):
    scenario = orphan(people, run)

    page = client.get(reverse("scoring:scenario", args=[scenario.public_id]))

    assert "已不能查看" in page.content.decode()
    remove = reverse("scoring:scenario_remove", args=[scenario.public_id])
    assert client.post(remove, {"revision": "0"}).status_code == HTTPStatus.FOUND
