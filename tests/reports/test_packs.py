"""Evidence packs: read again byte by byte, built once, nobody else's."""

import csv
import hashlib
import io
import zipfile
from datetime import date, timedelta

import openpyxl
import pytest
from django.http import Http404
from django.urls import reverse

from applications.actions.acceptance_moves import AcceptanceMove, move_acceptance
from applications.actions.accepting import FigureInput, SummaryInput, begin_acceptance, save_summary
from applications.actions.accepting import add_file as add_acceptance_file
from applications.actions.beginning import begin_pilot
from applications.actions.progressing import note_progress
from applications.enums import (
    AcceptanceAction,
    AcceptanceOutcome,
    ApplicationState,
    MaterialsKind,
    PilotAct,
)
from applications.models import PilotEvent, RowEvidence
from county_portal.common import clock
from county_portal.common.errors import Refused
from county_portal.files.actions import keep_generated
from county_portal.files.store import path_of
from county_portal.jobs import runner
from county_portal.jobs.models import Job
from reports.actions.filling import FileInput, add_file
from reports.actions.moving import ReportMove, move_report
from reports.actions.outputs import make_pdf
from reports.actions.packs import HASHES, INDEX, _contents, _write, build_pack, start_pack
from reports.archive import Archive, safe_name
from reports.enums import ProgressAction, ProgressState
from reports.models import EvidencePack
from reports.selectors.packs import material_path, material_texts, pilot_for_pack
from tests.applications.test_acceptances import conclude, to_province
from tests.common.committed import await_waiting, held_open, in_thread
from tests.documents.reading import needs_pango
from tests.factories.people import signed_in
from tests.factories.pilots import admitted, apply_to, have_letter, recommend
from tests.reports.building import YEAR, bring, on

pytestmark = needs_pango


def proof(content, name="统计公报.pdf"):
    return keep_generated(content=content, name=name, content_type="application/pdf")


@pytest.fixture
def proved(written, people):
    """A received report with evidence: two of one name for two indicators, one of the whole."""
    first, second = written.pilot.targets.all()[:2]
    for target, content in ((first, b"%PDF-1 one"), (second, b"%PDF-1 two"), (None, b"%PDF-1 all")):
        entered = FileInput("统计/公报", proof(content), target)
        add_file(actor=people.filler, report_id=written.public_id, entered=entered)
    return bring(written, ProgressState.RECEIVED, people.manager)


def read(pack):
    """Members by path."""
    with zipfile.ZipFile(path_of(pack.file.sha256)) as archive:
        assert archive.testzip() is None
        assert len(set(archive.namelist())) == len(archive.namelist())
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_file_is_as_the_sheet_says(proved, people):
    pack, _ = build_pack(actor=people.manager, pilot_pk=proved.pilot_id)

    members = read(pack)
    rows = list(csv.reader(io.StringIO(members[HASHES].decode("utf-8-sig"))))
    assert rows[0] == ["路径", "字节数", "SHA-256"]
    listed = {path: (int(size), sha256) for path, size, sha256 in rows[1:]}
    assert listed == {
        path: (len(content), hashlib.sha256(content).hexdigest())
        for path, content in members.items()
        if path != HASHES
    }
    assert pack.entries == len(members)
    assert members[INDEX].startswith(b"%PDF")
    assert f"02-年度进展报告/{YEAR}年度建设进展报告（第1版）.pdf" in members
    assert members["07-申报材料/试点申报材料（第1版）.pdf"].startswith(b"%PDF")
    assert "07-申报材料/试点申报材料（第1版）.docx" in members


def test_no_evidence_is_missing(proved, people):
    pack, _ = build_pack(actor=people.manager, pilot_pk=proved.pilot_id)

    inside = {hashlib.sha256(content).hexdigest() for content in read(pack).values()}
    reports = {file.file.sha256 for file in proved.files.all()}
    rows = RowEvidence.objects.filter(row__application=proved.pilot.application)
    application = {each.file.sha256 for each in rows}
    assert len(reports) == 3
    assert application
    assert reports | application <= inside
    assert proved.pilot.application.government_document.file.sha256 in inside
    folders = {path.split("/")[1] for path in read(pack) if path.startswith("06-佐证材料")}
    assert folders == {"申报", f"{YEAR}年度"}


