"""A whole year in the browser: collected, filled, reviewed, scored, graded, published, explained."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from playwright.sync_api import expect

from tests.e2e import sheets
from tests.e2e.conftest import Enter
from tests.e2e.files import text_of_pdf, text_of_workbook
from tests.e2e.person import Person
from tests.e2e.sheets import today

pytestmark = pytest.mark.e2e

DATA_YEAR = 2021
TITLE = f"{DATA_YEAR}年度县域科技创新指标填报（浏览器演练）"
COUNTY, NAME, CITY = "131081", "霸州市", "langfang"
LABORATORY, PAPER = "河北省钢木家具重点实验室", "重点实验室批复.pdf"
COMMENT = "“高新技术企业数量”与省名录不一致，请核对后重新填报。"
EXCEPTION = "浏览器演练：其余县（市、区）不参加本次评价。"
FOLLOWS = 60_000


def test_a_whole_year(enter: Enter):
    manager = enter("prov-manager")
    open_collection(manager)
    filler, lead = enter(f"{COUNTY}-fill"), enter(f"{COUNTY}-lead")
    fill_in(filler)
    explain(filler)
    have_approved(filler)
    submit(lead, "提交")
    reviewer = enter(f"{CITY}-review")
    give_back(reviewer)
    correct(filler)
    explain(filler)
    have_approved(filler)
    submit(lead, "重新提交")
    approve(reviewer)
    receive(manager)
    score(enter("prov-expert1"))
    grade(manager)
    draft(manager)
    consent(manager)
    publish(enter("prov-publisher"))
    read_in_public(enter(""))
    make_cards(manager)
    read_card(filler)


def open_collection(manager: Person) -> None:
    """The province calls for figures of a year nobody was asked about yet."""
    manager.look("待办")
    manager.navigate("采集任务")
    manager.is_at("采集任务")
    manager.look("采集任务列表")
    manager.follow("新建采集任务")
    manager.press_with_errors("建立", "请填写任务名称。")
    manager.look("新建采集任务-有误")
    first = manager.page.get_by_label("指标体系版本")
    first.select_option(index=1)
    manager.fill("任务名称", TITLE)
    manager.fill("数据年度", str(DATA_YEAR))
    manager.fill("评价年度", str(DATA_YEAR + 1))
    for label, days in (("开始日期", -1), ("县级截止日期", 10), ("市级截止日期", 20)):
        manager.fill(label, f"{today() + timedelta(days=days):%Y-%m-%d}")
    manager.press("建立")
    manager.reads("采集任务已建立，开放后各县才能填报。", "尚未开放填报")
    manager.look("采集任务-拟定中")
    manager.follow("开放填报")
    manager.reads("向全省各县（市、区）开放填报？", "各得到一份填报表")
    manager.look("开放填报-确认")
    manager.press("开放填报")
    manager.reads("采集任务已开放，各县可以填报。", "各审核单位进度", "廊坊市")
    manager.look("采集任务-填报中")


def fill_in(filler: Person) -> None:
    """The county types its figures in two sittings and lists its laboratory."""
    filler.navigate("填报")
    filler.look("填报表列表")
    filler.follow(TITLE)
    filler.reads("填报中", "县级填报")
    filler.look("填报表")
    filler.follow("填报", within=".page-actions")
    filler.is_at(f"填报：{TITLE}")
    filler.look("填报-空白")

    # Autosave may ask before the button does, and again when the page is back, and is refused alike.
    with filler.refused_with(HTTPStatus.UNPROCESSABLE_ENTITY):
        filler.page.locator("#v-04").fill("六十二家")
        filler.press_with_errors("保存草稿", "没有保存：有1处填写有误")
        filler.look("填报-有误")
        expect(filler.page.locator("#v-04")).to_have_value("六十二家")
        sheets.type_figures(filler)
        filler.press("保存草稿")
        filler.reads("已保存。")
        expect(filler.page.locator("#v-01")).to_have_value("8,120.50")
        expect(sheets.line(filler, "02")).to_contain_text("按已保存的分子、分母计算：1.4475%")
        expect(sheets.line(filler, "08")).to_contain_text("清单列出0项")
        filler.look("填报-已存")

    sheets.add_evidence(filler, LABORATORY, PAPER)
    filler.look("清单")
    filler.follow(PAPER)
    assert filler.download(re.compile("下载")).read_bytes() == sheets.PAPER
    filler.page.go_back()
    filler.follow("返回填报")
    expect(sheets.line(filler, "08")).to_contain_text(LABORATORY)
    expect(sheets.line(filler, "08")).not_to_contain_text("清单列出0项")
    filler.press("保存并检查")
    filler.reads("已保存。", "已填 17/17")


def explain(filler: Person) -> None:
    """What the rules ask about, the county answers."""
    filler.navigate("填报")
    filler.follow(TITLE)
    sheets.explain(filler)


def have_approved(filler: Person) -> None:
    """What is handed in was approved by the county government, each time it is changed."""
    filler.navigate("填报")
    filler.follow(TITLE)
    sheets.have_approved(filler)
    filler.look("县政府审定")


def submit(lead: Person, label: str) -> None:
    """The county's head takes a last look and hands in."""
    lead.navigate("填报")
    lead.follow(TITLE)
    lead.follow(label, within=".page-actions")
    lead.reads("提交到廊坊市科学技术局审核？", "县级不能再修改")
    lead.look(f"{label}-确认")
    lead.press("确认提交")
    lead.reads("已提交廊坊市科学技术局审核。", "待市级受理")
    lead.look(f"{label}-之后")


