"""Rounds as offices see them, and as the province draws them up, opens, changes and closes them."""

from datetime import datetime, timedelta
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.enums import ApplicationState, Material, RoundState
from applications.models import PilotRound
from applications.selectors.rounds import list_versions
from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.notices.models import Notice
from tests.factories.people import signed_in
from tests.factories.pilots import apply_to, draw_up_round

ROUNDS, HOME = reverse("applications:rounds"), reverse("applications:home")


def url_of(call, name="round"):
    return reverse(f"applications:{name}", args=[call.public_id])


def test_list_of_rounds_hides_what_is_drawn_up(people, call):
    drawn = draw_up_round(people.manager, title="下一批次")

    assert drawn.title in signed_in(people.manager).get(ROUNDS).content.decode()
    for person in (people.filler, people.reviewer, people.checker):
        page = signed_in(person).get(ROUNDS).content.decode()
        assert call.title in page
        assert drawn.title not in page
        assert signed_in(person).get(url_of(drawn)).status_code == HTTPStatus.NOT_FOUND


def test_round_says_which_absolute_years_are_meant(people, call):
    page = signed_in(people.filler).get(url_of(call)).content.decode()

    for word, year in (("上年", -1), ("今年", 0), ("明年", 1), ("后年", 2)):
        assert f"{word}＝{call.year + year}年" in page


def test_progress_by_office(people, province, call):
    apply_to(call, province.bureaus["bazhou"], ApplicationState.REVIEWED)
    apply_to(call, province.bureaus["changan"], ApplicationState.DRAFT)
    apply_to(call, province.bureaus["jingxing"], ApplicationState.SUBMITTED)

    context = signed_in(people.manager).get(url_of(call)).context

    lines = {
        line.name: (line.places, line.begun, dict(line.counts)) for line in context["progress"]
    }
    assert lines["石家庄市科技局"] == (3, 2, {"drafting": 1, "city": 1})
    assert lines["廊坊市科技局"] == (3, 1, {"reviewed": 1})
    assert (context["whole"].begun, context["whole"].places) == (3, 9)


def test_a_city_sees_its_own_line_alone(people, province, call):
    apply_to(call, province.bureaus["bazhou"], ApplicationState.DRAFT)
    apply_to(call, province.bureaus["changan"], ApplicationState.DRAFT)

    context = signed_in(people.reviewer).get(url_of(call)).context

    assert [(line.name, line.begun) for line in context["progress"]] == [("廊坊市科技局", 1)]


def test_round_takes_the_same_queries_however_many_apply(
    people, province, call, django_assert_max_num_queries
):
    browser = signed_in(people.manager)
    apply_to(call, province.bureaus["bazhou"], ApplicationState.DRAFT)
    browser.get(url_of(call))
    with django_assert_max_num_queries(10) as counted:
        browser.get(url_of(call))
    for key in ("changan", "jingxing", "xinji"):
        apply_to(call, province.bureaus[key], ApplicationState.SUBMITTED)

    with django_assert_max_num_queries(len(counted)):
        browser.get(url_of(call))


@pytest.mark.parametrize("role", ["expert", "provider", "auditor", "system_admin"])
def test_rounds_are_for_those_who_see_pilots(people, call, role):
    for url in (ROUNDS, HOME, url_of(call)):
        assert signed_in(getattr(people, role)).get(url).status_code == HTTPStatus.FORBIDDEN


# Drawing up


def entered(province, **changed):
    today = clock.today()
    data = {
        "title": f"{today.year}年度河北省创新型县（市、区）试点",
        "year": str(today.year),
        "unit_level": "county",
        "basis": "建设创新型县（市、区）工作指引",
        "version": str(list_versions().get().public_id),
        "stars": "10",
        "materials": [str(each) for each in Material],
        "term_years": "3",
        "notice_days": "7",
        "opens_on": today.isoformat(),
        "county_due_on": (today + timedelta(days=20)).isoformat(),
        "city_due_on": (today + timedelta(days=40)).isoformat(),
        f"quota-{province.cities['langfang'].public_id}": "2",
        **changed,
    }
    return {name: value for name, value in data.items() if value is not None}


CREATE = reverse("applications:round_create")


@pytest.fixture
def table(db):
    from indicators.importer import import_system

    return import_system("hebei", "pilot")


def test_draw_up_change_and_open(people, province, table):
    browser = signed_in(people.manager)
    assert "河北省创新型县（市、区）试点" in browser.get(CREATE).content.decode()
    scan = SimpleUploadedFile("指引.pdf", b"%PDF-1.4 x", "application/pdf")
    made = browser.post(CREATE, {**entered(province), "basis_file": scan})
    call = PilotRound.objects.get()
    assert made["Location"] == url_of(call)
    assert dict(call.quotas.values_list("office__short_name", "places")) == {"廊坊市科技局": 2}
    assert (call.state, call.basis_file.name) == (RoundState.DRAFT, "指引.pdf")

    quota = f"quota-{province.cities['xinji'].public_id}"
    changed = entered(province, title="新名称", stars="8", **{quota: "1"})
    assert browser.get(url_of(call, "round_edit")).status_code == HTTPStatus.OK
    browser.post(url_of(call, "round_edit"), changed)
    call.refresh_from_db()
    assert (call.title, call.stars, call.quotas.count()) == ("新名称", 8, 2)
    assert call.basis_file.name == "指引.pdf"
    assert browser.get(url_of(call, "round_basis")).status_code == HTTPStatus.OK

    look = browser.get(url_of(call, "round_open")).content.decode()
    assert "上年为" in look
    assert "将通知：" in look
    browser.post(url_of(call, "round_open"))
    call.refresh_from_db()
    assert call.state == RoundState.OPEN
    told = Notice.objects.filter(kind="open_round").values_list("recipient__login", flat=True)
    assert {"bazhou.filler", "bazhou.lead", "changan.lead", "langfang.reviewer"} <= set(told)
    # Who was given no places recommends nobody.
    assert "shijiazhuang.reviewer" not in told
    acts = Event.objects.filter(kind="pilot_round").order_by("serial").values_list("act", flat=True)
    assert list(acts) == ["create_round", "change_round", "open_round"]


