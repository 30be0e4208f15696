"""The first page of the programme, and the inbox, for each level."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.urls import reverse

from applications.actions.beginning import begin_pilot
from applications.actions.moving import Move, Wanted, move_application
from applications.actions.rounds import close_round
from applications.enums import ApplicationAction, ApplicationState, ChangeState
from applications.models import PanelSheet, TargetChange, YearTarget
from county_portal.common import clock
from county_portal.common.errors import Stale
from county_portal.common.text import chinese_date
from tests.factories.people import signed_in
from tests.factories.pilots import apply_to, begin, have_letter, open_a_round, write_everything

HOME, INBOX = reverse("applications:home"), reverse("home:inbox")
STATE = ApplicationState


def home(person, **data):
    page = signed_in(person).get(HOME, data)
    assert page.status_code == HTTPStatus.OK
    return page


def groups(person):
    found = signed_in(person).get(INBOX).context["groups"]
    return [
        (group.title, [item.title for item in group.items])
        for group in found
        if group.key.startswith("pilot-")
    ]


# The first page


def test_home_before_anything(people):
    for person in (people.filler, people.reviewer, people.publisher):
        assert "没有正在进行的批次" in home(person).content.decode()
    assert reverse("applications:round_create") in home(people.manager).content.decode()


def test_county_is_offered_what_it_may_begin(people, call):
    begin_url = reverse("applications:begin", args=[call.public_id])

    assert begin_url in home(people.filler).content.decode()
    lead = home(people.lead).content.decode()
    assert begin_url not in lead
    assert "由本单位填报员开始编制。" in lead
    begin(people.filler, call)
    page = home(people.filler)
    assert begin_url not in page.content.decode()
    ((row, turn),) = page.context["rows"]
    assert (row.region.name, turn.who, turn.until) == (
        "霸州市",
        "廊坊市霸州市科学技术局编制申报材料",
        call.county_due_on,
    )


def test_nothing_begins_before_the_announced_day(people):
    first = clock.today() + timedelta(days=3)
    call = open_a_round(people.manager, opens_on=first)
    begin_url = reverse("applications:begin", args=[call.public_id])

    page = home(people.filler).content.decode()
    assert begin_url not in page
    assert f"自{chinese_date(first)}起申报。" in page
    with pytest.raises(Stale, match="round_not_begun"):
        begin(people.filler, call)


def test_county_whose_city_has_no_places_is_told(people, call):
    begin_url = reverse("applications:begin", args=[call.public_id])
    words = "廊坊市科学技术局在本批次没有推荐名额"

    assert words not in signed_in(people.filler).get(begin_url).content.decode()
    call.quotas.filter(office=people.reviewer.office).delete()
    assert words in signed_in(people.filler).get(begin_url).content.decode()


def test_townships_begin_under_a_county_that_is_a_pilot(people, province):
    township = open_a_round(people.manager, title="乡镇批次", unit_level="township")
    assert "本县不是试点县" in home(people.filler).content.decode()
    call = open_a_round(people.manager, title="县级批次")
    application = apply_to(call, province.bureaus["bazhou"], STATE.REVIEWED)
    today = clock.today()
    begin_pilot(
        actor=people.publisher,
        application=application,
        starts_on=today,
        ends_on=today + timedelta(days=1095),
    )

    page = home(people.filler)

    assert reverse("applications:begin", args=[township.public_id]) in page.content.decode()
    assert [pilot.region.name for pilot in page.context["pilots"]] == ["霸州市"]


def test_home_shows_ones_own_alone(people, province, call):
    apply_to(call, province.bureaus["bazhou"], STATE.REVIEWED)
    apply_to(call, province.bureaus["changan"], STATE.SUBMITTED)

    def names(person, **data):
        return [row.region.name for row, _ in home(person, **data).context["rows"]]

    assert names(people.lead) == ["霸州市"]
    assert names(people.changan_lead) == ["长安区"]
    assert names(people.shijiazhuang_reviewer) == ["长安区"]
    assert names(people.manager) == ["长安区", "霸州市"]
    assert names(people.manager, stage="reviewed") == ["霸州市"]
    office = province.cities["shijiazhuang"].public_id
    assert names(people.manager, office=office) == ["长安区"]
    assert names(people.manager, round=call.public_id) == ["长安区", "霸州市"]
    # A city's filter has no other offices to look into.
    assert names(people.reviewer, office=office) == ["霸州市"]


@pytest.mark.parametrize(
    "data",
    [
        {"stage": "secret"},
        {"round": "x"},
        {"office": "1"},
        {"round": "00000000-0000-0000-0000-000000000000"},
    ],
)
def test_unknown_filters_narrow_nothing(people, province, call, data):
    apply_to(call, province.bureaus["bazhou"], STATE.DRAFT)

    assert len(home(people.manager, **data).context["rows"]) == 1


def test_running_round_in_numbers(people, province, call):
    have_letter(apply_to(call, province.bureaus["bazhou"], STATE.REVIEWED))
    apply_to(call, province.bureaus["changan"], STATE.REVIEWED)

    (whole,) = home(people.manager).context["running"]
    (city,) = home(people.reviewer).context["running"]

    assert (whole.begun, whole.recommended, whole.places, whole.to_check) == (2, 1, 9, 1)
    assert (city.begun, city.recommended, city.places) == (1, 1, 3)
    turns = {row.region.name: turn.who for row, turn in home(people.manager).context["rows"]}
    assert turns == {"霸州市": "省科技厅形式审查", "长安区": "石家庄市科学技术局出具推荐函"}


@pytest.mark.parametrize("role", ["filler", "reviewer", "manager"])
def test_home_takes_the_same_queries_however_many_apply(
    people, province, call, role, django_assert_max_num_queries
):
    browser = signed_in(getattr(people, role))
    apply_to(call, province.bureaus["bazhou"], STATE.REVIEWED)
    browser.get(HOME)
    with django_assert_max_num_queries(17) as counted:
        browser.get(HOME)
    other = open_a_round(people.manager, title="又一批次")
    for key in ("changan", "jingxing", "xinji"):
        apply_to(call, province.bureaus[key], STATE.REVIEWED)
    apply_to(other, province.bureaus["bazhou"], STATE.SUBMITTED)

    with django_assert_max_num_queries(len(counted)):
        browser.get(HOME)


# The inbox


def step(actor, application, action, comment="", **asked):
    move = Move(action, comment=comment, **asked)
    return move_application(actor=actor, application_id=application.public_id, move=move)


def test_inbox_from_the_draft_to_the_formal_check(people, province, call):
    application = begin(people.filler, call)
    name = ["廊坊市霸州市"]
    assert groups(people.filler) == [("试点申报待编制", name)]
    assert groups(people.lead) == []
    write_everything(application, people.filler)
    step(people.filler, application, ApplicationAction.FINISH)
    assert groups(people.lead) == [("试点申报待登记县政府审议", name)]
    assert groups(people.filler) == []

    other = apply_to(call, province.bureaus["changan"], STATE.READY)
    assert groups(people.changan_lead) == [("试点申报待报送", ["石家庄市长安区"])]
    step(people.changan_lead, other, ApplicationAction.SUBMIT)
    reviewer = people.shijiazhuang_reviewer
    assert groups(reviewer) == [("试点申报待受理", ["石家庄市长安区"])]
    step(reviewer, other, ApplicationAction.ACCEPT)
    assert groups(reviewer) == [("试点申报待审核", ["石家庄市长安区"])]
    step(reviewer, other, ApplicationAction.APPROVE)
    assert groups(reviewer) == [("试点申报待推荐", ["石家庄市长安区"])]
    assert groups(people.manager) == []
    other.refresh_from_db()
    have_letter(other)
    assert groups(reviewer) == []
    assert groups(people.manager) == [("试点申报待形式审查", ["石家庄市长安区"])]


def test_inbox_names_what_came_back_first(people, province, call):
    application = apply_to(call, province.bureaus["bazhou"], STATE.CITY_REVIEW)
    step(
        people.reviewer,
        application,
        ApplicationAction.RETURN,
        "请核对。",
        wanted=[Wanted("table", "核对第1行。")],
        due_on=clock.today() + timedelta(days=5),
    )

    assert groups(people.filler) == [("试点申报被退回，待修改", ["廊坊市霸州市"])]


def test_inbox_forgets_what_a_closed_round_shut_out(people, province, call):
    begin(people.filler, call)
    close_round(actor=people.manager, round_id=call.public_id)

    assert groups(people.filler) == []


def test_inbox_asks_for_the_close_when_the_cities_day_has_passed(people, call):
    assert groups(people.manager) == []
    with clock.playing(clock.now() + timedelta(days=41)):
        assert groups(people.manager) == [("试点批次待截止", [call.title])]
        close_round(actor=people.manager, round_id=call.public_id)
        assert groups(people.manager) == []


def test_inbox_of_experts_and_of_who_waits_for_them(people, province, call):
    application = apply_to(call, province.bureaus["bazhou"], STATE.REVIEWED)
    have_letter(application)
    admitted = step(people.manager, application, ApplicationAction.ADMIT)
    assert groups(people.expert) == []
    PanelSheet.objects.create(application=admitted, expert=people.expert, assigned_at=clock.now())

    assert groups(people.expert) == [("试点待评审", ["廊坊市霸州市"])]
    assert groups(people.manager) == [("专家评审未交齐", ["廊坊市霸州市"])]


def test_inbox_of_changes(people, province, call):
    application = apply_to(call, province.bureaus["bazhou"], STATE.REVIEWED)
    today = clock.today()
    pilot = begin_pilot(
        actor=people.publisher,
        application=application,
        starts_on=today,
        ends_on=today + timedelta(days=1095),
    )
    target = YearTarget.objects.filter(target__pilot=pilot).first()
    change = TargetChange.objects.create(
        pilot=pilot,
        year_target=target,
        before=target.number,
        after=target.number - 1,
        reason="产业调整。",
        asked_by=people.filler,
        asked_at=clock.now(),
    )

    assert groups(people.reviewer)[-1][0] == "目标调整待办"
    assert groups(people.shijiazhuang_reviewer) == []
    assert groups(people.manager) == []
    TargetChange.objects.filter(pk=change.pk).update(state=ChangeState.SUPPORTED)
    assert [title for title, _ in groups(people.manager)] == ["目标调整待办"]


@pytest.mark.parametrize("role", ["filler", "lead", "reviewer", "manager", "publisher", "expert"])
def test_inbox_takes_the_same_queries_however_many_apply(
    people, province, call, role, django_assert_max_num_queries
):
    browser = signed_in(getattr(people, role))
    have_letter(apply_to(call, province.bureaus["bazhou"], STATE.REVIEWED))
    apply_to(call, province.bureaus["xinji"], STATE.READY)
    browser.get(INBOX)
    with django_assert_max_num_queries(28) as counted:
        browser.get(INBOX)
    other = open_a_round(people.manager, title="又一批次")
    for key in ("bazhou", "changan", "xinji"):
        have_letter(apply_to(other, province.bureaus[key], STATE.REVIEWED))

    with django_assert_max_num_queries(len(counted)):
        browser.get(INBOX)
