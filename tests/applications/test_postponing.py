"""A whole round gets more time: who may give it, what everybody reads, and what it leaves alone."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from applications.actions.rounds import close_round
from applications.enums import ApplicationState
from applications.models import PilotRound, RoundPostponement
from applications.selectors.applications import why_not_editable
from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.text import chinese_date
from county_portal.notices.models import Notice
from opendata.selectors.published import rounds_modified
from tests.factories.people import signed_in
from tests.factories.pilots import admitted, apply_to, draft_pilots, draw_up_round

REASON = "汛期受灾，按冀科区函〔2026〕9号延期。"


def url_of(call):
    return reverse("applications:round_postpone", args=[call.public_id])


def days(call, *, county=10, city=10, reason=REASON):
    return {
        "county_due_on": (call.county_due_on + timedelta(days=county)).isoformat(),
        "city_due_on": (call.city_due_on + timedelta(days=city)).isoformat(),
        "reason": reason,
    }


def postpone(person, call, **changed):
    return signed_in(person).post(url_of(call), days(call, **changed))


def test_everybody_has_longer_and_reads_why(people, province, call):
    county, city = call.county_due_on, call.city_due_on
    application = apply_to(call, province.bureaus["bazhou"], ApplicationState.DRAFT)
    before = rounds_modified()
    page = signed_in(people.manager).get(url_of(call))
    assert page.context["form"]["county_due_on"].value() == county
    assert "已单独延期到更晚日期的单位，期限不变" in page.content.decode()

    assert postpone(people.manager, call).status_code == HTTPStatus.FOUND

    call.refresh_from_db()
    later = timedelta(days=10)
    assert (call.county_due_on, call.city_due_on) == (county + later, city + later)
    application.refresh_from_db()
    assert application.due_on == county + later
    words = (
        f"县级截止由{chinese_date(county)}延至{chinese_date(county + later)}，"
        f"市级截止由{chinese_date(city)}延至{chinese_date(city + later)}。{REASON}"
    )
    public = reverse("applications:public_round", args=[call.public_id])
    assert words in Client().get(public).content.decode()
    own = reverse("applications:round", args=[call.public_id])
    assert words in signed_in(people.filler).get(own).content.decode()
    assert Event.objects.filter(act="postpone_round").get().detail["reason"] == REASON
    assert rounds_modified() > before
    told = Notice.objects.filter(kind="postpone_round").values_list("recipient__login", flat=True)
    assert {"bazhou.filler", "bazhou.lead", "langfang.reviewer"} <= set(told)
    assert "延至" in Notice.objects.filter(kind="postpone_round").first().title


def test_it_opens_again_what_the_day_had_shut(people, province, call):
    application = apply_to(call, province.bureaus["bazhou"], ApplicationState.DRAFT)
    PilotRound.objects.filter(pk=call.pk).update(
        opens_on=clock.today() - timedelta(days=30), county_due_on=clock.today() - timedelta(days=1)
    )
    application.refresh_from_db()
    assert why_not_editable(application).code == "deadline_passed"
    call.refresh_from_db()

    assert postpone(people.manager, call, county=3).status_code == HTTPStatus.FOUND

    application.refresh_from_db()
    assert why_not_editable(application) is None


def test_a_later_day_of_ones_own_is_not_cut_short(people, province, call):
    application = apply_to(call, province.bureaus["bazhou"], ApplicationState.DRAFT)
    until = call.county_due_on + timedelta(days=40)
    signed_in(people.manager).post(
        reverse("applications:extend", args=[application.public_id]),
        {"until": until.isoformat(), "reason": "受灾。"},
    )

    postpone(people.manager, call)

    application.refresh_from_db()
    assert application.due_on == until


def test_only_the_cities_day_of_a_closed_round_moves(people, call):
    close_round(actor=people.manager, round_id=call.public_id)

    refused = postpone(people.manager, call)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "在其申报材料页面单独延期" in refused.content.decode()

    county, city = call.county_due_on, call.city_due_on
    assert postpone(people.manager, call, county=0).status_code == HTTPStatus.FOUND
    call.refresh_from_db()
    assert (call.county_due_on, call.city_due_on) == (county, city + timedelta(days=10))
    made = RoundPostponement.objects.get()
    assert (made.moves_county, made.moves_city) == (False, True)
    page = Client().get(reverse("applications:public_round", args=[call.public_id]))
    assert "县级截止由" not in page.content.decode()


def test_no_more_time_once_a_list_stands(people, call, province):
    chosen = admitted(call, province.bureaus["bazhou"])
    pilots = draft_pilots(call, [chosen], [])
    own = reverse("applications:round", args=[call.public_id])
    assert url_of(call) not in signed_in(people.manager).get(own).content.decode()

    answer = postpone(people.manager, call, county=0)

    assert (answer.status_code, answer.context["error_code"]) == (
        HTTPStatus.CONFLICT,
        "list_stands",
    )
    assert pilots.round.postponements.count() == 0


@pytest.mark.parametrize(
    "changed, sentence",
    [
        ({"county": -1}, "只能延后"),
        ({"county": 0, "city": -1}, "只能延后"),
        ({"county": 0, "city": 0}, "请至少延后一个"),
        ({"county": 60, "city": 0}, "请一并延后"),
        ({"reason": "　"}, "请填写延期原因"),
        ({"reason": "延" * 201}, "200"),
    ],
    ids=["earlier", "city earlier", "same", "past the city's", "no reason", "long reason"],
)
def test_days_that_give_no_time_are_refused(people, call, changed, sentence):
    before = (call.county_due_on, call.city_due_on)

    answer = postpone(people.manager, call, **changed)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert sentence in answer.content.decode()
    call.refresh_from_db()
    assert (call.county_due_on, call.city_due_on) == before
    assert not RoundPostponement.objects.exists()


def test_a_day_in_the_past_gives_no_time(people, call):
    today = clock.today()
    PilotRound.objects.filter(pk=call.pk).update(
        opens_on=today - timedelta(days=30), county_due_on=today - timedelta(days=9)
    )
    call.refresh_from_db()

    answer = postpone(people.manager, call, county=5)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "不早于今天" in answer.content.decode()


@pytest.mark.parametrize("role", ["filler", "lead", "reviewer", "checker", "publisher", "expert"])
def test_more_time_is_the_managers_to_give(people, call, role):
    assert postpone(getattr(people, role), call).status_code == HTTPStatus.FORBIDDEN


def test_what_is_drawn_up_has_no_days_to_postpone(people):
    drawn = draw_up_round(people.manager, title="下一批次")

    answer = postpone(people.manager, drawn)

    assert (answer.status_code, answer.context["error_code"]) == (
        HTTPStatus.CONFLICT,
        "stale_state",
    )


@pytest.mark.parametrize(
    "county, city, reason",
    [(-1, 5, REASON), (0, 0, REASON), (3, 3, " ")],
    ids=["earlier", "same", "no reason"],
)
def test_the_database_keeps_no_postponement_that_is_none(people, call, county, city, reason):
    made = RoundPostponement(
        round=call,
        county_due_from=call.county_due_on,
        county_due_to=call.county_due_on + timedelta(days=county),
        city_due_from=call.city_due_on,
        city_due_to=call.city_due_on + timedelta(days=city),
        reason=reason,
        actor=people.manager,
        at=clock.now(),
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()


def discard_url(call):
    return reverse("applications:round_discard", args=[call.public_id])


def test_what_was_only_drawn_up_is_dropped(people):
    drawn = draw_up_round(people.manager, title="写错的批次")
    browser = signed_in(people.manager)
    own = reverse("applications:round", args=[drawn.public_id])
    assert discard_url(drawn) in browser.get(own).content.decode()
    assert "删除后不能恢复" in browser.get(discard_url(drawn)).content.decode()

    assert browser.post(discard_url(drawn)).status_code == HTTPStatus.FOUND

    assert not PilotRound.objects.filter(pk=drawn.pk).exists()
    assert Event.objects.filter(act="discard_round").get().detail["title"] == "写错的批次"
    assert browser.get(own).status_code == HTTPStatus.NOT_FOUND


def test_what_was_announced_is_not_dropped(people, call):
    own = reverse("applications:round", args=[call.public_id])
    assert discard_url(call) not in signed_in(people.manager).get(own).content.decode()

    answer = signed_in(people.manager).post(discard_url(call))

    assert (answer.status_code, answer.context["error_code"]) == (
        HTTPStatus.CONFLICT,
        "stale_state",
    )
    assert PilotRound.objects.filter(pk=call.pk).exists()
    assert signed_in(people.publisher).post(discard_url(call)).status_code == HTTPStatus.FORBIDDEN
