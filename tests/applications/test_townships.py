"""Townships under a county that is a pilot (S4): registered, applied for, pilots, withdrawn with their county."""

import pytest
from django.urls import reverse

from applications.actions.applying import begin_application
from applications.actions.beginning import begin_pilot
from applications.actions.terms import TermInput, change_term
from applications.enums import ApplicationState, PilotAct
from applications.selectors.townships import list_townships
from county_portal.accounts.actions import register_township
from county_portal.accounts.models import Region
from county_portal.accounts.roles import Level
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.documents.content import read_content
from county_portal.documents.importer import import_registers
from tests.factories.people import signed_in
from tests.factories.pilots import (
    bring_to,
    have_letter,
    make_pilot,
    open_a_round,
    recommend,
    write_everything,
)


@pytest.fixture
def township(people):
    return register_township(actor=people.filler, name="胜芳镇", code="131081100")


@pytest.fixture
def town_call(people):
    return open_a_round(people.manager, title="乡镇试点", unit_level=Level.TOWNSHIP)


def test_registered_under_the_county(people, province, township):
    county = province.counties["bazhou"]

    assert list(list_townships(county)) == [township]
    assert township.full_name == county.full_name + "胜芳镇"
    assert township.reviewing_office == county.reviewing_office


@pytest.mark.parametrize(
    ("name", "code", "refused"),
    [
        ("胜芳", "131081101", "township_name"),
        ("镇", "131081101", "township_name"),
        ("信安镇", "131081", "township_code"),
        ("信安镇", "130102001", "township_code"),
        ("信安镇", "13108110１", "township_code"),
        ("信安镇", "131081100", "township_code_used"),
        ("胜芳镇", "131081101", "township_name_used"),
    ],
)
def test_refused(people, township, name, code, refused):
    with pytest.raises(Invalid, match=refused):
        register_township(actor=people.filler, name=name, code=code)

    assert Region.objects.filter(level=Level.TOWNSHIP).count() == 1


def test_only_by_whoever_applies(people):
    with pytest.raises(NotAllowed):
        register_township(actor=people.lead, name="胜芳镇", code="131081100")


def test_by_the_page(people):
    browser, url = signed_in(people.filler), reverse("applications:townships")

    assert "还没有登记乡镇" in browser.get(url).content.decode()
    assert browser.post(url, {"name": "胜芳", "code": "1"}).status_code == 422
    assert browser.post(url, {"name": "胜芳镇", "code": "131081100"}).status_code == 302
    assert "胜芳镇" in browser.get(url).content.decode()
    assert signed_in(people.manager).get(url).status_code == 403


def test_not_without_a_county_that_is_a_pilot(people, township, town_call):
    with pytest.raises(Stale, match="county_not_pilot"):
        begin_application(actor=people.filler, round_id=town_call.public_id, township=township)


def test_not_once_the_county_withdrew(people, province, call, township, town_call):
    county = make_pilot(people.manager, province.bureaus["bazhou"], call=call)
    data = TermInput(PilotAct.WITHDRAW, "区划调整。", "冀科区〔2026〕3号")
    change_term(actor=people.manager, pilot_id=county.public_id, data=data)

    with pytest.raises(Stale, match="county_not_pilot"):
        begin_application(actor=people.filler, round_id=town_call.public_id, township=township)
    page = signed_in(people.filler).get(reverse("applications:home")).content.decode()
    assert "本县不是试点县" in page


def test_a_pilot_under_its_county_withdraws_with_it(people, province, call, township, town_call):
    county = make_pilot(people.manager, province.bureaus["bazhou"], call=call)
    application = begin_application(
        actor=people.filler, round_id=town_call.public_id, township=township
    )
    write_everything(application, people.filler)
    application = bring_to(application, ApplicationState.REVIEWED)
    town = begin_pilot(
        actor=people.manager,
        application=application,
        starts_on=county.starts_on,
        ends_on=county.ends_on,
    )
    assert town.parent == county
    page = signed_in(people.filler).get(reverse("applications:pilot", args=[county.public_id]))
    assert "所属试点乡镇（1个）" in page.content.decode()
    asked = signed_in(people.manager).get(
        reverse("applications:pilot_term", args=[county.public_id, "withdraw"])
    )
    assert "所属试点乡镇同时退出" in asked.content.decode()

    data = TermInput(PilotAct.WITHDRAW, "区划调整。", "冀科区〔2026〕3号")
    change_term(actor=people.manager, pilot_id=county.public_id, data=data)

    town.refresh_from_db()
    assert town.state == "withdrawn"
    assert "退出试点：区划调整" in town.events.get(act="withdraw").reason


@pytest.fixture
def town(people, province, call, township, town_call):
    """胜芳镇's application, reviewed by 廊坊, its county being a pilot."""
    make_pilot(people.manager, province.bureaus["bazhou"], call=call)
    application = begin_application(
        actor=people.filler, round_id=town_call.public_id, township=township
    )
    write_everything(application, people.filler)
    return bring_to(application, ApplicationState.REVIEWED)


def test_the_letter_names_a_township_by_its_county(people, town, town_call):
    import_registers("hebei")
    letter = recommend(town)

    said = str(read_content(letter.content))
    assert "霸州市胜芳镇" in said
    assert "组织所辖乡镇（街道）申报" in said
    assert "乡镇（街道）" in said.split("序号")[1][:60]


def test_a_township_lies_on_its_countys_tile_and_counts_in_its_city(people, town, town_call):
    have_letter(town)
    client = signed_in(people.manager)
    url = reverse("applications:layout", args=[town_call.public_id])

    page = client.post(url, {"chosen": [str(town.public_id)], "bound": "2", "act": "preview"})

    tiles = [tile for group in page.context["tiles"] for tile in group.tiles]
    (tile,) = [each for each in tiles if each.word == "拟入选"]
    assert (tile.name, tile.note) == ("霸州市", "胜芳镇")
    langfang, choices, _ = next(each for each in page.context["cities"] if each[0].name == "廊坊市")
    assert (langfang.candidates, langfang.chosen) == (1, 1)
    assert [each["name"] for each in choices] == ["霸州市胜芳镇"]


def test_pages_of_the_choice_speak_of_townships(people, town, town_call):
    have_letter(town)
    client = signed_in(people.manager)

    for name in ("selection", "selection_figures", "panel_setup", "layout", "pilot_list"):
        page = client.get(reverse(f"applications:{name}", args=[town_call.public_id]))
        main = page.content.decode().split("<main")[1]
        said = main.replace("周边县（市、区）", "")  # of the criteria experts judge by
        assert "县（市、区）" not in said, name
