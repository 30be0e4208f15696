"""Monthly figures in the browser: the county's table, the charts, the overview and its workbook."""

import io
from datetime import datetime

import openpyxl
import pytest
from django.urls import reverse

from county_portal.common import clock
from indicators.actions.monthly import open_call
from indicators.models import MonthlyCall
from tests.factories.people import signed_in
from tests.factories.sheets import filler_of
from tests.indicators.browsing import code, questions, text, url

YEAR = 2026


@pytest.fixture(autouse=True)
def spring():
    """Three months are over."""
    with clock.playing(datetime(YEAR, 4, 3, 9, tzinfo=clock.BEIJING)):
        yield


@pytest.fixture
def call(people, version):
    version.indicators.update(monthly="")
    version.indicators.filter(code="01").update(monthly="flow")
    version.indicators.filter(code="04").update(monthly="stock")
    with clock.playing(datetime(YEAR, 1, 5, 9, tzinfo=clock.BEIJING)):
        return open_call(actor=people.manager, version=version, year=YEAR, due_day=10)


def county_page(call, region):
    return reverse("indicators:monthly_county", args=[call.public_id, region.public_id])


def seen(client, call):
    return client.get(url("monthly_fill", call)).context["form"].seen


def save(client, call, **typed):
    data = {"seen": seen(client, call)} | {name.replace("_", "-"): t for name, t in typed.items()}
    return client.post(url("monthly_fill", call), data)


def test_the_county_reports_and_sees_where_it_stands(people, call):
    client = signed_in(people.filler)
    answer = save(client, call, f_04_1="５１", f_04_3="52", b_04="50", g_04="62", f_01_1="7,351.20")
    assert answer.status_code == 302

    page = client.get(url("monthly_fill", call))

    assert 'value="51"' in page.content.decode()
    assert 'value="7351.2"' in page.content.decode()
    words = text(page)
    assert "慢 1家" in words
    assert "2月已逾期，请尽快补报" in words
    assert 'name="f-04-4"' not in page.content.decode()


def test_what_was_typed_stays_when_something_is_wrong(people, call):
    client = signed_in(people.filler)

    answer = save(client, call, f_04_1="五十一", f_04_2="52", t_04_2="新增一家")

    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="五十一"' in page
    assert 'value="52"' in page
    assert "不是数字" in text(answer)
    assert 'href="#f-04-1"' in page


def test_a_falling_sum_is_asked_for_its_note_beside_the_cell(people, call):
    client = signed_in(people.filler)
    save(client, call, f_01_1="900")

    answer = save(client, call, f_01_1="900", f_01_2="800")

    assert (answer.status_code, code(answer)) == (422, "flow_fell")
    assert 'href="#t-01-2"' in answer.content.decode()
    assert save(client, call, f_01_1="900", f_01_2="800", t_01_2="退回财政").status_code == 302


def test_a_stale_page_is_told(people, call):
    client = signed_in(people.filler)
    old = seen(client, call)
    save(client, call, f_04_1="51")

    answer = client.post(url("monthly_fill", call), {"seen": old, "f-04-1": "99"})

    assert (answer.status_code, code(answer)) == (409, "edited_meanwhile")
    assert 'value="99"' in answer.content.decode()


def test_a_target_cannot_be_emptied(people, call):
    client = signed_in(people.filler)
    save(client, call, b_04="50", g_04="62")

    answer = save(client, call, b_04="50", g_04="")

    assert answer.status_code == 422
    assert "不能清空" in text(answer)


def test_the_chart_has_its_table_and_no_zero_for_a_gap(people, call, province):
    client = signed_in(people.filler)
    save(client, call, f_04_1="51", f_04_3="52", b_04="50", g_04="62")

    page = client.get(county_page(call, province.counties["bazhou"]))

    assert page.content.decode().count('<circle class="chart-dot"') == 2
    assert "1月51；3月52" in page.content.decode()
    assert "数据表" in text(page)


@pytest.mark.parametrize(
    "who, county, status",
    [
        ("lead", "bazhou", 200),
        ("lead", "changan", 404),
        ("reviewer", "bazhou", 200),
        ("reviewer", "changan", 404),
        ("shijiazhuang_reviewer", "bazhou", 404),
        ("manager", "changan", 200),
        ("system_admin", "bazhou", 403),
    ],
)
def test_whose_figures_one_sees(people, call, province, who, county, status):
    page = signed_in(getattr(people, who)).get(county_page(call, province.counties[county]))

    assert page.status_code == status


def test_the_overview_is_of_ones_own_counties(people, call):
    save(signed_in(people.filler), call, f_04_1="51", b_04="50", g_04="62")

    top = signed_in(people.manager).get(url("monthly_overview", call))
    city = signed_in(people.shijiazhuang_reviewer).get(url("monthly_overview", call))

    assert (len(top.context["years"]), len(city.context["years"])) == (4, 2)
    assert "霸州市" in text(top)
    assert "霸州市" not in text(city)
    assert "1、2月" in text(top)
    assert signed_in(people.lead).get(url("monthly_overview", call)).status_code == 403


def test_the_overview_leaves_as_a_workbook(people, call):
    save(signed_in(people.filler), call, f_04_1="51", f_04_3="52", b_04="50", g_04="62")

    answer = signed_in(people.manager).get(url("monthly_export", call))

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    row = next(row for row in rows if row[0].endswith("霸州市") and row[3] == 50)
    assert row[5:8] == [51, None, 52]
    assert row[17:] == ["3月", 53, "慢", 1]


def test_more_reports_ask_no_more_questions(people, call):
    address = url("monthly_overview", call)
    before = questions(people.manager, address)
    save(signed_in(people.filler), call, f_04_1="51", b_04="50", g_04="62")
    save(
        signed_in(filler_of(people.changan_lead)),
        call,
        f_04_1="51",
        f_01_2="3",
        b_04="50",
        g_04="62",
    )

    assert questions(people.manager, address) == before


def test_the_province_calls_for_a_year(people, call, version):
    client = signed_in(people.manager)
    new = reverse("indicators:monthly_new")
    data = {"version": str(version.public_id), "year": str(YEAR + 1), "due_day": "8"}

    client.post(new, data)
    again = client.post(new, data)

    assert MonthlyCall.objects.get(year=YEAR + 1).due_day == 8
    assert again.status_code == 422
    assert "已经布置" in text(again)


def test_each_finds_his_page_from_the_list(people, call):
    listing = reverse("indicators:monthly")
    pages = {
        "filler": url("monthly_fill", call),
        "reviewer": url("monthly_overview", call),
        "manager": url("monthly_overview", call),
    }
    for who, address in pages.items():
        assert address in signed_in(getattr(people, who)).get(listing).content.decode(), who
