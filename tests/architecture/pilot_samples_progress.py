"""Progress reports, their evidence and packs: of one's own, and foreign ones."""

from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from county_portal.common import clock
from county_portal.files.actions import keep_generated
from reports.models import EvidencePack, ProgressFile, ProgressReport
from tests.accounts.people import make_user
from tests.architecture.pilot_samples_pilots import a_pilot_of
from tests.architecture.samples import Sample, provides

PROVIDED = {"progress_report", "progress_file", "progress_year", "evidence_pack"}


def _report(user: User, *, foreign: bool = False) -> ProgressReport | None:
    pilot = a_pilot_of(user, foreign=foreign)
    if pilot is None:
        return None
    today = clock.today()
    return ProgressReport.objects.create(
        pilot=pilot, year=today.year - 1, due_on=today, state_since=clock.now()
    )


@provides("progress_report")
def a_report(user: User) -> Sample:
    """A report, blank."""
    own, foreign = _report(user), _report(user, foreign=True)
    return Sample(own=own and own.public_id, foreign=foreign and foreign.public_id)


@provides("progress_year")
def a_year(user: User) -> Sample:
    """The province's, all of them."""
    report = _report(user)
    return Sample(own=report and report.year)


def _file(report: ProgressReport) -> ProgressFile:
    return ProgressFile.objects.create(
        report=report,
        name="公报",
        file=keep_generated(content=b"%PDF-1.4", name="公报.pdf", content_type="application/pdf"),
        added_by=make_user(Role.COUNTY_FILLER),
        added_at=clock.now(),
    )


@provides("progress_file")
def a_file(user: User) -> Sample:
    """Evidence of a report."""
    own, foreign = _report(user), _report(user, foreign=True)
    return Sample(own=own and _file(own).public_id, foreign=foreign and _file(foreign).public_id)


def _pack(report: ProgressReport) -> EvidencePack:
    return EvidencePack.objects.create(
        pilot=report.pilot,
        digest="0" * 64,
        file=keep_generated(content=b"PK", name="包.zip", content_type="application/zip"),
        entries=1,
        built_by=make_user(Role.PROVINCE_MANAGER),
        built_at=clock.now(),
    )


@provides("evidence_pack")
def a_pack(user: User) -> Sample:
    """An archive."""
    own, foreign = _report(user), _report(user, foreign=True)
    return Sample(own=own and _pack(own).public_id, foreign=foreign and _pack(foreign).public_id)
