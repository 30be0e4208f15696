"""A document in the browser: drafted, given back, signed, received, verified by anybody, lapsed with its data."""

import base64
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Enter
from tests.e2e.files import text_of_pdf
from tests.e2e.person import PHONE, Person
from tests.e2e.sheets import line, newest_data_year, open_form
from tests.e2e.stack import LiveStack
from tests.e2e.test_city import login_of, open_list

pytestmark = pytest.mark.e2e

# Not the cities whose sheets other tests carry on with.
CITY, TERRITORY = "tangshan", "唐山市"
MATTER = f"{TERRITORY}{newest_data_year()}年度县域科技创新指标数据"
TITLE = f"关于报送{MATTER}的函"
LIST = f"{MATTER}报送名单"
FAULT = "附注请写明联系人。"
REMARK = "联系人：王敏"
CHANGED = "04"
FOLLOWS = 60_000


def test_a_letter_is_issued_verified_and_lapses(enter: Enter, stack: LiveStack):
    drafter, signer = enter(f"{CITY}-review"), enter(f"{CITY}-sign")
    draft(drafter)
    give_back(signer)
    mend(drafter)
    sign(signer)
    number, code = wait_for_files(signer)
    pdf = take_home(signer, number)
    receive(enter("prov-manager"), number)
    see_it_opened(drafter, number)

    anybody, plain = enter(""), enter("", scripts=False)
    type_code(anybody, code, number)
    drop(anybody, pdf)
    upload(plain, code, pdf)
    county = change_the_data(drafter, enter("prov-manager"))
    correct(enter(f"{login_of(stack, county)}-fill"))
    for person in (anybody, plain):
        read_that_it_lapsed(person, code, county)
    drafter.navigate("待办")
    drafter.reads("已失效，待重新办理", number)


def test_a_notice_with_an_attachment_is_voided(enter: Enter):
    manager = enter("prov-manager", scripts=False)
    word_a_notice(manager)
    checker = enter("prov-checker", scripts=False)
    open_waiting(checker, NOTICE)
    pass_on(checker, "核稿通过", "核稿通过，已送签发。")
    publisher = enter("prov-publisher", scripts=False)
    open_waiting(publisher, NOTICE)
    pass_on(publisher, "签发", "已签发，编号为冀科")
    # Without scripts the page asks for itself anew.
    expect(publisher.page.locator(".file-list").get_by_role("link")).to_have_count(
        2, timeout=FOLLOWS
    )
    publisher.look("无脚本-已签发")
    publisher.follow("撤销", within=".page-actions")
    publisher.press_with_errors("撤销", "没有办成，请先改正下列问题")
    publisher.fill("原因", VOIDED)
    publisher.press("撤销")
    publisher.reads("已撤销。", VOIDED)
    publisher.page.locator(".facts").get_by_role("link").first.click()
    publisher.is_at("公文核验结果")
    publisher.reads("已撤销", VOIDED, NOTICE)
    publisher.look("核验-已撤销")


def draft(drafter: Person) -> None:
    """From the page of the review: the portal words the letter, its table is the data's own."""
    drafter.navigate("审核")
    row = drafter.page.get_by_role("region", name="各采集任务的报送函").get_by_role(
        "row", name=re.compile(f"^{newest_data_year()}年度")
    )
    row.get_by_role("link", name="起草报送函").click()
    drafter.is_at("起草报送函")
    drafter.reads(TITLE, "所依据数据", f"{newest_data_year()}年度填报表")
    drafter.look("起草报送函")
    drafter.press("开始起草")
    drafter.reads("文稿已建立，请修改完善后送核稿。")
    drafter.look("修改文稿")
    drafter.press("预览")
    drafter.reads("预览（尚未保存）", LIST)
    drafter.look("修改文稿-预览")
    drafter.press("保存")
    drafter.is_at(TITLE)
    drafter.reads("文稿已保存。", "报送名单")
    drafter.look("文稿")
    pass_on(drafter, "送核稿", "文稿已送核稿。")
    drafter.look("文稿-核稿中")


def pass_on(person: Person, act: str, words: str) -> None:
    """One step further, by keyboard: the link, then the button of the page that asks."""
    person.page.locator(".page-actions").get_by_role("link", name=act, exact=True).press("Enter")
    person.is_at(act)
    person.page.get_by_role("button", name=act, exact=True).press("Enter")
    person.reads(words)


def open_waiting(person: Person, title: str) -> None:
    """What waits for somebody stands in the inbox."""
    person.navigate("待办")
    person.follow(title, within="main")
    person.is_at(title)


