"""The pages of schemes: read by the province, written by the manager, without a script; nothing typed is lost."""

import io
import json
import re
from html import unescape
from http import HTTPStatus

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from scoring.actions.scheme_drafts import DraftKey, begin_version, edit_version
from scoring.actions.scheme_drafts import test_version as put_to_test
from scoring.enums import SchemeState
from scoring.models import SchemeVersion
from scoring.schemes.documents import RemovalEdit, ReplacementEdit, read_document
from scoring.selectors.schemes import list_cases
from tests.factories.people import signed_in
from tests.scoring.schemes.documents import all_kinds


@pytest.fixture
def draft(people, scheme):
    return begin_version(actor=people.manager, based_on=scheme.public_id)


@pytest.fixture
def manager(people):
    return signed_in(people.manager)


def at(name, version, *more):
    return reverse(f"scoring:{name}", args=[version.public_id, *more])


def shown_form(answer):
    """What a browser would send back of a page's form, the buttons left aside."""
    html = answer.content.decode()
    form = html[html.index("data-guard") : html.rindex("</form>")]
    fields = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        is_off = attributes.get("type") == "checkbox" and " checked" not in tag
        if "name" in attributes and not is_off:
            blank = "on" if attributes.get("type") == "checkbox" else ""
            fields[attributes["name"]] = unescape(attributes.get("value", blank))
    for name, options in re.findall(
        r'<select[^>]*name="([^"]*)".*?>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.findall(r'<option value="([^"]*)"[^>]*selected', options)
        first = re.findall(r'<option value="([^"]*)"', options)
        fields[name] = unescape((chosen or first)[0])
    for name, text in re.findall(
        r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL
    ):
        fields[name] = unescape(text)
    return fields


def now(version):
    return SchemeVersion.objects.get(pk=version.pk)


def document_of(version):
    return read_document(now(version).document)


READ = ["scheme", "scheme_cases", "scheme_workbook", "scheme_json"]
WRITE = ["scheme_general", "scheme_add", "scheme_case_add", "scheme_import", "scheme_discard"]


@pytest.mark.parametrize("name", READ + WRITE)
def test_who_comes_in(people, draft, name):
    answers = [
        signed_in(person).get(at(name, draft)).status_code
        for person in (people.manager, people.checker, people.publisher, people.lead, people.expert)
    ]

    others = 200 if name in READ else 403
    assert answers == [200, others, others, 403, 403]


def test_the_list_names_versions_states_and_people(manager, draft):
    page = manager.get(reverse("scoring:schemes")).content.decode()

    assert "第2版" in page
    assert "拟定中" in page
    assert "已锁定" in page
    assert "陈管理" in page
    assert "继续修改" in page
    assert "拟定新版本" not in page


def test_pages_cost_the_same_however_many_indicators(
    manager, draft, people, django_assert_max_num_queries
):
    with django_assert_max_num_queries(16):
        manager.get(at("scheme", draft))


def test_a_version_shows_sums_rules_and_faults_as_links(manager, people, draft):
    key = DraftKey(draft.public_id, 0)
    edit_version(actor=people.manager, key=key, edit=RemovalEdit(0))

    page = manager.get(at("scheme", draft)).content.decode()

    assert "权重合计95分，应为100分" in page
    assert "1000至5000万元" not in page
    assert "0至0.5%，0至4分" in page
    assert at("scheme_general", draft) in page
    assert "未列入方案，各县填报后不计分" in page


@pytest.mark.parametrize("position", range(17))
def test_saving_an_indicator_as_it_is_shown_changes_nothing(manager, draft, position):
    url = at("scheme_indicator", draft, position)
    typed = shown_form(manager.get(url))

    answer = manager.post(url, {**typed, "do": "save"})

    assert answer.status_code == HTTPStatus.FOUND
    assert now(draft).revision == 0
    assert now(draft).document == draft.document


@pytest.mark.parametrize("position", range(8))
def test_every_kind_of_rule_is_shown_and_saved_as_it_is(manager, people, draft, position):
    key = DraftKey(draft.public_id, 0)
    edit_version(actor=people.manager, key=key, edit=ReplacementEdit(all_kinds()))
    before = now(draft)
    url = at("scheme_indicator", draft, position)

    answer = manager.post(url, {**shown_form(manager.get(url)), "do": "save"})

    assert answer.status_code == HTTPStatus.FOUND
    row, kept = (each["indicators"][position] for each in (document_of(draft), all_kinds()))
    if row["rule"]["kind"] == "itemised":
        # Rivals stand in the order of the rows.
        kept["rule"]["exclusive"] = [["lab", "prize"]]
    assert row == kept
    assert now(draft).scheme_id == before.scheme_id


