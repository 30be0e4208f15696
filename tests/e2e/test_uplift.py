"""A plan's year in the browser: drawn up and settled, taken up by a county, warned about, paid for, judged."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Enter
from tests.e2e.person import PHONE, Person
from tests.e2e.programme import day
from tests.e2e.sheets import today
from tests.e2e.stack import LiveStack

pytestmark = pytest.mark.e2e

# The city with the fewest counties, and the first of them.
CITY, COUNTY, NAME = "xiongan", "130629", "容城县"
BASE, FIRST = 2019, 2020
INDICATOR, UNIT, TARGET = "高新技术企业数量", "家", "90"
FUND, SPENT, PAPER = "1000000", "300000", "雄安科计〔2026〕3号"
FOLLOWS = 300_000
CAUSE = "两家企业材料补正，认定批次顺延。"
STEPS = "县科技局逐户上门辅导，年底前完成申报。"
URGE = "请逐月报送认定进展。"


@pytest.fixture(scope="module", autouse=True)
def clock(stack: LiveStack) -> Iterator[None]:
    """However it ends, the demonstration's clock is right again."""
    yield
    stack.manage("demo_clock")


def test_a_plan_from_its_draft_to_the_year_after(enter: Enter, stack: LiveStack):
    title = f"县域科技创新跃升计划（演练{today():%H%M%S}）"
    drafter = enter(f"{CITY}-review")
    plan = draft(drafter, title)
    settle(drafter, enter(f"{CITY}-sign"), plan)
    filler = enter(f"{COUNTY}-fill")
    adopt(filler, title)
    report_a_month(filler)
    watch(enter("prov-manager"))
    warning = answer(filler)
    follow(drafter, warning)
    read_outlook(drafter, plan)
    spend(drafter, plan)

    stack.manage("demo_clock", f"{today().year + 1}-01-12")
    read_outcome(enter(f"{CITY}-review", size=PHONE), plan)


def draft(drafter: Person, title: str) -> str:
    """A small plan, part by part; returns its address."""
    drafter.navigate("跃升计划")
    drafter.look("跃升计划")
    drafter.follow("新建计划")
    drafter.press_with_errors("建立草稿", "请填写计划名称。")
    drafter.look("新建跃升计划-有误")
    drafter.fill("计划名称", title)
    for label, year in (("基期数据年度", BASE), ("起始年", FIRST), ("终止年", today().year)):
        drafter.fill(label, str(year))
    drafter.press("建立草稿")
    drafter.reads("已建立草稿")
    plan = drafter.page.url
    drafter.look("跃升计划-空白草稿")
    count_the_base(drafter)
    write_stages(drafter, plan)
    write_targets(drafter, plan)
    write_fund(drafter, plan)
    drafter.look("跃升计划-草稿")
    return plan


def count_the_base(drafter: Person) -> None:
    """How many counties were of which class."""
    drafter.follow("修改基本情况")
    for name, count in (("A", 0), ("B", 1), ("C", 2)):
        drafter.fill(f"基期{name}类县数", str(count))
    drafter.look("跃升计划-基本情况")
    drafter.press("保存")


def write_stages(drafter: Person, plan: str) -> None:
    """One county more than there are is named; then it adds up."""
    put_stage(drafter, plan, 0, FIRST, (0, 3, 1), f"C→B：{NAME}")
    drafter.reads("还有", "各类县数合计", "与本单位所属3个县（市、区）不符，请核对。")
    drafter.look("跃升计划-不符")
    put_stage(drafter, plan, 0, FIRST, (0, 2, 1), f"C→B：{NAME}")
    put_stage(drafter, plan, 1, today().year, (0, 3, 0), "C→B：安新县")
    expect(drafter.page.locator("main")).not_to_contain_text("与本单位所属3个县（市、区）不符")


def put_stage(
    drafter: Person, plan: str, place: int, year: int, counts: tuple[int, ...], moves: str
) -> None:
    """Fill in one stage and save."""
    drafter.go(plan)
    drafter.follow("修改阶段任务")
    drafter.page.locator(f"#name-{place}").fill(f"第{place + 1}阶段")
    drafter.page.locator(f"#year-{place}").fill(str(year))
    for name, count in zip("ABC", counts, strict=True):
        drafter.page.locator(f"#c-{place}-{name}").fill(str(count))
    drafter.page.locator(f"#moves-{place}").fill(moves)
    drafter.look("跃升计划-阶段任务")
    drafter.press("保存")
    expect(drafter.page).to_have_url(plan)


def write_targets(drafter: Person, plan: str) -> None:
    """A number that is none is named; then the target of each class."""
    drafter.go(plan)
    drafter.follow("填写或粘贴")
    values = {"name": INDICATOR, "unit": UNIT, "year": str(today().year)}
    for part, text in values.items():
        drafter.page.locator(f"#{part}-0").fill(text)
    drafter.page.locator("#indicator-0").select_option("04")
    drafter.page.locator("#t-0-A").fill("一百二十")
    drafter.page.locator("#t-0-B").fill(TARGET)
    drafter.press_with_errors("保存", "一百二十")
    drafter.look("跃升计划-分类目标有误")
    drafter.page.locator("#t-0-A").fill("120")
    drafter.press("保存")
    expect(drafter.page).to_have_url(plan)


