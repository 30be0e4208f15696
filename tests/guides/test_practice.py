"""试填县: everything of a county's sheet, and nothing of it anywhere else."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from county_portal.accounts.models import Office, Region, User
from county_portal.accounts.roles import PRACTICE_PERMISSIONS, Role
from county_portal.accounts.selectors import (
    find_regions,
    list_counties_alive_on,
    list_offices,
    list_reviewing_offices,
    list_users,
)
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed
from county_portal.documents.selectors.recipients import Group, reach_of
from county_portal.guides.actions import begin_practice, close_practice
from county_portal.notices.models import Notice
from indicators.models import Collection, Submission
from indicators.selectors import list_awaiting, list_submissions
from indicators.selectors.collections import list_collections
from scoring.selectors.runs import list_ready
from tests.accounts.people import make_user

pytestmark = pytest.mark.django_db

BEHIND_THE_STRIP = "正在试填"


@pytest.fixture
def practising(client, people, collection):
    """霸州's clerk, inside."""
    client.force_login(people.filler)
    answer = client.post(reverse("guides:practice_enter"))
    assert answer.status_code == 302
    return client


def sheet_of_practice():
    return Submission.objects.get(collection__is_practice=True, region__valid_to__isnull=True)


def test_one_press_leads_to_an_empty_sheet_of_this_years_kind(practising, collection):
    page = practising.get(reverse("home:inbox")).content.decode()
    sheet = sheet_of_practice()

    assert BEHIND_THE_STRIP in page
    assert "试填县" in page
    assert sheet.collection.version == collection.version
    assert sheet.state == "draft"
    for name in ("submission", "fill", "workbook", "findings", "versions", "division", "ledger"):
        answer = practising.get(reverse(f"indicators:{name}", args=[sheet.public_id]))
        assert answer.status_code == 200, name


def test_what_is_typed_is_kept_and_checked(practising):
    sheet = sheet_of_practice()
    code = sheet.collection.version.indicators.filter(kind="number").first().code
    page = reverse("indicators:fill", args=[sheet.public_id])

    answer = practising.post(page, {f"{code}-status": "actual", f"{code}-number": "12"})

    assert answer.status_code in {302, 422}
    assert practising.get(page).status_code == 200


def test_inside_there_is_only_the_sheet(practising, people):
    """No pilots, no appeals, no measures, no documents; and no sheet of one's own real county."""
    person = User.objects.get(is_practice=True, role=Role.COUNTY_FILLER)
    assert person.permissions <= PRACTICE_PERMISSIONS
    for name in ("applications:home", "scoring:appeals", "documents:home", "reports:cards"):
        assert practising.get(reverse(name)).status_code == 403, name
    real = Submission.objects.get(collection__is_practice=False, office=people.filler.office)
    assert (
        practising.get(reverse("indicators:submission", args=[real.public_id])).status_code == 404
    )


def test_nobody_else_meets_it(practising, people, province):
    sheet = sheet_of_practice()

    for user in (people.manager, people.checker, people.reviewer, people.filler, people.publisher):
        assert sheet not in list_submissions(user)
        assert sheet not in list_awaiting(user)
        assert sheet.collection not in list_collections(user)
        practising.force_login(user)
        assert practising.get(
            reverse("indicators:submission", args=[sheet.public_id])
        ).status_code in {403, 404}


def test_the_register_has_no_practice_county(practising, people, province):
    assert set(list_counties_alive_on(clock.today())) == set(province.counties.values())
    assert not find_regions("试填")
    assert not list_offices().filter(name__startswith="试填")
    assert not list_reviewing_offices().filter(name__startswith="试填")
    assert not list_users(people.system_admin).filter(is_practice=True)
    counties = reach_of(people.manager).members(Group.COUNTIES)
    assert counties
    assert not [office for office in counties if office.region.is_practice]


def test_collections_and_what_may_be_graded_leave_it_out(practising, people, collection):
    assert set(Collection.objects.all()) == {collection}
    assert set(collection.version.collections.all()) == {collection}
    assert not [row for row in list_ready(people.manager) if row.is_practice]
    assert collection.submissions.count() == 4


