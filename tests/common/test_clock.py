from datetime import UTC, date, datetime, timedelta

import time_machine

from county_portal.common import clock


def test_today_is_the_day_in_beijing():
    with time_machine.travel(datetime(2024, 12, 31, 16, 0, tzinfo=UTC), tick=False):
        assert clock.today() == date(2025, 1, 1)


def test_a_moment_before_eight_is_of_the_day_in_beijing():
    assert clock.day_of(datetime(2026, 4, 30, 23, 0, tzinfo=UTC)) == date(2026, 5, 1)


def test_a_played_moment_ends_with_its_block():
    moment = datetime(2020, 4, 29, 6, 3, tzinfo=UTC)

    with clock.playing(moment):
        with clock.playing(moment + timedelta(days=1)):
            assert clock.today() == date(2020, 4, 30)
        assert clock.now() == moment

    assert clock.now() > moment