def give_back(reviewer: Person) -> None:
    """The city finds a figure wrong; words are needed."""
    reviewer.navigate("审核")
    reviewer.look("审核列表")
    choose_year(reviewer)
    reviewer.follow(re.compile(NAME))
    sheets.accept(reviewer)
    reviewer.reads(LABORATORY, PAPER, "缺报", sheets.REASON)
    reviewer.look("审核")
    reviewer.press_with_errors("退回", "请填写退回意见")
    reviewer.look("审核-未写意见")
    sheets.line(reviewer, "04").get_by_role("checkbox").check()
    reviewer.page.locator("#reason-04").select_option(label="与统计年报等来源不一致")
    reviewer.fill("退回意见", COMMENT)
    reviewer.press("退回")
    reviewer.reads("已退回县级修改", "已退回", COMMENT)
    reviewer.look("审核-已退回")


def choose_year(reviewer: Person) -> None:
    """The list opens on the newest data year; ours is an older one."""
    reviewer.page.get_by_role("combobox", name="采集任务").select_option(label=TITLE)
    reviewer.press("查询")
    reviewer.reads("待市级受理")


def correct(filler: Person) -> None:
    """The county reads the words, finds the line marked, and changes it."""
    filler.navigate("待办")
    filler.reads(COMMENT)
    filler.look("待办-被退回")
    filler.navigate("填报")
    filler.follow(TITLE)
    filler.reads("退回意见", COMMENT)
    filler.look("填报表-已退回")
    filler.follow("填报", within=".page-actions")
    expect(sheets.line(filler, "04")).to_have_class(re.compile("is-returned"))
    filler.page.locator("#v-04").fill("58")
    filler.page.locator("#n-05").fill("58")
    filler.look("填报-已退回")
    filler.press("保存草稿")
    filler.reads("已保存。")


def approve(reviewer: Person) -> None:
    """The city sees what was changed and lets it pass."""
    reviewer.navigate("审核")
    choose_year(reviewer)
    reviewer.follow(re.compile(NAME))
    sheets.accept(reviewer)
    expect(sheets.line(reviewer, "04")).to_contain_text("原为62家")
    reviewer.reads("退回后改动的2项")
    reviewer.look("审核-重新提交")
    reviewer.press("审核通过")
    reviewer.reads("审核通过，已转省科技厅接收。", "待省级接收")


def receive(manager: Person) -> None:
    """The province takes it in."""
    manager.navigate("采集任务")
    manager.follow(TITLE)
    manager.follow("批量接收（1）")
    manager.reads("待接收的1份填报表", NAME)
    manager.look("批量接收")
    manager.press("接收所勾选的填报表")
    manager.reads("已接收1份，跳过0份")
    manager.look("批量接收-之后")


def score(expert: Person) -> None:
    """An expert scores the words of the county."""
    expert.navigate("专家评分")
    expert.look("专家评分")
    expert.follow(TITLE)
    expert.reads(sheets.STORY)
    expert.fill(re.compile(NAME), "九分")
    expert.press_with_errors("保存评分", "评分都没有保存")
    expert.look("专家评分表-有误")
    expert.fill(re.compile(NAME), "4.5")
    expert.press("保存评分")
    expert.reads("已保存，本次变动1个县（市、区）的评分。")
    expert.look("专家评分表")


