"""A measure's month in the browser: progress reported, a standing set, units urged, the 督导专报 issued."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Enter
from tests.e2e.files import text_of_pdf, text_of_workbook
from tests.e2e.person import PHONE, Person
from tests.e2e.programme import scan
from tests.e2e.sheets import today
from tests.e2e.stack import LiveStack
from tests.e2e.test_documents import pass_on

pytestmark = pytest.mark.e2e

LEDGER = "关于加快推进县域科技创新的若干措施"
# The measure with the goal of 35 省协同创新中心, and the liaison of the unit that leads it.
MEASURE, UNIT, LIAISON = "协同创新中心", "省教育厅", "unit-shengjiaoyuting"
GOAL = "省协同创新中心（个）"
PROGRESS = "新立项省协同创新中心2个，累计33个，全部完成绩效评估。"
LATER = "补报：另有1个中心通过现场考察。"
LAGS = "距目标还差2个，低于时序进度，按月调度。"
URGED = "请于本月底前报送剩余2个中心的建设安排。"
# S3's first task, of the county's department of finance, closed when the year was over.
TASKS, TASK, DEPARTMENT = "霸州市2020年度科技创新跃升主要任务", "加大财政科技支出力度", "131081-czj"
SPENT = "全年科技支出按预算拨付，占公共财政支出的0.52%。"
FILES_COME = 60_000


@pytest.fixture(scope="module", autouse=True)
def clock(stack: LiveStack) -> Iterator[None]:
    """However it ends, the demonstration's clock is right again."""
    yield
    stack.manage("demo_clock")


def test_a_measure_from_its_progress_to_the_report_of_the_month(enter: Enter, stack: LiveStack):
    manager = enter("prov-manager")
    home = read_ledger(manager)
    report(enter(LIAISON), home)
    set_standing(manager, home)
    urge(manager, home)

    stack.manage("demo_clock", f"{after_the_month():%Y-%m-%d}")
    drafter = enter("prov-manager")
    month = draft(drafter, home)
    paper, code = sign(enter("prov-checker"), enter("prov-publisher"), drafter)
    verify(enter("", size=PHONE), code)
    report_late(enter(LIAISON), home)
    see_it_unchanged(drafter, month, paper)


def after_the_month() -> date:
    """A day of the next month on which this month's reports are closed."""
    return (today().date().replace(day=1) + timedelta(days=32)).replace(day=8)


def open_ledger(person: Person, title: str) -> None:
    """From the navigation."""
    person.navigate("措施台账")
    person.follow(title, within="main")
    person.is_at(title)


def read_ledger(manager: Person) -> str:
    """The province's ledger, narrowed to one measure; returns the measure's address."""
    manager.navigate("措施台账")
    manager.look("措施台账")
    open_ledger(manager, LEDGER)
    manager.look("措施台账-一本")
    expect(manager.page.get_by_role("heading", name="时间图")).to_be_visible()
    manager.page.locator("main #id_q").fill(MEASURE)
    manager.press("查询")
    manager.reads("共1条。", UNIT)
    manager.look("措施台账-查询")
    assert MEASURE in text_of_workbook(manager.download("导出表格"))
    manager.page.locator("main tbody th[scope=row] a").first.click()
    manager.reads("省协同创新中心", "目标35个")
    manager.look("措施")
    return manager.page.url


def report(liaison: Person, home: str) -> None:
    """A unit's month: first with everything wrong, then with a figure and evidence."""
    liaison.navigate("措施台账")
    liaison.follow("本单位任务", within=".page-actions")
    liaison.is_at("本单位任务")
    liaison.look("本单位任务")
    begin_report(liaison, home, today().date())
    liaison.press_with_errors("保存填报", "请填写本月进展情况")
    liaison.look("填报进展-有误")
    liaison.fill("本月进展情况", PROGRESS)
    liaison.fill(GOAL, "三十三")
    liaison.press_with_errors("保存填报", "三十三")
    liaison.fill(GOAL, "33")
    liaison.page.get_by_label("佐证材料").set_input_files([scan("绩效评估结果.pdf")])
    liaison.press("保存填报")
    liaison.reads("的进展已填报。", PROGRESS, "绩效评估结果.pdf", "现为33个")
    liaison.look("措施-已填报")


def begin_report(liaison: Person, home: str, month: date) -> None:
    """The form of that month, by its chip."""
    liaison.go(home)
    liaison.follow(re.compile("^填报进展"), within="main")
    liaison.page.locator(f".chips a[href$='month={month:%Y-%m}']").click()
    liaison.is_at(f"{month.year}年{month.month}月进展")


def set_standing(manager: Person, home: str) -> None:
    """Said to lag; without a reason nothing is said."""
    manager.go(home)
    manager.follow("列为滞后", within=".page-actions")
    manager.press_with_errors("列为滞后", "没有办成，请先改正下列问题")
    manager.look("列为滞后-未写原因")
    manager.fill("原因", LAGS)
    manager.press("列为滞后")
    manager.reads("已办理“列为滞后”，原因记入办理记录。", LAGS)