def test_an_indicator_is_edited_and_its_line_drawn(manager, draft):
    url = at("scheme_indicator", draft, 0)
    page = manager.get(url)
    assert "<svg" in page.content.decode()
    assert "得分折线" in page.content.decode()

    answer = manager.post(
        url, {**shown_form(page), "weight": "6", "rule-3-points_to": "6", "do": "save"}
    )

    assert answer.status_code == HTTPStatus.FOUND
    row = document_of(draft)["indicators"][0]
    assert (row["weight"], row["rule"]["bands"][3]["points_to"]) == ("6", "6")


def test_rows_come_and_go_without_saving_and_without_a_script(manager, draft):
    url = at("scheme_indicator", draft, 0)
    typed = shown_form(manager.get(url))

    more = manager.post(url, {**typed, "weight": "七", "do": "add:rule"})
    grown = shown_form(more)
    fewer = shown_form(manager.post(url, {**grown, "do": "drop:rule:1"}))

    assert more.status_code == HTTPStatus.OK
    assert (grown["rule-rows"], fewer["rule-rows"]) == ("5", "4")
    assert grown["weight"] == fewer["weight"] == "七"
    assert fewer["rule-1-from"] == typed["rule-2-from"]
    assert now(draft).revision == 0


def test_another_kind_is_chosen_filled_and_saved(manager, draft):
    url = at("scheme_indicator", draft, 0)
    typed = shown_form(manager.get(url))
    asked = shown_form(manager.post(url, {**typed, "rule-kind": "expression", "do": "save"}))
    assert now(draft).revision == 0

    wrong = manager.post(url, {**asked, "rule-max": "5", "rule-tree": "值 +", "do": "save"})
    answer = manager.post(url, {**shown_form(wrong), "rule-tree": "值 ÷ 2000", "do": "save"})

    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "算式第4个字符处" in wrong.content.decode()
    assert "值 +" in wrong.content.decode()
    assert answer.status_code == HTTPStatus.FOUND
    assert document_of(draft)["indicators"][0]["rule"] == {
        "kind": "expression",
        "tree": ["divide", ["value"], ["number", "2000"]],
        "min": "0",
        "max": "5",
    }


def test_counties_are_picked_by_name_and_adjusted(manager, draft):
    url = at("scheme_indicator", draft, 0)
    typed = shown_form(manager.get(url))
    asked = shown_form(manager.post(url, {**typed, "rule-kind": "by-peer", "do": "kind:rule"}))
    picked = shown_form(manager.post(url, {**asked, "rule-g0-pattern": "市", "do": "pick:rule:0"}))
    assert "霸州市" in picked["rule-g0-codes"]

    filled = {
        **picked,
        "rule-g0-name": "县级市",
        "rule-g0-codes": "霸州市\n130181",
        **{f"rule-{part}-kind": "percentile" for part in ("g0-rule", "other")},
        "do": "save",
    }
    asked = shown_form(manager.post(url, filled))
    answer = manager.post(
        url, {**asked, "rule-g0-rule-max": "5", "rule-other-max": "4", "do": "save"}
    )

    assert answer.status_code == HTTPStatus.FOUND
    rule = document_of(draft)["indicators"][0]["rule"]
    assert rule["groups"][0]["codes"] == ["130181", "131081"]
    assert (rule["groups"][0]["rule"]["max"], rule["otherwise"]["max"]) == ("5", "4")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("weight", "五分", "不是数字"),
        ("weight", "", "请填写权重"),
        ("name", "", "请填写指标名称"),
        ("rule-0-to", "1e3", "不是数字"),
        ("rule-1-points_to", "1" * 20, "整数部分超过12位"),
        ("rule-2-from", "", "请填写第3行区间的从（含）"),
    ],
)
def test_what_does_not_read_is_said_at_its_place_and_kept(manager, draft, field, value, words):
    url = at("scheme_indicator", draft, 0)
    typed = shown_form(manager.get(url))

    answer = manager.post(url, {**typed, field: value, "do": "save"})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in answer.content.decode()
    assert shown_form(answer)[field] == value
    assert now(draft).revision == 0


def test_a_stale_page_keeps_what_was_typed_and_then_saves(manager, people, draft):
    url = at("scheme_indicator", draft, 1)
    typed = {**shown_form(manager.get(url)), "weight": "9", "do": "save"}
    key = DraftKey(draft.public_id, 0)
    edit_version(actor=people.manager, key=key, edit=RemovalEdit(0))

    refused = manager.post(url, typed)

    assert refused.status_code == HTTPStatus.CONFLICT
    assert "version_changed" in refused.content.decode()
    again = shown_form(refused)
    assert again["weight"] == "9"
    assert manager.post(url, {**again, "do": "save"}).status_code == HTTPStatus.FOUND
    assert document_of(draft)["indicators"][0]["weight"] == "9"