def write_fund(drafter: Person, plan: str) -> None:
    """This year's money."""
    drafter.go(plan)
    drafter.page.locator("section[aria-labelledby=money-title]").get_by_role(
        "link", name="修改"
    ).click()
    drafter.page.locator("#year-0").fill(str(today().year))
    drafter.page.locator("#amount-0").fill(FUND)
    drafter.page.locator("#uses-0").fill("高新技术企业培育和科技特派员服务。")
    drafter.look("跃升计划-专项资金")
    drafter.press("保存")
    expect(drafter.page).to_have_url(plan)


def settle(drafter: Person, signer: Person, plan: str) -> None:
    """Another person of the office settles it."""
    drafter.follow("送审定", within="section[aria-labelledby=acts-title]")
    drafter.look("跃升计划-送审定")
    drafter.press("送审定")
    drafter.reads("待审定")
    signer.go(plan)
    signer.look("跃升计划-待审定")
    signer.follow("退回修改", within="section[aria-labelledby=acts-title]")
    signer.press_with_errors("退回修改", "请填写意见")
    signer.go(plan)
    signer.follow("审定", within="section[aria-labelledby=acts-title]")
    signer.press("审定")
    expect(signer.page).to_have_url(plan)
    signer.reads("执行中")
    signer.look("跃升计划-已审定")


def adopt(filler: Person, title: str) -> None:
    """The county takes the target over; less than that wants a reason."""
    filler.navigate("跃升计划")
    filler.follow(re.compile(re.escape(title)), within="main")
    filler.follow("本县月度预期", within=".page-actions")
    filler.look("月度预期")
    filler.page.locator("#n-04").fill("10")
    filler.press_with_errors("保存", "原因")
    filler.look("月度预期-未写原因")
    filler.page.locator("#n-04").fill(TARGET)
    filler.press("保存")
    filler.reads("本县已定")
    filler.look("月度预期-已采用")


def report_a_month(filler: Person) -> None:
    """The last month that is over, far behind."""
    filler.navigate("月报")
    filler.follow(f"{today().year}年月报", within="main")
    last = today().month - 1 or 12
    field = filler.page.get_by_label(f"{INDICATOR}{last}月数值")
    field.fill("三")
    filler.press_with_errors("保存", "没有保存，请先改正下列问题")
    field.fill("3")
    filler.press("保存")
    filler.reads("已保存1处。")
    filler.look("月报-已报")


def watch(manager: Person) -> None:
    """All counties are held against their targets; the job's page follows by itself."""
    manager.navigate("监测预警")
    manager.look("监测预警")
    manager.follow("总览", within=".page-actions")
    manager.look("监测预警-总览")
    manager.press("现在计算")
    expect(manager.page.locator("#job[hx-get]")).to_have_count(0, timeout=FOLLOWS)
    manager.reads("已完成")
    manager.look("监测预警-测算任务")


def answer(filler: Person) -> str:
    """The county says why and what it does; returns the warning's address."""
    filler.navigate("监测预警")
    filler.look("监测预警-县")
    filler.page.locator("main tbody th[scope=row] a").first.click()
    filler.look("预警")
    filler.press_with_errors("提交说明", "没有提交，请先改正下列问题")
    filler.look("预警-说明有误")
    filler.fill("原因说明", CAUSE)
    filler.fill("整改措施", STEPS)
    filler.fill("承诺日期", day(30))
    filler.press("提交说明")
    filler.reads("原因和措施已提交，市级科技局已收到通知。", CAUSE)
    filler.look("预警-已说明")
    return filler.page.url


def follow(reviewer: Person, warning: str) -> None:
    """The city asks for more."""
    reviewer.go(warning)
    reviewer.look("预警-市")
    reviewer.press_with_errors("提交", "没有办理，请先改正下列问题")
    reviewer.page.get_by_role("radio", name=re.compile("^督办")).check()
    reviewer.fill("督办要求或解除理由", URGE)
    reviewer.press("提交")
    reviewer.reads("已督办，县级收到通知。", URGE)


def read_outlook(drafter: Person, plan: str) -> None:
    """Target, now and forecast of the county."""
    drafter.go(f"{plan}counties/")
    drafter.look("跃升计划-各县")
    drafter.follow(re.compile(NAME), within="main")
    drafter.reads(INDICATOR, TARGET, "年末预测")
    drafter.look("跃升计划-一县")


def spend(drafter: Person, plan: str) -> None:
    """More than there is is refused."""
    drafter.go(f"{plan}fund/")
    drafter.look("专项资金")
    drafter.follow("登记使用", within=".page-actions")
    drafter.fill("金额（元）", "2000000")
    drafter.fill("用途", "高新技术企业培育")
    drafter.fill("下达文号", PAPER)
    with drafter.refused_with(422):
        drafter.page.locator("main form button[type=submit]").click()
        drafter.reads("没有办成，请先改正下列问题")
    drafter.look("专项资金-超出余额")
    drafter.fill("金额（元）", SPENT)
    drafter.page.locator("main form button[type=submit]").click()
    drafter.reads("已登记。", PAPER, "700,000")
    drafter.look("专项资金-已登记")


def read_outcome(reviewer: Person, plan: str) -> None:
    """The first stage is judged by the list of its year; the second waits for its own."""
    reviewer.go(plan)
    stages = reviewer.page.locator(".uplift-stage")
    waits = "公布后与计划对照"
    expect(stages.nth(1)).not_to_contain_text(waits)
    expect(stages.nth(1)).to_contain_text(NAME)
    expect(stages.nth(2)).to_contain_text(waits)
    reviewer.look("跃升计划-次年")