def urge(manager: Person, home: str) -> None:
    """Once a day; a second time is refused."""
    manager.go(home)
    manager.follow("催办", within=".page-actions")
    manager.fill("催办意见", URGED)
    manager.press("催办")
    manager.reads("已催办，责任单位已收到站内通知。", URGED)
    manager.look("措施-已催办")
    manager.follow("催办", within=".page-actions")
    manager.fill("催办意见", URGED)
    with manager.refused_with(409):
        manager.press("催办")
        manager.reads("今天已催办过，请明天再办理。")


def draft(drafter: Person, home: str) -> str:
    """The month's report as it reads, then as a document; returns the month's address."""
    drafter.go(home)
    drafter.follow(LEDGER, within=".crumbs")
    drafter.follow("督导专报", within=".page-actions")
    drafter.is_at(f"{today().year}年{today().month}月督导专报")
    drafter.reads(PROGRESS)
    drafter.look("督导专报-生成")
    month = drafter.page.url
    drafter.follow("起草督导专报", within=".page-actions")
    drafter.look("起草督导专报")
    drafter.press("开始起草")
    drafter.reads("文稿已建立")
    drafter.press("保存")
    drafter.reads("文稿已保存。")
    drafter.look("督导专报-文稿")
    pass_on(drafter, "送核稿", "文稿已送核稿。")
    return month


def sign(checker: Person, publisher: Person, drafter: Person) -> tuple[str, str]:
    """A second person checks, a third signs; returns the paper's address and its code."""
    checker.go(drafter.page.url)
    pass_on(checker, "核稿通过", "核稿通过，已送签发。")
    publisher.go(drafter.page.url)
    pass_on(publisher, "签发", "已签发，编号为")
    expect(publisher.page.locator(".file-list").get_by_role("link")).to_have_count(
        2, timeout=FILES_COME
    )
    publisher.look("督导专报-已签发")
    text = text_of_pdf(publisher.download(re.compile("^PDF")))
    assert "33个" in text
    assert UNIT in text
    return publisher.page.url, publisher.page.locator(".facts code").first.inner_text()


def verify(anybody: Person, code: str) -> None:
    """Whoever holds the paper asks whether it is valid."""
    anybody.go("/v/")
    anybody.page.get_by_role("textbox", name="核验码").fill(code)
    anybody.press("核验")
    anybody.reads("有效", "督导专报")
    anybody.look("核验-督导专报")


def report_late(liaison: Person, home: str) -> None:
    """The same month once more, when it is closed."""
    begin_report(liaison, home, today().date())
    liaison.reads("本月已填报过")
    liaison.fill("本月进展情况", LATER)
    liaison.fill(GOAL, "34")
    liaison.press("保存填报")
    liaison.reads("的进展已填报。", LATER)


def see_it_unchanged(drafter: Person, month: str, paper: str) -> None:
    """What came after the month was closed is not in its report, and the paper holds."""
    drafter.go(month)
    drafter.reads("本月督导专报已签发", PROGRESS)
    expect(drafter.page.locator("main")).not_to_contain_text(LATER)
    drafter.look("督导专报-签发之后")
    drafter.go(paper)
    drafter.reads("有效")
    expect(drafter.page.locator("main")).not_to_contain_text("已失效")


def test_a_department_reports_its_task(enter: Enter):
    lead = enter("131081-lead")
    open_ledger(lead, TASKS)
    lead.look("措施台账-县")
    row = lead.page.get_by_role("row", name=re.compile(TASK))
    row.get_by_role("link").first.click()
    home = lead.page.url
    lead.follow("重新推进", within=".page-actions")
    lead.press_with_errors("重新推进", "没有办成，请先改正下列问题")
    lead.fill("原因", "决算后补记全年数。")
    lead.press("重新推进")
    lead.reads("已办理“重新推进”")

    department = enter(DEPARTMENT, size=PHONE)
    department.navigate("措施台账")
    department.is_at("本单位任务")
    department.look("本单位任务-部门")
    department.go(home)
    department.look("措施-部门")
    department.follow(re.compile("^填报进展"), within="main")
    department.fill("本月进展情况", SPENT)
    department.press("保存填报")
    department.reads("的进展已填报。", SPENT)
    department.look("措施-部门已填报")


def test_the_responsibility_table_is_kept_and_printed(enter: Enter):
    filler = enter("131081-fill")
    filler.navigate("责任分工表")
    filler.is_at("责任分工表")
    filler.look("责任分工表")
    units = responsible(filler)
    as_it_was = units.input_value()
    units.fill("、、")
    filler.press_with_errors("保存责任分工表", "单位")
    filler.look("责任分工表-有误")
    responsible(filler).fill(f"{as_it_was}、行政审批局")
    filler.press("保存责任分工表")
    filler.reads("责任分工表已保存，改动1项。", "本县写明")
    filler.follow("测算责任分工表（打印）", within=".page-actions")
    filler.look("测算责任分工表")
    expect(filler.page.locator("main")).to_contain_text("行政审批局")
    filler.page.get_by_label("目标年份").select_option("2020")
    filler.press("查看")
    filler.reads("52.64", "61.33", "73.97")
    filler.look("测算责任分工表-2020")
    filler.page.emulate_media(media="print")
    filler.photograph("测算责任分工表-打印")


def responsible(filler: Person) -> Locator:
    """Who answers for the fourth line: firms of high technology."""
    return filler.page.locator("#responsible-04")
