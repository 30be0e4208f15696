"""The pilot programme in the browser: from the call for pilots to the acceptance three years later."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.e2e import building, choosing, programme
from tests.e2e.conftest import Enter
from tests.e2e.person import Person
from tests.e2e.programme import (
    FIRST,
    FOURTH,
    LATE,
    OWN_PATH,
    SECOND,
    THIRD,
    County,
    Walk,
    day,
    scan,
)
from tests.e2e.sheets import today
from tests.e2e.stack import LiveStack
from tests.e2e.test_documents import pass_on

pytestmark = pytest.mark.e2e

PLACES = {"邯郸市科技局": "2", "张家口市科技局": "1", "雄安新区": "1"}
GUIDANCE = "请把分年度目标逐项写清，并与指标体系表一致。"
WANTED = "请核对上年数值的统计口径。"
GOOD = "产业基础扎实，创新投入逐年增长，对周边县（市、区）带动作用明显。"
OPINION = "经审核，所推荐县（市、区）申报材料齐全、数据真实，同意推荐。"
REFUSED = "研发投入和创新主体数量与名额内各县尚有差距，建议培育后再报。"


@pytest.fixture(scope="module")
def walk() -> Walk:
    """What one part of the way leaves for the next."""
    return Walk(f"{today().year}年度创新型县（市、区）试点（演练{today():%H%M%S}）")


@pytest.fixture(scope="module", autouse=True)
def clock(stack: LiveStack) -> Iterator[None]:
    """However it ends, the demonstration's clock is right again."""
    yield
    stack.manage("demo_clock")


def test_counties_apply_and_cities_recommend(enter: Enter, walk: Walk):
    manager = enter("prov-manager")
    open_round(manager, walk)
    filler, lead = enter(f"{FIRST.code}-fill"), enter(f"{FIRST.code}-lead")
    walk.homes[FIRST.code] = fill_by_hand(filler, walk.title)
    handan = enter("handan-review")
    guide(handan, filler, walk.homes[FIRST.code])
    approve_by_hand(lead, walk.homes[FIRST.code])
    for county in (SECOND, THIRD, FOURTH, OWN_PATH):
        apply_quickly(enter, walk, county)

    give_back(handan, walk)
    answer(filler, lead, walk)
    for county in (FIRST, SECOND, THIRD):
        pass_review(handan, walk.homes[county.code])
    rank_within_the_places(handan, walk)
    signer = enter("handan-sign")
    void = issue_letter(handan, signer, walk)
    change_after_the_letter(handan, enter, walk)
    see_it_void(handan, walk, void)
    issue_letter(handan, signer, walk)
    for county in (FOURTH, OWN_PATH):
        reviewer = enter(f"{county.office}-review")
        pass_review(reviewer, walk.homes[county.code])
        recommend_alone(reviewer, walk, county)
        issue_letter(reviewer, enter(f"{county.office}-sign"), walk)


def open_round(manager: Person, walk: Walk) -> None:
    """The province draws the round up, and opens it to everybody."""
    manager.navigate("试点申报")
    manager.look("试点申报-省")
    manager.follow("新建批次")
    manager.press_with_errors("建立", "请填写批次名称。")
    manager.fill("批次名称", walk.title)
    manager.page.locator("#id_basis").fill("河北省科学技术厅建设创新型县（市、区）工作指引")
    choose_version(manager)
    for label, days in (("开始日期", 0), ("县级报送截止日期", 20), ("市级推荐截止日期", 30)):
        manager.fill(label, day(days))
    for office, places in PLACES.items():
        manager.page.get_by_label(office, exact=True).fill(places)
    manager.look("新建批次")
    manager.press("建立")
    manager.reads("批次已建立", "拟定中", "4个")
    walk.round = manager.page.url
    manager.look("批次-拟定中")
    manager.follow("开放申报", within=".page-actions")
    manager.look("开放申报")
    manager.press("开放申报")
    manager.reads("申报要求", "各推荐单位进度")
    manager.look("批次-申报中")


def choose_version(manager: Person) -> None:
    """The only version is chosen already; of several, the first."""
    version = manager.page.get_by_label("指标体系表版本")
    if not version.input_value():
        version.select_option(index=1)


def fill_by_hand(filler: Person, title: str) -> str:
    """Every page of the materials, with what people do wrong on the way."""
    filler.navigate("试点申报")
    filler.look("试点申报-县")
    home = programme.begin(filler, title)
    filler.look("申报材料-空白")
    programme.write_document(filler, home, FIRST.name)
    programme.add_own_row(filler, home)
    programme.write_basics(filler, home)
    filler.look("基本情况表")
    fill_table(filler, home)
    for order in programme.QUALITATIVE:
        programme.prove(filler, home, order)
    for section in programme.TEXTS:
        programme.write_section(filler, home, section)
    filler.look("实施方案-一部分")
    programme.write_task(filler, home)
    filler.go(f"{home}plan/")
    filler.look("实施方案")
    return home


