"""What everybody may read of the programme, and what nobody may read there."""

from datetime import date, timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from applications.actions.beginning import begin_pilot
from applications.actions.changes import (
    ChangeInput,
    ask_change,
    decide_change,
    review_change,
)
from applications.actions.terms import TermInput, change_term
from applications.enums import ApplicationState, PilotAct
from applications.models import Reached, YearTarget
from county_portal.accounts.models import Region
from county_portal.accounts.roles import Level
from county_portal.common import clock
from tests.factories.pilots import a_scan, apply_to, draw_up_round, open_a_round
from tests.factories.programme import publish_pilots, reach

PROGRAMME = reverse("applications:public_programme")


def url_of(row, name):
    return reverse(f"applications:public_{name}", args=[row.public_id])


def read(url):
    page = Client().get(url)
    assert page.status_code == HTTPStatus.OK
    return page.content.decode()


@pytest.fixture
def pilots(people, province, call):
    return publish_pilots(
        people.manager,
        people.publisher,
        call,
        province.bureaus["bazhou"],
        province.bureaus["changan"],
    )


def test_nothing_yet(db):
    page = read(PROGRAMME)

    assert "还没有申报公告" in page
    assert "尚未公布试点名单" in page


def test_a_round_is_announced_with_all_it_asks_for(people, call):
    page = read(url_of(call, "round"))

    assert call.title in read(PROGRAMME)
    for words in (
        *(call.basis, "自选考核指标", "10项", "3年", "全省各县（市、区）"),
        *(f"上年＝{call.year - 1}年", f"后年＝{call.year + 2}年"),
        *("申报文件", "指标体系表", "基本情况表", "实施方案"),
    ):
        assert words in page
    assert call.title in read(reverse("home:front"))


def test_basis_document_is_everybodys_once_announced(people, province):
    drawn = draw_up_round(people.manager, title="未开放", basis_file=a_scan("指引.pdf"))
    opened = open_a_round(people.manager, title="已开放", basis_file=a_scan("指引.pdf"))
    none = open_a_round(people.manager, title="没有全文")

    url = url_of(opened, "round_basis")
    assert url in read(url_of(opened, "round"))
    assert Client().get(url)["Content-Type"] == "application/pdf"
    for call in (drawn, none):
        assert Client().get(url_of(call, "round_basis")).status_code == HTTPStatus.NOT_FOUND


def test_a_round_being_drawn_up_is_nobodys_business(people, province):
    drawn = draw_up_round(people.manager, title="秘密批次")

    assert drawn.title not in read(PROGRAMME) + read(reverse("home:front"))
    assert Client().get(url_of(drawn, "round")).status_code == HTTPStatus.NOT_FOUND


def test_who_applies_is_not_told_before_the_decision(people, province, call):
    apply_to(call, province.bureaus["bazhou"], ApplicationState.REVIEWED)

    for url in (PROGRAMME, url_of(call, "round"), reverse("home:front")):
        page = read(url)
        # The search box of the front page gives 霸州 as an example of a name.
        assert "霸州市" not in page
        assert "廊坊" not in page


def test_pilots_by_round_and_city(people, call, pilots):
    page = Client().get(PROGRAMME)
    text = page.content.decode()

    ((batch, mark, published, members),) = page.context["batches"]
    assert (batch, mark, members) == (call, "①", pilots[::-1])
    assert published.paper.number in text
    tiles = {tile.name: tile for group in page.context["tiles"] for tile in group.tiles}
    assert (tiles["霸州市"].letter, tiles["霸州市"].shade, tiles["霸州市"].mark) == (
        "建",
        "info",
        "①",
    )
    assert tiles["霸州市"].word == f"建设中（{call.title}）"
    assert (tiles["辛集市"].letter, tiles["辛集市"].word, tiles["辛集市"].url) == (
        "",
        "不是试点",
        "",
    )
    # The sign is for the eye; the words are there for whoever does not see it.
    assert f'<span class="visually-hidden">建设中（{call.title}）</span>' in text
    assert [group.name for group in page.context["tiles"]] == ["石家庄市", "廊坊市", "河北省直管"]


def test_states_and_rounds_are_told_apart(people, province, call, pilots):
    left = TermInput(PilotAct.WITHDRAW, "县政府申请退出。", document_number="冀科函〔2026〕8号")
    change_term(actor=people.manager, pilot_id=pilots[0].public_id, data=left)
    later = open_a_round(people.manager, title="下一批次", year=call.year + 1)
    publish_pilots(people.manager, people.publisher, later, province.bureaus["bazhou"])
    term = TermInput(PilotAct.SUSPEND, "机构改革。", document_number="冀科函〔2026〕9号")
    change_term(actor=people.manager, pilot_id=pilots[1].public_id, data=term)

    page = Client().get(PROGRAMME)

    tiles = {tile.name: tile for group in page.context["tiles"] for tile in group.tiles}
    assert (tiles["霸州市"].mark, tiles["长安区"].mark) == ("①②", "①")
    assert (tiles["长安区"].letter, tiles["长安区"].shade) == ("停", "pale")
    assert [(key.letter, key.word) for key in page.context["keys"][-2:]] == [
        ("①", call.title),
        ("②", "下一批次"),
    ]
    signs = [(key.letter, key.shade) for key in page.context["keys"][:7]]
    assert len({letter for letter, _ in signs}) == len({shade for _, shade in signs}) == 7


