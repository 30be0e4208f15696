"""An application for the pilot programme as a county's people fill it in at the browser."""

from dataclasses import dataclass, field
from datetime import timedelta

from playwright.sync_api import FilePayload

from tests.e2e.person import Person
from tests.e2e.sheets import PAPER, today

# What a table cannot be without is typed here; everything else is in the facts of the demonstration.
UNKNOWN = {
    "就业人员": "21.4",
    "常住人口": "58.2",
    "地区生产总值（GDP）": "1820000",
    "公共财政支出": "412000",
    "企业R&D经费支出": "9600",
    "能源消费总量": "910000",
    "空气质量达到及好于二级的天数": "271",
    "空气质量有效监测天数": "365",
    "规上工业企业数": "180",
    "规上工业企业主营业务收入": "2600000",
}
OTHERWISE = "120"
REASON = "已与县统计局、发改局核对，按“十四五”规划和重点项目安排测算。"
QUALITATIVE = (29, 30)
STARS = 10
TEXTS = ("overview", "foundation", "goals", "approach", "safeguards")
PLAN = "（一）基本情况。县域主导产业集中，创新要素向开发区集聚。\n（二）工作安排。逐年分解任务，按季调度。"


@dataclass(frozen=True)
class County:
    """Who applies, and who reviews it."""

    code: str
    name: str
    office: str  # whose logins begin so


# No pilots of the demonstration, nor in its round. The first is filled by hand, the third not recommended.
FIRST, SECOND, THIRD = (
    County("130427", "磁县", "handan"),
    County("130426", "涉县", "handan"),
    County("130423", "临漳县", "handan"),
)
FOURTH = County("130726", "蔚县", "zhangjiakou")
# 雄安 reviews its counties itself, as 定州 and 辛集 do.
OWN_PATH = County("130638", "雄县", "xiongan")
RECOMMENDED = (FIRST, SECOND, FOURTH, OWN_PATH)
LATE = County("130424", "成安县", "handan")


def scan(name: str) -> FilePayload:
    """A paper to upload."""
    return {"name": name, "mimeType": "application/pdf", "buffer": PAPER}


def day(days: int) -> str:
    """So many days from today, as a browser types it."""
    return f"{(today() + timedelta(days=days)).date():%Y-%m-%d}"


def years() -> tuple[int, ...]:
    """Last year and the three years of targets."""
    return tuple(range(today().year - 1, today().year + 3))


def begin(filler: Person, title: str) -> str:
    """The county opens its application in the round; the address of its page."""
    filler.navigate("试点申报")
    filler.follow(title, within="main")
    filler.follow("开始申报", within=".page-actions")
    filler.reads(f"{years()[0]}年为上年数值")
    filler.press("开始编制")
    filler.reads("已开始编制申报材料")
    return filler.page.url


def write_document(filler: Person, home: str, name: str) -> None:
    """县政府申报文件."""
    filler.go(f"{home}document/edit/")
    filler.fill("文件名称", f"{name}人民政府关于申报创新型县（市、区）试点的请示")
    filler.fill("文号", f"{name[0]}政字({today().year})18号")
    filler.fill("成文日期", day(0))
    filler.page.get_by_label("扫描件").set_input_files(scan("申报文件.pdf"))
    filler.press("保存")
    filler.reads("申报文件已登记。")


_FILL_BASICS = """(known) => {
  for (const field of document.querySelectorAll("input[name^='n-']")) {
    const name = field.closest("tr").querySelector("label").textContent.trim();
    if (!field.value) field.value = known[name] ?? known[""];
  }
}"""


def write_basics(filler: Person, home: str) -> None:
    """What is known is taken over, what is not is typed, and last year's column of the table computed from both."""
    filler.go(f"{home}basics/")
    if filler.page.get_by_role("button", name="填入已有数据").count():
        with filler.page.expect_navigation():
            filler.press("填入已有数据")
    filler.page.evaluate(_FILL_BASICS, {**UNKNOWN, "": OTHERWISE})
    filler.press("保存")
    filler.reads("已保存")
    filler.press("把计算结果写入指标体系表上年数值")
    filler.reads("已写入")


def add_own_row(filler: Person, home: str) -> None:
    """Row 31, the county's own."""
    filler.go(f"{home}table/own/")
    filler.fill("指标名称", "规上工业企业上云数量")
    filler.fill("单位", "家")
    filler.page.get_by_role("radio", name="越高越好").check()
    filler.fill("口径", "年末接入省级以上工业互联网平台的规上工业企业数量。")
    filler.page.locator("main form").last.get_by_role("button").first.click()
    filler.is_at("指标体系表")


