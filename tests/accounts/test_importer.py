from datetime import date

import pytest

from county_portal.accounts.importer import import_province
from county_portal.accounts.models import Office, Region
from county_portal.accounts.roles import Level
from county_portal.accounts.selectors import (
    county_office,
    find_regions,
    list_counties_alive_on,
    list_reviewing_offices,
)
from county_portal.audit.models import Event

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 21)
XIONGAN = ["雄县", "安新县", "容城县"]


@pytest.fixture
def hebei(db):
    return import_province("hebei")


def alive(text):
    return [region for region in find_regions(text) if region.is_alive]


def test_counties_over_time(hebei):
    assert list_counties_alive_on(TODAY).count() == 167
    assert list_counties_alive_on(date(2019, 12, 31)).count() == 168


def test_reviewing_offices(hebei):
    offices = list_reviewing_offices()

    assert offices.count() == 14
    assert all(office.level == Level.CITY for office in offices)


def test_every_county_has_a_bureau_of_its_own_and_a_reviewing_office(hebei):
    counties = list(list_counties_alive_on(TODAY))

    bureaus = {county_office(county).pk for county in counties}
    assert len(bureaus) == 167
    assert all(county.reviewing_office for county in counties)


def test_variant_characters_find_their_county(hebei):
    assert [region.name for region in alive("井陘")] == ["井陉矿区", "井陉县"]
    assert [region.name for region in alive("井陘縣")] == ["井陉县"]


def test_the_same_name_in_two_cities_is_two_counties(hebei):
    found = alive("桥西区")

    assert [region.full_name for region in found] == ["石家庄市桥西区", "张家口市桥西区"]
    assert len({region.code for region in found}) == 2
    assert len({region.reviewing_office_id for region in found}) == 2


@pytest.mark.parametrize(
    "typed, name", [("bazhou", "霸州市"), ("BAZHOU", "霸州市"), ("131081", "霸州市")]
)
def test_pinyin_and_code_find_their_county(hebei, typed, name):
    assert [region.name for region in alive(typed)] == [name]


@pytest.mark.parametrize("name", ["定州市", "辛集市"])
def test_counties_under_the_province_are_reviewed_by_an_office_of_their_own(hebei, name):
    [county] = alive(name)
    office = county.reviewing_office

    assert office.level == Level.CITY
    assert [region.name for region in office.reviewed_regions.filter(valid_to=None)] == [name]
    assert office.pk != county_office(county).pk


def test_xiongan_reviews_its_three_counties(hebei):
    offices = {alive(name)[0].reviewing_office_id for name in XIONGAN}

    [office] = Office.objects.filter(pk__in=offices)
    names = office.reviewed_regions.filter(valid_to=None).values_list("name", flat=True)
    assert sorted(names) == sorted(XIONGAN)
    assert "雄安" in office.name


def test_a_merged_county_names_its_successor(hebei):
    [merged] = Region.objects.filter(name="邢台县")

    assert merged.successor.name == "信都区"
    assert merged.valid_to is not None
    assert merged in Region.objects.counties().alive_on(date(2019, 12, 31))
    assert merged not in Region.objects.counties().alive_on(TODAY)


def test_the_last_day_of_a_region_is_the_day_before_it_ends(hebei):
    [merged] = Region.objects.filter(name="邢台县")

    assert merged not in Region.objects.alive_on(merged.valid_to)
    assert merged.successor in Region.objects.alive_on(merged.successor.valid_from)


def test_importing_again_changes_nothing(hebei):
    before = Region.objects.count(), Office.objects.count(), Event.objects.count()

    again = import_province("hebei")

    assert (again.regions, again.offices) == (0, 0)
    assert (Region.objects.count(), Office.objects.count(), Event.objects.count()) == before


def test_the_import_is_recorded_with_its_counts(hebei):
    event = Event.objects.get(act="import_province")

    assert event.detail == {"regions": Region.objects.count(), "offices": Office.objects.count()}
