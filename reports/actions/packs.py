"""Evidence packs (一键证据包): everything about a pilot in one archive, built by a job, once for each content.

The archive is written to disk member by member; what is read is hashed as it is written, so that the sheet of
hashes speaks of the very bytes inside.
"""

import contextlib
import csv
import hashlib
import io
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from django.db import transaction

from applications.actions.exporting import keep_materials
from applications.enums import MaterialsKind
from applications.models import Pilot
from county_portal.accounts.models import User
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Refused, Stale
from county_portal.documents.actions.files import make_paper_file
from county_portal.documents.enums import PaperFileKind
from county_portal.documents.models import Paper
from county_portal.documents.pdf import PdfUnavailable, layout_version, pdf_available
from county_portal.files.actions import keep_blob
from county_portal.files.store import path_of, put_file
from county_portal.jobs.actions import Order, start_job
from county_portal.jobs.models import Job
from reports.actions.outputs import make_pdf
from reports.archive import Archive, Member
from reports.enums import EVIDENCE_PACK_JOB
from reports.models import EvidencePack
from reports.pack_index import INDEX_STYLES, INDEX_TEMPLATE, Heading, PackIndex, render_index
from reports.pack_sheets import changes_workbook, steps_workbook, targets_workbook
from reports.selectors import pack_acceptances, packs
from reports.selectors.packs import Kept, Listed
from reports.selectors.progress import get_pilot

INDEX, HASHES = "00-目录.pdf", "哈希清单.csv"
# How often the contents are read when people act on them meanwhile.
_READINGS = 3


def pack_subject(pilot: Pilot) -> str:
    """What the job of a pilot's pack is about."""
    return f"pilot:{pilot.pk}"


def start_pack(*, actor: User, pilot_id: UUID) -> tuple[Job, bool]:
    """Have the pack built: a unit for each year's report, the archive at the end. Raises PdfUnavailable."""
    pilot = get_pilot(actor, pilot_id)
    if not pdf_available():
        raise PdfUnavailable
    reports = [str(report.pk) for report, _ in packs.handed_in_reports(pilot)]
    order = Order(
        EVIDENCE_PACK_JOB,
        f"生成{pilot.region.full_name}试点证据包",
        pack_subject(pilot),
        # Without reports there is still the archive to build.
        reports or ["none"],
        {"pilot": pilot.pk},
    )
    return start_job(actor=actor, order=order)


@dataclass(slots=True)
class Contents:
    """What goes in: files of the store and what is made here, each under its path; `heading` is the index's."""

    heading: Heading
    files: list[Kept] = field(default_factory=list)
    made: list[tuple[str, bytes]] = field(default_factory=list)
    papers: list[Listed] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """A digest (hex) of everything that decides the archive's bytes."""
        digest = hashlib.sha256(layout_version((INDEX_TEMPLATE,), INDEX_STYLES).encode())
        digest.update(repr(self.heading).encode())
        parts = [(each.path, each.sha256) for each in self.files]
        parts += [(path, hashlib.sha256(content).hexdigest()) for path, content in self.made]
        parts += [(each.number + each.title, each.standing) for each in self.papers]
        for path, sha256 in parts:
            digest.update(f"{path}\0{sha256}\0".encode())
        return digest.hexdigest()


@transaction.atomic
def build_pack(*, actor: User, pilot_pk: int) -> tuple[EvidencePack, bool]:
    """The pack of what there is now, and whether it had to be built.

    Raises Refused `evidence_lost` where a file the portal should have is not on the disk, `evidence_damaged`
    where it is not what was handed in: a pack without it would be no proof. Raises Stale `evidence_changing`
    where people would not stop changing what goes in.
    """
    # Two workers at one pilot: the second finds what the first built.
    Pilot.objects.select_for_update(of=("self",)).get(pk=pilot_pk)
    pilot, contents = _settled(pilot_pk)
    digest = contents.fingerprint
    existing = pilot.packs.filter(digest=digest).select_related("file").order_by("pk").last()
    if existing:
        return existing, False
    _require_files(contents.files)
    with tempfile.TemporaryDirectory() as folder:
        aside = Path(folder) / "pack.zip"
        entries = _write(aside, contents)
        blob = put_file(aside)
    name = f"{pilot.region.code}{pilot.region.name}试点证据包.zip"
    pack = EvidencePack.objects.create(
        pilot=pilot,
        digest=digest,
        file=keep_blob(blob=blob, name=name, content_type="application/zip"),
        entries=entries,
        built_by=actor,
        built_at=clock.now(),
    )
    detail = {"pilot": str(pilot.public_id), "entries": entries, "sha256": blob.sha256}
    record(
        actor,
        Entry(
            "build_evidence_pack",
            "evidence_pack",
            str(pack.public_id),
            detail,
            pilot.region.code,
        ),
    )
    return pack, True


