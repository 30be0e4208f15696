"""A pilot at the browser: its yearly report, its acceptance, the pack of everything."""

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

from playwright.sync_api import expect

from tests.e2e.conftest import Enter
from tests.e2e.files import text_of_pdf
from tests.e2e.person import Person
from tests.e2e.programme import County, scan

SUMMARY = "各试点按计划推进建设，考核指标总体达到年度目标。"
JUDGED = "目标任务完成较好，材料齐全，建议通过验收。"
DECIDED = "考核指标完成情况良好，专家意见一致，同意通过验收。"
HASHES = "哈希清单.csv"
FOLLOWS = 60_000
# Every figure is what was aimed at; every word is there.
_REACH = """() => {
  for (const row of document.querySelectorAll("tr[id^='line-']")) {
    const target = row.querySelector("td[data-label='目标'] .num")?.textContent.replace(/,/g, "").trim();
    const words = row.querySelector("textarea");
    if (!words.value) words.value = "按计划推进，配套措施继续执行。";
    const order = row.id.slice(5), field = document.getElementById(`${order}-text`);
    const parts = ["numerator", "denominator"].map((part) => document.getElementById(`${order}-${part}`));
    if (!field || !/^[0-9.]+$/.test(target ?? "")) continue;
    parts.forEach((part) => { if (part) part.value = ""; });
    field.value = target;
  }
  for (const field of document.querySelectorAll("textarea[id^='id_']")) {
    if (!field.value) field.value = "按实施方案推进，逐季调度。";
  }
}"""
_CONCLUDE = """() => {
  for (const row of document.querySelectorAll("tr[id^='line-']")) {
    const goal = row.children[3].firstChild.textContent.replace(/,/g, "").trim();
    const field = row.querySelector("input"), words = row.querySelector("textarea");
    if (field && /^[0-9.]+$/.test(goal)) field.value = goal;
    words.value = "完成情况良好。";
  }
  for (const name of ["work", "results", "problems", "outlook"]) {
    document.getElementById(`id_${name}`).value = "按批复的实施方案完成建设任务。";
  }
}"""


def ask_too_early(filler: Person, pilot: str) -> None:
    """Nothing is accepted before the last half year."""
    filler.go(pilot)
    filler.reads("还没有开始。总结验收在建设期结束前半年内开展")
    filler.look("试点")
    filler.press_with_errors("开始总结验收", "请届时再办理。")


def report(enter: Enter, county: County, pilot: str, year: int) -> None:
    """A year's report from the county's first line to the province's register."""
    code, city, name = county.code, county.office, county.name
    filler, lead = enter(f"{code}-fill"), enter(f"{code}-lead")
    note_tasks(filler, pilot)
    home = open_report(filler, year)
    filler.look("进展报告-空白")
    filler.follow("填写", within=".page-actions")
    # A machine under load shows the fields before the scripts that look after them have run.
    filler.reads("报送前还须补齐")
    filler.page.wait_for_load_state("networkidle")
    filler.page.evaluate(_REACH)
    filler.press("保存")
    filler.reads("已保存", "各项均已填写，可由县级负责人报送。")
    filler.look("进展报告-填写")
    reviewer, manager = enter(f"{city}-review"), enter("prov-manager")
    for person, label, words in (
        (lead, "报送", "已报送，等待审核单位受理。"),
        (reviewer, "受理", "已受理，请核对后审核通过或退回。"),
        (reviewer, "审核通过", "审核通过，已转省科技厅接收。"),
        (manager, "接收", "已接收，实际值已记入试点台账。"),
    ):
        person.go(home)
        person.press(label)
        person.reads(words)
    manager.look("进展报告-已接收")
    lead.go(home)
    lead.press("生成PDF")
    lead.page.wait_for_url(re.compile("/jobs/"))
    await_link(lead, home, "下载PDF")
    text = text_of_pdf(lead.fetch("下载PDF"))
    assert name in text
    assert f"{year}年度" in text
    filler.go(pilot)
    filler.reads("目标与完成情况")


def note_tasks(filler: Person, pilot: str) -> None:
    """How far each key task has come, which the report takes over."""
    filler.go(pilot)
    links = filler.page.locator(".pilot-task").get_by_role("link", name=re.compile("^填写进展"))
    for address in [str(link.get_attribute("href")) for link in links.all()]:
        filler.go(address)
        filler.fill("完成进度（%）", "40")
        filler.fill("进展情况", "按进度安排推进。")
        filler.press("保存")
        filler.reads("进展已保存，市、省两级可见。")


def open_report(filler: Person, year: int) -> str:
    """From the list; the report's address."""
    filler.navigate("进展报告")
    filler.look("进展报告列表")
    row = filler.page.get_by_role("row", name=re.compile(f"{year}年度"))
    row.get_by_role("link").click()
    filler.reads("编制中", "3月31日")
    return filler.page.url