@pytest.mark.parametrize(
    "changed, sentence",
    [
        ({"title": ""}, "请填写批次名称。"),
        ({"year": "26"}, "四位年份"),
        ({"year": "2016"}, "相差超过一年"),
        ({"version": None}, "请选择指标体系表版本。"),
        ({"version": "00000000-0000-0000-0000-000000000000"}, "所选版本不存在"),
        ({"materials": None}, "请至少选择一项申报材料。"),
        ({"materials": ["poem"]}, "所选材料不在可选范围内"),
        ({"stars": "26"}, "只有25项"),
        ({"stars": "-1"}, "请填写0至30之间的整数。"),
        ({"term_years": "0"}, "请填写1至10之间的整数。"),
        ({"county_due_on": "2001-01-01"}, "日期须按"),
        ({"county_due_on": "三月"}, "日期无效"),
        ({"unit_level": "province"}, "请选择申报层级。"),
        ({"quota": "百"}, "请填写0至50之间的整数。"),
    ],
)
def test_bad_rounds_are_refused(people, province, table, changed, sentence):
    if "quota" in changed:
        changed = {f"quota-{province.cities['langfang'].public_id}": changed["quota"]}

    answer = signed_in(people.manager).post(CREATE, entered(province, **changed))

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert sentence in answer.content.decode()
    assert not PilotRound.objects.exists()


def test_table_of_the_evaluation_is_no_table_of_pilots(people, province, table, version):
    data = entered(province, version=str(version.public_id))

    answer = signed_in(people.manager).post(CREATE, data)

    assert "所选版本不存在" in answer.content.decode()


def test_basis_must_be_a_scan(people, province, table):
    script = SimpleUploadedFile("指引.pdf", b"<script>", "application/pdf")

    answer = signed_in(people.manager).post(CREATE, {**entered(province), "basis_file": script})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not PilotRound.objects.exists()


def test_title_is_used_once(people, province, call):
    answer = signed_in(people.manager).post(CREATE, entered(province, title=call.title))

    assert "请另取名称" in answer.content.decode()


def test_round_is_not_opened_without_places_or_days(people, province):
    browser = signed_in(people.manager)
    empty = draw_up_round(people.manager, title="无名额", quotas={})
    today = clock.today()
    past = draw_up_round(
        people.manager,
        title="已过期",
        opens_on=today - timedelta(days=9),
        county_due_on=today - timedelta(days=1),
        city_due_on=today,
    )

    for call, code in ((empty, "quotas_required"), (past, "deadline_passed")):
        answer = browser.post(url_of(call, "round_open"))
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert answer.context["error_code"] == code
        call.refresh_from_db()
        assert (call.state, call.opened_at) == (RoundState.DRAFT, None)
    assert not Notice.objects.exists()


def test_open_round_is_changed_no_more(people, province, call):
    answer = signed_in(people.manager).post(url_of(call, "round_edit"), entered(province))

    assert answer.status_code == HTTPStatus.CONFLICT
    assert answer.context["error_code"] == "stale_state"
    before = call.title
    call.refresh_from_db()
    assert call.title == before


def test_several_rounds_are_open_at_once(people, call):
    other = draw_up_round(people.manager, title="乡镇批次", unit_level="township")
    signed_in(people.manager).post(url_of(other, "round_open"))

    assert PilotRound.objects.filter(state=RoundState.OPEN).count() == 2


def test_closing_before_the_announced_day_is_said(people, call):
    url = reverse("applications:round_close", args=[call.public_id])
    client = signed_in(people.manager)

    assert "现在还没有到期" in client.get(url).content.decode()
    day = call.county_due_on + timedelta(days=1)
    with clock.playing(datetime(day.year, day.month, day.day, 9, tzinfo=clock.BEIJING)):
        page = signed_in(people.manager).get(url).content.decode()
    assert "现在还没有到期" not in page


def test_closing_tells_those_who_have_not_handed_in(people, province, call):
    apply_to(call, province.bureaus["bazhou"], ApplicationState.DRAFT)
    apply_to(call, province.bureaus["jingxing"], ApplicationState.SUBMITTED)
    browser = signed_in(people.manager)

    assert "截止后" in browser.get(url_of(call, "round_close")).content.decode()
    browser.post(url_of(call, "round_close"))

    call.refresh_from_db()
    assert call.state == RoundState.CLOSED
    told = set(Notice.objects.filter(kind="close_round").values_list("recipient__login", flat=True))
    assert {"bazhou.filler", "bazhou.lead", "langfang.reviewer"} <= told
    assert "jingxing.lead" not in told
    again = browser.post(url_of(call, "round_close"))
    assert (again.status_code, again.context["error_code"]) == (HTTPStatus.CONFLICT, "stale_state")


@pytest.mark.parametrize(
    "role", ["filler", "reviewer", "checker", "publisher", "expert", "auditor"]
)
def test_rounds_are_run_by_the_manager_alone(people, province, call, role):
    browser = signed_in(getattr(people, role))

    for name in ("round_edit", "round_open", "round_close"):
        assert browser.post(url_of(call, name)).status_code == HTTPStatus.FORBIDDEN
    assert browser.post(CREATE).status_code == HTTPStatus.FORBIDDEN