def test_a_figure_is_tried_with_its_arithmetic(manager, people, draft):
    page = signed_in(people.checker).post(at("scheme_rule", draft, 3), {"value": "28"})
    assert "8 − (40 − 28) ÷ (40 − 10) × 3 = 6.8" in page.content.decode()

    url = at("scheme_indicator", draft, 3)
    typed = shown_form(manager.get(url))
    tried = manager.post(url, {**typed, "value": "28", "do": "try"}).content.decode()
    wrong = manager.post(url, {**typed, "value": "二十八", "do": "try"}).content.decode()
    assert "得<strong>6.80</strong>分" in tried
    assert "不能计分" in wrong
    assert "不是数字" in wrong
    assert now(draft).revision == 0


def test_general_terms_are_saved_and_faulty_ones_kept(manager, draft):
    url = at("scheme_general", draft)
    typed = shown_form(manager.get(url))
    assert manager.post(url, typed).status_code == HTTPStatus.FOUND
    assert now(draft).revision == 0

    wrong = manager.post(url, {**typed, "class-3-name": "D", "class-0-limit": "八十"})
    answer = manager.post(
        url,
        {
            **typed,
            "class-0-limit": "85",
            "mode": "ROUND_DOWN",
            "total": "rounded-sum",
            "tie-0": "02",
            "group-0": "20",
        },
    )

    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "八十" in wrong.content.decode()
    assert answer.status_code == HTTPStatus.FOUND
    document = document_of(draft)
    assert document["classes"][0] == {"name": "A", "at_least": "85"}
    assert document["ties"] == {"then_by": ["02"]}
    assert document["groups"] == [{"name": "创新投入", "weight": "20"}]
    assert document["rounding"] == {"places": 2, "mode": "ROUND_DOWN"}


def test_indicators_are_removed_moved_and_added_from_the_system(manager, draft):
    revision = {"revision": "0"}
    assert manager.get(at("scheme_remove", draft, 9)).status_code == HTTPStatus.OK
    assert manager.post(at("scheme_remove", draft, 9), revision).status_code == HTTPStatus.FOUND
    assert (
        manager.post(at("scheme_move", draft, 0), {"revision": "1", "by": "1"}).status_code == 302
    )
    assert (
        manager.post(at("scheme_move", draft, 0), {"revision": "1", "by": "1"}).status_code == 409
    )
    codes = [row["code"] for row in document_of(draft)["indicators"]]
    assert codes[:2] == ["02", "01"]
    assert "10" not in codes

    url = at("scheme_add", draft)
    assert "?code=10" in manager.get(url).content.decode()
    typed = shown_form(manager.get(f"{url}?code=10"))
    filled = {key: (value or "1") for key, value in typed.items()}
    for key in filled:
        if key.endswith(("at_most", "exclusive")) or key in {
            "missing",
            "not_applicable",
            "qualitative",
        }:
            filled[key] = ""
    answer = manager.post(url, {**filled, "weight": "5", "rule-cap": "5", "do": "save"})

    assert answer.status_code == HTTPStatus.FOUND
    assert document_of(draft)["indicators"][-1]["code"] == "10"


def test_all_listed_says_so(manager, draft):
    assert "指标体系中的指标都已在方案中" in manager.get(at("scheme_add", draft)).content.decode()


def test_an_unknown_position_is_not_found(manager, draft):
    for name in ("scheme_indicator", "scheme_rule", "scheme_remove"):
        assert manager.get(at(name, draft, 99)).status_code == HTTPStatus.NOT_FOUND


def test_a_case_is_typed_run_and_taken_away(manager, draft):
    url = at("scheme_case_add", draft)
    typed = shown_form(manager.get(url))
    empty = manager.post(url, {**typed, "name": "空"})
    wrong = manager.post(url, {**typed, "name": "错", "l3-expected": "6.8"})
    answer = manager.post(
        url,
        {
            **typed,
            "name": "高企28家",
            "l3-value": "28",
            "l3-expected": "6.7",
            "l15-items": "市级通报表彰×1，commendation-city",
            "l15-expected": "2",
        },
    )

    assert empty.status_code == wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "还没有填写数据" in wrong.content.decode()
    assert answer.status_code == HTTPStatus.FOUND
    page = manager.get(at("scheme_cases", draft)).content.decode()
    assert "高企28家" in page
    assert "6.80" in page
    assert "不符" in page
    case = list_cases(draft)[-1]
    remove = at("scheme_case_remove", draft, case.public_id)
    assert manager.get(remove).status_code == HTTPStatus.OK
    assert manager.post(remove, {"revision": "1"}).status_code == HTTPStatus.FOUND
    assert len(list_cases(draft)) == 3