def _settled(pilot_pk: int) -> tuple[Pilot, Contents]:
    """Everything as it stood at one moment: read again where anybody acted while it was read."""
    for _ in range(_READINGS):
        pilot = packs.pilot_for_pack(pilot_pk)
        before = packs.last_record(pilot)
        contents = _contents(pilot)
        if packs.last_record(pilot) == before:
            return pilot, contents
    raise Stale(
        "evidence_changing",
        "生成期间本试点的材料一直在变动，证据包没有生成。请等有关人员办理完毕后再生成。",
    )


def _contents(pilot: Pilot) -> Contents:
    name, reports = pilot.region.full_name, packs.handed_in_reports(pilot)
    contents = Contents(_heading(pilot))
    contents.made += [
        (
            "01-建设目标/建设目标及调整.xlsx",
            targets_workbook(
                name, packs.target_rows(pilot), packs.worded_rows(pilot), packs.change_rows(pilot)
            ),
        ),
        ("03-审核意见/审核意见与办理记录.xlsx", steps_workbook(name, packs.step_rows(pilot))),
        (
            "05-变更记录/变更记录.xlsx",
            changes_workbook(name, packs.event_rows(pilot), packs.record_rows(pilot)),
        ),
        *packs.material_texts(pilot),
        *pack_acceptances.acceptance_texts(pilot),
    ]
    for report, _ in reports:
        pdf, _ = make_pdf(report.pk)
        contents.files.append(Kept(packs.report_path(report), pdf.file.sha256))
    _make_pdfs(packs.papers_of(pilot))
    for listed, kept in packs.paper_files(packs.papers_of(pilot)):
        contents.papers.append(listed)
        if kept:
            contents.files.append(kept)
    contents.files += packs.evidence_files(pilot, reports)
    contents.files += _materials(pilot)
    contents.files += packs.material_files(pilot)
    contents.files += pack_acceptances.acceptance_files(pilot)
    return contents


def _materials(pilot: Pilot) -> Iterator[Kept]:
    """The application as one document, for reading and for Word."""
    for kind in (MaterialsKind.PDF, MaterialsKind.WORD):
        made, _ = keep_materials(pilot.application, kind)
        yield Kept(packs.material_path(pilot, kind), made.file.sha256)


def _require_files(files: Iterable[Kept]) -> None:
    lost = [each.path for each in files if not path_of(each.sha256).exists()]
    if lost:
        raise Refused(
            "evidence_lost",
            f"有{len(lost)}个文件在服务器上找不到（{lost[0]}），证据包没有生成。请联系系统管理员从备份恢复。",
        )


def _heading(pilot: Pilot) -> Heading:
    return Heading(
        region_name=pilot.region.full_name,
        round_title=pilot.round.title,
        office=pilot.office.name,
        reviewing_office=pilot.reviewing_office.name,
        starts_on=pilot.starts_on,
        ends_on=pilot.ends_on,
        state=pilot.get_state_display(),
    )


def _make_pdfs(papers: Iterable[Paper]) -> None:
    """For papers nobody asked a PDF of yet; without a key for the receipt there is none, and the index says so."""
    for paper in papers:
        if not packs.is_shared(paper) and not any(
            each.kind == PaperFileKind.PDF for each in paper.files.all()
        ):
            with contextlib.suppress(Refused), transaction.atomic():
                make_paper_file(paper, PaperFileKind.PDF)


def _write(aside: Path, contents: Contents) -> int:
    """Members in the order of their paths, then the index, then the sheet of hashes of all of them."""
    with Archive(aside) as archive:
        made = dict(contents.made)
        places = [(each.path, each.sha256) for each in contents.files] + [
            (path, "") for path in made
        ]
        for path, sha256 in sorted(places):
            if sha256:
                _require_whole(archive.add_file(path, path_of(sha256)), sha256)
            else:
                archive.add_bytes(path, made[path])
        index = PackIndex(contents.heading, tuple(archive.members), tuple(contents.papers))
        archive.add_bytes(INDEX, render_index(index).content)
        archive.add_bytes(HASHES, hash_sheet(archive.members))
        return len(archive.members)


def _require_whole(member: Member, sha256: str) -> None:
    if member.sha256 != sha256:
        raise Refused(
            "evidence_damaged",
            f"文件“{member.path}”在服务器上已损坏，与报送时不一致，证据包没有生成。请联系系统管理员从备份恢复。",
        )


def hash_sheet(members: Iterable[Member]) -> bytes:
    """路径, 字节数, SHA-256 of each file but the sheet itself; opens in Excel as UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["路径", "字节数", "SHA-256"])
    for each in sorted(members, key=lambda member: member.path):
        writer.writerow([each.path, each.size, each.sha256])
    return ("\ufeff" + text.getvalue()).encode()