def give_back(signer: Person) -> None:
    """The head finds something missing; words are needed."""
    open_waiting(signer, TITLE)
    signer.look("文稿-待核稿")
    signer.follow("退回修改", within=".page-actions")
    signer.press_with_errors("退回修改", "没有办成，请先改正下列问题")
    signer.look("退回修改-未写意见")
    signer.fill("意见", FAULT)
    signer.press("退回修改")
    signer.reads("文稿已退回拟稿人修改。", FAULT)


def mend(drafter: Person) -> None:
    """The drafter reads why, adds what was missing, and sends again."""
    open_waiting(drafter, TITLE)
    drafter.reads(FAULT)
    drafter.look("文稿-被退回")
    drafter.follow("修改", within=".page-actions")
    drafter.fill("附注", REMARK)
    drafter.press("保存")
    drafter.reads("文稿已保存。", REMARK)
    assert "文稿" in text_of_pdf(drafter.fetch("预览PDF"))
    pass_on(drafter, "送核稿", "文稿已送核稿。")


def sign(signer: Person) -> None:
    """In an office of two the head checks and signs."""
    open_waiting(signer, TITLE)
    pass_on(signer, "核稿通过", "核稿通过，已送签发。")
    signer.follow("签发", within=".page-actions")
    signer.reads("取下一个序号编号", "发送到1个单位的收文。", "办理后不能收回。")
    signer.look("签发-确认")
    signer.press("签发")
    signer.reads("已签发，编号为", "文件正在生成。")
    signer.look("公文-刚签发")


def wait_for_files(signer: Person) -> tuple[str, str]:
    """The page follows the worker by itself; the number and the code."""
    expect(signer.page.locator(".file-list").get_by_role("link")).to_have_count(2, timeout=FOLLOWS)
    signer.reads("有效", "未签收")
    signer.look("公文-已成文")
    number = re.search(r"\w+〔\d{4}〕\d+号", signer.page.locator(".lead-text").inner_text())
    assert number
    return number[0], signer.page.locator(".facts code").first.inner_text()


def take_home(signer: Person, number: str) -> Path:
    """Both files say what the page says; the PDF's place."""
    pdf = signer.download(re.compile("^PDF"))
    text = text_of_pdf(pdf)
    for words in (number, TITLE, LIST, REMARK):
        assert words in text
    with ZipFile(signer.download(re.compile("^Word"))) as word:
        assert number in re.sub(r"<[^>]+>", "", word.read("word/document.xml").decode())
    return pdf


def receive(receiver: Person, number: str) -> None:
    """The province opens it among what it received; that is its receipt."""
    receiver.navigate("公文")
    receiver.follow("收文", within=".document-tabs")
    row = receiver.page.get_by_role("row", name=re.compile(re.escape(number)))
    expect(row).to_contain_text("未签收")
    receiver.look("收文")
    row.get_by_role("link").click()
    receiver.is_at(TITLE)
    receiver.reads(f"{TERRITORY}科学技术局来文", number)
    assert number in text_of_pdf(receiver.download(re.compile("^PDF")))
    receiver.look("收文-公文")


def see_it_opened(drafter: Person, number: str) -> None:
    """Whoever sent it sees who opened it."""
    drafter.navigate("公文")
    drafter.follow("已签发公文", within=".chips")
    drafter.look("已签发公文")
    row = drafter.page.get_by_role("row", name=re.compile(re.escape(number)))
    row.get_by_role("link").first.click()
    drafter.reads("发送1个单位，已签收1个")


def type_code(anybody: Person, code: str, number: str) -> None:
    """By keyboard, in small letters and without the hyphens."""
    anybody.go("/v/")
    anybody.look("公文核验")
    field = code_field(anybody)
    field.press_sequentially(code.lower().replace("-", ""))
    field.press("Enter")
    anybody.is_at("公文核验结果")
    anybody.reads("有效", TITLE, number, f"{TERRITORY}科学技术局", code)
    anybody.look("核验-有效")
    anybody.page.set_viewport_size(PHONE)
    anybody.look("核验-有效")


def code_field(person: Person) -> Locator:
    """Where a code is typed."""
    return person.page.get_by_role("textbox", name="核验码")


def drop(anybody: Person, pdf: Path) -> None:
    """The file never leaves the machine: its digest is compared, and one byte makes the difference."""
    content = pdf.read_bytes()
    sent: list[str] = []
    anybody.page.on("request", lambda request: sent.append(request.method))
    drop_file(anybody, content)
    anybody.reads("文件与签发文件一致", "PDF文件自签发后没有任何改动")
    anybody.look("核验-一致")
    drop_file(anybody, changed(content))
    anybody.reads("文件与签发文件不一致")
    anybody.look("核验-不一致")
    anybody.go("/v/")
    anybody.page.get_by_label("要核验的PDF或Word文件").set_input_files(pdf)
    anybody.press("核验文件")
    anybody.reads("文件与签发文件一致", TITLE)
    with anybody.refused_with(404):
        anybody.go("/v/")
        drop_file(anybody, changed(content))
        anybody.is_at("没有查到这个文件")
    assert "POST" not in sent


