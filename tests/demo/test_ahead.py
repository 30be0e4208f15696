"""The demonstration's clock."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from county_portal.common import clock
from county_portal.demo.ahead import played_today, set_today, shift


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path


def test_the_clock_is_right_without_a_file():
    assert shift() == timedelta()
    assert played_today() is None


def test_set_ahead_and_right_again(db, capsys):
    real = clock.today()

    call_command("demo_clock", "2029-09-01")
    assert clock.today() == date(2029, 9, 1)
    assert played_today() == date(2029, 9, 1)

    call_command("demo_clock", "2029-12-31")
    assert clock.today() == date(2029, 12, 31)

    call_command("demo_clock")
    assert clock.today() == real
    assert capsys.readouterr().out.count("演示时钟") == 3


def test_a_played_moment_goes_before(place):
    set_today(date(2029, 9, 1))
    with clock.playing(clock.now().replace(year=2020, month=4, day=29, hour=3)):
        assert clock.today() == date(2020, 4, 29)


def test_what_is_no_day_is_refused(place):
    with pytest.raises(CommandError, match="不是日期"):
        call_command("demo_clock", "明天")
    assert list(place.iterdir()) == []


def test_nothing_is_shifted_where_data_are_real(settings):
    set_today(date(2029, 9, 1))
    settings.IS_DEMONSTRATION = False
    assert played_today() is None


def test_pages_say_so(client, db):
    set_today(date(2029, 9, 1))
    assert "演示时钟：2029年9月1日" in client.get("/").content.decode()
    set_today(None)
    assert "演示时钟" not in client.get("/").content.decode()