def fill_table(filler: Person, home: str) -> None:
    """Ten ★ and no eleventh; a target worse than last year's figure wants a reason."""
    programme.write_table(filler, home)
    stars = filler.page.locator("input[name=star]")
    stars.last.check()
    filler.reads("已选11项，最多10项，请取消多选的")
    filler.look("指标体系表-十一项")
    programme.save_table(filler, "最多10项，请取消多选的")
    filler.go(f"{home}finish/")
    filler.reads("还不能定稿", "自选考核指标（★）须选10项，现选11项，请取消1项。")
    filler.go(f"{home}table/edit/")
    stars.last.uncheck()
    worsen(filler)
    filler.reads("目标不如现状")
    filler.look("指标体系表-目标不如现状")
    filler.go(f"{home}finish/")
    filler.reads("还不能定稿", "目标不如现状")
    programme.give_reasons(filler, home)
    expect(filler.page.locator("main")).not_to_contain_text("目标不如现状")


def worsen(filler: Person) -> None:
    """Firms of high technology become fewer."""
    row = filler.page.locator("tbody[id='row-11']")
    for year in programme.years()[1:]:
        row.locator(f"#v-11-{year}").fill("1")
    row.locator("textarea[name='r-11']").evaluate("(field) => { field.value = ''; }")
    programme.save_table(filler)


def approve_by_hand(lead: Person, home: str) -> None:
    """The county government, then the city."""
    lead.go(f"{home}approval/")
    lead.press_with_errors("登记审议通过", "没有登记，请先改正下列问题")
    lead.look("县政府审议-有误")
    programme.approve(lead, home, FIRST.name)
    programme.submit(lead, home)
    lead.look("申报材料-已报送")


def apply_quickly(enter: Enter, walk: Walk, county: County) -> None:
    """The same forms, posted as fast as they go."""
    filler, lead = enter(f"{county.code}-fill"), enter(f"{county.code}-lead")
    home = programme.apply_quickly(filler, walk.title, county.name)
    programme.approve(lead, home, county.name)
    programme.submit(lead, home)
    walk.homes[county.code] = home


def guide(reviewer: Person, filler: Person, home: str) -> None:
    """The city remarks on one part while it is written; the county reads it, and finishes."""
    reviewer.navigate("试点申报")
    reviewer.look("试点申报-市")
    reviewer.go(f"{home}review/")
    panel = reviewer.page.locator("#guidance-goals")
    panel.locator("summary").click()
    panel.get_by_role("textbox").fill(GUIDANCE)
    panel.get_by_role("button", name=re.compile("^保存")).click()
    reviewer.reads("指导意见已保存")
    filler.go(home)
    filler.reads(GUIDANCE)
    filler.look("申报材料-有指导意见")
    programme.finish(filler, home)


def give_back(reviewer: Person, walk: Walk) -> None:
    """The city gives back what it wants changed."""
    reviewer.go(f"{walk.homes[FIRST.code]}review/")
    reviewer.look("市级审核")
    reviewer.press("受理")
    reviewer.reads("已受理，县级不能再撤回。")
    reviewer.press_with_errors("退回", "没有退回，请先改正下列问题")
    reviewer.page.locator("[name='row-2']").evaluate(
        "(field, text) => { field.value = text; }", WANTED
    )
    reviewer.fill("退回意见", "有一处口径须核对。")
    reviewer.press("退回")
    reviewer.reads("要求逐项列在其申报材料页面。")


def answer(filler: Person, lead: Person, walk: Walk) -> None:
    """Each thing asked is answered; then the whole way again."""
    home = walk.homes[FIRST.code]
    filler.go(home)
    filler.reads(WANTED, "待答复")
    filler.look("申报材料-被退回")
    filler.page.get_by_label(re.compile("^答复")).fill("已与县统计局核对，口径一致。")
    filler.press("保存答复")
    filler.reads("答复已保存。")
    programme.finish(filler, home)
    programme.approve(lead, home, FIRST.name)
    programme.submit(lead, home)


def pass_review(reviewer: Person, home: str) -> None:
    """Accepted and found in order."""
    reviewer.go(f"{home}review/")
    reviewer.press("受理")
    reviewer.reads("已受理，县级不能再撤回。")
    reviewer.press("审核通过")
    reviewer.reads("审核通过。请在“推荐”页排定次序、填写理由。")


def rank_within_the_places(reviewer: Person, walk: Walk) -> None:
    """Three for two places: one is left out, in words."""
    reviewer.go(f"{walk.round}recommending/")
    for place, county in enumerate((FIRST, SECOND, THIRD), 1):
        place_county(reviewer, county, place)
    reviewer.fill("推荐意见", OPINION)
    reviewer.press_with_errors("保存", "名额2个，已推荐3个，超出1个")
    reviewer.look("排序推荐-超出名额")
    reviewer.fill(f"{THIRD.name}的推荐次序", "")
    reviewer.press("保存")
    reviewer.reads("已保存。起草推荐函之前还须办理1项。")
    reviewer.page.locator("summary", has_text=THIRD.name).click()
    with reviewer.refused_with(422):
        reviewer.press(f"不予推荐{THIRD.name}")
        reviewer.reads("理由")
    reviewer.page.locator("summary", has_text=THIRD.name).click()
    reviewer.fill(f"不予推荐{THIRD.name}的理由", REFUSED)
    reviewer.press(f"不予推荐{THIRD.name}")
    reviewer.reads("已办理不予推荐，理由县级可见。", "可以起草推荐函")
    reviewer.look("排序推荐")


