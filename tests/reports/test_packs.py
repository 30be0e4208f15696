"""Evidence packs: read again byte by byte, built once, nobody else's."""

import csv
import hashlib
import io
import zipfile

import pytest
from django.http import Http404
from django.urls import reverse

from applications.enums import PilotAct
from applications.models import PilotEvent, RowEvidence
from county_portal.common import clock
from county_portal.common.errors import Refused
from county_portal.files.actions import keep_generated
from county_portal.files.store import path_of
from county_portal.jobs import runner
from county_portal.jobs.models import Job
from reports.actions.filling import FileInput, add_file
from reports.actions.packs import HASHES, INDEX, _contents, _write, build_pack, start_pack
from reports.archive import Archive, safe_name
from reports.enums import ProgressState
from reports.models import EvidencePack
from reports.selectors.packs import pilot_for_pack
from tests.documents.reading import needs_pango
from tests.factories.people import signed_in
from tests.reports.building import YEAR, bring

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
    assert f"02-年度进展报告/{YEAR}年度建设进展报告.pdf" in members
    assert members["07-申报材料/试点申报材料.pdf"].startswith(b"%PDF")
    assert "07-申报材料/试点申报材料.docx" in members


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
    made = _contents(proved.pilot)
    assert made.fingerprint == first.digest
    anew = tmp_path / "anew.zip"
    _write(anew, pilot_for_pack(proved.pilot_id), made)
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
    assert safe_name("a\x00b:c") == "a_b_c"
    with Archive(tmp_path / "a.zip") as archive:
        archive.add_bytes("a.pdf", b"1")
        archive.add_bytes("a.pdf", b"2")
    assert [member.path for member in archive.members] == ["a.pdf", "a（2）.pdf"]
