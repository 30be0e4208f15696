"""Pages of documents: lists and their filters, the form, what a person reads and may press, exports."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from county_portal.documents.actions.beginning import start_correction
from county_portal.documents.actions.standing import void_paper
from county_portal.documents.enums import Layout
from county_portal.documents.models import Delivery, Draft, Paper, Register
from tests.documents import reading
from tests.documents.office import (
    DATA,
    TITLE,
    begin,
    bring,
    issue,
    know_test_kinds,
    make_register,
    save,
    step,
    worded,
)
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds():
    DATA.clear()
    know_test_kinds()


@pytest.fixture
def register(province):
    return make_register(province.office, "冀试")


def issued(people, register, **words):
    draft = worded(people.manager, register, **words)
    return issue(draft, people.manager, people.checker, people.publisher)


def text_of(response):
    return response.content.decode()


def page(person, name, *args, **query):
    return signed_in(person).get(reverse(f"documents:{name}", args=args), query)


def post(person, name, *args, **data):
    return signed_in(person).post(reverse(f"documents:{name}", args=args), data)


# --- the list -----------------------------------------------------------------------------------


def test_an_empty_office(people):
    Register.objects.all().delete()
    assert "没有在办文稿" in text_of(page(people.manager, "home"))
    assert "还没有登记簿" in text_of(page(people.publisher, "registers"))
    assert "还没有收文" in text_of(page(people.filler, "received"))
    assert "没有这种格式的在用登记簿" in text_of(page(people.manager, "new"))


def test_a_county_is_led_to_what_it_received(people):
    answer = page(people.filler, "home")

    assert (answer.status_code, answer["Location"]) == (302, reverse("documents:received"))


def test_drafts_say_whose_turn_it_is(people, register):
    bring(worded(people.manager, register), "checking", people.manager, people.checker)
    body = text_of(page(people.manager, "home"))

    assert TITLE in body
    assert people.checker.display_name in body
    assert [row for row, *_ in page(people.manager, "home", show="signing").context["drafts"]] == []


def test_issued_by_standing_and_number(people, register):
    first, second = issued(people, register), issued(people, register, title="关于第二件的通知")
    void_paper(actor=people.publisher, paper_id=first.public_id, reason="不再执行")

    def shown(**query):
        return [row for row, *_ in page(people.checker, "home", **query).context["papers"]]

    assert shown(show="issued") == [second, first]
    assert shown(show="void") == [first]
    assert shown(show="issued", q="第二件") == [second]
    assert shown(show="issued", q=f"{first.year}-1") == [first]
    assert "没有符合条件的公文" in text_of(page(people.checker, "home", show="issued", q="没有"))


@pytest.mark.parametrize(
    "name, query", [("home", {}), ("home", {"show": "issued"}), ("registers", {})]
)
def test_lists_ask_as_much_for_many_as_for_one(people, register, name, query):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert page(people.manager, name, **query).status_code == 200
        return len(asked)

    worded(people.manager, register)
    issued(people, register)
    few = queries()
    for _ in range(3):
        worded(people.manager, register)
        issued(people, register)
        make_register(register.office)
    assert queries() == few


def test_register_and_receipt_ask_as_much_for_many_as_for_one(people, province, register):
    def queries(person, name, *args):
        with CaptureQueriesContext(connection) as asked:
            assert page(person, name, *args).status_code == 200
        return len(asked)

    bazhou = province.bureaus["bazhou"]
    issued(people, register, recipients=[bazhou])
    few = [
        queries(people.manager, "register", register.public_id),
        queries(people.filler, "received"),
    ]
    for _ in range(3):
        issued(people, register, recipients=[bazhou])
    many = [
        queries(people.manager, "register", register.public_id),
        queries(people.filler, "received"),
    ]
    assert many == few


# --- drafting -----------------------------------------------------------------------------------


def test_begun_worded_and_sent_without_scripts(people, province, register):
    answer = post(people.manager, "start", "notice", register=register.public_id)
    draft = Draft.objects.get()
    assert answer["Location"] == reverse("documents:edit", args=[draft.public_id])

    data = edit_data(people.manager, draft) | {
        "title": TITLE,
        "addressees": "各设区市科技局：",
        "text": "一、任务\n请于3月31日前报送。",
        "group": "counties",
        "attachment-title-1": "分工表",
        "attachment-text-1": "一、省级",
        "act": "save",
    }
    answer = post(people.manager, "edit", draft.public_id, **data)
    assert answer["Location"] == reverse("documents:draft", args=[draft.public_id])

    draft.refresh_from_db()
    assert (draft.title, draft.addressees) == (TITLE, "各设区市科技局")
    assert draft.attachments == [{"title": "分工表", "text": "一、省级"}]
    assert set(draft.recipients.all()) == set(province.bureaus.values())

    seen = page(people.manager, "draft_send", draft.public_id).context["form"]
    post(people.manager, "draft_send", draft.public_id, revision=seen["revision"].value())
    draft.refresh_from_db()
    assert draft.state == "checking"


def edit_data(person, draft, **words):
    """What a browser would send of the form as shown, but for `words`."""
    form = page(person, "edit", draft.public_id).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in shown.items() if value not in (None, [])} | words


def test_a_preview_saves_nothing(people, register):
    draft = worded(people.manager, register)
    data = edit_data(people.manager, draft, text="一、甲\n三、乙", act="preview")

    answer = post(people.manager, "edit", draft.public_id, **data)

    assert answer.context["title_lines"][0]
    assert "".join(answer.context["title_lines"]) == TITLE
    assert [each for each in answer.context["warnings"] if "序号不连续" in each]
    assert "预览（尚未保存）" in text_of(answer)
    draft.refresh_from_db()
    assert "三、乙" not in draft.text


def test_the_second_window_is_told_and_keeps_its_words(people, register):
    draft = worded(people.manager, register)
    data = edit_data(people.manager, draft, text="第二个窗口的正文", act="save")
    save(people.manager, draft, text="第一个窗口的正文")

    answer = post(people.manager, "edit", draft.public_id, **data)

    assert answer.status_code == 409
    assert "第一个窗口的正文" in text_of(answer)
    assert "第二个窗口的正文" in text_of(answer)
    draft.refresh_from_db()
    assert draft.text == "第一个窗口的正文"
    assert answer.context["form"]["revision"].value() == str(draft.revision)


@pytest.mark.parametrize(
    "words, field",
    [
        ({"attachment-text-1": "没有名称"}, "attachment-title-1"),
        ({"attachment-title-1": "没有内容"}, "attachment-text-1"),
        ({"group": "chosen"}, "offices"),
        ({"group": "everybody"}, "group"),
        ({"offices": "b7b2a9d2-0000-4000-8000-000000000000"}, "offices"),
        ({"title": "字" * 201}, "title"),
        ({"text": "显\u202e示"}, "text"),
        ({"dated_on": "昨天"}, "dated_on"),
    ],
)
def test_what_the_form_refuses(people, register, words, field):
    draft = worded(people.manager, register)

    answer = post(
        people.manager, "edit", draft.public_id, **edit_data(people.manager, draft, **words)
    )

    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_a_city_reaches_upward_and_its_own_counties(people, province):
    city = province.cities["langfang"]
    draft = begin(people.reviewer, make_register(city))
    form = page(people.reviewer, "edit", draft.public_id).context["form"]

    offered = {label for _, label in form.fields["offices"].choices}
    assert offered == {province.office.name, province.bureaus["bazhou"].name}


def test_text_adds_no_markup(people, register):
    draft = worded(people.manager, register, text="<script>alert(1)</script>\n一、<b>甲</b>")

    body = text_of(page(people.manager, "draft", draft.public_id))
    assert "<script>alert" not in body
    assert "&lt;b&gt;甲" in body


def test_a_draft_that_cannot_be_read_says_why(people, register):
    draft = worded(people.manager, register, text="【表：没有】")

    answer = page(people.manager, "draft", draft.public_id)
    assert answer.status_code == 200
    assert "没有对应的表格" in text_of(answer)
    assert page(people.manager, "preview", draft.public_id).status_code == 422


def test_preview_pdf_is_marked_and_unnumbered(people, register):
    draft = worded(people.manager, register)
    answer = page(people.manager, "preview", draft.public_id)

    assert answer["Content-Type"] == "application/pdf"
    for each in reading.pages(answer.content):
        assert "未签发" in "".join(glyph.char for glyph in each.glyphs)
    assert not Paper.objects.exists()


def test_buttons_follow_the_person(people, register):
    draft = bring(worded(people.manager, register), "checking", people.manager, people.checker)

    def buttons(person):
        return [b.label for b in page(person, "draft", draft.public_id).context["buttons"]]

    assert buttons(people.manager) == []
    assert buttons(people.checker) == ["核稿通过", "退回修改"]
    assert buttons(people.publisher) == []


def test_data_that_changed_is_shown(people, province):
    DATA["甲"] = "a" * 64
    letters = make_register(province.office, "冀试函", Layout.LETTER)
    draft = begin(people.manager, letters, "test_letter", "甲")
    assert "最新" in text_of(page(people.manager, "draft", draft.public_id))

    DATA["甲"] = "b" * 64
    body = text_of(page(people.manager, "draft", draft.public_id))
    assert "已变化" in body
    assert "按最新数据重新生成" in body
    post(people.manager, "recompose", draft.public_id, revision=draft.revision)
    assert "已变化" not in text_of(page(people.manager, "draft", draft.public_id))


def test_a_composing_kind_begins_at_its_data(people, province):
    DATA["甲"] = "a" * 64
    letters = make_register(province.office, "冀试函", Layout.LETTER)
    url = reverse("documents:start", args=["test_letter"])

    client = signed_in(people.manager)
    assert "数据甲" in text_of(client.get(f"{url}?subject=甲"))
    client.post(f"{url}?subject=甲", {"register": letters.public_id})

    assert Draft.objects.get().subject == "甲"


@pytest.mark.parametrize("subject", ["", "x", "b7b2a9d2-0000-4000-8000-000000000000"])
def test_a_subject_that_names_nothing(people, province, subject):
    register = make_register(province.cities["langfang"], layout=Layout.LETTER)
    url = f"{reverse('documents:start', args=['submission_letter'])}?subject={subject}"
    client = signed_in(people.reviewer)

    assert client.get(url).status_code == 404
    assert client.post(url, {"register": register.public_id}).status_code == 404


# --- issued documents --------------------------------------------------------------------------------


def test_signed_on_the_page(people, register):
    draft = bring(worded(people.manager, register), "signing", people.manager, people.checker)
    answer = post(people.publisher, "draft_issue", draft.public_id, revision=draft.revision)
    paper = Paper.objects.get()

    assert answer["Location"] == reverse("documents:paper", args=[paper.public_id])
    body = text_of(page(people.publisher, "paper", paper.public_id))
    assert paper.number in body
    assert "正在生成" in body
    assert page(people.publisher, "paper_pdf", paper.public_id).status_code == 409


def test_what_may_become_of_it(people, register):
    paper = issued(people, register)

    def acts(person):
        return [label for label, _ in page(person, "paper", paper.public_id).context["acts"]]

    assert acts(people.manager) == ["更正"]
    assert acts(people.publisher) == ["撤销"]
    assert acts(people.checker) == []

    post(people.publisher, "paper_void", paper.public_id, reason="不再执行")
    body = text_of(page(people.manager, "paper", paper.public_id))
    assert "已撤销" in body
    assert "不再执行" in body
    assert acts(people.publisher) == []
    assert page(people.publisher, "paper_void", paper.public_id).status_code == 409


def test_corrected_on_the_page(people, register):
    paper = issued(people, register)
    post(people.manager, "paper_correct", paper.public_id, reason="金额有误")
    draft = Draft.objects.get(replaces=paper)

    assert str(draft) in text_of(page(people.publisher, "paper", paper.public_id))
    assert "金额有误" in text_of(page(people.manager, "draft", draft.public_id))


# --- what was received -------------------------------------------------------------------------------


def test_opened_by_reading(people, province, register):
    bazhou = province.bureaus["bazhou"]
    paper = issued(people, register, recipients=[bazhou])
    client = signed_in(people.filler)
    url = reverse("documents:received_paper", args=[paper.public_id])
    assert "1件未签收" in text_of(client.get(reverse("documents:received")))

    client.head(url)
    assert Delivery.objects.get().opened_at is None
    assert TITLE in text_of(client.get(url))

    assert Delivery.objects.get().opened_by == people.filler
    assert "没有未签收" in text_of(client.get(reverse("documents:received")))
    assert "已签收1个" in text_of(page(people.manager, "paper", paper.public_id))
    rows = page(people.filler, "received", status="unopened").context["rows"]
    assert rows == []


def test_receipt_lists_are_filtered(people, province, register):
    bazhou = province.bureaus["bazhou"]
    first = issued(people, register, recipients=[bazhou])
    issued(people, register, recipients=[bazhou], title="关于第二件的通知")

    rows = page(people.filler, "received", q=f"（{first.year}）第01号").context["rows"]
    assert [row.paper for row, *_ in rows] == [first]


def test_the_inbox_and_the_reader_are_told_what_took_its_place(people, province, register):
    bazhou = province.bureaus["bazhou"]
    first = issued(people, register, recipients=[bazhou])
    draft = start_correction(actor=people.manager, paper_id=first.public_id, reason="日期有误")
    second = issue(draft, people.manager, people.checker, people.publisher)
    client = signed_in(people.filler)

    groups = {group.key: group for group in client.get(reverse("home:inbox")).context["groups"]}
    assert {item.note for item in groups["document-received"].items} == {
        f"{first.issuer}，{first.number}（已更正）",
        f"{second.issuer}，{second.number}",
    }
    shown = page(people.filler, "received_paper", first.public_id)
    assert shown.context["later"] == second
    assert reverse("documents:received_paper", args=[second.public_id]) in text_of(shown)


def test_the_inbox_names_what_waits(people, province, register):
    bazhou = province.bureaus["bazhou"]
    paper = issued(people, register, recipients=[bazhou])
    draft = bring(worded(people.manager, register), "checking", people.manager, people.checker)

    def waiting(person):
        groups = signed_in(person).get(reverse("home:inbox")).context["groups"]
        return {group.key: [item.title for item in group.items] for group in groups}

    assert waiting(people.checker)["document-check"] == [str(draft)]
    assert waiting(people.filler)["document-received"] == [paper.title]
    assert "document-draft" not in waiting(people.manager)
    step(people.checker, draft, "give_back", "日期有误")
    assert waiting(people.manager)["document-draft"] == [str(draft)]


# --- registers --------------------------------------------------------------------------------------


@pytest.fixture
def book(people, register):
    first = issued(people, register, title="关于甲的通知")
    second = issued(people, register, title="关于乙的通知")
    void_paper(actor=people.publisher, paper_id=first.public_id, reason="=不再执行")
    return first, second


@pytest.mark.parametrize(
    "typed, found",
    [
        ("冀试〔{y}〕2号", [2]),
        ("冀试[{y}]第02号", [2]),
        ("冀试（{y}）2号", [2]),
        ("冀试﹝{y}﹞００2号", [2]),
        ("【{y}】2", [2]),
        ("{y}-2", [2]),
        ("{y}年第2号", [2]),
        ("2号", [2]),
        ("第0002号", [2]),
        ("石科〔{y}〕2号", []),
        ("{y}-3", []),
        ("关于甲", [1]),
        ("冀试", [2, 1]),
        ("%", []),
    ],
)
def test_a_number_in_any_spelling(people, register, book, typed, found):
    query = typed.format(y=book[0].year)
    rows = page(people.checker, "register", register.public_id, q=query).context["rows"]

    assert [row.paper.serial for row, _ in rows] == found


def test_the_workbook_holds_what_is_shown(people, register, book):
    def exported(**query):
        answer = page(people.checker, "register_export", register.public_id, **query)
        sheet = load_workbook(BytesIO(answer.content)).active
        return [[cell.value for cell in row] for row in sheet.iter_rows()]

    rows = exported()
    assert [row[0] for row in rows if str(row[0]).startswith("冀试〔")] == [
        book[1].number,
        book[0].number,
    ]
    only = exported(status="void")
    assert [row[0] for row in only if str(row[0]).startswith("冀试〔")] == [book[0].number]
    line = only[-1]
    assert line[2:9] == [
        "关于甲的通知",
        "各设区市科技局",
        people.manager.display_name,
        people.checker.display_name,
        people.publisher.display_name,
        "已撤销",
        "=不再执行",
    ]
    assert "已撤销" in only[1][0]


def test_a_register_is_kept_by_who_signs(people, province):
    data = {
        "mark": "冀试函",
        "layout": "letter",
        "sender": "河北省科学技术厅",
        "issuer": "河北省科学技术厅",
        "printed_by": "河北省科学技术厅办公室",
    }
    assert post(people.manager, "register_new", **data).status_code == 403
    post(people.publisher, "register_new", **data)
    register = Register.objects.get(prefix="冀试函")
    assert (register.prefix, register.office, register.is_active) == (
        "冀试函",
        province.office,
        True,
    )

    taken = post(people.signer, "register_new", **data)
    assert taken.status_code == 422
    assert province.office.name in str(taken.context["form"].errors["mark"])


def test_a_used_register_is_only_switched_off(people, register, book):
    url = ("register_edit", register.public_id)
    before = register.sender
    post(people.publisher, *url, mark="别的", sender="别的", layout="letter")
    register.refresh_from_db()

    assert (register.prefix, register.sender, register.is_active) == ("冀试", before, False)
    assert "停用" in text_of(page(people.publisher, "register", register.public_id))
    post(people.publisher, *url, is_active="on")
    register.refresh_from_db()
    assert register.is_active


def test_an_unused_register_may_be_changed(people, register):
    data = {
        "mark": "冀试办",
        "layout": "upward",
        "sender": "红头",
        "issuer": "署名",
        "printed_by": "印发",
        "is_active": "on",
    }
    post(people.publisher, "register_edit", register.public_id, **data)
    register.refresh_from_db()

    assert (register.prefix, register.layout, register.sender) == ("冀试办", "upward", "红头")