# Targets from what last year's figure is: a little better each year, a share never above the whole.
_FILL_TABLE = """([years, stars, words]) => {
  let left = stars - document.querySelectorAll("input[name=star]:checked").length;
  for (const body of document.querySelectorAll("tbody[id^='row-']")) {
    const order = body.id.slice(4);
    const star = body.querySelector("input[name=star]");
    if (star && !star.checked && left > 0) { star.checked = true; left -= 1; }
    const text = body.querySelector(`textarea[name="w-${order}"]`);
    if (text) { if (!text.value.trim()) text.value = words; continue; }
    const field = (year) => body.querySelector(`input[name="v-${order}-${year}"]`);
    const read = (said) => Number((said ?? "").replace(/[^0-9.]/g, ""));
    const last = field(years[0]);
    let base = read(last.value) || read(body.querySelector(".computed")?.textContent);
    if (!last.value && !body.querySelector(".computed")) { base = 24; last.value = "24"; }
    const heading = body.querySelector("th").textContent;
    const isFalling = heading.includes("越低越好"), isCounted = /（[个家人项件]）/.test(heading);
    years.slice(1).forEach((year, place) => {
      let number = base * (1 + (isFalling ? -0.02 : 0.04) * (place + 1));
      if (heading.includes("（%）") && base <= 100) number = Math.min(number, 100);
      field(year).value = String(isCounted ? Math.ceil(number) : Number(number.toPrecision(5)));
    });
  }
}"""
_REASONS = """(words) => {
  for (const body of document.querySelectorAll("tbody[id^='row-']")) {
    if (body.querySelector(".indicator-warning")) {
      const field = body.querySelector(`textarea[name="r-${body.id.slice(4)}"]`);
      if (field) field.value = words;
    }
  }
}"""


def write_table(filler: Person, home: str) -> None:
    """Targets, ten ★, words, and reasons wherever the page asks for them."""
    filler.go(f"{home}table/edit/")
    filler.page.evaluate(_FILL_TABLE, [list(years()), STARS, QUALITATIVE_WORDS])
    save_table(filler)
    give_reasons(filler, home)


QUALITATIVE_WORDS = (
    "县委、县政府出台实施意见和配套措施4项，科技局编制齐全，乡镇均有科技专干，按季调度。"
)


def save_table(filler: Person, words: str = "已选满") -> None:
    """By the button, with what the page says of the ★."""
    with filler.page.expect_navigation():
        filler.page.locator("#table-form").get_by_role("button", name="保存", exact=True).click()
    filler.reads(words)


def give_reasons(filler: Person, home: str) -> None:
    """What the past makes implausible is explained."""
    filler.go(f"{home}table/edit/")
    if filler.page.locator("tbody .indicator-warning").count():
        filler.page.evaluate(_REASONS, REASON)
        save_table(filler)


def prove(filler: Person, home: str, order: int) -> None:
    """A file beside a row that is judged in words."""
    filler.go(f"{home}table/{order}/evidence/")
    filler.fill("材料名称", "关于实施创新驱动发展战略的意见")
    filler.page.locator("#id_file").set_input_files(scan("意见.pdf"))
    filler.press("添加")
    filler.reads("已列入证明材料。")


def write_section(filler: Person, home: str, section: str) -> None:
    """A part of the plan in words."""
    filler.go(f"{home}plan/{section}/")
    filler.page.locator("#id_text").fill(PLAN)
    filler.press("保存")
    filler.reads("已写")


def write_task(filler: Person, home: str, kind: str = "01") -> None:
    """A key task with its steps: the schedule comes of them."""
    filler.go(f"{home}plan/tasks/{kind}/")
    filler.page.locator("#id_goal").fill("建立覆盖部门和乡镇的创新发展考核评价机制。")
    filler.page.locator("#id_units").fill("县委办\n科技局")
    first = today().year
    for place, (name, starts, ends) in enumerate(
        (
            ("印发实施方案，分解年度任务", f"{first}-11-01", f"{first + 1}-03-31"),
            ("开展部门和乡镇考核评价", f"{first + 1}-04-01", f"{first + 2}-12-31"),
        )
    ):
        filler.page.locator(f"#id_steps-{place}-name").fill(name)
        filler.page.locator(f"#id_steps-{place}-starts_on").fill(starts)
        filler.page.locator(f"#id_steps-{place}-ends_on").fill(ends)
    filler.press("保存")
    filler.reads("已保存")


def upload_plan(filler: Person, home: str) -> None:
    """A plan that was written elsewhere."""
    filler.go(f"{home}plan/")
    filler.page.get_by_label("实施方案文件").set_input_files(scan("实施方案.pdf"))
    filler.press("上传文件")
    filler.reads("方案正文以此文件为准")


def finish(filler: Person, home: str) -> None:
    """Nothing is missing: closed for the county government."""
    filler.go(f"{home}finish/")
    filler.press("确认定稿")
    filler.reads("已定稿。", "待县政府审议")


def approve(lead: Person, home: str, name: str) -> None:
    """县政府审议通过."""
    lead.go(f"{home}approval/")
    lead.fill("会议名称", f"{name}人民政府第9次常务会议")
    lead.fill("审议日期", day(0))
    lead.fill("文号或会议纪要编号", f"{name[0]}政纪({today().year})9号")
    lead.page.get_by_label("扫描件").set_input_files(scan("纪要.pdf"))
    lead.press("登记审议通过")
    lead.reads("县政府审议通过已登记，可以报送。")


def submit(lead: Person, home: str) -> None:
    """To the reviewing office."""
    lead.go(f"{home}submit/")
    lead.press("确认报送")
    lead.reads("已报送")


def apply_quickly(filler: Person, title: str, name: str) -> str:
    """Everything up to 定稿, by the same forms; the plan as a file."""
    home = begin(filler, title)
    write_document(filler, home, name)
    add_own_row(filler, home)
    write_basics(filler, home)
    write_table(filler, home)
    for order in QUALITATIVE:
        prove(filler, home, order)
    upload_plan(filler, home)
    write_task(filler, home)
    finish(filler, home)
    return home


@dataclass
class Walk:
    """What one part of the way leaves for the next."""

    title: str
    round: str = ""  # address of its page
    homes: dict[str, str] = field(
        default_factory=dict
    )  # address of the application's page by county
    pilot: str = ""  # address of the pilot's page