def test_a_collection_opened_later_takes_no_practice_county(practising, people, version, province):
    from indicators.actions.collecting import CollectionInput, create_collection, open_collection

    today = clock.today()
    data = CollectionInput(
        version=version,
        title="以后年度",
        data_year=today.year + 1,
        evaluation_year=today.year + 2,
        opens_on=today,
        county_due_on=today + timedelta(days=9),
        city_due_on=today + timedelta(days=19),
        notes="",
    )
    # The practice region goes on for ever in this test.
    later = create_collection(actor=people.manager, data=data)
    open_collection(actor=people.manager, collection_id=later.public_id)

    assert {row.region for row in later.submissions.all()} == set(province.counties.values())


def test_nobody_is_told(practising):
    assert not Notice.objects.filter(title__contains="试填").exists()


def test_clerk_and_head_take_turns(practising):
    assert "填报员" in practising.get(reverse("home:inbox")).content.decode()
    practising.post(reverse("guides:practice_switch"))
    page = practising.get(reverse("home:inbox")).content.decode()

    assert "试填负责人" in page
    assert BEHIND_THE_STRIP in page


def test_leaving_brings_one_back(practising, people):
    practising.post(reverse("guides:practice_leave"))
    page = practising.get(reverse("home:inbox")).content.decode()

    assert BEHIND_THE_STRIP not in page
    assert people.filler.display_name in page


@pytest.mark.parametrize("change", ["disabled", "password"])
def test_who_lost_his_account_meanwhile_does_not_come_back_by_leaving(practising, people, change):
    if change == "disabled":
        people.filler.is_active = False
    else:
        people.filler.set_password("Bie-de-mima-2026")
    people.filler.save()

    answer = practising.post(reverse("guides:practice_leave"))

    assert answer["Location"] == reverse("accounts:login")
    assert practising.get(reverse("home:inbox")).status_code == 302


def test_starting_anew_closes_the_county_before(practising, people):
    first = sheet_of_practice()
    practising.post(reverse("guides:practice_enter"))

    second = sheet_of_practice()
    assert second.region != first.region
    assert {first.office.name, second.office.name} == {f"试填县科学技术局（{people.filler.login}）"}
    assert Office.objects.get(pk=first.office_id).closed_on is not None
    assert (
        practising.get(reverse("indicators:submission", args=[first.public_id])).status_code == 404
    )
    assert User.objects.filter(is_practice=True, is_active=True).count() == 2


def test_at_night_everybody_is_sent_home(practising):
    assert close_practice() == 2
    assert practising.get(reverse("home:inbox")).status_code == 302
    assert not Region.objects.filter(is_practice=True, valid_to__isnull=True).exists()
    assert close_practice() == 0


def test_each_has_a_county_of_his_own(people, collection):
    one, other = begin_practice(actor=people.filler), begin_practice(actor=people.lead)

    assert one.filler.office != other.filler.office
    assert one.filler.is_active
    assert list_submissions(one.filler).count() == 1
    assert not set(list_submissions(one.filler)) & set(list_submissions(other.lead))
    assert other.beginning_as(people.lead) == other.lead
    assert one.beginning_as(people.filler) == one.filler


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in {Role.COUNTY_FILLER, Role.COUNTY_LEAD}]
)
def test_only_a_countys_bureau_practises(client, role):
    user = make_user(role)
    client.force_login(user)

    assert client.post(reverse("guides:practice_enter")).status_code == 403
    assert "进入试填县" not in client.get(reverse("guides:index")).content.decode()
    with pytest.raises(NotAllowed):
        begin_practice(actor=user)


@pytest.mark.parametrize(("name", "status"), [("practice_switch", 409), ("practice_leave", 302)])
def test_who_does_not_practise_has_nothing_to_leave(client, people, name, status):
    client.force_login(people.filler)
    answer = client.post(reverse(f"guides:{name}"))

    assert answer.status_code == status
    assert not User.objects.filter(is_practice=True).exists()


def test_without_a_collection_there_is_nothing_to_practise(people):
    with pytest.raises(Invalid):
        begin_practice(actor=people.filler)
    assert not Region.objects.filter(is_practice=True).exists()
    assert not Office.objects.filter(name__startswith="试填").exists()


def test_nobody_signs_in_by_the_form_as_somebody_practising(client, people, collection):
    practice = begin_practice(actor=people.filler)
    answer = client.post(
        reverse("accounts:login"), {"username": practice.filler.login, "password": ""}
    )

    assert answer.status_code == 422
    assert not practice.filler.has_usable_password()


def test_a_practice_county_existed_all_last_year(people, collection):
    """So that a sheet of last year's figures suits it."""
    region = begin_practice(actor=people.filler).filler.office.region
    assert region.valid_from <= date(collection.data_year, 12, 31)
