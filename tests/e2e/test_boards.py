"""Boards, search, open data and the interface in the browser."""

import csv
import re
from decimal import Decimal
from http import HTTPStatus
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import APIResponse, expect

from tests.e2e.conftest import Enter
from tests.e2e.person import PHONE, Person
from tests.e2e.sheets import today

pytestmark = pytest.mark.e2e

CITY, COUNTY, REGION = "廊坊市", "霸州市", "131081"
YEARS = (2018, 2019, 2020)
PAGES = ("位次与升降", "分档去向", "县域画像", "指标分布", "月度进展")
WHY = "已换发新令牌，停用。"
NOTE = "按核对结果更正。"


def rows_of(file: Path) -> list[list[str]]:
    """A comma-separated file, its heading first."""
    return list(csv.reader(StringIO(file.read_text(encoding="utf-8-sig"))))


def names_on(person: Person) -> list[str]:
    """The first words of each row of the long table."""
    return person.page.locator("main .board-table tbody th[scope=row]").all_inner_texts()


def test_the_province_reads_its_boards(enter: Enter):
    manager = enter("prov-manager")
    manager.navigate("数据看板")
    manager.is_at("数据看板")
    manager.look("数据看板")
    switch_chart_and_table(manager)
    for label in PAGES:
        manager.follow(label, within="main .board-pages")
        manager.is_at(label)
        manager.look(f"看板-{label}")
    narrow_the_ranking(manager)
    manager.go("/dashboards/?klass=Z")
    manager.reads("不在可选范围内，已按默认显示。")


def switch_chart_and_table(manager: Person) -> None:
    """The same numbers, drawn and written."""
    figure = manager.page.locator("[data-chart]").first
    expect(figure.locator("[data-chart-canvas] svg")).to_be_visible()
    expect(figure.locator("table")).to_be_hidden()
    figure.get_by_role("button", name="表", exact=True).press("Enter")
    expect(figure.locator("table")).to_be_visible()
    expect(figure.locator("[data-chart-canvas]")).to_be_hidden()
    figure.get_by_role("button", name="图", exact=True).click()
    expect(figure.locator("[data-chart-canvas] svg")).to_be_visible()
    with manager.page.expect_download() as saved:
        figure.get_by_role("button", name=re.compile("^SVG")).click()
    assert saved.value.suggested_filename.endswith(".svg")


def narrow_the_ranking(manager: Person) -> None:
    """What was chosen stands in the address, and the files hold just what the page shows."""
    manager.go("/dashboards/ranking/")
    everywhere = names_on(manager)
    manager.page.locator("select[name=city]").select_option(label=CITY)
    manager.press("查询")
    manager.page.wait_for_url(re.compile("city="))
    shown = names_on(manager)
    assert 0 < len(shown) < len(everywhere)
    manager.look("看板-位次-廊坊")
    address = manager.page.url
    rows = rows_of(manager.download(re.compile("^CSV")))
    assert [row[0] for row in rows[1:]] == shown
    sheet = openpyxl.load_workbook(manager.download(re.compile("^Excel")).open("rb")).active
    assert sheet is not None
    cells = [str(row[0]) for row in sheet.iter_rows(values_only=True)]
    assert cells[-len(shown) :] == shown
    again = manager.page.context.new_page()
    again.goto(address)
    expect(again.locator("main .board-table tbody th[scope=row]")).to_have_count(len(shown))
    again.close()


def test_city_and_county_see_their_own(enter: Enter):
    city, county = enter("langfang-review"), enter(f"{REGION}-fill", size=PHONE)
    city.go("/dashboards/ranking/")
    shown = names_on(city)
    assert any(COUNTY in name for name in shown)
    city.look("看板-市")
    county.navigate("数据看板")
    county.look("看板-县-手机")
    county.go("/dashboards/?show=score")
    county.reads("得分只显示本级查看范围内的县（市、区）")
    county.go("/dashboards/counties/")
    # With one county to choose from, the page is that county's.
    county.is_at(COUNTY)
    county.look("看板-画像-手机")
    assert rows_of(county.download(re.compile("^CSV")))[1:]


def test_the_public_board_without_scripts(enter: Enter):
    anybody = enter("", scripts=False)
    anybody.go("/dashboards/public/")
    anybody.is_at("数据看板")
    anybody.look("公开看板-无脚本")
    for year in YEARS:
        anybody.follow(re.compile(f"^{year}"), within="[data-years]")
        anybody.page.wait_for_url(re.compile(f"year={year}"))
        rows = rows_of(anybody.download(re.compile("^CSV")))
        assert len(rows) > len(YEARS)
        assert not any("分数" in cell or "总分" in cell for cell in rows[0])
    expect(anybody.page.locator("main table").first).to_be_attached()
    phone = enter("", size=PHONE)
    phone.go(f"/dashboards/public/?year={YEARS[0]}")
    phone.look("公开看板-手机")