def test_a_renamed_county_keeps_its_pilot(province, pilots):
    old = province.counties["changan"]
    today = clock.today()
    new = Region.objects.create(
        code="130199",
        name="长安新区",
        full_name="石家庄市长安新区",
        level=Level.COUNTY,
        parent=old.parent,
        reviewing_office=old.reviewing_office,
        valid_from=today,
        search_name="长安新区",
        pinyin="changanxinqu",
    )
    Region.objects.filter(pk=old.pk).update(valid_to=today, successor=new)

    tiles = {
        tile.name: tile
        for group in Client().get(PROGRAMME).context["tiles"]
        for tile in group.tiles
    }

    assert "长安区" not in tiles
    assert tiles["长安新区"].letter == "建"


def test_a_pilot_promises_and_reaches(call, pilots):
    pilot, year = pilots[0], call.year
    reach(pilot, year, "10.5", is_published=True)

    page = Client().get(url_of(pilot, "pilot"))
    text = page.content.decode()

    lines = {line.target.order: line for line in page.context["lines"]}
    # Rows 2, 4, 12 and the ten ★: the two designated in words apart, the others only watched.
    assert len(lines) == 13
    assert len(page.context["worded"]) == 2
    first = lines[1]
    assert [each.target for each in first.years] == [11, 12, 13]
    assert str(first.years[0].achievement.percent) == "50.00"
    assert first.years[1].achievement.percent is None
    # Lower is better: from 10 to 9.98, and 10.5 is a step back.
    assert str(lines[27].years[0].achievement.percent) == "-2500.00"
    assert "50.00%" in text
    assert first.points == [
        (f"{year - 1}年", 10),
        (f"{year}年", 10.5),
        (f"{year + 1}年", None),
        (f"{year + 2}年", None),
    ]
    assert "工作情况。" in text


def test_a_changed_target_shows_what_was_promised(people, call, pilots):
    goal = YearTarget.objects.get(target__pilot=pilots[0], target__order=1, year=call.year + 1)
    wish = ChangeInput(goal.pk, "15", "产业规模扩大。")
    change = ask_change(actor=people.filler, pilot_id=pilots[0].public_id, data=wish)
    words = {"change_id": change.public_id, "comment": "同意。"}
    review_change(actor=people.reviewer, supports=True, **words)
    # What is asked for, and not yet approved, is nobody's business.
    assert "原定" not in read(url_of(pilots[0], "pilot"))
    decide_change(actor=people.manager, approves=True, **words)

    text = read(url_of(pilots[0], "pilot"))

    assert "（原定12）" in text
    assert "产业规模扩大" not in text


def test_what_must_not_appear(people, province, call, pilots):
    """Unpublished figures, what is only watched, those not chosen, reasons, people, drafts."""
    pilot = pilots[0]
    apply_to(call, province.bureaus["jingxing"], ApplicationState.REVIEWED)
    reach(pilot, call.year, "10.5", is_published=True)
    reach(pilot, call.year + 1, "777.7", is_published=False)
    Reached.objects.filter(year=call.year + 1).update(words="未公布的文字")
    watched = pilot.targets.filter(kind="monitored").values_list("name", flat=True)
    assert len(watched) == 15
    drawn = draw_up_round(people.manager, title="秘密批次")
    everything = [read(url) for url in (
        PROGRAMME, url_of(call, "round"), url_of(pilot, "pilot"), reverse("home:front"),
    )]  # fmt: skip

    secrets = [
        *("777", "未公布的文字", "实施意见.pdf", drawn.title, *watched),
        # A county not chosen is a tile as any other, and nothing more.
        "石家庄市井陉县",
        *(people.filler.display_name, people.manager.display_name, people.lead.display_name),
        pilot.application.county_approval.document_number,
        *(pilot.application.content_digest, str(pilot.application.public_id)),
    ]
    for secret in secrets:
        assert [page for page in everything if secret in page] == [], secret
    tiles = Client().get(PROGRAMME).context["tiles"]
    assert {tile.word for group in tiles for tile in group.tiles if tile.name == "井陉县"} == {
        "不是试点"
    }


def test_a_pilot_of_no_published_list_is_nobodys_business(people, province, pilots):
    other = open_a_round(people.manager, title="未公布的批次")
    application = apply_to(other, province.bureaus["xinji"], ApplicationState.REVIEWED)
    today = clock.today()
    hidden = begin_pilot(
        actor=people.publisher,
        application=application,
        starts_on=today,
        ends_on=today + timedelta(days=1000),
    )

    assert Client().get(url_of(hidden, "pilot")).status_code == HTTPStatus.NOT_FOUND
    assert str(hidden.public_id) not in read(PROGRAMME)


def test_programme_takes_the_same_queries_however_many_pilots(
    people, province, call, pilots, django_assert_max_num_queries
):
    browser = Client()
    browser.get(PROGRAMME)
    with django_assert_max_num_queries(7) as counted:
        browser.get(PROGRAMME)
    later = open_a_round(people.manager, title="下一批次")
    known = {pilot.office_id for pilot in pilots}
    others = [bureau for bureau in province.bureaus.values() if bureau.pk not in known]
    assert len(others) > 1
    publish_pilots(people.manager, people.publisher, later, *others)

    with django_assert_max_num_queries(len(counted)):
        browser.get(PROGRAMME)
    with django_assert_max_num_queries(8):
        browser.get(url_of(pilots[0], "pilot"))


def test_pilot_page_is_read_without_cookies(pilots):
    page = Client().get(url_of(pilots[0], "pilot"))

    assert not page.cookies
    assert pilots[0].ends_on > date(pilots[0].starts_on.year + 2, 12, 31) - timedelta(days=1)
