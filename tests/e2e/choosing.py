"""How the province chooses pilots at the browser: formal check, panel, layout, list, notice, publication."""

import re
from collections.abc import Sequence
from http import HTTPStatus

from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.programme import FIRST, FOURTH, OWN_PATH, RECOMMENDED, SECOND, County, Walk, day
from tests.e2e.sheets import today

PRAISE = "目标清楚，任务可考核，县域带动作用明显。"
DOUBT = "基础较好，个别任务的责任单位还须细化。"
CHOSEN = "评审得分靠前，带动作用强，布局均衡。"
NOT_CHOSEN = "同一设区市已有入选县，本批次暂不列入。"
OBJECTION = "该县上年研发经费数据与统计年鉴不一致，请核查。"


def close_round(manager: Person, walk: Walk) -> None:
    """Nobody applies any more."""
    manager.go(walk.round)
    manager.follow("截止申报", within=".page-actions")
    manager.press("截止申报")
    manager.reads("已截止")
    manager.look("批次-已截止")


def come_too_late(filler: Person, walk: Walk) -> None:
    """After the close no county begins."""
    with filler.refused_with(HTTPStatus.CONFLICT):
        filler.go(f"{walk.round}begin/")
    filler.reads("不能开始申报")
    filler.look("开始申报-已截止")


def check_formally(manager: Person, walk: Walk) -> None:
    """The machine checks what it can, a person the rest."""
    for county in RECOMMENDED:
        manager.go(f"{candidate_of(walk, county)}")
        if county is FIRST:
            manager.look("候选-形式审查")
            manager.press_with_errors("形式审查通过", "审查结论没有保存，请先改正下列问题")
        for choice in manager.page.get_by_role("radio", name="符合", exact=True).all():
            choice.check()
        manager.press("形式审查通过")
        manager.reads("形式审查通过，进入专家评审。")


def candidate_of(walk: Walk, county: County) -> str:
    """The province's page of an application."""
    return walk.homes[county.code].replace("/applications/", "/applications/candidates/")


def assign_experts(manager: Person, walk: Walk, experts: Sequence[Person]) -> None:
    """The two for everybody."""
    manager.go(f"{walk.round}panel/")
    manager.look("专家评审")
    for expert in experts:
        name = expert.page.locator(".user-menu-name").inner_text()
        for box in manager.page.get_by_role("checkbox", name=f"由{name}评审").all():
            box.check()
    form = manager.page.locator("form", has=manager.page.locator(".assign-table"))
    form.get_by_role("button").last.click()
    manager.reads(f"新增{len(experts) * len(RECOMMENDED)}件")


def judge_blind(first: Person, second: Person, walk: Walk) -> None:
    """Neither reads the other before giving an opinion."""
    first.navigate("试点评审")
    first.look("试点评审")
    for county in RECOMMENDED:
        judge(first, walk, county, "8", PRAISE)
    for county in RECOMMENDED:
        judge(second, walk, county, "6", DOUBT, unseen=PRAISE)
    second.reads(PRAISE)
    second.look("评审意见-已提交")


def judge(
    expert: Person, walk: Walk, county: County, points: str, words: str, unseen: str = ""
) -> None:
    """Declared without a conflict, read, judged."""
    expert.go("/applications/panel/")
    row = expert.page.get_by_role("row", name=re.compile(county.name)).filter(has_text=walk.title)
    row.get_by_role("link").click()
    if county is FIRST:
        expert.press_with_errors("提交声明", "请选择一项声明。")
    expert.page.get_by_role("radio", name=re.compile("没有利益冲突")).check()
    expert.press("提交声明")
    expert.reads("我的评审意见")
    if unseen:
        expect(expert.page.locator("main")).not_to_contain_text(unseen)
    if county is FIRST:
        expert.look("评审材料")
    for field in expert.page.locator(".points-line input").all():
        field.fill(points)
    expert.page.locator("#id_comment").fill(words)
    expert.press("提交意见")
    expert.reads("已提交对")