def place_county(reviewer: Person, county: County, place: int) -> None:
    """Its place and why."""
    reviewer.fill(f"{county.name}的推荐次序", str(place))
    reviewer.fill(f"{county.name}的推荐理由", GOOD)


def recommend_alone(reviewer: Person, walk: Walk, county: County) -> None:
    """One county for one place."""
    reviewer.go(f"{walk.round}recommending/")
    place_county(reviewer, county, 1)
    reviewer.fill("推荐意见", OPINION)
    reviewer.press("保存")
    reviewer.reads("可以起草推荐函")


def issue_letter(drafter: Person, signer: Person, walk: Walk) -> str:
    """推荐函 drafted, checked and signed; its number."""
    drafter.go(f"{walk.round}recommending/")
    drafter.follow(re.compile("起草推荐函$"), within=".page-actions")
    drafter.press("开始起草")
    drafter.reads("文稿已建立")
    drafter.press("保存")
    drafter.reads("文稿已保存。")
    pass_on(drafter, "送核稿", "文稿已送核稿。")
    signer.go(drafter.page.url)
    pass_on(signer, "核稿通过", "核稿通过，已送签发。")
    pass_on(signer, "签发", "已签发，编号为")
    number = re.search(r"\w+〔\d{4}〕\d+号", signer.page.locator(".lead-text").inner_text())
    assert number
    return number[0]


def change_after_the_letter(reviewer: Person, enter: Enter, walk: Walk) -> None:
    """What a letter speaks for is given back, changed, and comes again."""
    home = walk.homes[SECOND.code]
    reviewer.go(f"{home}review/")
    reviewer.reads("即告失效，须重新起草、签发")
    reviewer.page.locator("#give-back details", has_text="县政府申报文件").locator(
        "summary"
    ).click()
    reviewer.page.locator("[name='section-document']").fill("请更换清晰的扫描件。")
    reviewer.fill("退回意见", "申报文件扫描件不清晰。")
    reviewer.press("退回修改")
    reviewer.reads("要求逐项列在其申报材料页面。")
    filler, lead = enter(f"{SECOND.code}-fill"), enter(f"{SECOND.code}-lead")
    filler.go(home)
    filler.page.get_by_label(re.compile("^答复")).fill("已更换。")
    filler.press("保存答复")
    filler.go(f"{home}document/edit/")
    filler.page.get_by_label("扫描件").set_input_files(scan("申报文件（清晰）.pdf"))
    filler.press("保存")
    programme.finish(filler, home)
    programme.approve(lead, home, SECOND.name)
    programme.submit(lead, home)
    pass_review(reviewer, home)


def see_it_void(reviewer: Person, walk: Walk, number: str) -> None:
    """The first letter says nothing any more."""
    reviewer.go(f"{walk.round}recommending/")
    line = reviewer.page.locator(".letter-line", has_text=number)
    expect(line).to_contain_text("失效")
    reviewer.look("排序推荐-函已失效")


def test_the_province_chooses(enter: Enter, stack: LiveStack, walk: Walk):
    manager, publisher = enter("prov-manager"), enter("prov-publisher")
    choosing.close_round(manager, walk)
    choosing.come_too_late(enter(f"{LATE.code}-fill"), walk)
    choosing.check_formally(manager, walk)
    experts = enter("prov-expert1"), enter("prov-expert2")
    choosing.assign_experts(manager, walk, experts)
    choosing.judge_blind(*experts, walk)
    choosing.try_out(manager, walk)
    choosing.draft_list(manager, walk)
    notice = choosing.start_notice(manager, walk)
    choosing.object_in_public(enter(""), notice)
    choosing.settle(manager, walk)
    publisher.go(f"{walk.round}list/")
    publisher.reads("暂不能公布：", "公示到")
    stack.manage("demo_clock", day(8))
    choosing.publish(publisher, walk)
    walk.pilot = choosing.read_in_public(enter(""), walk)


def test_a_pilot_reports_and_is_accepted(enter: Enter, stack: LiveStack, walk: Walk):
    codes, starts_on = (FIRST.code, FIRST.office), today().date() + timedelta(days=10)
    march, end = building.term(starts_on)
    stack.manage("demo_clock", f"{march:%Y-%m-%d}")
    building.ask_too_early(enter(f"{FIRST.code}-fill"), walk.pilot)
    building.report(enter, codes, walk.pilot, starts_on.year, FIRST.name)
    manager, publisher = enter("prov-manager"), enter("prov-publisher")
    building.sum_up(manager, publisher, enter(""), starts_on.year, walk.pilot)
    stack.manage("demo_clock", f"{end:%Y-%m-%d}")
    building.accept(enter, codes, walk.pilot, end)
    building.take_the_pack_home(manager, walk.pilot)
