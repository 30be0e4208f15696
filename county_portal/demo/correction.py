"""A published list put right: the county's figure, a second run, a new version by two people."""

from datetime import date

from county_portal.common import clock
from county_portal.demo.acts import first_count
from county_portal.demo.appeals import play_appeals
from county_portal.demo.returns import wrong_unit
from county_portal.demo.season import Season
from indicators.actions.collecting import close_collection, reopen_collection
from indicators.actions.openings import extend_deadline
from scoring.models import PublishedList


def correct(season: Season, published: PublishedList) -> PublishedList:
    """Correct the season's list in November: every step is one the web knows.

    One county's sheet is put right, and what an appeal against the published list led to comes with it. The
    county's old deadline has long passed, so it is also given time.
    """
    appeal = play_appeals(season, published)
    part = next(part for part in season.parts if part.is_corrected)
    counties, submission = season.counties, part.submission
    right = first_count(part.year)
    name, county = counties.catalogue.specs[right.indicator].name, submission.region.full_name
    reason = f"{county}“{name}”填报有误，经核实予以更正；{appeal.region.full_name}申诉成立，一并更正，并重新评价。"
    with season.stage.timed("review"):
        with clock.playing(season.at(11, 2)):
            reopen_collection(
                actor=counties.cast.manager,
                collection_id=season.collection.public_id,
                reason=reason,
            )
            words = f"“{name}”少填一位数，请更正。"
            counties.reopen(submission, words, wrong_unit(right.indicator))
            extend_deadline(
                actor=counties.cast.manager,
                submission_id=submission.public_id,
                until=date(season.data_year + 1, 11, 20),
                reason="公布后更正。",
            )
        season.correct_figures(part, [right], season.at(11, 4))
        with clock.playing(season.at(11, 6)):
            counties.approve(submission)
        with clock.playing(season.at(11, 9)):
            counties.receive(submission)
            close_collection(actor=counties.cast.manager, collection_id=season.collection.public_id)
    with season.stage.timed("grade"):
        run = season.grade(season.at(11, 10))
    with season.stage.timed("publish"):
        on = date(season.data_year + 1, 12, 1)
        return season.publish(run, number=2, on=on, correction_reason=reason)