def test_anything_is_found_from_the_header(enter: Enter):
    filler, plain = enter(f"{REGION}-fill"), enter("", scripts=False)
    for person, words in ((filler, "bzs"), (plain, "bazhou"), (plain, "霸州")):
        person.go("/" if person is plain else "/inbox/")
        person.page.locator("#finder-words").fill(words)
        person.page.locator("#finder-words").press("Enter")
        person.is_at("查找")
        person.reads(COUNTY)
        person.look(f"查找-{words}")
    filler.page.locator("main").get_by_role("link", name=re.compile(COUNTY)).first.click()
    filler.look("查找-所得")
    filler.go("/search/?q=gxjsqy")
    filler.page.locator("main").get_by_role("link", name=re.compile("高新技术企业")).first.click()
    filler.look("查找-指标")
    filler.go("/search/?q=没有这样的词")
    filler.look("查找-没有")


def test_open_data_is_read_by_anybody(enter: Enter):
    anybody = enter("")
    anybody.go("/open/")
    anybody.is_at("开放数据")
    anybody.look("开放数据")
    anybody.page.locator("main article h2 a").first.click()
    anybody.look("开放数据-一集")
    anybody.reads("全集摘要（SHA-256）")
    count = int(anybody.page.locator(".facts dd").first.inner_text().replace(",", ""))
    assert len(rows_of(anybody.download("下载CSV"))) - 1 == count
    anybody.go("/open/interface/")
    anybody.look("接口说明")
    anybody.page.locator("main details.operation summary").first.click()
    anybody.look("接口说明-一项")
    described = anybody.page.request.get(f"{anybody.url}/open/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    feed = anybody.page.request.get(f"{anybody.url}/open/feed.xml")
    assert feed.ok
    assert "县域科技创新" in feed.text()


def test_a_token_pushes_a_month_until_it_is_stopped(enter: Enter):
    admin = enter("sysadmin")
    prefix, token = issue(admin)
    program = enter("")
    call = newest_call(program, token)
    push_a_month(program, token, call)
    filler = enter(f"{REGION}-fill")
    filler.go(f"/indicators/monthly/{call}/")
    assert NOTE in filler.page.content()
    filler.look("月报-接口写入")
    stop(enter("secadmin"), prefix)
    refused = ask(program, token, "/api/v1/monthly")
    assert refused.status == HTTPStatus.UNAUTHORIZED
    assert refused.json()["detail"]


def issue(admin: Person) -> tuple[str, str]:
    """Shown once: its prefix and the token."""
    admin.navigate("接口令牌")
    admin.look("接口令牌")
    admin.follow("签发令牌", within=".page-actions")
    admin.fill("用途", "霸州市数据平台")
    admin.fill("所属账号（登录名）", "nobody-there")
    admin.press_with_errors("签发", "没有可用令牌的账号“nobody-there”")
    admin.look("签发令牌-有误")
    admin.fill("所属账号（登录名）", f"{REGION}-fill")
    for scope in ("读取月报", "写入月报"):
        admin.page.get_by_label(scope, exact=True).check()
    admin.press("签发")
    admin.is_at("令牌已签发")
    admin.look("令牌已签发")
    found = admin.page.locator(".facts code").first.inner_text()
    return found, admin.page.locator(".once code").inner_text()


def ask(
    program: Person, token: str, path: str, body: dict[str, Any] | None = None, key: str = ""
) -> APIResponse:
    """As a program does: a token, no cookies."""
    headers = {"Authorization": f"Bearer {token}"}
    if body is None:
        return program.page.request.get(f"{program.url}{path}", headers=headers)
    headers["Idempotency-Key"] = key
    return program.page.request.post(f"{program.url}{path}", headers=headers, data=body)


def newest_call(program: Person, token: str) -> str:
    """This year's call for monthly figures."""
    rows = ask(program, token, "/api/v1/monthly").json()["rows"]
    return str(next(row["id"] for row in rows if row["year"] == today().year))


def push_a_month(program: Person, token: str, call: str) -> None:
    """A figure that is none, then one that is; twice sent, once written."""
    path = f"/api/v1/monthly/{call}"
    year = ask(program, token, path).json()
    code, month = next(
        (line["code"], month)
        for line in year["lines"]
        for month in reversed(line["months"])
        if month["number"]
    )
    row = {"code": code, "month": month["month"], "note": NOTE}
    faulty = {"seen": year["seen"], "months": [{**row, "number": "十"}]}
    wrong = ask(program, token, f"{path}/figures", faulty, "e2e-faulty-0001")
    assert wrong.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert wrong.json()["errors"][0]["field"] == "months.0.number"
    number = str(Decimal(month["number"]) + 1)
    body = {"seen": year["seen"], "months": [{**row, "number": number}]}
    key = f"e2e-{today():%Y%m%d%H%M%S}"
    for replayed in ("false", "true"):
        done = ask(program, token, f"{path}/figures", body, key)
        assert done.ok, done.text()
        assert done.json()["written"] == 1
        assert done.headers["idempotency-replayed"] == replayed


def stop(security: Person, prefix: str) -> None:
    """Another office's hand, with a reason."""
    security.navigate("接口令牌")
    security.page.get_by_role("row", name=re.compile(prefix)).get_by_role("link").click()
    security.press_with_errors("停用", "请填写停用原因。")
    security.look("停用令牌-未写原因")
    security.fill("停用原因", WHY)
    security.press("停用")
    security.reads(f"令牌{prefix}已停用。", WHY)