def test_the_same_content_is_built_once_and_gives_the_same_bytes(proved, people, tmp_path):
    first, is_new = build_pack(actor=people.manager, pilot_pk=proved.pilot_id)
    second, is_newer = build_pack(actor=people.lead, pilot_pk=proved.pilot_id)
    assert (is_new, is_newer, first.pk) == (True, False, second.pk)

    # As if it had never been built.
    made = _contents(pilot_for_pack(proved.pilot_id))
    assert made.fingerprint == first.digest
    anew = tmp_path / "anew.zip"
    _write(anew, made)
    assert hashlib.sha256(anew.read_bytes()).hexdigest() == first.file.sha256


def test_what_happens_afterwards_makes_another(proved, people):
    first, _ = build_pack(actor=people.manager, pilot_pk=proved.pilot_id)
    PilotEvent.objects.create(
        pilot=proved.pilot,
        act=PilotAct.EXTEND,
        on=clock.today(),
        reason="受灾延期。",
        actor=people.manager,
        at=clock.now(),
    )

    second, is_new = build_pack(actor=people.manager, pilot_pk=proved.pilot_id)

    assert is_new
    assert second.digest != first.digest


def test_a_file_that_is_lost_is_not_passed_over(proved, people):
    path_of(proved.files.first().file.sha256).unlink()

    with pytest.raises(Refused, match="evidence_lost"):
        build_pack(actor=people.manager, pilot_pk=proved.pilot_id)
    assert not EvidencePack.objects.exists()


def test_a_file_that_is_damaged_is_not_passed_off_as_what_was_handed_in(proved, people):
    kept = path_of(proved.files.first().file.sha256)
    kept.chmod(0o640)
    kept.write_bytes(b"%PDF-1 cut o")

    with pytest.raises(Refused, match="evidence_damaged") as refusal:
        build_pack(actor=people.manager, pilot_pk=proved.pilot_id)
    assert "已损坏" in refusal.value.sentence
    assert "统计_公报.pdf" in refusal.value.sentence
    assert not EvidencePack.objects.exists()


def test_a_large_file_is_copied_in_pieces(written, people):
    content = b"%PDF-1 " + bytes(range(256)) * 20_000
    entered = FileInput("影像资料", proof(content, "影像.PDF"), written.pilot.targets.first())
    add_file(actor=people.filler, report_id=written.public_id, entered=entered)
    bring(written, ProgressState.SUBMITTED, people.manager)

    members = read(build_pack(actor=people.manager, pilot_pk=written.pilot_id)[0])

    (path,) = [path for path in members if path.endswith("/影像资料.PDF")]
    assert members[path] == content


def sheets(members, path):
    """Each sheet of a workbook in the pack as rows below its title."""
    book = openpyxl.load_workbook(io.BytesIO(members[path]))
    return {sheet.title: list(sheet.iter_rows(min_row=2, values_only=True)) for sheet in book}


def test_targets_are_all_there_those_judged_in_words_too(proved, people):
    members = read(build_pack(actor=people.manager, pilot_pk=proved.pilot_id)[0])

    found = sheets(members, "01-建设目标/建设目标及调整.xlsx")
    heads, *goals = found["目标"]
    assert heads[-2:] == ("实际值", "说明")
    assert {row[0] for row in goals} == {*range(1, 29)}
    reached = [row for row in goals if row[0] == 2]
    assert [(row[6], row[7], row[8], row[9]) for row in reached] == [
        (YEAR, 11, 11, 11),
        (YEAR + 1, 12, 12, None),
        (YEAR + 2, 13, 13, None),
    ]
    assert reached[0][10] == "按计划推进，说明如下。"
    heads, *worded = found["定性指标"]
    assert heads == ("序号", "指标", "类别", "目标", "年份", "完成情况")
    assert [(row[0], row[2], row[4], row[5]) for row in worded] == [
        (29, "指定考核", YEAR, "政策措施已出台。"),
        (30, "指定考核", YEAR, "政策措施已出台。"),
    ]
    assert worded[0][3] == "县委、县政府印发实施意见和配套措施。"


def test_the_record_is_told_in_words_of_people(proved, people):
    members = read(build_pack(actor=people.manager, pilot_pk=proved.pilot_id)[0])

    heads, *rows = sheets(members, "05-变更记录/变更记录.xlsx")["审计记录摘录"]
    acts = {row[4] for row in rows}
    assert heads[4] == "事项"
    assert {"接收进展报告", "开始建设"} <= acts
    assert [act for act in acts if act.isascii()] == []