def try_out(manager: Person, walk: Walk) -> None:
    """Who would be where, before anything is decided."""
    manager.go(f"{walk.round}selection/")
    manager.reads("2/2", FIRST.name)
    manager.look("候选比较")
    manager.go(f"{walk.round}layout/")
    for county in (FIRST, FOURTH, OWN_PATH):
        manager.page.locator(".trial-line", has_text=county.name).locator("input").check()
    manager.page.locator("#id_name").fill("均衡方案")
    manager.press("保存方案")
    manager.reads("已保存“均衡方案”。")
    manager.look("区域布局")


def draft_list(manager: Person, walk: Walk) -> None:
    """From the layout tried out; each decision with its reason."""
    manager.follow("按本方案拟定名单", within=".page-actions")
    manager.press_with_errors("保存名单", "名单没有拟定，请先改正下列问题")
    manager.page.locator("#id_starts_on").fill(day(10))
    for line in manager.page.locator(".decision-line").all():
        chosen = SECOND.name not in line.inner_text()
        line.get_by_role("radio", name="入选" if chosen else "不入选", exact=True).check()
        line.get_by_role("textbox").fill(CHOSEN if chosen else NOT_CHOSEN)
    manager.press("保存名单")
    manager.reads("名单已拟定。", NOT_CHOSEN)
    manager.look("名单-已拟定")


def start_notice(manager: Person, walk: Walk) -> str:
    """Seven days, both ends counted; the address of the public page."""
    manager.follow("开始公示", within=".page-actions")
    manager.page.locator("#id_consent_on").fill(day(0))
    manager.page.locator("#id_consent_number").fill(f"冀科厅纪〔{today().year}〕77号")
    manager.page.locator("#id_notice_from").fill(day(0))
    manager.page.locator("#id_notice_until").fill(day(5))
    manager.press_with_errors("开始公示", "公示期不少于7天")
    manager.page.locator("#id_notice_until").fill(day(6))
    manager.press("开始公示")
    manager.reads("名单已公示，公众可以在线提交异议。")
    manager.look("名单-公示中")
    address = manager.page.get_by_role("link", name="公示页面").get_attribute("href")
    return str(address)


def object_in_public(anybody: Person, notice: str) -> None:
    """Without an account."""
    anybody.go(notice)
    anybody.reads(FIRST.name)
    expect(anybody.page.locator("main")).not_to_contain_text(f"邯郸市{SECOND.name}")
    anybody.look("公示")
    anybody.press_with_errors("提交异议", "异议没有提交，请先改正下列问题")
    anybody.page.locator("#id_raised_by").fill("赵明")
    anybody.page.locator("#id_contact").fill("0310-0000000")
    anybody.page.locator("#id_region_code").select_option(FIRST.code)
    anybody.page.locator("#id_text").fill(OBJECTION)
    anybody.press("提交异议")
    anybody.reads("异议已提交，省科技厅将核查处理。")


def settle(manager: Person, walk: Walk) -> None:
    """Every objection is answered before the list is published."""
    manager.go(f"{walk.round}list/")
    manager.follow("赵明", within="main")
    manager.reads(OBJECTION)
    manager.press_with_errors("办结异议", "处理意见没有保存，请先改正下列问题")
    manager.page.locator("#id_answer").fill("经核查，数据与统计年鉴一致，异议不成立。")
    manager.press("办结异议")
    manager.reads("该异议已办结。")


def publish(publisher: Person, walk: Walk) -> None:
    """Somebody else than who drew it up, once the notice is over."""
    publisher.go(f"{walk.round}list/")
    publisher.look("名单-待公布")
    publisher.follow("公布名单", within=".page-actions")
    publisher.look("公布名单-确认")
    publisher.press("公布名单")
    publisher.reads("公布，试点建设期已登记。")
    publisher.look("名单-已公布")


def read_in_public(anybody: Person, walk: Walk) -> str:
    """Everybody reads who was chosen and what each promised; the page of the first."""
    anybody.go("/programme/")
    anybody.reads(f"{walk.title}（3个）")
    anybody.look("公开-试点")
    batch = anybody.page.get_by_role("region", name=f"{walk.title}名单")
    expect(batch).not_to_contain_text(SECOND.name)
    batch.get_by_role("link", name=FIRST.name).click()
    anybody.reads("考核目标与已公布的完成情况", "尚未公布")
    anybody.look("公开-一个试点")
    return anybody.page.url.replace("/programme/pilots/", "/pilots/")
