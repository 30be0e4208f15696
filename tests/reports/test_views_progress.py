"""Pages of progress reports: what each level sees, what is typed, what is refused where."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.actions.progressing import note_progress
from reports.actions.opening import open_reports
from reports.enums import ProgressState
from tests.factories.people import signed_in
from tests.reports.building import YEAR, bring, on

PDF = b"%PDF-1.4\n%%EOF\n"


def url(name, *args):
    return reverse(f"reports:{name}", args=args)


def typed(report, **changed):
    """Every field of the form as a browser sends it."""
    data = {"revision": report.revision}
    for target in report.pilot.targets.all():
        data[f"{target.order}-words"] = "说明"
        if not target.is_qualitative:
            data[f"{target.order}-text"] = "11"
    for name in ("measures", "experience", "problems", "outlook"):
        data[name] = "内容"
    return {**data, **changed}


@pytest.mark.parametrize(
    "login, seen",
    [("filler", 1), ("lead", 1), ("reviewer", 1), ("manager", 2), ("changan_lead", 1)],
)
def test_each_sees_what_is_theirs(opened, foreign_pilot, people, login, seen):
    open_reports()

    page = signed_in(getattr(people, login)).get(url("progress"))

    assert page.context["page"].paginator.count == seen


def test_the_expert_is_kept_out(opened, people):
    assert signed_in(people.expert).get(url("progress")).status_code == 403
    assert signed_in(people.lead).get(url("progress_fill", opened.public_id)).status_code == 403


def test_a_foreign_report_is_not_found(opened, people):
    client = signed_in(people.changan_lead)

    assert client.get(url("progress_report", opened.public_id)).status_code == 404
    assert client.post(url("progress_submit", opened.public_id)).status_code == 404


def test_the_list_asks_the_same_for_two_as_for_one(
    pilot, foreign_pilot, people, spring, django_assert_max_num_queries
):
    open_reports()
    client = signed_in(people.manager)

    with django_assert_max_num_queries(14):
        page = client.get(url("progress"))
    assert page.context["page"].paginator.count == 2


def test_missing_ones_are_found(pilot, foreign_pilot, people):
    with on(YEAR + 1, 1, 10):
        open_reports()
    with on(YEAR + 1, 4, 1):
        page = signed_in(people.manager).get(url("progress"), {"standing": "missing"})
        nonsense = signed_in(people.manager).get(
            url("progress"), {"standing": "'; --", "year": "x", "q": "\u202e"}
        )

    assert page.context["page"].paginator.count == 2
    assert "逾期未报" in page.content.decode()
    assert nonsense.status_code == 200


def test_the_form_saves_everything(opened, people):
    client = signed_in(people.filler)
    address = url("progress_fill", opened.public_id)

    assert client.get(address).status_code == 200
    answer = client.post(address, typed(opened))

    assert answer.status_code == 302
    page = client.get(address)
    # Tasks are noted on the pilot's page.
    assert {lack.code for lack in page.context["lacks"]} == {"task_blank"}
    assert page.context["form"].blocks[0].parts[0].text == "11"


@pytest.mark.parametrize(
    "entry, text, sentence",
    [
        ("1-text", "十一", "不是数字"),
        ("1-text", "-1", "不能为负数"),
        ("1-text", "9" * 70, "个字符"),
        ("2-numerator", "5", "只填了分子"),
        ("measures", "字" * 5001, "最多5000字"),
        ("measures", "a\x07b", "控制字符"),
        ("29-words", "a\u202eb", "控制字符"),
    ],
)
def test_a_fault_stands_beside_its_cell_and_nothing_is_saved(opened, people, entry, text, sentence):
    client = signed_in(people.filler)

    answer = client.post(url("progress_fill", opened.public_id), typed(opened, **{entry: text}))

    assert answer.status_code == 422
    faults = dict(answer.context["form"].faults)
    assert any(sentence in fault for fault in faults.values()), faults
    assert not opened.lines.exists()


def test_an_old_page_is_refused_and_keeps_what_was_typed(written, people):
    client = signed_in(people.filler)

    answer = client.post(
        url("progress_fill", written.public_id), typed(written, revision=0, measures="我的改动")
    )

    assert answer.status_code == 409
    assert "我的改动" in answer.content.decode()
    written.refresh_from_db()
    assert written.measures != "我的改动"


def test_two_editors_lose_nothing_of_each_other(opened, people):
    mine, theirs = signed_in(people.filler), signed_in(people.filler)
    address = url("progress_fill", opened.public_id)
    base = typed(opened) | {f"was-{name}": "" for name in typed(opened) if name != "revision"}
    blank = dict.fromkeys(base, "") | {"revision": opened.revision}
    theirs.post(address, blank | {"1-text": "12", "2-text": "13", "measures": "同事写的"})

    changed = {"2-text": "14", "3-text": "15", "experience": "我写的"}
    answer = mine.post(address, blank | changed)

    assert answer.status_code == 409
    entries = {entry.name: entry for entry in answer.context["form"].entries}
    assert [entries[name].text for name in ("1-text", "2-text", "3-text")] == ["12", "14", "15"]
    assert (entries["measures"].text, entries["experience"].text) == ("同事写的", "我写的")
    assert {entry.name for entry in entries.values() if entry.theirs} == {"2-text"}
    assert "同事已改为：13" in answer.content.decode()
    sent = {name: entry.text for name, entry in entries.items()}
    assert (
        mine.post(address, sent | {"revision": answer.context["form"].revision}).status_code == 302
    )
    opened.refresh_from_db()
    assert (opened.measures, opened.experience) == ("同事写的", "我写的")
    assert opened.lines.get(target__order=1).number == 12


def test_a_first_draft_fills_blank_texts_alone(opened, people):
    client, address = signed_in(people.filler), url("progress_fill", opened.public_id)
    note = {"done": 30, "words": "建立培育库", "actor": people.filler}
    note_progress(task_id=opened.pilot.tasks.get().public_id, **note)
    sent = typed(opened, measures="", problems="", outlook="") | {"11-text": "10", "draft": "1"}

    saved = client.post(address, sent)
    page = client.get(saved["Location"])

    texts = {entry.name: entry for entry in page.context["form"].texts}
    assert texts["measures"].text == "一是抓创新企业培育。建立培育库。目前完成30%。"
    assert "高新技术企业数量实际10家，目标11家，完成率0.00%。" in texts["problems"].text
    assert (
        f"对照{YEAR + 1}年达到12家的目标，补齐“高新技术企业数量”的差距。" in texts["outlook"].text
    )
    assert "继续推进抓创新企业培育（目前完成30%）" in texts["outlook"].text
    assert texts["experience"].text == "内容"
    opened.refresh_from_db()
    assert opened.measures == ""


def test_last_year_stands_beside_what_is_written(written, people):
    bring(written, ProgressState.RECEIVED, people.manager)
    with on(YEAR + 2, 1, 10):
        open_reports()
        following = written.pilot.reports.get(year=YEAR + 1)
        page = signed_in(people.filler).get(url("progress_fill", following.public_id))

    texts = {entry.name: entry for entry in page.context["form"].texts}
    assert texts["problems"].before == "存在问题的内容。"
    assert "上年实际11<" in page.content.decode()


def test_known_figures_stand_in_the_form_with_their_source(opened, people):
    from county_portal.common import clock
    from indicators.models import Fact

    target = opened.pilot.targets.select_related("indicator__fact").get(order=11)
    assert target.indicator.fact is not None
    Fact.objects.create(
        region=opened.pilot.region,
        meaning=target.indicator.fact,
        data_year=YEAR,
        number=321,
        place="test",
        place_label="2025年度统计公报",
        recorded_by=people.filler,
        recorded_at=clock.now(),
    )

    page = signed_in(people.filler).get(url("progress_fill", opened.public_id))

    [block] = [each for each in page.context["form"].blocks if each.reading.order == 11]
    assert block.parts[0].text == "321"
    assert "2025年度统计公报" in block.parts[0].source
    assert not opened.lines.exists()


def test_a_file_that_is_none_is_refused(opened, people):
    client = signed_in(people.filler)
    address = url("progress_files", opened.public_id)

    bad = client.post(
        address, {"name": "公报", "upload": SimpleUploadedFile("a.exe", b"MZ", "application/pdf")}
    )
    good = client.post(
        address,
        {"name": "公报", "target": "1", "upload": SimpleUploadedFile("a.pdf", PDF)},
    )

    assert bad.status_code == 422
    assert good.status_code == 302
    kept = opened.files.get()
    assert client.get(url("progress_file", kept.public_id)).status_code == 200
    assert (
        signed_in(people.changan_lead).get(url("progress_file", kept.public_id)).status_code == 404
    )
    assert client.post(url("progress_file_remove", kept.public_id)).status_code == 302


def test_the_head_hands_in_and_the_city_returns(written, people):
    lead, city = signed_in(people.lead), signed_in(people.reviewer)
    revision = {"revision": written.revision}

    assert lead.post(url("progress_submit", written.public_id), revision).status_code == 302
    assert city.post(url("progress_accept", written.public_id), revision).status_code == 302
    blank = city.post(url("progress_return", written.public_id), {**revision, "comment": " "})
    assert blank.status_code == 422
    assert "请填写退回意见" in blank.content.decode()
    full = {**revision, "comment": "请核对第1项。", "due_on": f"{YEAR + 1}-02-01"}
    assert city.post(url("progress_return", written.public_id), full).status_code == 302
    written.refresh_from_db()
    assert written.state == ProgressState.RETURNED
    assert "请核对第1项" in lead.get(url("progress_report", written.public_id)).content.decode()


def test_a_report_with_gaps_says_so(opened, people):
    answer = signed_in(people.lead).post(
        url("progress_submit", opened.public_id), {"revision": opened.revision}
    )

    assert answer.status_code == 422
    assert answer.context["error_code"] == "report_incomplete"


def test_others_do_not_read_what_was_not_handed_in(written, people):
    page = signed_in(people.manager).get(url("progress_report", written.public_id))
    assert "县级还没有报送" in page.content.decode()

    bring(written, ProgressState.PROVINCE_REVIEW, people.manager)
    page = signed_in(people.manager).get(url("progress_report", written.public_id))
    assert "采取的措施的内容" in page.content.decode()
