"""The calendar of acceptances, with the clock moved: each telling once, by whom it concerns."""

from datetime import date, datetime

import pytest

from applications.actions.acceptance_reminding import send_acceptance_reminders
from applications.actions.accepting import begin_acceptance
from applications.models import Acceptance
from applications.tasks import acceptance_calendar
from county_portal.common import clock
from county_portal.notices.models import Notice
from tests.factories.pilots import make_pilot


def on(day):
    return clock.playing(datetime(day.year, day.month, day.day, 12, tzinfo=clock.BEIJING))


@pytest.fixture
def pilot(call, people, province):
    """Being built until 31 December 2029: its acceptance opens on 1 July."""
    days = {"starts_on": date(2027, 1, 1), "ends_on": date(2029, 12, 31)}
    return make_pilot(people.manager, province.bureaus["bazhou"], call=call, **days)


def tell(day):
    with on(day):
        return send_acceptance_reminders()


def told(person, kind="acceptance_"):
    found = Notice.objects.filter(recipient=person, kind__startswith=kind)
    return list(found.order_by("pk").values_list("title", flat=True))


def test_nobody_hears_of_it_before_it_opens(pilot, people):
    assert tell(date(2029, 6, 30)) == 0


@pytest.mark.parametrize(
    ("day", "left"),
    [(date(2029, 7, 1), 183), (date(2029, 11, 10), 51), (date(2029, 12, 30), 1)],
    ids=["the-day-it-opens", "two-months", "the-day-before"],
)
def test_the_county_hears_when_it_opens_and_as_the_end_comes(pilot, people, day, left):
    assert tell(day) > 0
    assert tell(day) == 0

    said = f"廊坊市霸州市试点请于2029年12月31日前开展总结验收并报送材料（还剩{left}天）"
    assert told(people.filler) == told(people.lead) == [said]
    assert not told(people.reviewer)


def test_what_is_late_goes_up_step_by_step(pilot, people):
    tell(date(2029, 12, 31))
    assert not told(people.filler, "acceptance_late")
    tell(date(2030, 1, 1))
    assert len(told(people.filler, "acceptance_late")) == 1
    assert not told(people.reviewer)
    tell(date(2030, 1, 5))
    assert told(people.reviewer) == ["试点总结验收：1个试点逾期未报"]
    assert not told(people.manager)
    tell(date(2030, 1, 10))
    assert told(people.manager) == ["试点总结验收：1个试点逾期10天以上"]
    assert tell(date(2030, 1, 20)) == 0


@pytest.mark.parametrize(
    ("state", "owing"),
    [("submitted", "reviewer"), ("city_review", "reviewer"), ("province_review", None)],
)
def test_whoever_has_passed_it_on_is_left_alone(pilot, people, state, owing):
    with on(date(2029, 7, 2)):
        begun = begin_acceptance(actor=people.filler, pilot_id=pilot.public_id)
    Acceptance.objects.filter(pk=begun.pk).update(state=state)

    tell(date(2030, 1, 2))

    assert not told(people.filler)
    assert told(people.reviewer) == (["试点总结验收：1个试点逾期未审"] if owing else [])


def test_a_day_of_return_is_the_day_that_counts(pilot, people):
    with on(date(2029, 7, 2)):
        begun = begin_acceptance(actor=people.filler, pilot_id=pilot.public_id)
    later = date(2030, 2, 1)
    Acceptance.objects.filter(pk=begun.pk).update(state="returned", correction_due_on=later)

    tell(date(2030, 1, 2))

    assert told(people.filler) == ["廊坊市霸州市试点请于2030年2月1日前报送总结验收材料（还剩30天）"]


def test_the_scheduler_tells_nothing_twice(pilot, people):
    with on(date(2029, 7, 1)):
        acceptance_calendar()
        acceptance_calendar()

    assert len(told(people.filler)) == 1
