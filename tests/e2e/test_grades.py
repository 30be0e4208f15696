"""A grade all the way: scheme edited, rehearsed, locked; run, boundary counties, list; appeal and correction."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Enter
from tests.e2e.person import PHONE, Person
from tests.e2e.programme import scan
from tests.e2e.sheets import today

pytestmark = pytest.mark.e2e

YEAR = 2019
COUNTY, NAME, CITY, REGION = "131082", "三河市", "langfang", "131000"
INDICATOR = "4. 高新技术企业数量"
FOLLOWS = 240_000
RUN = re.compile(f"^{YEAR}年度.*次评价$")
CLAIM = "认定文件下达晚于填报截止日期，当时少计1家，请按文件更正。"
REASON = "按修订后的评分方案重新评价。"
CORRECTED = "三河市申诉成立，更正数据后重新评价。"


def test_a_grade_from_its_scheme_to_its_correction(enter: Enter):
    manager, checker = enter("prov-manager"), enter("prov-checker")
    edit_scheme(manager)
    rehearse(manager)
    verify_and_lock(manager, checker)
    grade(manager)
    look_around(manager)
    review_boundary(manager)
    publisher = enter("prov-publisher")
    publish(manager, publisher, REASON, 93)
    lead = enter(f"{COUNTY}-lead")
    appeal = file_appeal(lead)
    opine(enter(f"{CITY}-review"), appeal)
    review_appeal(manager, appeal)
    decide(publisher, appeal)
    grade(manager)
    review_boundary(manager)
    publish(manager, publisher, CORRECTED, 94)
    read_erratum(enter("", size=PHONE))


def edit_scheme(manager: Person) -> None:
    """A new version with one limit lowered by a tenth."""
    manager.navigate("评分方案")
    manager.look("评分方案")
    manager.follow(re.compile("^拟定新版本"))
    manager.fill("修订说明", "A类分档线下调0.1分。")
    manager.look("评分方案-拟定新版本")
    manager.press("拟定新版本")
    manager.follow("修改总则")
    limit = manager.page.get_by_label("第1档下限（分）")
    lowered = str(Decimal(limit.input_value()) - Decimal("0.1"))
    limit.fill("A")
    manager.press_with_errors("保存", "第1档下限")
    limit.fill(lowered)
    manager.look("评分方案-总则")
    manager.press("保存")
    manager.reads(lowered)
    manager.look("评分方案-拟定中")


def rehearse(manager: Person) -> None:
    """Three frozen years under the draft: who would change class."""
    draft = manager.page.url
    manager.go("/scoring/rehearsals/")
    choice = manager.page.get_by_label("评分方案")
    label = choice.locator("option", has_text="拟定中").first.inner_text()
    choice.select_option(label=label)
    manager.look("方案试算")
    manager.press("开始试算")
    expect(manager.page.get_by_text(re.compile("分档线由")).first).to_be_visible(timeout=FOLLOWS)
    manager.look("方案试算-结果")
    manager.go(draft)


def verify_and_lock(manager: Person, checker: Person) -> None:
    """Golden cases pass, then another person locks."""
    draft = manager.page.url
    manager.follow(re.compile("^逐格查看"))
    manager.look("验证用例")
    manager.go(draft)
    manager.press("验证")
    manager.reads("已验证")
    checker.go(draft)
    checker.follow("锁定", within=".page-actions")
    checker.look("评分方案-锁定")
    checker.press("锁定方案")
    checker.reads("已锁定")


def grade(manager: Person) -> None:
    """A run of the year by the newest locked version; the page follows the work by itself."""
    manager.navigate("评价运行")
    row = manager.page.get_by_role("row", name=re.compile(f"^{YEAR}年度"))
    row.get_by_role("link", name="开始评价").click()
    manager.press("开始评价")
    manager.reads("评价已开始")
    expect(manager.page.get_by_role("heading", name="评价结果")).to_be_visible(timeout=FOLLOWS)


def look_around(manager: Person) -> None:
    """What the province looks at before it decides."""
    home = manager.page.url
    for label in ("与前次比较", "分档变化", "得分分布", "缺报与沿用", "四种口径差异"):
        manager.follow(label, within=".run-pages")
        manager.look(f"评价-{label}")
        manager.go(home)
    manager.go(f"{home}?city={REGION}")
    manager.follow(NAME, within="#results")
    manager.page.locator("details").first.locator("summary").click()
    manager.look("得分说明")
    manager.go(home)


def review_boundary(manager: Person) -> None:
    """A word on every county whose class hangs on little; without it nothing is published."""
    run = manager.page.url
    manager.go(f"{run}robustness/")
    expect(manager.page.get_by_text("抽样次数").first).to_be_visible(timeout=FOLLOWS)
    manager.look("稳健性分析")
    page = manager.page
    while True:
        waiting = page.get_by_role("row").filter(has_text="待复核")
        if not waiting.count():
            break
        waiting.first.get_by_role("link").first.click()
        manager.fill("复核意见", "逐项核对佐证和统计部门反馈，得分属实，维持原分档。")
        manager.press("标记已复核")
        manager.reads("已复核")
        manager.go(f"{run}robustness/")
    manager.look("稳健性分析-已复核")
    manager.go(run)


def publish(manager: Person, publisher: Person, reason: str, serial: int) -> None:
    """Drafted, consented to, published by a second person."""
    day = today()
    manager.follow("拟定更正名单")
    manager.fill("更正原因", reason)
    manager.press("拟定名单")
    manager.follow("登记领导小组意见")
    manager.fill("同意日期", f"{day:%Y-%m-%d}")
    manager.fill("文号或会议纪要编号", f"冀科领纪〔{day.year}〕{serial}号")
    manager.press("登记领导小组意见")
    manager.reads("已登记领导小组同意")
    publisher.go(manager.page.url)
    publisher.follow("公布", within=".page-actions")
    publisher.press("公布")
    publisher.reads("名单已以")


def file_appeal(lead: Person) -> str:
    """The county's head appeals against a line, with evidence; returns the appeal's address."""
    lead.navigate("申诉")
    lead.look("申诉-县级")
    lead.follow(re.compile("得分明细|提出申诉"))
    lead.look("申诉-得分明细")
    row = lead.page.get_by_role("row").filter(has_text=INDICATOR)
    row.get_by_role("link", name=re.compile("^申诉")).click()
    figure = lead.page.locator(".appeal-facts dd").first.inner_text()
    scored = int(re.findall(r"\d+", figure)[0])
    lead.press_with_errors("提出申诉", "申诉没有提出，请先改正下列问题")
    lead.fill("申诉理由", CLAIM)
    lead.page.locator("#id_text").fill(str(scored + 1))
    lead.page.get_by_label("证明材料").set_input_files(scan("高企认定文件.pdf"))
    lead.look("申诉-填写")
    lead.press("提出申诉")
    lead.reads("待市级意见", CLAIM)
    lead.look("申诉-已提出")
    return lead.page.url


def opine(reviewer: Person, appeal: str) -> None:
    """The city supports it."""
    reviewer.navigate("申诉")
    reviewer.look("申诉-市级")
    reviewer.go(appeal)
    reviewer.page.get_by_role("radio").first.check()
    reviewer.fill("理由", "经核对认定文件，情况属实。")
    reviewer.press("提交意见")
    reviewer.reads("待省级复查")


def review_appeal(manager: Person, appeal: str) -> None:
    """The effect is looked at before the correction is proposed."""
    manager.go(appeal)
    manager.follow("复查", within=".page-actions")
    manager.page.get_by_role("radio", name=re.compile("^拟予更正")).check()
    manager.fill("复查理由", "认定文件属实，应计入。")
    manager.press("测算影响")
    manager.reads("将引起的变化")
    manager.look("申诉-测算影响")
    manager.press("提出复查意见")
    manager.reads("待省级决定")


def decide(publisher: Person, appeal: str) -> None:
    """Another person decides."""
    publisher.go(appeal)
    publisher.look("申诉-决定")
    publisher.page.get_by_role("radio").first.check()
    publisher.fill("理由", "同意更正。")
    publisher.press("提交意见")
    publisher.reads("申诉成立")


def read_erratum(anybody: Person) -> None:
    """What changed and why is public, without scores."""
    anybody.go("/lists/")
    anybody.follow(re.compile(f"^{YEAR}年度"))
    anybody.reads("本名单为更正后的名单", CORRECTED)
    anybody.look("更正公告-手机")
    expect(anybody.page.locator("main")).not_to_contain_text("总分")
