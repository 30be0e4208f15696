"""Offices and regions: what may become of them, and what stays as it was."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse

from county_portal.accounts.actions import (
    Decision,
    NewOffice,
    Part,
    carry_out_due,
    close_office,
    create_office,
    decide_change,
    order_office,
    rename_office,
    withdraw_change,
)
from county_portal.accounts.models import Office, Region, RegionChange, RegionChangeKind
from county_portal.accounts.roles import Level, OfficeKind, Role
from county_portal.accounts.selectors import (
    county_office,
    find_offices,
    lineages,
    list_counties_alive_on,
)
from county_portal.accounts.selectors.managed import OfficesWanted
from county_portal.administration.impact import impact_of
from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from tests.accounts.people import make_office, make_region, make_user
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db
K = RegionChangeKind


@pytest.fixture
def admin():
    return make_user(Role.SYSTEM_ADMIN)


@pytest.fixture
def city():
    return make_office(Level.CITY, region=make_region(Level.CITY, name="保定市"))


@pytest.fixture
def county(city):
    region = make_region(
        Level.COUNTY, name="定兴县", code="130626", parent=city.region, reviewing_office=city
    )
    region.full_name = "保定市定兴县"
    region.save()
    Office.objects.create(
        name="保定市定兴县科学技术局", short_name="定兴县科技局", level="county", region=region
    )
    return region


def decide(actor, region, kind, *, days=0, confirmed=None, **values):
    values.setdefault("document_number", "国函〔2026〕12号")
    values.setdefault("effective_on", clock.today() + timedelta(days=days))
    return decide_change(
        actor=actor,
        region_id=region and region.public_id,
        decision=Decision(kind=K(kind), **values),
        confirmed=(region.name if region else values["name"]) if confirmed is None else confirmed,
    )


# --- offices ---------------------------------------------------------------------------------------


def test_a_renamed_office_is_found_by_what_it_was_called(admin):
    office = make_office(Level.CITY, name="保定市科学技术局")

    rename_office(
        actor=admin,
        public_id=office.public_id,
        name="保定市科学技术和工业信息化局",
        short_name="保定市科工局",
        basis="保办字〔2026〕3号",
    )

    office.refresh_from_db()
    assert office.name == "保定市科学技术和工业信息化局"
    former = office.former_names.get()
    assert (former.name, former.until) == ("保定市科学技术局", clock.today())
    assert list(find_offices(admin, OfficesWanted("科学技术局"))) == [office]
    assert Event.objects.get(act="rename_office").detail["name"][0] == "保定市科学技术局"


def test_a_taken_name_is_refused_and_keeps_no_former_name(admin):
    office, other = make_office(Level.CITY), make_office(Level.CITY)

    with pytest.raises(Invalid, match="office_exists"):
        rename_office(
            actor=admin,
            public_id=office.public_id,
            name=other.name,
            short_name="简称",
            basis="保办字〔2026〕3号",
        )

    assert not office.former_names.exists()


@pytest.mark.parametrize(
    "values, code",
    [
        ({"level": Level.CITY}, "office_region_missing"),
        ({"level": Level.COUNTY}, "office_region_missing"),
        ({"level": Level.CITY, "region": "county"}, "office_region_level"),
        ({"level": Level.COUNTY, "region": "county"}, "office_bureau_exists"),
        (
            {
                "level": Level.COUNTY,
                "region": "county",
                "kind": OfficeKind.UNIT,
                "name": "保定市定兴县科学技术局",
            },
            "office_exists",
        ),
    ],
)
def test_offices_that_cannot_be(admin, county, values, code):
    said = {
        "name": "某局",
        "short_name": "某局",
        "kind": OfficeKind.BUREAU,
        "region": None,
        **values,
    }
    said["region"] = county if said["region"] else None
    before = Office.objects.count()

    with pytest.raises(Invalid) as refusal:
        create_office(actor=admin, office=NewOffice(**said))

    assert refusal.value.code == code
    assert Office.objects.count() == before


def test_a_department_is_set_up(admin, county):
    office = create_office(
        actor=admin,
        office=NewOffice("定兴县财政局", "财政局", Level.COUNTY, OfficeKind.PROVIDER, county),
    )

    assert office.region == county
    assert Event.objects.get(act="create_office").region_code == "130626"


def test_an_office_closes_once_nobody_is_left(admin, city):
    user = make_user(Role.CITY_REVIEWER, office=city)

    with pytest.raises(Invalid, match="office_has_people"):
        close_office(actor=admin, public_id=city.public_id, basis="机构改革")
    user.is_active = False
    user.save()
    close_office(actor=admin, public_id=city.public_id, basis="机构改革")

    city.refresh_from_db()
    assert city.closed_on == clock.today()
    with pytest.raises(Invalid, match="office_closed"):
        close_office(actor=admin, public_id=city.public_id, basis="机构改革")
    assert not find_offices(admin, OfficesWanted()).filter(pk=city.pk).exists()


def test_an_office_that_reviews_is_not_closed(admin, county, city):
    with pytest.raises(Invalid, match="office_reviews"):
        close_office(actor=admin, public_id=city.public_id, basis="机构改革")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM_ADMIN])
def test_only_the_system_administrator_keeps_the_register(role, county, city):
    user = make_user(role)

    for act in (
        lambda: close_office(actor=user, public_id=city.public_id, basis="x"),
        lambda: order_office(actor=user, public_id=city.public_id, order=1),
        lambda: rename_office(
            actor=user, public_id=city.public_id, name="x", short_name="x", basis="x"
        ),
        lambda: decide(user, county, "merge", successor=county),
        lambda: withdraw_change(actor=user, public_id=city.public_id),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert not find_offices(user, OfficesWanted()).exists()


# --- regions ---------------------------------------------------------------------------------------


def test_a_renamed_county_goes_on_with_its_people_and_its_past(admin, county, city):
    filler = make_user(Role.COUNTY_FILLER, office=county.offices.get())
    town = make_region(Level.TOWNSHIP, parent=county, name="固城镇")

    change = decide(admin, county, "rename", name="定兴市", code="130685")

    county.refresh_from_db()
    new = change.result
    assert (county.valid_to, county.successor) == (clock.today(), new)
    assert (new.full_name, new.code, new.reviewing_office) == ("保定市定兴市", "130685", city)
    filler.office.refresh_from_db()
    assert (filler.office.name, filler.office.region) == ("保定市定兴市科学技术局", new)
    assert filler.office.former_names.get().name == "保定市定兴县科学技术局"
    town.refresh_from_db()
    assert town.parent == new
    assert lineages([new])[new.pk] == [new.pk, county.pk]
    yesterday = clock.today() - timedelta(days=1)
    assert county in list_counties_alive_on(yesterday)
    assert new not in list_counties_alive_on(yesterday)
    assert new in list_counties_alive_on(clock.today())
    assert county not in list_counties_alive_on(clock.today())


def test_a_new_name_may_keep_the_code(admin, county):
    new = decide(admin, county, "rename", name="定兴区", code="130626").result

    assert lineages([new])[new.pk] == [new.pk, county.pk]


def test_a_merged_county_ends_and_its_past_stays_its_own(admin, county, city):
    into = make_region(Level.COUNTY, parent=city.region, reviewing_office=city, name="徐水区")
    town = make_region(Level.TOWNSHIP, parent=county, name="固城镇")

    decide(admin, county, "merge", successor=into)

    county.refresh_from_db()
    town.refresh_from_db()
    assert (county.valid_to, county.successor) == (clock.today(), into)
    assert town.parent == into
    assert county.offices.count() == 1
    assert lineages([into])[into.pk] == [into.pk]


def test_another_reviewing_office_from_a_day_to_come(admin, county, city):
    other = make_office(Level.CITY)

    change = decide(admin, county, "reviewer", days=2, reviewing_office=other)

    county.refresh_from_db()
    assert (change.state, county.reviewing_office) == ("planned", city)
    assert carry_out_due() == 0
    with clock.playing(clock.now() + timedelta(days=2)):
        assert carry_out_due() == 1
        assert carry_out_due() == 0
    county.refresh_from_db()
    change.refresh_from_db()
    assert (change.state, county.reviewing_office) == ("done", other)
    assert Event.objects.filter(act="carry_out_region_change", actor_login="system").count() == 1


def test_a_county_is_set_up_with_its_bureau(admin, city):
    change = decide(
        admin,
        None,
        "create",
        name="白洋区",
        code="130699",
        parent=city.region,
        reviewing_office=city,
    )

    region = change.result
    assert (region.full_name, region.valid_from) == ("保定市白洋区", clock.today())
    assert region.offices.get().name == "保定市白洋区科学技术局"


def test_a_decision_is_taken_back_before_its_day_only(admin, county, city):
    change = decide(admin, county, "reviewer", days=2, reviewing_office=make_office(Level.CITY))

    withdraw_change(actor=admin, public_id=change.public_id)

    with clock.playing(clock.now() + timedelta(days=2)):
        assert carry_out_due() == 0
    with pytest.raises(Stale):
        withdraw_change(actor=admin, public_id=change.public_id)
    with pytest.raises(Http404):
        withdraw_change(actor=admin, public_id=county.public_id)


def test_one_that_cannot_be_carried_out_does_not_keep_the_next_waiting(admin, county, city):
    values = {"parent": city.region, "reviewing_office": city, "days": 1}
    for name in ("甲县", "乙县"):
        decide(admin, None, "create", name=name, code="130699", **values)
    decide(admin, county, "reviewer", days=1, reviewing_office=make_office(Level.CITY))

    with clock.playing(clock.now() + timedelta(days=1)):
        assert carry_out_due() == 2

    assert RegionChange.objects.filter(state="planned").count() == 1


@pytest.mark.parametrize(
    "kind, values, code",
    [
        ("rename", {"name": "定兴市", "code": "130685", "confirmed": "定兴"}, "not_confirmed"),
        ("rename", {"name": "定兴市", "code": "13068"}, "region_code"),
        ("rename", {"name": "定兴市", "code": "１３０６８５"}, "region_code"),
        ("rename", {"name": "", "code": "130685"}, "region_name"),
        ("rename", {"name": "定兴县", "code": "130626"}, "nothing_changed"),
        ("rename", {"name": "定兴市", "code": "130699"}, "region_code_used"),
        ("rename", {"name": "甲", "code": "130685", "document_number": " "}, "document_missing"),
        (
            "rename",
            {"name": "甲", "code": "130685", "effective_on": date(1949, 10, 1)},
            "day_before_beginning",
        ),
        ("merge", {}, "successor_unfit"),
        ("merge", {"successor": "self"}, "successor_unfit"),
        ("merge", {"successor": "ended"}, "successor_unfit"),
        ("merge", {"successor": "city"}, "successor_unfit"),
        ("reviewer", {}, "reviewer_unfit"),
        ("reviewer", {"reviewing_office": "county"}, "reviewer_unfit"),
        ("reviewer", {"reviewing_office": "same"}, "nothing_changed"),
    ],
)
def test_what_cannot_be_decided_changes_nothing(admin, county, city, kind, values, code):
    make_region(Level.COUNTY, code="130699", reviewing_office=city)
    ended = make_region(
        Level.COUNTY, code="130698", reviewing_office=city, valid_to=date(2020, 1, 1)
    )
    named = {
        "self": county,
        "ended": ended,
        "city": city.region,
        "county": county.offices.get(),
        "same": city,
    }
    values = {
        name: named.get(value, value) if isinstance(value, str) else value
        for name, value in values.items()
    }
    before = list(Region.objects.order_by("pk").values())

    with pytest.raises(Invalid) as refusal:
        decide(admin, county, kind, **values)

    assert refusal.value.code == code
    assert list(Region.objects.order_by("pk").values()) == before
    assert not RegionChange.objects.exists()


def test_two_decisions_do_not_wait_for_one_region(admin, county):
    decide(admin, county, "reviewer", days=2, reviewing_office=make_office(Level.CITY))

    with pytest.raises(Invalid, match="change_planned"), transaction.atomic():
        decide(admin, county, "reviewer", days=3, reviewing_office=make_office(Level.CITY))


def test_an_ended_region_is_left_alone(admin, county):
    decide(admin, county, "rename", name="定兴市", code="130685")

    with pytest.raises(Stale, match="region_ended"):
        decide(admin, county, "reviewer", reviewing_office=make_office(Level.CITY))


def test_the_database_knows_no_decision_without_a_document(admin, county):
    with pytest.raises(IntegrityError, match="region_change_has_document"), transaction.atomic():
        RegionChange.objects.create(
            kind="merge",
            region=county,
            effective_on=clock.today(),
            document_number="",
            decided_by=admin,
            decided_at=clock.now(),
        )


def test_what_is_under_way_is_counted(people, submission, django_assert_num_queries):
    region = submission.region

    with django_assert_num_queries(5):
        counts = {each.label: each.count for each in impact_of(region)}

    assert counts == {
        "未办结的填报表": 1,
        "办理中的试点申报": 0,
        "建设中的试点": 0,
        "启用的账号": 4,
    }


# --- pages -----------------------------------------------------------------------------------------


def test_the_pages_of_a_year_in_the_register(admin, county, city):
    browser = signed_in(admin)

    listed = browser.get(reverse("administration:regions") + "?q=定兴")
    shown = browser.get(reverse("administration:region", args=[county.public_id]))
    url = reverse("administration:region_change", args=[county.public_id, "rename"])
    asked = browser.get(url)
    data = {
        "name": "定兴市",
        "code": "130685",
        "effective_on": clock.today().isoformat(),
        "document_number": "国函〔2026〕12号",
        "confirmed": "定兴",
    }
    refused = browser.post(url, data)
    done = browser.post(url, {**data, "confirmed": "定兴县"}, follow=True)

    assert "保定市定兴县" in listed.content.decode()
    assert "更名或改制" in shown.content.decode()
    assert "将受影响的事项" in asked.content.decode()
    assert refused.status_code == 422
    assert "请在确认栏中输入" in refused.content.decode()
    assert 'value="国函〔2026〕12号"' in refused.content.decode()
    assert "保定市定兴县 → 保定市定兴市" in done.content.decode()
    assert browser.get(url.replace("rename", "create")).status_code == 404
    assert browser.get(url.replace("rename", "nonsense")).status_code == 404


def test_the_office_page_keeps_what_was_typed(admin, city, county):
    browser = signed_in(admin)
    url = reverse("administration:office_rename", args=[city.public_id])

    refused = browser.post(
        url,
        {"naming-name": county.offices.get().name, "naming-short_name": "x", "naming-basis": "y"},
    )
    closing = browser.post(
        reverse("administration:office_close", args=[city.public_id]), {"closing-basis": "改革"}
    )

    assert refused.status_code == 422
    assert "已经登记" in refused.content.decode()
    assert 'value="保定市定兴县科学技术局"' in refused.content.decode()
    assert closing.status_code == 422
    assert "审核单位" in closing.content.decode()


@pytest.mark.parametrize("name", ["offices", "regions"])
def test_lists_need_no_more_queries_for_more(admin, city, name, django_assert_max_num_queries):
    browser = signed_in(admin)
    browser.get("/livez")
    url = reverse(f"administration:{name}")
    browser.get(url)
    counts = []
    for number in (1, 20):
        for _ in range(number):
            make_region(Level.COUNTY, reviewing_office=city)
            make_office(Level.CITY)
        with django_assert_max_num_queries(9) as counted:
            browser.get(url)
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_a_bureau_that_was_wound_up_answers_for_no_county():
    office = make_office("county")
    assert county_office(office.region) == office

    Office.objects.filter(pk=office.pk).update(closed_on=clock.today())

    with pytest.raises(Office.DoesNotExist):
        county_office(office.region)


# --- closed offices, and counties split ------------------------------------------------------------


def test_a_closed_bureau_leaves_room_for_the_next_of_the_same_name(admin, county):
    closed = county.offices.get()
    close_office(actor=admin, public_id=closed.public_id, basis="定编〔2026〕7号")
    anew = NewOffice(closed.name, closed.short_name, Level.COUNTY, OfficeKind.BUREAU, county)

    made = create_office(actor=admin, office=anew)

    assert county_office(county) == made
    with pytest.raises(Invalid, match="office_"), transaction.atomic():
        create_office(actor=admin, office=anew)
    with pytest.raises(IntegrityError, match="office_one_standing_bureau"), transaction.atomic():
        make_office(Level.COUNTY, name="又一个局", region=county)


def parts(**values):
    return {"parts": (Part("范阳县", "130691"), Part("固城区", "130692")), **values}


def test_a_split_county_ends_in_two_without_its_past(admin, county, city):
    filler = make_user(Role.COUNTY_FILLER, office=county.offices.get())
    first, second = (
        make_region(Level.TOWNSHIP, parent=county, name=name) for name in ("范阳镇", "固城镇")
    )

    change = decide(admin, county, "split", **parts(heir=0, second_townships=(second,)))

    county.refresh_from_db()
    heir, other = county.parts.order_by("pk")
    assert (county.valid_to, county.successor, change.result) == (clock.today(), None, heir)
    assert (other.full_name, other.code, other.reviewing_office) == ("保定市固城区", "130692", city)
    filler.office.refresh_from_db()
    assert (filler.office.name, filler.office.region) == ("保定市范阳县科学技术局", heir)
    assert county_office(other).name == "保定市固城区科学技术局"
    assert [town.parent for town in Region.objects.filter(pk__in=[first.pk, second.pk])] == [
        heir,
        other,
    ]
    assert lineages([heir, other]) == {heir.pk: [heir.pk], other.pk: [other.pk]}
    detail = Event.objects.get(act="carry_out_region_change").detail
    assert [part["code"] for part in detail["parts"]] == ["130691", "130692"]


def test_a_part_that_keeps_the_code_is_not_the_whole(admin, county):
    kept = (Part("定兴县", "130626"), Part("固城区", "130692"))

    part = decide(admin, county, "split", parts=kept, heir=0).result
    renamed = decide_later(admin, part, name="定兴市", code="130685")

    assert lineages([part, renamed]) == {part.pk: [part.pk], renamed.pk: [renamed.pk, part.pk]}


def test_offices_that_go_with_neither_part_stay_to_be_wound_up(admin, county):
    decide(admin, county, "split", **parts(heir=None))

    assert county.offices.get().name == "保定市定兴县科学技术局"
    assert [part.offices.count() for part in county.parts.all()] == [1, 1]


def decide_later(admin, region, **values):
    with clock.playing(clock.now() + timedelta(days=400)):
        return decide(admin, region, "rename", **values).result


@pytest.mark.parametrize(
    "said, code",
    [
        ([("范阳县", "130691")], "parts_missing"),
        ([("范阳县", "130691"), ("固城区", "130691")], "parts_same"),
        ([("范阳县", "130691"), ("范阳县", "130692")], "parts_same"),
        ([("范阳县", "130691"), ("固城区", "130699")], "region_code_used"),
        ([("", "130691"), ("固城区", "130692")], "region_name"),
    ],
)
def test_a_split_that_cannot_be_changes_nothing(admin, county, city, said, code):
    make_region(Level.COUNTY, code="130699", reviewing_office=city)
    before = list(Region.objects.order_by("pk").values())

    with pytest.raises(Invalid) as refusal:
        decide(admin, county, "split", parts=tuple(Part(*each) for each in said))

    assert refusal.value.code == code
    assert list(Region.objects.order_by("pk").values()) == before
    assert not RegionChange.objects.exists()


def test_a_bureau_of_that_name_stands_in_the_way_in_words(admin, county):
    make_office(Level.CITY, name="保定市固城区科学技术局")

    with pytest.raises(Invalid, match="office_exists"), transaction.atomic():
        decide(admin, county, "split", **parts(heir=0))

    county.refresh_from_db()
    assert county.valid_to is None


def test_a_split_is_looked_at_before_it_is_confirmed(admin, county):
    make_user(Role.COUNTY_FILLER, office=county.offices.get())
    browser = signed_in(admin)
    url = reverse("administration:region_change", args=[county.public_id, "split"])
    data = {
        "name_1": "范阳县",
        "code_1": "130691",
        "name_2": "固城区",
        "code_2": "130692",
        "heir": "0",
        "effective_on": clock.today().isoformat(),
        "document_number": "国函〔2026〕12号",
    }

    looked = browser.post(url, {**data, "look": "1"}).content.decode()
    nothing_kept = RegionChange.objects.count()
    unconfirmed = browser.post(url, data)
    done = browser.post(url, {**data, "confirmed": "定兴县"}, follow=True).content.decode()

    assert "保定市定兴县科学技术局（1个启用的账号）随之转入，更名为保定市范阳县科学技术局" in looked
    assert "保定市固城区科学技术局" in looked
    assert (nothing_kept, unconfirmed.status_code) == (0, 422)
    assert "分设为" in done
    assert "保定市固城区" in done
    second = browser.get(
        reverse("administration:region", args=[Region.objects.get(code="130692").public_id])
    ).content.decode()
    assert "分设" in second
    assert "国函〔2026〕12号" in second