def test_a_case_of_another_version_is_not_found(manager, draft, scheme):
    case = list_cases(scheme)[0]

    answer = manager.get(at("scheme_case_remove", draft, case.public_id))

    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_from_draft_to_locked_through_the_pages(manager, people, scheme):
    assert (
        manager.post(at("scheme_begin", scheme), {"note": "试。"}).status_code == HTTPStatus.FOUND
    )
    draft = SchemeVersion.objects.get(number=2)
    assert manager.post(at("scheme_begin", scheme)).status_code == HTTPStatus.CONFLICT
    checker = signed_in(people.checker)
    early = checker.post(at("scheme_lock", draft), {"revision": "0"})
    tested = manager.post(at("scheme_test", draft), {"revision": "0"})
    locked = checker.post(at("scheme_lock", draft), {"revision": "0"})

    assert early.status_code == HTTPStatus.CONFLICT
    assert tested.status_code == locked.status_code == HTTPStatus.FOUND
    assert now(draft).state == SchemeState.LOCKED
    assert manager.get(at("scheme_general", draft)).status_code == HTTPStatus.CONFLICT
    page = manager.get(at("scheme", draft)).content.decode()
    assert "拟定新版本" in page
    assert "锁定" in page


def test_a_refused_test_says_why_on_the_page(manager, people, draft):
    key = DraftKey(draft.public_id, 0)
    edit_version(actor=people.manager, key=key, edit=RemovalEdit(0))

    answer = manager.post(at("scheme_test", draft), {"revision": "1"})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "scheme_faulty" in answer.content.decode()


def test_given_up(manager, draft):
    assert manager.get(at("scheme_discard", draft)).status_code == HTTPStatus.OK
    assert manager.post(at("scheme_discard", draft), {"revision": "7"}).status_code == 409
    assert manager.post(at("scheme_discard", draft), {"revision": "0"}).status_code == 302
    assert not SchemeVersion.objects.filter(pk=draft.pk).exists()


def test_two_versions_compared_in_words(manager, people, draft, scheme):
    key = DraftKey(draft.public_id, 0)
    edit_version(actor=people.manager, key=key, edit=RemovalEdit(0))

    page = manager.get(at("scheme_compare", draft, scheme.public_id)).content.decode()

    assert "删去指标“地方财政科技支出”（01）" in page


@pytest.mark.parametrize("name", ["scheme_workbook", "scheme_json"])
def test_a_file_goes_out_and_comes_in_the_same(manager, draft, name):
    content = manager.get(at(name, draft)).content

    file = SimpleUploadedFile("方案", content)
    answer = manager.post(at("scheme_import", draft), {"file": file, "revision": "0"})

    assert answer.status_code == HTTPStatus.FOUND
    assert now(draft).document == draft.document


def test_a_wrong_file_changes_nothing_and_names_the_cell(manager, draft):
    book = openpyxl.load_workbook(io.BytesIO(manager.get(at("scheme_workbook", draft)).content))
    book["指标"]["E2"].value = "五分"
    content = io.BytesIO()
    book.save(content)

    file = SimpleUploadedFile("方案.xlsx", content.getvalue())
    answer = manager.post(at("scheme_import", draft), {"file": file, "revision": "0"})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "“指标”的E2（权重）“五分”不是数字" in answer.content.decode()
    assert now(draft).revision == 0


def test_a_file_on_a_stale_page_is_refused(manager, draft):
    file = SimpleUploadedFile("方案.json", json.dumps(all_kinds()).encode())

    answer = manager.post(at("scheme_import", draft), {"file": file, "revision": "5"})

    assert answer.status_code == HTTPStatus.CONFLICT
    assert now(draft).document == draft.document


def test_a_tested_version_waits_for_the_second_person(people, draft):
    put_to_test(actor=people.manager, key=DraftKey(draft.public_id, 0))

    mine = signed_in(people.manager).get(at("scheme", draft)).content.decode()
    theirs = signed_in(people.checker).get(at("scheme", draft)).content.decode()

    assert at("scheme_lock", draft) not in mine
    assert at("scheme_lock", draft) in theirs
    assert "待复核员" in mine


def test_scheme_page_leads_to_its_trial_for_those_who_draw_up(people, manager, scheme):
    """The trial's form then names this version; who may only lock sees no way there."""
    address = f"{reverse('scoring:rehearsals')}?version={scheme.public_id}"

    assert address in manager.get(at("scheme", scheme)).content.decode()
    assert manager.get(address).context["form"]["version"].value() == str(scheme.public_id)
    assert address not in signed_in(people.checker).get(at("scheme", scheme)).content.decode()