def grade(manager: Person) -> None:
    """The manager grades without the others, and says why; the page follows the work by itself."""
    manager.navigate("评价运行")
    manager.look("评价运行")
    row = manager.page.get_by_role("row", name=re.compile(re.escape(TITLE)))
    row.get_by_role("link", name="开始评价").click()
    manager.reads("有填报表未通过市级审核")
    manager.look("开始评价")
    manager.press_with_errors("开始评价", "评价没有开始，请先改正下列问题")
    manager.fill("例外说明", EXCEPTION)
    manager.press("开始评价")
    manager.reads("评价已开始，在后台进行，可以离开本页。", EXCEPTION)
    expect(manager.page.get_by_role("heading", name="评价结果")).to_be_visible(timeout=FOLLOWS)
    manager.reads("参评县（市、区）")
    manager.look("评价运行-完成")
    manager.press("立即核验")
    manager.reads("核验一致")
    manager.follow(NAME, within="#results")
    manager.reads("计算过程", "58", "17210")
    manager.look("得分明细")
    manager.page.go_back()


def draft(manager: Person) -> None:
    """A list is drafted from the run."""
    manager.follow("拟定名单")
    manager.look("拟定名单")
    manager.press("拟定名单")
    manager.reads("名单已拟定", "公布时编号")
    manager.look("名单-拟定中")


def consent(manager: Person) -> None:
    """The leading group's consent is registered."""
    manager.follow("登记领导小组意见")
    manager.fill("同意日期", f"{today():%Y-%m-%d}")
    manager.fill("文号或会议纪要编号", f"冀科领纪〔{today().year}〕92号")
    manager.look("登记领导小组意见")
    manager.press("登记领导小组意见")
    manager.reads("已登记领导小组同意，待发布人公布。")
    expect(manager.page.get_by_role("link", name="公布", exact=True)).to_have_count(0)


def publish(publisher: Person) -> None:
    """A second person publishes."""
    publisher.look("待办")
    publisher.navigate("名单")
    publisher.look("名单列表")
    publisher.follow(f"{DATA_YEAR}年度名单（第1版）")
    publisher.follow("公布", within=".page-actions")
    publisher.reads(f"公布{DATA_YEAR}年度名单？", "办理后不能收回。")
    publisher.look("公布-确认")
    publisher.press("公布")
    publisher.reads(f"名单已以冀科领〔{today().year}〕", "公布，PDF、Word和Excel文件正在生成。")
    publisher.look("名单-刚公布")
    link = publisher.page.locator(".file-list").get_by_role("link", name="Excel")
    expect(link).to_be_visible(timeout=FOLLOWS)
    publisher.look("名单-已公布")


def read_in_public(anybody: Person) -> None:
    """Anybody reads the list and takes it home, without an account."""
    anybody.go("/")
    anybody.look("首页")
    anybody.follow("评价结果")
    anybody.look("公开名单列表")
    anybody.follow(re.compile(f"^{DATA_YEAR}年度"))
    anybody.is_at(f"{DATA_YEAR}年度县域科技创新能力监测评价结果")
    anybody.reads(NAME, f"冀科领〔{today().year}〕")
    anybody.fill("县（市、区）名称", "bazhou")
    anybody.press("查询")
    expect(anybody.page.locator(".found-name").first).to_contain_text(NAME)
    anybody.look("公开名单")
    assert NAME in text_of_pdf(anybody.download("下载PDF"))
    assert NAME in text_of_workbook(anybody.download("下载Excel"))
    expect(anybody.page.locator("main")).not_to_contain_text("总分")


def make_cards(manager: Person) -> None:
    """The manager has the report cards made and follows them."""
    manager.navigate("得分说明书")
    manager.look("得分说明书")
    manager.page.get_by_role("row", name=re.compile(f"^{DATA_YEAR}年度")).get_by_role(
        "link"
    ).click()
    # A list of one county leads straight to its card; the year is one step up.
    manager.is_at(NAME)
    manager.follow(f"{DATA_YEAR}年度", within=".crumbs")
    manager.look("得分说明书-年度")
    manager.press("批量生成PDF")
    manager.is_at(f"生成{DATA_YEAR}年度得分说明书")
    expect(manager.page.get_by_role("link", name="下载结果文件")).to_be_visible(timeout=FOLLOWS)
    manager.reads("已完成 1 / 1（100%）")
    manager.look("批量生成-完成")


def read_card(filler: Person) -> None:
    """The county reads where each point comes from, and takes its card home."""
    filler.navigate("得分说明书")
    row = filler.page.get_by_role("row", name=re.compile(f"^{DATA_YEAR}年度"))
    row.get_by_role("link").click()
    filler.is_at(f"{NAME}{DATA_YEAR}年度得分说明")
    filler.reads("逐项得分与计算过程", LABORATORY)
    filler.look("得分说明")
    text = text_of_pdf(filler.download("下载PDF"))
    assert NAME in text
    assert LABORATORY in text
