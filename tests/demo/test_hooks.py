"""Months and a late opening of the demonstration, played through the real actions."""

from datetime import datetime, timedelta

from county_portal.common import clock
from county_portal.demo.acts import Counties, read_catalogue
from county_portal.demo.answers import answers_of
from county_portal.demo.cast import read_cast
from county_portal.demo.monthly import months_reported, play_monthly
from county_portal.demo.openings import play_late_opening
from indicators.actions.collecting import close_collection
from indicators.enums import SubmissionState
from indicators.selectors.monthly import read_county
from indicators.selectors.openings import list_late_openings
from tests.factories.sheets import fresh


def test_months_that_are_over_are_reported(submission, people, version):
    version.indicators.update(monthly="")
    version.indicators.filter(code="01").update(monthly="flow")
    version.indicators.filter(code="04").update(monthly="stock")
    with clock.playing(datetime(clock.today().year, 4, 20, 9, tzinfo=clock.BEIJING)):
        call = play_monthly(read_cast(), version, [submission])
        year = read_county(call, submission.region)

    # The last county of the row is a month behind.
    assert months_reported(call) == {"counties": 1, "figures": 4}
    assert all(line.latest.month == 2 and line.latest.lead is not None for line in year.lines)


def test_there_are_no_months_in_january(submission, people, version):
    with clock.playing(datetime(clock.today().year, 1, 20, 9, tzinfo=clock.BEIJING)):
        assert play_monthly(read_cast(), version, [submission]) is None


def test_a_county_is_let_in_late(submission, people, version):
    collection = submission.collection
    close_collection(actor=people.manager, collection_id=collection.public_id)
    counties = Counties(read_cast(), read_catalogue(version))
    answers = answers_of(submission.region, collection.data_year).answers
    submission.refresh_from_db()

    play_late_opening(counties, submission, answers, clock.now() + timedelta(days=1))

    assert fresh(submission).state == SubmissionState.PROVINCE_REVIEW
    assert len(list_late_openings(collection)) == 1