def test_a_letter_of_which_nobody_made_a_pdf_goes_in_all_the_same(round_then, province, people):
    with on(YEAR, 3, 1):
        application = apply_to(round_then, province.bureaus["bazhou"], ApplicationState.REVIEWED)
        letter = recommend(application)
        pilot = begin_pilot(
            actor=people.publisher,
            application=application,
            starts_on=date(YEAR, 7, 1),
            ends_on=date(YEAR + 3, 7, 1),
        )
    assert not letter.files.exists()

    pack, _ = build_pack(actor=people.manager, pilot_pk=pilot.pk)

    (path,) = [path for path in read(pack) if path.startswith("04-公文/")]
    assert letter.number in path
    assert read(pack)[path] == path_of(letter.files.get(kind="pdf").file.sha256).read_bytes()


def test_what_a_county_summed_up_for_its_acceptance(proved, people):
    with on(YEAR + 3, 5, 1):
        acceptance = begin_acceptance(actor=people.filler, pilot_id=proved.pilot.public_id)
        figures = {
            target.pk: FigureInput("9.9" if target.lower_is_better else "13", "已全面落实。")
            for target in proved.pilot.targets.all()
        }
        texts = dict.fromkeys(("work", "results", "problems", "outlook"), "三年来认真建设。")
        save_summary(
            actor=people.filler,
            acceptance_id=acceptance.public_id,
            summary=SummaryInput(acceptance.revision, texts, figures),
        )
        before = read(build_pack(actor=people.manager, pilot_pk=proved.pilot_id)[0])
        add_acceptance_file(
            actor=people.filler,
            acceptance_id=acceptance.public_id,
            name="总结",
            file=proof(b"%PDF-1 s"),
        )
        step = AcceptanceMove(AcceptanceAction.SUBMIT)
        move_acceptance(actor=people.lead, acceptance_id=acceptance.public_id, move=step)
        members = read(build_pack(actor=people.manager, pilot_pk=proved.pilot_id)[0])

    path = "08-验收/第1次/指标和任务完成情况（第1版）.xlsx"
    assert [each for each in before if each.startswith("08-验收")] == []
    heads, *rows = sheets(members, path)["指标完成情况"]
    assert heads[6:9] == ("目标", "实际值", "是否达到")
    (second,) = [row for row in rows if row[0] == 2]
    assert second[4:] == (10, YEAR + 2, 13, 13, "达到", "已全面落实。")


def test_an_acceptance_s_figures_stand_beside_its_targets(proved, people):
    with on(YEAR + 3, 5, 1):
        acceptance = begin_acceptance(actor=people.filler, pilot_id=proved.pilot.public_id)
        at_province = to_province(people, acceptance, number="12.5")
        day = date(YEAR + 3, 6, 20)
        conclude(people, at_province, AcceptanceOutcome.RECTIFY, rectify_by=day)
        members = read(build_pack(actor=people.manager, pilot_pk=proved.pilot_id)[0])

    rows = sheets(members, "08-验收/第1次/指标和任务完成情况（第1版）.xlsx")["指标完成情况"]
    (second,) = [row for row in rows if row[0] == 2]
    assert second[6:9] == (13, 12.5, "未达到")