def await_link(person: Person, page: str, label: str | re.Pattern[str]) -> None:
    """The worker's file is linked on the page once it is made."""
    link = person.page.locator("main").get_by_role("link", name=label).first
    for _ in range(FOLLOWS // 1000):
        person.go(page)
        if link.count():
            return
        person.page.wait_for_timeout(1000)
    expect(link).to_be_visible()


def sum_up(manager: Person, publisher: Person, anybody: Person, year: int, pilot: str) -> None:
    """The province's words, published by another person; then anybody reads what was reached."""
    manager.go(f"/reports/progress/{year}/")
    manager.page.locator("#id_text").fill(SUMMARY)
    manager.press("保存")
    manager.reads("总体情况已保存，由发布人核对后公布。")
    manager.look("年度汇总")
    publisher.go(f"/reports/progress/{year}/")
    publisher.page.get_by_role("button", name=re.compile("公布$")).click()
    publisher.reads(f"{year}年度建设进展情况已公布。")
    anybody.go(f"/programme/progress/{year}/")
    anybody.reads(SUMMARY)
    anybody.look("公开-建设进展")
    anybody.go(pilot.replace("/pilots/", "/programme/pilots/"))
    anybody.reads("已达到")
    anybody.look("公开-试点-已达到")


def accept(enter: Enter, county: County, pilot: str, on: date) -> None:
    """总结验收 from the county's summary to the decision."""
    code, city, name = county.code, county.office, county.name
    filler, lead, reviewer = (
        enter(f"{code}-fill"),
        enter(f"{code}-lead"),
        enter(f"{city}-review"),
    )
    home = write_summary(filler, pilot)
    lead.go(home)
    step(lead, "报送")
    lead.look("验收-已报送")
    reviewer.go(home)
    step(reviewer, "受理")
    step(reviewer, "审核通过")
    manager = enter("prov-manager")
    experts = enter("prov-expert1"), enter("prov-expert2")
    examine(manager, home, on, experts)
    for expert in experts:
        give_opinion(expert, name)
    manager.go(home)
    manager.follow("拟定结论", within=".page-actions")
    manager.page.get_by_role("radio", name="通过", exact=True).check()
    manager.page.locator("#id_reasons").fill(DECIDED)
    manager.press("拟定验收结论")
    manager.reads("结论已拟定，请发布人作出决定。")
    publisher = enter("prov-publisher")
    publisher.go(home)
    publisher.look("验收-待决定")
    step(publisher, "作出验收结论")
    publisher.reads(DECIDED)
    publisher.look("验收-已决定")


def write_summary(filler: Person, pilot: str) -> str:
    """What was done and reached, with evidence; the address of the acceptance."""
    filler.go(pilot)
    filler.press("开始总结验收")
    filler.reads("总结验收已经开始")
    edit = filler.page.url
    filler.page.evaluate(_CONCLUDE)
    filler.press("保存")
    filler.reads("已保存。")
    filler.page.locator("#id_name").fill("建设情况证明材料")
    filler.page.locator("#id_file").set_input_files(scan("证明材料.pdf"))
    filler.press("上传")
    filler.reads("材料已上传。", "已填写完整，可以由负责人报送")
    filler.look("编制验收总结")
    return edit.removesuffix("edit/")


def step(person: Person, label: str) -> None:
    """The link, then the button of the page that asks."""
    person.follow(re.compile(f"^{label}$"), within=".page-actions")
    person.is_at(label)
    person.press(label)
    person.reads("已办理，验收材料现为")


def examine(manager: Person, home: str, on: date, experts: Sequence[Person]) -> None:
    """A defence, a visit, two experts."""
    manager.go(home)
    for kind in ("答辩", "现场核查"):
        manager.follow("登记答辩或核查", within=".page-actions")
        manager.page.locator("#id_kind").select_option(label=kind)
        manager.page.locator("#id_held_on").fill(f"{on:%Y-%m-%d}")
        manager.page.locator("#id_place").fill("省科技厅会议室")
        manager.page.locator("#id_participants").fill("专家组全体成员")
        manager.page.locator("#id_findings").fill("汇报内容与报送材料一致，指标来源清楚。")
        manager.press("登记答辩或现场核查")
        manager.reads("已登记，县级和市级可见。")
    manager.follow("分派专家", within=".page-actions")
    manager.press_with_errors("分派专家", "请至少选择一名专家。")
    for expert in experts:
        manager.page.get_by_label(expert.page.locator(".user-menu-name").inner_text()).check()
    manager.press("分派专家")
    manager.reads("已分派2名专家，各专家独立评议，互不可见。")


def give_opinion(expert: Person, name: str) -> None:
    """Blind to the other until given."""
    expert.go("/pilots/acceptances/opinions/")
    row = expert.page.locator("main tbody tr", has_text=name).first
    row.get_by_role("link").first.click()
    expert.page.get_by_role("radio", name="通过", exact=True).check()
    expert.page.locator("#id_comment").fill(JUDGED)
    expert.look("验收评议")
    expert.press("提交评议")
    expert.reads("评议意见已提交，不能再修改。")


def take_the_pack_home(manager: Person, pilot: str) -> None:
    """One file with everything in it, and a sheet of hashes that holds."""
    packs = pilot.replace("/pilots/", "/reports/progress/packs/")
    manager.go(packs)
    manager.press("一键生成证据包")
    await_link(manager, packs, "下载证据包")
    manager.look("证据包")
    check_hashes(manager.download("下载证据包"))


def check_hashes(pack: Path) -> None:
    """Every file is listed, and is what the sheet says."""
    with ZipFile(pack) as archive:
        sheet = archive.read(HASHES).decode("utf-8-sig")
        listed = {row["路径"]: row for row in csv.DictReader(io.StringIO(sheet))}
        assert set(listed) == set(archive.namelist()) - {HASHES}
        for path, row in listed.items():
            content = archive.read(path)
            assert hashlib.sha256(content).hexdigest() == row["SHA-256"], path
            assert len(content) == int(row["字节数"]), path
        assert any("进展报告" in path for path in listed)
        assert any(path.startswith("04-公文/") and "总结验收" in path for path in listed)
        # The letter ranks a neighbour beside it.
        assert not any(path.startswith("04-公文/") and "推荐" in path for path in listed)
        assert any(path.endswith("指标和任务完成情况（第1版）.xlsx") for path in listed)


def term(starts_on: date) -> tuple[date, date]:
    """The March after the term's first year, and a day in its last half year."""
    return date(starts_on.year + 1, 3, 10), starts_on + timedelta(days=3 * 365 - 60)
