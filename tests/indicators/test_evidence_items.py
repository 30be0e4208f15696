"""Named items: edited, taken off once, held against other counties, worth points."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from county_portal.audit.models import Event
from county_portal.common.errors import Invalid, NotAllowed, Stale
from indicators import estimates
from indicators.actions.evidence import (
    EvidenceChange,
    EvidenceInput,
    edit_evidence,
    remove_evidence,
)
from indicators.models import EvidenceItem
from indicators.rules.items import normal_name, normal_number
from indicators.selectors import list_changes_since_return, list_evidence
from indicators.selectors.evidence import get_gone, list_duplicates, score_list
from tests.factories.people import signed_in
from tests.factories.sheets import add_item, fresh, give_back, submission_of, submit
from tests.indicators.browsing import code, text, url

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
PNG = (
    bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489") + b"\0" * 16
)


def upload(name="认定.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def edit(actor, item, *, removes_file=False, **changed):
    values = {
        "kind": item.kind,
        "name": item.name,
        "year": item.year,
        "approval_number": item.approval_number,
    }
    change = EvidenceChange(EvidenceInput(**values | changed), removes_file)
    return edit_evidence(actor=actor, evidence_id=item.public_id, change=change)


# --- editing -------------------------------------------------------------------------------------


def test_fields_and_file_are_put_right_and_the_record_keeps_both(submission, people):
    item = add_item(people.filler, submission, "孵化器", upload=upload())
    old = item.file

    edit(people.filler, item, name="科技孵化器", year=2020, upload=upload("新.pdf", PDF + b"2"))

    row = EvidenceItem.objects.get()
    assert (row.name, row.year, row.file.name) == ("科技孵化器", 2020, "新.pdf")
    detail = Event.objects.get(act="edit_evidence").detail
    assert detail["before"]["name"] == "孵化器"
    assert detail["before"]["file"] == old.sha256 != detail["after"]["file"]
    assert fresh(submission).revision == 2


def test_without_a_new_file_the_old_one_stays_until_it_is_taken_away(submission, people):
    item = add_item(people.filler, submission, "孵化器", upload=upload())

    edit(people.filler, item, year=2021)
    assert EvidenceItem.objects.get().file == item.file

    edit(people.filler, item, year=2021, removes_file=True)
    assert EvidenceItem.objects.get().file is None


def test_nothing_changed_is_no_act(submission, people):
    item = add_item(people.filler, submission, "孵化器", upload=upload())

    edit(people.filler, item)

    assert fresh(submission).revision == 1
    assert not Event.objects.filter(act="edit_evidence").exists()


def test_an_item_does_not_take_anothers_name(submission, people):
    add_item(people.filler, submission, "甲")
    item = add_item(people.filler, submission, "乙")

    with pytest.raises(Invalid) as refused:
        edit(people.filler, item, name=" 甲 ")

    assert refused.value.code == "evidence_named_twice"
    assert {row.name for row in EvidenceItem.objects.all()} == {"甲", "乙"}


def test_only_the_filler_edits_and_only_while_the_county_may(submission, people):
    item = add_item(people.filler, submission, "孵化器")
    with pytest.raises(NotAllowed):
        edit(people.lead, item, name="别的")
    with pytest.raises(Http404):
        edit(people.changan_lead, item, name="别的")
    submit(people.lead, submission)

    with pytest.raises(Stale):
        edit(people.filler, item, name="别的")


def test_a_return_opens_its_own_items_alone(submission, people):
    inside = add_item(people.filler, submission, "孵化器")
    outside = add_item(people.filler, submission, "高新区", kind="high-tech-zone-provincial")
    kind_outside = outside.kind
    give_back(people.lead, people.reviewer, submission, flagged=("10",))

    edit(people.filler, inside, name="科技孵化器")
    for item, changed in ((outside, {"name": "别的"}), (inside, {"kind": kind_outside})):
        with pytest.raises(Stale) as refused:
            edit(people.filler, item, **changed)
        assert refused.value.code == "cell_locked"

    assert {row.name for row in EvidenceItem.objects.all()} == {"科技孵化器", "高新区"}
    assert EvidenceItem.objects.get(pk=inside.pk).kind == inside.kind


def test_a_reviewer_sees_what_was_edited_since_the_return(submission, people):
    item = add_item(people.filler, submission, "孵化器")
    give_back(people.lead, people.reviewer, submission, flagged=("10",))

    edit(people.filler, item, approval_number="冀科〔2020〕1号")

    assert list_changes_since_return(submission)["10"].edited == ["孵化器"]


# --- taking off ----------------------------------------------------------------------------------


def test_what_is_gone_is_known_to_its_county_only(submission, people):
    item = add_item(people.filler, submission, "孵化器")
    remove_evidence(actor=people.filler, evidence_id=item.public_id)

    gone = get_gone(people.filler, item.public_id)

    assert (gone.submission, gone.code, gone.name) == (submission, "10", "孵化器")
    with pytest.raises(Http404):
        get_gone(people.changan_lead, item.public_id)
    with pytest.raises(Http404):
        get_gone(people.filler, submission.public_id)


def test_one_is_asked_before_an_item_goes(submission, people):
    item = add_item(people.filler, submission, "孵化器")
    client = signed_in(people.filler)

    page = client.get(url("evidence_remove", item))

    assert "从清单移除“孵化器”？" in text(page)
    assert EvidenceItem.objects.exists()
    client.post(url("evidence_remove", item))
    second = client.post(url("evidence_remove", item), follow=True)
    assert not EvidenceItem.objects.exists()
    assert (second.status_code, "无需重复操作" in text(second)) == (200, True)


# --- pages ---------------------------------------------------------------------------------------


def post(client, item, **changed):
    data = {
        "kind": item.kind.code,
        "name": item.name,
        "year": item.year or "",
        "approval_number": item.approval_number,
    }
    return client.post(url("evidence_edit", item), data | changed)


def test_the_edit_page(submission, people):
    item = add_item(people.filler, submission, "孵化器", upload=upload())
    client = signed_in(people.filler)

    assert "保留“认定.pdf”" in text(client.get(url("evidence_edit", item)))
    assert post(client, item, name="新名").status_code == 302
    assert EvidenceItem.objects.get().name == "新名"
    wrong = post(client, item, year="19")
    assert (wrong.status_code, EvidenceItem.objects.get().year) == (422, None)
    assert signed_in(people.lead).get(url("evidence_edit", item)).status_code == 403
    submit(people.lead, submission)
    late = post(client, item, name="再改")
    assert (late.status_code, code(late)) == (409, "not_editable")


@pytest.mark.parametrize(
    "name, content, element",
    [("认定.pdf", PDF, "<iframe"), ("认定.png", PNG, "<img")],
)
def test_a_file_is_looked_at_in_place(submission, people, name, content, element):
    item = add_item(people.filler, submission, "孵化器", upload=upload(name, content))
    client = signed_in(people.reviewer)

    page = client.get(url("evidence_preview", item))
    shown = client.get(url("evidence_inline", item))

    assert element in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "frame-src" not in client.get(url("submission", submission))["Content-Security-Policy"]
    assert shown["Content-Disposition"].startswith("inline")
    assert shown["Content-Security-Policy"].startswith("default-src 'none'")
    assert "script-src" not in shown["Content-Security-Policy"]
    assert (shown["X-Frame-Options"], shown["X-Content-Type-Options"]) == ("SAMEORIGIN", "nosniff")
    assert b"".join(shown.streaming_content) == content


def test_a_workbook_is_only_downloaded(submission, people):
    from tests.files.samples import xlsx

    item = add_item(people.filler, submission, "孵化器", upload=upload("表.xlsx", xlsx()))
    client = signed_in(people.filler)

    assert "不能在页面上预览" in text(client.get(url("evidence_preview", item)))
    assert client.get(url("evidence_inline", item)).status_code == 404


# --- other counties ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "one, other",
    [
        ("霸州精工科技有限公司", "霸州精工科技（有限责任公司）"),
        ("精工 技术中心", "精工（技术）中心"),
        ("ＡＢＣ实验室", "abc实验室"),
    ],
)
def test_spellings_of_one_name(one, other):
    assert normal_name(one) == normal_name(other)


def test_different_names_stay_different():
    assert normal_name("霸州精工实验室") != normal_name("文安精工实验室")
    assert normal_name("公司") == "公司"
    assert normal_number("冀科〔2020〕1号") == normal_number("冀科[2020] 1号") != ""
    assert normal_number("") == ""


def test_a_body_two_counties_claim_is_hinted_at(submission, collection, people):
    other = submission_of(collection, "130102")
    add_item(people.filler, submission, "华北精工科技有限公司", approval_number="冀科〔2020〕1号")
    add_item(people.filler, submission, "另一家", approval_number="冀科〔2020〕2号")
    add_item(people.filler, submission, "只此一家", approval_number="")
    add_item(people.changan_lead, other, "华北精工科技")
    add_item(people.changan_lead, other, "别名", approval_number="冀科[2020]2号")
    items = list(list_evidence(submission))

    own = list_duplicates(people.filler, submission, items)
    seen = list_duplicates(people.manager, submission, items)

    named, numbered, alone = items
    assert own[named.pk] == "另有1个县（市、区）填报了同名载体，请核对归属。"
    assert own[numbered.pk] == "另有1个县（市、区）填报了相同批准文号，请核对归属。"
    assert alone.pk not in own
    assert seen[named.pk] == "石家庄市长安区也填报了同名载体，请核对归属。"
    page = text(signed_in(people.filler).get(url("evidence", submission, "10")))
    assert "另有1个县（市、区）填报了同名载体" in page
    assert "长安区" not in page


def test_reviewers_read_which_county(submission, collection, people):
    add_item(people.filler, submission, "华北精工")
    add_item(people.changan_lead, submission_of(collection, "130102"), "华北精工")
    submit(people.lead, submission)

    page = text(signed_in(people.reviewer).get(url("review", submission)))

    assert "石家庄市长安区也填报了同名载体" in page


# --- points --------------------------------------------------------------------------------------


@pytest.fixture
def two_points_each_five_at_most(monkeypatch):
    """A scheme in miniature behind the port: the real one stands above and is not known here."""

    def score(code, figure, items, region_code):
        return min(Decimal(2) * len(items), Decimal(5))

    estimator = SimpleNamespace(score_line=score)
    monkeypatch.setattr(estimates, "_source", [lambda collection: estimator])


def test_points_as_claimed_and_as_capped(submission, people, two_points_each_five_at_most):
    for name in ("甲", "乙", "丙", "丁"):
        add_item(people.filler, submission, name)
    items = list(list_evidence(submission))

    points = score_list(submission, "10", None, items)

    assert [points.items[item.pk].counted for item in items] == [2, 2, 1, 0]
    assert [bool(points.items[item.pk].reason) for item in items] == [False, False, True, True]
    assert (points.claimed, points.counted, points.is_capped) == (8, 5, True)
    page = text(signed_in(people.filler).get(url("evidence", submission, "10")))
    assert "各项单独计分合计8分，按评分方案计5分" in page
    assert "不再计分" in page


def test_without_a_scheme_there_are_no_points(submission, people, monkeypatch):
    monkeypatch.setattr(estimates, "_source", [])
    add_item(people.filler, submission, "甲")

    assert score_list(submission, "10", None, list(list_evidence(submission))) is None
    page = text(signed_in(people.filler).get(url("evidence", submission, "10")))
    assert "分值" not in page