def test_what_a_county_is_rewriting_is_not_in_it(proved, people):
    """Given back, half rewritten, with another file and a task noted: the wording handed in last, and which it is."""
    with on(YEAR + 3, 5, 1):
        acceptance = begin_acceptance(actor=people.filler, pilot_id=proved.pilot.public_id)
        at_province = to_province(people, acceptance)
        sent_back = AcceptanceMove(
            AcceptanceAction.SEND_BACK, comment="请补充。", due_on=date(YEAR + 3, 6, 1)
        )
        key = at_province.public_id
        returned = move_acceptance(actor=people.manager, acceptance_id=key, move=sent_back)
        texts = dict.fromkeys(("work", "results", "problems", "outlook"), "改到一半。")
        summary = SummaryInput(returned.revision, texts, {})
        save_summary(actor=people.filler, acceptance_id=key, summary=summary)
        more = proof(b"%PDF-1 more")
        add_acceptance_file(actor=people.filler, acceptance_id=key, name="新增", file=more)
        task = proved.pilot.tasks.get().public_id
        note_progress(actor=people.filler, task_id=task, done=99, words="退回后完成。")
        first = read(build_pack(actor=people.manager, pilot_pk=proved.pilot_id)[0])
        again = AcceptanceMove(AcceptanceAction.SUBMIT)
        move_acceptance(actor=people.lead, acceptance_id=key, move=again)
        second = read(build_pack(actor=people.manager, pilot_pk=proved.pilot_id)[0])

    folder = "08-验收/第1次"
    text = first[f"{folder}/总结与结论（第1版）.txt"].decode("utf-8-sig")
    assert "第1版，" in text
    assert "现为“已退回”，其后的修改尚未报送，不在本证据包内。" in text
    assert "三年来认真建设。" in text
    assert "改到一半。" not in text
    assert f"{folder}/新增.pdf" not in first
    told = sheets(first, f"{folder}/指标和任务完成情况（第1版）.xlsx")["重点任务完成情况"]
    assert "退回后完成。" not in told[1]
    text = second[f"{folder}/总结与结论（第2版）.txt"].decode("utf-8-sig")
    assert "改到一半。" in text
    assert "尚未报送" not in text
    assert f"{folder}/新增.pdf" in second
    told = sheets(second, f"{folder}/指标和任务完成情况（第2版）.xlsx")["重点任务完成情况"]
    assert (told[1][2], told[1][5]) == (99, "退回后完成。")


def test_a_report_given_back_is_there_as_it_was_handed_in(written, people):
    """Being rewritten with another file: the wording handed in last, until there is a next."""
    bring(written, ProgressState.CITY_REVIEW, people.manager)
    back = ReportMove(ProgressAction.RETURN, None, "请核对。", clock.today() + timedelta(days=9))
    move_report(actor=people.reviewer, report_id=written.public_id, move=back)
    extra = FileInput("补充材料", proof(b"%PDF-1 extra"), None)
    add_file(actor=people.filler, report_id=written.public_id, entered=extra)
    first = read(build_pack(actor=people.manager, pilot_pk=written.pilot_id)[0])

    again = ReportMove(ProgressAction.SUBMIT)
    move_report(actor=people.lead, report_id=written.public_id, move=again)
    second = read(build_pack(actor=people.manager, pilot_pk=written.pilot_id)[0])

    for members, number in ((first, 1), (second, 2)):
        reports = [path for path in members if path.startswith("02-年度进展报告/")]
        assert reports == [f"02-年度进展报告/{YEAR}年度建设进展报告（第{number}版）.pdf"]
        assert any("补充材料" in path for path in members) is (number == 2)


def test_a_letter_on_others_too_is_named_and_left_out(round_then, province, people):
    """It ranks a neighbour and says why; the county has the same pack as the province."""
    with on(YEAR, 3, 1):
        own, other = (
            apply_to(round_then, province.bureaus[name], ApplicationState.REVIEWED)
            for name in ("bazhou", "changan")
        )
        letter = have_letter(own, other)
        pilot = begin_pilot(
            actor=people.publisher,
            application=own,
            starts_on=date(YEAR, 7, 1),
            ends_on=date(YEAR + 3, 7, 1),
        )

    contents = _contents(pilot_for_pack(pilot.pk))

    assert [(each.number, each.is_shared) for each in contents.papers] == [(letter.number, True)]
    assert [each.path for each in contents.files if each.path.startswith("04-公文/")] == []
    assert not letter.files.exists()


def test_the_application_s_document_says_which_wording_it_is(round_then, province, people):
    with on(YEAR, 3, 1):
        application = admitted(round_then, province.bureaus["bazhou"])
        pilot = begin_pilot(
            actor=people.publisher,
            application=application,
            starts_on=date(YEAR, 7, 1),
            ends_on=date(YEAR + 3, 7, 1),
        )

    # Kept when it was handed in, and when the province admitted it.
    assert [path.partition("（")[0] for path, _ in material_texts(pilot)] == [
        "07-申报材料/申报内容第1版",
        "07-申报材料/申报内容第2版",
    ]
    assert material_path(pilot, MaterialsKind.PDF) == "07-申报材料/试点申报材料（第2版）.pdf"


