"""A collection is drawn up, opened, closed and opened again, by the province alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from county_portal.accounts.roles import Level
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from indicators.actions.collecting import (
    CollectionInput,
    close_collection,
    create_collection,
    open_collection,
    reopen_collection,
)
from indicators.models import Collection
from indicators.selectors import count_states, list_office_progress, list_overdue
from tests.factories.places import make_office, make_region
from tests.factories.sheets import approve, draw_up, give_back, submission_of, submit


@pytest.fixture
def data(version):
    today = clock.today()
    return CollectionInput(
        version=version,
        title="年度填报",
        data_year=today.year - 1,
        evaluation_year=today.year,
        opens_on=today,
        county_due_on=today + timedelta(days=20),
        city_due_on=today + timedelta(days=40),
    )


def test_it_is_drawn_up_unseen_by_counties(data, people):
    made = create_collection(actor=people.manager, data=data)

    assert (made.state, made.created_by) == ("draft", people.manager)
    assert made.submissions.count() == 0


@pytest.mark.parametrize(
    "changed, code",
    [
        ({"county_due_on": date(2000, 1, 1)}, "dates_out_of_order"),
        ({"city_due_on": date(2000, 1, 1)}, "dates_out_of_order"),
        ({"evaluation_year": 2000}, "years_out_of_order"),
    ],
)
def test_years_and_dates_must_be_in_order(data, people, changed, code):
    with pytest.raises(Invalid) as refused:
        create_collection(actor=people.manager, data=replace(data, **changed))

    assert refused.value.code == code
    assert not Collection.objects.exists()


def test_a_year_is_drawn_up_once(data, people):
    create_collection(actor=people.manager, data=data)

    with pytest.raises(Invalid) as refused:
        create_collection(actor=people.manager, data=data)

    assert refused.value.code == "collection_exists"


def test_opening_gives_every_county_of_that_year_a_sheet(province, people, version):
    made = draw_up(people.manager, version)
    start = date(made.data_year, 1, 1)
    langfang = province.cities["langfang"]
    ended = make_region(
        "旧县", "131099", Level.COUNTY, reviewer=langfang, until=start, pinyin="jiuxian"
    )
    later = make_region(
        "新县", "131098", Level.COUNTY, reviewer=langfang, since=date(made.data_year + 1, 1, 1)
    )
    for region in (ended, later):
        make_office(f"{region.name}科学技术局", Level.COUNTY, region)

    opened = open_collection(actor=people.manager, collection_id=made.public_id)

    codes = opened.submissions.order_by("region__code").values_list("region__code", flat=True)
    assert list(codes) == ["130102", "130121", "130181", "131081"]
    assert opened.opened_at is not None
    assert submission_of(opened, "131081").reviewing_office == langfang


def test_opening_closing_and_reopening_take_their_turn(collection, people):
    options = {"actor": people.manager, "collection_id": collection.public_id}
    with pytest.raises(Stale, match="collection_already_open"):
        open_collection(**options)
    with pytest.raises(Stale, match="collection_not_closed"):
        reopen_collection(**options, reason="补报")

    closed = close_collection(**options)
    assert (closed.state, closed.closed_at is not None) == ("closed", True)
    with pytest.raises(Stale, match="collection_not_open"):
        close_collection(**options)
    with pytest.raises(Invalid, match="reason_required"):
        reopen_collection(**options, reason=" ")

    reopened = reopen_collection(**options, reason="补报")
    assert (reopened.state, reopened.closed_at) == ("open", None)


@pytest.mark.parametrize("who", ["lead", "reviewer", "checker", "system_admin"])
def test_nobody_else_may(collection, data, people, who):
    options = {"actor": getattr(people, who)}
    with pytest.raises(NotAllowed):
        create_collection(**options, data=data)
    options["collection_id"] = collection.public_id
    for act in (open_collection, close_collection):
        with pytest.raises(NotAllowed):
            act(**options)
    with pytest.raises(NotAllowed):
        reopen_collection(**options, reason="补报")


def test_progress_is_counted_by_office(collection, submission, people):
    approve(people.lead, people.reviewer, submission)
    submit(people.changan_lead, submission_of(collection, "130102"))

    rows = {row.office: row for row in list_office_progress(collection)}

    assert list(rows) == ["石家庄市科技局", "廊坊市科技局", "辛集市科技局（省直管审核）"]
    shijiazhuang, langfang = rows["石家庄市科技局"], rows["廊坊市科技局"]
    assert (shijiazhuang.total, shijiazhuang.handed_in, shijiazhuang.reviewed) == (2, 1, 0)
    assert (langfang.total, langfang.handed_in, langfang.reviewed) == (1, 1, 1)
    assert count_states(collection) == {
        "draft": 2,
        "submitted": 1,
        "city_review": 0,
        "returned": 0,
        "province_review": 1,
        "accepted": 0,
    }


@pytest.mark.parametrize(
    "days, codes",
    [
        (20, []),
        # Only what still waits for the county's first handing in is late.
        (21, ["130121", "130181"]),
        (41, ["130102", "130121", "131081", "130181"]),
    ],
)
def test_who_is_late_depends_on_whose_turn_it_is(collection, submission, people, days, codes):
    give_back(people.lead, people.reviewer, submission)
    submit(people.changan_lead, submission_of(collection, "130102"))

    late = list_overdue(collection, clock.today() + timedelta(days=days))

    assert [row.region.code for row in late] == codes
