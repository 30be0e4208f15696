"""The responsibility table: the county's own words over the system's, and what they do to the division."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from indicators.actions.duties import DutyInput, keep_duties
from indicators.actions.labour import divide_by_default
from indicators.models import Duty
from indicators.rules.duties import read_units, units_fault
from indicators.selectors.duties import (
    duties_fingerprint,
    duty_version,
    list_duty_counties,
    read_duties,
    responsible_units,
)
from tests.factories.people import signed_in
from tests.indicators.browsing import code, questions, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def region(submission):
    return submission.region


def seen(version, region):
    return duties_fingerprint(read_duties(version, region))


def keep(people, version, region, **typed):
    entries = {key.removeprefix("i"): entry for key, entry in typed.items()}
    return keep_duties(
        actor=people.filler, version=version, typed=entries, seen=seen(version, region)
    )


def line(version, region, wanted):
    return next(row for row in read_duties(version, region) if row.indicator.code == wanted)


@pytest.mark.parametrize(
    "typed, units",
    [
        ("市财政局", ("市财政局",)),
        ("市科工局、市行政审批局", ("市科工局", "市行政审批局")),
        (" 市统计局\n市科工局 ", ("市统计局", "市科工局")),
        ("市财政局；市财政局;市税务局", ("市财政局", "市税务局")),
        ("、，", ()),
        ("", ()),
    ],
)
def test_names_are_read_as_officials_divide_them(typed, units):
    assert read_units(typed) == units


@pytest.mark.parametrize(
    "units, words",
    [
        ((), "没有写责任单位"),
        (tuple(map(str, range(9))), "有9个，最多8个"),
        (("局" * 61,), "超过60个字"),
    ],
)
def test_a_faulty_cell_says_what_and_where(units, words):
    sentence = units_fault(units, what="责任单位", indicator="农业产业化经营率")

    assert words in sentence
    assert "农业产业化经营率" in sentence


def test_without_words_of_its_own_the_county_has_the_systems(version, region):
    rows = read_duties(version, region)

    assert [row.indicator.order for row in rows] == sorted(row.indicator.order for row in rows)
    assert not any(row.is_own for row in rows)
    assert all(row.responsible == tuple(row.indicator.responsible) for row in rows)


def test_responsible_and_provider_are_two_things(people, version, region):
    """S3: 责任单位市科技和工信局、市农业农村局；数据提供单位市统计局."""
    keep(people, version, region, i01=DutyInput("市科工局、市农业农村局", "市统计局"))

    own = line(version, region, "01")
    assert own.responsible == ("市科工局", "市农业农村局")
    assert own.providers == ("市统计局",)
    assert own.is_own
    assert responsible_units(version, region)["01"] == own.responsible
    event = Event.objects.get(act="keep_duties")
    assert event.detail["lines"]["01"][1] == [["市科工局", "市农业农村局"], ["市统计局"]]


def test_the_default_comes_back(people, version, region):
    keep(people, version, region, i01=DutyInput("市科工局", "市统计局"))

    assert keep(people, version, region, i01=DutyInput("", "", is_default=True)) == 1
    assert not line(version, region, "01").is_own
    assert keep(people, version, region, i01=DutyInput("", "", is_default=True)) == 0


def test_a_blank_cell_changes_nothing_at_all(people, version, region):
    with pytest.raises(Invalid) as refusal:
        keep(
            people,
            version,
            region,
            i01=DutyInput("市科工局", "市统计局"),
            i02=DutyInput("", "甲局"),
        )

    assert refusal.value.field == "responsible-02"
    assert not Duty.objects.exists()


def test_an_old_page_is_refused(people, version, region, clerk):
    old = seen(version, region)
    keep(people, version, region, i01=DutyInput("市科工局", "市统计局"))

    with pytest.raises(Stale):
        keep_duties(actor=clerk, version=version, typed={"02": DutyInput("甲局", "乙局")}, seen=old)
    assert Duty.objects.count() == 1


@pytest.mark.parametrize("who", ["lead", "reviewer", "manager", "provider"])
def test_only_the_bureau_that_fills_writes_it(people, version, region, who):
    with pytest.raises(NotAllowed):
        keep_duties(
            actor=getattr(people, who), version=version, typed={}, seen=seen(version, region)
        )


def test_the_database_wants_both_units(people, version, region):
    with pytest.raises(IntegrityError, match="duty_names_both_units"), transaction.atomic():
        Duty.objects.create(
            region=region,
            indicator=version.indicators.first(),
            responsible=[],
            providers=["统计局"],
            kept_by=people.filler,
            kept_at=clock.now(),
        )


def test_the_table_drives_the_division(people, submission, version, region, province):
    """A line the county gives to its statistics office goes there, whatever the system names."""
    statistics = province.providers["statistics"]
    name = statistics.short_name
    keep(people, version, region, i01=DutyInput("科技局", name))

    due_on = clock.today() + timedelta(days=5)
    divide_by_default(actor=people.filler, submission_id=submission.public_id, due_on=due_on)

    given = submission.assignments.select_related("office").get(indicator__code="01")
    assert given.office == statistics
    assert line(version, region, "01").department == name


def test_the_newest_collection_says_which_version(collection, version):
    assert duty_version() == version


# Pages


def test_the_county_is_led_to_its_own_table(people, region):
    page = signed_in(people.filler).get(reverse("indicators:duties"))

    assert page["Location"] == reverse("indicators:duty_table", args=[region.public_id])


def test_the_county_writes_in_the_browser(people, version, region):
    browser, url = (
        signed_in(people.filler),
        reverse("indicators:duty_keep", args=[region.public_id]),
    )
    data = {"seen": seen(version, region), "responsible-01": "市科工局", "providers-01": "市财政局"}

    assert "改动1项" in text(browser.post(url, data, follow=True))
    refused = browser.post(url, data | {"seen": seen(version, region), "responsible-01": " "})
    assert refused.status_code == 422
    assert code(refused) == "duty_units"
    assert "没有写责任单位" in text(refused)
    assert line(version, region, "01").responsible == ("市科工局",)


@pytest.mark.parametrize(
    "who, status",
    [
        *(("lead", 200), ("reviewer", 200), ("manager", 200), ("shijiazhuang_reviewer", 404)),
        *(("changan_lead", 404), ("provider", 403), ("auditor", 403)),
    ],
)
def test_who_reads_a_countys_table(people, region, who, status):
    url = reverse("indicators:duty_table", args=[region.public_id])

    assert signed_in(getattr(people, who)).get(url).status_code == status


def test_the_list_is_narrowed_and_its_questions_do_not_grow(people, region):
    counties = list_duty_counties(people.manager)
    assert counties.count() > list_duty_counties(people.reviewer).count() >= 1

    few = questions(people.manager, reverse("indicators:duties") + f"?q={region.code}")
    assert questions(people.manager, reverse("indicators:duties")) <= few + 1