def test_what_happens_while_it_is_built_is_in_whole_or_not_at_all(committed_db, written, people):
    """Its report is locked for the PDF: whoever moves it meanwhile is waited for, and all is read again."""
    report = bring(written, ProgressState.CITY_REVIEW, people.manager)
    comment = "同意，请注意保持。"

    def accept():
        step = ReportMove(ProgressAction.APPROVE, None, comment)
        move_report(actor=people.reviewer, report_id=report.public_id, move=step)

    with held_open(accept):
        building = in_thread(lambda: build_pack(actor=people.manager, pilot_pk=report.pilot_id))
        await_waiting()
    pack, _ = building()

    members = read(pack)
    words = [row[5] for row in sheets(members, "03-审核意见/审核意见与办理记录.xlsx")["办理记录"]]
    acts = [row[4] for row in sheets(members, "05-变更记录/变更记录.xlsx")["审计记录摘录"]]
    pdf, _ = make_pdf(report.pk)
    inside = hashlib.sha256(
        members[f"02-年度进展报告/{YEAR}年度建设进展报告（第1版）.pdf"]
    ).hexdigest()
    assert comment in words
    assert "进展报告审核通过" in acts
    assert inside == pdf.file.sha256


def test_a_pilot_without_reports_has_a_pack_too(pilot, spring, people):
    job, _ = start_pack(actor=people.lead, pilot_id=pilot.public_id)

    runner.work(job.pk)

    job.refresh_from_db()
    assert job.state == "done", job.error
    assert job.digest == EvidencePack.objects.get().file.sha256


def test_the_job_the_page_and_the_file(proved, foreign_pilot, people):
    county, stranger = signed_in(people.lead), signed_in(people.changan_lead)
    page = reverse("reports:packs", args=[proved.pilot.public_id])

    assert (
        county.post(reverse("reports:pack_build", args=[proved.pilot.public_id])).status_code == 302
    )
    assert "排队中" in county.get(page).content.decode()
    job = Job.objects.get(kind="reports.evidence_pack")
    runner.work(job.pk)
    pack = EvidencePack.objects.get()
    assert pack.file.sha256 in county.get(page).content.decode()
    assert "没有重复生成" not in county.get(page).content.decode()
    county.post(reverse("reports:pack_build", args=[proved.pilot.public_id]))
    runner.work(Job.objects.filter(kind="reports.evidence_pack").latest("created_at").pk)
    assert EvidencePack.objects.get() == pack
    assert "材料与已生成的证据包一致，没有重复生成" in county.get(page).content.decode()
    download = reverse("reports:pack_file", args=[pack.public_id])
    assert county.get(download).status_code == 200
    assert signed_in(people.reviewer).get(download).status_code == 200
    for address in (page, download, reverse("jobs:result", args=[job.public_id])):
        assert stranger.get(address).status_code == 404, address
    assert (
        stranger.post(reverse("reports:pack_build", args=[proved.pilot.public_id])).status_code
        == 404
    )
    assert signed_in(people.expert).get(page).status_code == 403


def test_a_foreign_pilot_is_not_packed(proved, people):
    with pytest.raises(Http404):
        start_pack(actor=people.changan_lead, pilot_id=proved.pilot.public_id)


def test_names_stay_inside_the_archive(tmp_path):
    assert safe_name("../../etc/passwd") == "_.._etc_passwd"
    assert safe_name(" . ") == "未命名"
    assert safe_name("a\x00b:c\x7f") == "a_b_c_"
    # A mark that turns the direction of writing would show gpj.exe as exe.jpg.
    assert safe_name("佐证\u202egpj.exe") == "佐证gpj.exe"
    assert [safe_name(name) for name in ("CON", "nul.pdf", "控制")] == ["_CON", "_nul.pdf", "控制"]
    with Archive(tmp_path / "a.zip") as archive:
        for name in ("a.pdf", "a.pdf", "A.PDF", "1.2 平台/证书", "1.2 平台/证书"):
            archive.add_bytes(name, name.encode())
    assert [member.path for member in archive.members] == [
        *("a.pdf", "a（2）.pdf", "A（3）.PDF", "1.2 平台/证书", "1.2 平台/证书（2）"),
    ]


def test_names_are_marked_as_utf8_for_windows(proved, people):
    pack, _ = build_pack(actor=people.manager, pilot_pk=proved.pilot_id)

    with zipfile.ZipFile(path_of(pack.file.sha256)) as archive:
        flags = {info.filename: bool(info.flag_bits & 0x800) for info in archive.infolist()}
    assert all(flags.values())
    # Explorer refuses paths beyond 259 characters; the folder it is unpacked to takes its share.
    assert max(map(len, flags)) <= 160
