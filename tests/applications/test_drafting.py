"""Drawing up a list of pilots: nobody's saving, words or time are lost on the way."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from applications.actions.deciding import (
    DecisionInput,
    DraftInput,
    draft_pilot_list,
    withdraw_pilot_list,
)
from applications.actions.objections import answer_objection, raise_objection
from applications.actions.panel import assign_experts
from applications.actions.rounds import close_round
from applications.enums import ApplicationState, RoundState
from applications.models import Decision, Objection, PilotList, PilotRound
from applications.selectors.deciding import mark_of
from county_portal.common import clock
from county_portal.common.errors import Stale
from tests.applications.test_deciding import WORDS, draft, refused
from tests.factories.people import signed_in
from tests.factories.pilots import (
    after_notice,
    apply_to,
    draft_pilots,
    put_on_notice,
    recommended,
)


def test_nobody_draws_up_over_a_colleagues_list(call, bazhou, changan, people):
    first = draft_pilots(call, [bazhou], [changan])
    act = {"actor": people.manager, "round_id": call.public_id}
    decisions = {each.public_id: DecisionInput(True, "统筹布局。") for each in (bazhou, changan)}
    seen = mark_of(first)
    draft_pilot_list(**act, data=DraftInput(decisions, clock.today(), seen))

    stale = DraftInput(decisions, clock.today() + timedelta(days=9), seen)

    assert refused(Stale, draft_pilot_list, **act, data=stale) == "list_saved_meanwhile"
    assert PilotList.objects.get().starts_on == clock.today()


def test_the_page_keeps_what_was_typed_over_a_stale_list(call, bazhou, changan, people):
    draft_pilots(call, [bazhou], [changan])
    client = signed_in(people.manager)
    url = reverse("applications:list_draft", args=[call.public_id])
    typed = {"starts_on": clock.today().isoformat(), "seen": "another one"}
    for row in (bazhou, changan):
        typed |= {f"selected-{row.public_id}": "yes", f"reasons-{row.public_id}": "带动作用强。"}

    answer = client.post(url, typed)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "本次保存未执行" in page
    assert page.count("带动作用强。") == 2
    assert "已保存的决定：未入选" in page
    form = answer.context["form"]
    assert client.post(url, {**typed, "seen": form["seen"].value()}).status_code == 302
    assert Decision.objects.filter(is_selected=True).count() == 2


def test_reasons_of_a_withdrawn_list_are_not_typed_again(people, on_notice, call, bazhou, changan):
    withdraw_pilot_list(actor=people.manager, list_id=on_notice.public_id, reason="重新审议。")

    page = signed_in(people.manager).get(reverse("applications:list_draft", args=[call.public_id]))

    lines = page.context["form"].lines
    assert [(chosen.value(), words.value()) for _, chosen, words in lines] == [
        ("no", "统筹区域布局，综合评审情况。"),
        ("yes", "统筹区域布局，综合评审情况。"),
    ]
    assert page.context["form"]["starts_on"].value() == on_notice.starts_on


def test_a_city_keeps_its_time(people, call, bazhou, province):
    """The round promised the cities a day; no list shuts out what still lies before them."""
    waiting = apply_to(call, province.bureaus["changan"], ApplicationState.SUBMITTED)
    decisions = {bazhou.public_id: DecisionInput(True, "基础好。")}

    with pytest.raises(Stale) as caught:
        draft(people, call, decisions)

    assert caught.value.code == "city_has_time"
    assert waiting.region.name in caught.value.sentence
    page = signed_in(people.manager).get(reverse("applications:list_draft", args=[call.public_id]))
    assert "保存名单" not in page.content.decode()
    day = call.city_due_on + timedelta(days=1)
    with clock.playing(datetime(day.year, day.month, day.day, 9, tzinfo=clock.BEIJING)):
        data = DraftInput(decisions, clock.today())
        assert draft_pilot_list(actor=people.manager, round_id=call.public_id, data=data)


def test_who_is_recommended_after_the_draft_is_not_left_without_a_decision(call, bazhou, province):
    pilots = draft_pilots(call, [bazhou])
    PilotRound.objects.update(state=RoundState.OPEN)
    recommended(call, province.bureaus["changan"])
    PilotRound.objects.update(state=RoundState.CLOSED)

    assert refused(Stale, put_on_notice, pilots=pilots) == "candidate_undecided"


def test_publishing_is_offered_when_nothing_stands_in_the_way(people, call, on_notice):
    publisher = signed_in(people.publisher)
    url = reverse("applications:pilot_list", args=[call.public_id])

    def offered():
        page = signed_in(people.publisher).get(url)
        return "公布名单" in [each.label for each in page.context["buttons"]], page.context["turn"]

    assert "公示到" in publisher.get(url).content.decode()
    assert not offered()[0]
    raise_objection(list_id=on_notice.public_id, objection=WORDS)
    with after_notice(on_notice):
        is_offered, turn = offered()
        assert (is_offered, turn.who) == (False, "省科技厅业务管理员")
        answer = {"objection_id": Objection.objects.get().public_id, "answer": "核查不实。"}
        answer_objection(actor=people.manager, **answer)
        is_offered, turn = offered()
        assert (is_offered, turn.who) == (True, "省科技厅发布人")


def test_outstanding_opinions_are_said_before_the_draft(people, call, bazhou):
    pair = (bazhou.public_id, people.expert.public_id)
    assign_experts(actor=people.manager, round_id=call.public_id, pairs={pair})
    close_round(actor=people.manager, round_id=call.public_id)

    page = signed_in(people.manager).get(reverse("applications:list_draft", args=[call.public_id]))

    assert "份专家意见还没有提交" in page.content.decode()
    assert page.context["waiting"] == 1
    first = clock.today() + timedelta(days=call.notice_days)
    assert page.context["form"]["starts_on"].value() == first
