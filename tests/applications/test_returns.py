"""退回要求: a return says what is wanted, the county answers each, and hands in again only then."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.actions.answering import answer_request
from applications.actions.moving import Move, Wanted, move_application
from applications.actions.rounds import close_round
from applications.enums import ApplicationAction as Act
from applications.enums import ApplicationState as State
from applications.models import Request
from applications.selectors.requests import last_return, may_answer
from county_portal.accounts.roles import Role
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from tests.factories.people import make_person, signed_in
from tests.factories.pilots import apply_to, bring_to

ANSWER = "已按统计年鉴更正。"
TABLE = Wanted("table", "请核对第7行目标。", 7)
GOALS = Wanted("goals", "补充三年目标的依据。")


@pytest.fixture
def at_city(call, province):
    return apply_to(call, province.bureaus["bazhou"], State.CITY_REVIEW)


@pytest.fixture
def returned(people, at_city):
    return give_back(people.reviewer, at_city)


def give_back(actor, application, *wanted, days=5, comment="两处须改正。", action=Act.RETURN):
    due_on = clock.today() + timedelta(days=days)
    move = Move(action, comment=comment, wanted=wanted or (TABLE, GOALS), due_on=due_on)
    return move_application(actor=actor, application_id=application.public_id, move=move)


def answer_all(actor, application):
    for request in last_return(application).unanswered:
        answer_request(actor=actor, request_id=request.public_id, answer=ANSWER)


def step(actor, application, action):
    return move_application(actor=actor, application_id=application.public_id, move=Move(action))


def test_packet_says_who_wants_what_until_when(people, returned):
    packet = last_return(returned)

    assert packet.step.comment == "两处须改正。"
    assert packet.step.actor == people.reviewer
    assert [(each.section, each.row, each.wanted) for each in packet.requests] == [
        ("table", 7, TABLE.wanted),
        ("goals", None, GOALS.wanted),
    ]
    assert packet.due_on == clock.today() + timedelta(days=5)
    assert packet.is_open


@pytest.mark.parametrize(
    "changed, code",
    [
        ({"days": 0}, "due_on_required"),
        ({"days": -3}, "due_on_required"),
        ({"comment": " 　"}, "comment_required"),
    ],
)
def test_unfit_return_changes_nothing(people, at_city, changed, code):
    with pytest.raises(Invalid, match=code):
        give_back(people.reviewer, at_city, **changed)
    at_city.refresh_from_db()
    assert at_city.state == State.CITY_REVIEW
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    "wanted, code",
    [
        ((), "wanted_required"),
        ((Wanted("table", "　"),), "wanted_required"),
        ((Wanted("nowhere", "请核对。"),), "section_unknown"),
    ],
)
def test_return_that_asks_nothing_is_refused(people, at_city, wanted, code):
    move = Move(Act.RETURN, comment="请改正。", wanted=wanted, due_on=clock.today() + timedelta(5))

    with pytest.raises(Invalid, match=code):
        move_application(actor=people.reviewer, application_id=at_city.public_id, move=move)
    assert not Request.objects.exists()


def test_finishing_waits_for_every_answer(people, returned):
    first, _ = last_return(returned).requests
    answer_request(actor=people.filler, request_id=first.public_id, answer=ANSWER)

    with pytest.raises(Invalid, match="requests_unanswered") as refused:
        step(people.filler, returned, Act.FINISH)
    assert "还有1项" in refused.value.sentence
    assert GOALS.wanted in refused.value.sentence

    answer_all(people.filler, returned)
    assert step(people.filler, returned, Act.FINISH).state == State.GOVERNMENT


def test_the_page_asks_for_the_answers_before_it_offers_the_step(people, returned):
    page = reverse("applications:finish", args=[returned.public_id])
    filler = signed_in(people.filler)
    request = last_return(returned).requests[0]

    before = filler.get(page).content.decode()

    assert "先答复退回要求（2项）" in before
    assert f"#request-{request.public_id}" in before
    assert 'class="confirm' not in before
    answer_all(people.filler, returned)
    assert 'class="confirm' in filler.get(page).content.decode()


def test_answered_and_handed_in_again(people, returned):
    answer_all(people.filler, returned)

    again = bring_to(returned, State.SUBMITTED)

    assert again.snapshots.count() == 2
    packet = last_return(again)
    assert not packet.is_open
    assert [each.answer for each in packet.requests] == [ANSWER, ANSWER]
    assert not may_answer(people.filler, again)
    with pytest.raises(Stale, match="request_closed"):
        answer_request(
            actor=people.filler, request_id=packet.requests[0].public_id, answer="另行说明。"
        )


def test_answer_may_be_worded_anew_until_then(people, returned):
    answer_all(people.filler, returned)
    step(people.filler, returned, Act.FINISH)
    request = last_return(returned).requests[0]

    answer_request(actor=people.filler, request_id=request.public_id, answer="改用新口径。")

    request.refresh_from_db()
    assert request.answer == "改用新口径。"


def test_requests_of_an_earlier_return_are_closed(people, returned):
    answer_all(people.filler, returned)
    former = last_return(returned).requests[0]
    give_back(people.reviewer, bring_to(returned, State.CITY_REVIEW), GOALS)

    with pytest.raises(Stale, match="request_closed"):
        answer_request(actor=people.filler, request_id=former.public_id, answer=ANSWER)
    assert len(last_return(returned).requests) == 1


def test_province_asks_in_the_same_way(people, call, province):
    reviewed = apply_to(call, province.bureaus["bazhou"], State.REVIEWED)

    sent_back = give_back(people.manager, reviewed, GOALS, action=Act.SEND_BACK)

    assert last_return(sent_back).step.actor == people.manager
    with pytest.raises(Invalid, match="requests_unanswered"):
        step(people.filler, sent_back, Act.FINISH)


@pytest.mark.parametrize("who", ["lead", "reviewer", "manager"])
def test_only_who_fills_answers(people, returned, who):
    request = last_return(returned).requests[0]

    with pytest.raises(NotAllowed):
        answer_request(actor=getattr(people, who), request_id=request.public_id, answer=ANSWER)


@pytest.mark.parametrize("answer", ["", " 　\n"])
def test_blank_answer_is_none(people, returned, answer):
    request = last_return(returned).requests[0]

    with pytest.raises(Invalid, match="answer_required"):
        answer_request(actor=people.filler, request_id=request.public_id, answer=answer)
    assert last_return(returned).answered_count == 0


def test_database_too_refuses_a_request_without_words(returned):
    request = last_return(returned).requests[0]

    with pytest.raises(IntegrityError, match="request_has_words"), transaction.atomic():
        Request.objects.filter(pk=request.pk).update(wanted=" ")


# Through the browser


def test_county_answers_on_its_page(people, returned):
    request = last_return(returned).requests[0]
    url = reverse("applications:request_answer", args=[request.public_id])

    answer = signed_in(people.filler).post(url, {"answer": ANSWER})

    assert answer["Location"] == reverse("applications:application", args=[returned.public_id])
    request.refresh_from_db()
    assert (request.answer, request.answered_by) == (ANSWER, people.filler)


@pytest.mark.parametrize("who, status", [("lead", 403), ("reviewer", 403), ("changan_filler", 404)])
def test_who_may_not_finds_the_door_shut(people, province, returned, who, status):

    changan = make_person("changan.filler", Role.COUNTY_FILLER, province.bureaus["changan"])
    person = changan if who == "changan_filler" else getattr(people, who)
    request = last_return(returned).requests[0]
    url = reverse("applications:request_answer", args=[request.public_id])

    assert signed_in(person).post(url, {"answer": ANSWER}).status_code == status
    request.refresh_from_db()
    assert request.answer == ""


# After the round has closed


def test_what_came_back_is_put_right_though_the_round_closed(people, call, returned):
    close_round(actor=people.manager, round_id=call.public_id)
    answer_all(people.filler, returned)

    assert bring_to(returned, State.SUBMITTED).state == State.SUBMITTED


def test_what_could_not_be_handed_in_again_is_not_taken_back(people, call, province):
    submitted = apply_to(call, province.bureaus["bazhou"], State.SUBMITTED)
    close_round(actor=people.manager, round_id=call.public_id)

    with pytest.raises(Stale, match="round_closed"):
        step(people.lead, submitted, Act.RECALL)