def drop_file(anybody: Person, content: bytes) -> None:
    """Let a file fall on the field, as a mouse would."""
    held = anybody.page.evaluate_handle(
        """(text) => {
          const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
          const held = new DataTransfer();
          held.items.add(new File([bytes], "来函.pdf", { type: "application/pdf" }));
          return held;
        }""",
        base64.b64encode(content).decode(),
    )
    with anybody.page.expect_navigation():
        anybody.page.locator("[data-verify-drop]").dispatch_event("drop", {"dataTransfer": held})


def changed(content: bytes) -> bytes:
    """The same but for one byte in the middle."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def upload(plain: Person, code: str, pdf: Path) -> None:
    """Without scripts the portal digests what is sent, and keeps nothing."""
    plain.go("/v/")
    code_field(plain).fill(code)
    plain.press("核验")
    plain.reads("有效", TITLE)
    field = plain.page.get_by_label("要核验的PDF或Word文件")
    field.set_input_files(pdf)
    plain.press("核验文件")
    plain.reads("文件与签发文件一致")
    field.set_input_files(
        {"name": "改.pdf", "mimeType": "application/pdf", "buffer": changed(pdf.read_bytes())}
    )
    plain.press("核验文件")
    plain.reads("文件与签发文件不一致")
    plain.look("无脚本-核验")


def change_the_data(drafter: Person, manager: Person) -> str:
    """The province asks a county once more, which alone changes nothing; its name."""
    open_list(drafter, "待省级接收")
    first = drafter.page.locator("main tbody tr").first.get_by_role("link")
    county, address = first.inner_text(), str(first.get_attribute("href"))
    manager.go(address)
    manager.follow("退回县级", within=".page-actions")
    line(manager, CHANGED).get_by_role("checkbox").check()
    manager.page.locator(f"#reason-{CHANGED}").select_option(label="与统计年报等来源不一致")
    manager.fill("退回意见", "请再核对一次。")
    manager.press("退回县级")
    manager.reads("已退回县级修改")
    return county


def correct(filler: Person) -> None:
    """The county changes the figure asked about."""
    open_form(filler)
    figure = filler.page.locator(f"#v-{CHANGED}")
    figure.fill(str(int(figure.input_value().replace(",", "")) + 1))
    filler.page.locator("#n-05").fill(figure.input_value())
    filler.page.locator("#v-05").fill("")
    filler.press("保存草稿")
    filler.reads("已保存。")


def read_that_it_lapsed(anybody: Person, code: str, county: str) -> None:
    """From that moment the paper says nothing any more."""
    anybody.go(f"/v/{code}/")
    anybody.reads("已失效", f"{county}填报内容于", "变更。", TITLE)
    anybody.look("核验-已失效")


NOTICE = "关于举办县域科技创新指标填报培训的通知"
VOIDED = "培训时间另行通知，现予撤销。"
TEXT = """为做好指标填报，现就举办培训有关事项通知如下。
一、培训对象
各设区市科学技术局审核人员。
二、培训内容
（一）指标口径。
（二）填报系统操作，日程见附件。"""


def word_a_notice(manager: Person) -> None:
    """Written freely, with an attachment, to all cities."""
    manager.navigate("公文")
    manager.follow("起草公文", within=".page-actions")
    manager.look("无脚本-起草公文")
    manager.follow("起草通知", within="main")
    manager.page.get_by_label("登记簿（发文机关代字）").select_option(index=0)
    manager.press("开始起草")
    manager.fill("标题", NOTICE)
    manager.fill("主送机关", "各设区市科学技术局")
    manager.fill("正文", TEXT)
    manager.page.get_by_text("附件1（增加）").click()
    manager.fill("附件1名称", "培训日程")
    manager.press_with_errors("保存", "附件“培训日程”没有内容")
    manager.fill("附件1内容", "一、第一天\n指标口径。\n二、第二天\n系统操作。")
    manager.page.get_by_role("radio", name=re.compile("全部设区市")).check()
    manager.press("保存")
    manager.reads("文稿已保存。", "培训日程")
    manager.look("无脚本-文稿")
    pass_on(manager, "送核稿", "文稿已送核稿。")
