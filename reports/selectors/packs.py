"""Everything an evidence pack is made of, read from where it is kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from applications.enums import (
    APPLICATION_DATA,
    RECOMMENDATION_LETTER,
    MaterialsKind,
)
from applications.models import (
    Acceptance,
    Application,
    GovernmentDocument,
    Pilot,
    PilotList,
    PlanFile,
    Reached,
    RowEvidence,
    TargetChange,
    YearTarget,
)
from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from county_portal.audit.models import Event
from county_portal.audit.wording import words_of
from county_portal.documents.models import Binding, Paper
from county_portal.jobs.models import Job
from reports.archive import safe_name
from reports.models import EvidencePack, ProgressReport
from reports.pack_sheets import (
    ChangeRow,
    EventRow,
    RecordRow,
    StepRow,
    TargetRow,
    WordedRow,
)
from reports.rules.progress import ProgressContent, Proof, read_progress
from reports.selectors.progress_year import last_contents

REPORTS, PAPERS, EVIDENCE = "02-年度进展报告", "04-公文", "06-佐证材料"
MATERIALS = "07-申报材料"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of the store, and where it stands in the pack."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A paper as the index names it; `is_made` is False where its PDF was not made yet.

    `is_shared` is a letter on others too, named here and left out.
    """

    title: str
    number: str
    standing: str
    is_made: bool
    is_shared: bool


def list_packs(pilot: Pilot) -> list[EvidencePack]:
    """A pilot's packs, newest first; the pilot is one the user may see."""
    return list(pilot.packs.select_related("file", "built_by").order_by("-built_at", "-pk"))


def get_pack(user: User, public_id: UUID) -> EvidencePack:
    """A pack of a pilot somebody may see; 404 otherwise."""
    packs = EvidencePack.objects.filter(pilot__in=Pilot.objects.visible_to(user))
    return get_object_or_404(packs.select_related("file"), public_id=public_id)


def found_as_it_was(job: Job) -> bool:
    """Whether a job found that nothing had changed, and gave a pack that was there before it began."""
    made = job.result_file
    return made is not None and job.started_at is not None and made.created_at < job.started_at


def pilot_for_pack(pilot_pk: int) -> Pilot:
    """For the worker, which was ordered by somebody who may see it."""
    return Pilot.objects.select_related(
        *("region__parent", "round", "office", "reviewing_office"),
        *("application__round__version", "application__region__parent"),
        *("application__office", "application__reviewing_office"),
    ).get(pk=pilot_pk)


def handed_in_reports(pilot: Pilot) -> list[tuple[ProgressReport, ProgressContent]]:
    """Reports that were handed in, with what was last, oldest year first."""
    reports = list(pilot.reports.order_by("year"))
    steps = last_contents(reports)
    return [
        (row, read_progress(steps[row.pk].content))
        for row in reports
        if row.pk in steps and row.submitted_at
    ]


def report_path(report: ProgressReport) -> str:
    """Where a report's PDF stands in the pack; the name says which handing in it is (第几版)."""
    number = report.steps.exclude(content="").count()
    return f"{REPORTS}/{report.year}年度建设进展报告（第{number}版）.pdf"


def target_rows(pilot: Pilot) -> Iterator[TargetRow]:
    """Every year's target, original and standing."""
    reached = {
        (each.target_id, each.year): each for each in Reached.objects.filter(target__pilot=pilot)
    }
    years = YearTarget.objects.filter(target__pilot=pilot).select_related("target")
    for each in years.order_by("target__order", "year"):
        target, figure = each.target, reached.get((each.target_id, each.year))
        yield TargetRow(
            target.order,
            target.name,
            target.get_kind_display(),
            target.unit,
            target.baseline_year,
            target.baseline,
            each.year,
            each.promised,
            each.number,
            figure.number if figure else None,
            figure.words if figure else "",
        )


def worded_rows(pilot: Pilot) -> Iterator[WordedRow]:
    """Indicators judged in words: what was aimed at, and what was received of each year."""
    worded = pilot.targets.filter(is_qualitative=True).prefetch_related(
        Prefetch("reached", Reached.objects.order_by("year"))
    )
    for target in worded.order_by("order"):
        told: list[tuple[int | None, str]] = [
            (each.year, each.words) for each in target.reached.all()
        ]
        about = (target.order, target.name, target.get_kind_display(), target.words)
        for year, words in told or [(None, "")]:
            yield WordedRow(*about, year, words)


def _changes(pilot: Pilot) -> list[TargetChange]:
    changes = TargetChange.objects.filter(pilot=pilot).select_related("year_target__target", "file")
    return list(changes.order_by("asked_at", "pk"))


def change_rows(pilot: Pilot) -> list[ChangeRow]:
    """Every request to change a target."""
    return [
        ChangeRow(
            each.asked_at,
            each.year_target.target.name,
            each.year_target.year,
            each.before,
            each.after,
            each.reason,
            each.get_state_display(),
            each.city_comment,
            each.province_comment,
        )
        for each in _changes(pilot)
    ]


def step_rows(pilot: Pilot) -> Iterator[StepRow]:
    """Steps on the application, on each year's report and on acceptances, with the words."""
    yield from _steps_of("申报", pilot.application)
    for report in pilot.reports.order_by("year"):
        yield from _steps_of(f"{report.year}年度进展报告", report)
    for acceptance in list_pilot_acceptances(pilot):
        yield from _steps_of(f"总结验收（第{acceptance.number}次）", acceptance)


def _steps_of(matter: str, owner: Application | ProgressReport | Acceptance) -> Iterator[StepRow]:
    for step in owner.steps.select_related("actor__office").order_by("at", "pk"):
        actor = step.actor
        yield StepRow(matter, step.at, actor.office.name, step.actor_name, step.label, step.comment)


def list_pilot_acceptances(pilot: Pilot) -> list[Acceptance]:
    """All of them, oldest first."""
    return list(pilot.acceptances.order_by("number", "pk"))


def event_rows(pilot: Pilot) -> list[EventRow]:
    """What happened to the pilot."""
    return [
        EventRow(
            each.on.isoformat(),
            each.until.isoformat() if each.until else "",
            each.get_act_display(),
            each.reason,
            each.document_number,
        )
        for each in pilot.events.order_by("at", "pk")
    ]


_KINDS = {
    "application": "申报材料",
    "pilot": "试点",
    "progress_report": "进展报告",
    "acceptance": "验收",
}


def record_rows(pilot: Pilot) -> list[RecordRow]:
    """The audit record's entries about it: acts without their details, and nothing of experts.

    A county has the same pack as the province, so it holds no more than a county may read.
    """
    return [
        RecordRow(
            *(each.serial, each.at, each.actor_office, _KINDS[each.kind]),
            *(words_of(each.act), each.digest),
        )
        for each in _records(pilot).exclude(actor_role=Role.PROVINCE_EXPERT).order_by("serial")
    ]


def last_record(pilot: Pilot) -> int:
    """The serial of the newest entry about it: as long as it stays, nothing that makes up a pack has changed."""
    newest = _records(pilot).order_by("-serial").values_list("serial", flat=True)
    return newest.first() or 0


def _records(pilot: Pilot) -> QuerySet[Event]:
    objects = {
        "application": [pilot.application.public_id],
        "pilot": [pilot.public_id],
        "progress_report": pilot.reports.values_list("public_id", flat=True),
        "acceptance": pilot.acceptances.values_list("public_id", flat=True),
    }
    wanted = Q(pk__in=[])
    for kind, ids in objects.items():
        wanted |= Q(kind=kind, object_id__in=[str(each) for each in ids])
    return Event.objects.filter(wanted)


def papers_of(pilot: Pilot) -> list[Paper]:
    """Letters, lists and decisions that speak of it, valid or not, in the order of issue."""
    bound = Binding.objects.filter(
        kind=APPLICATION_DATA, key=str(pilot.application.public_id)
    ).values_list("paper", flat=True)
    lists = PilotList.objects.filter(decisions__application=pilot.application, paper__isnull=False)
    decisions = pilot.acceptances.filter(paper__isnull=False)
    keys = {*bound, *lists.values_list("paper", flat=True)}
    keys |= set(decisions.values_list("paper", flat=True))
    papers = Paper.objects.filter(pk__in=keys).prefetch_related("files__file", "bindings")
    return list(papers.order_by("issued_at", "pk"))


def is_shared(paper: Paper) -> bool:
    """Whether it is a letter that recommends others beside the pilot.

    The pack is one for county, city and province, and the county may build and fetch it. Such a letter ranks
    neighbours and gives the reasons, which the county can read nowhere else: it went from the city to the province.
    A list of pilots names others too, but is public.
    """
    about = [each for each in paper.bindings.all() if each.kind == APPLICATION_DATA]
    return paper.kind == RECOMMENDATION_LETTER and len(about) > 1


def paper_files(papers: Sequence[Paper]) -> Iterator[tuple[Listed, Kept | None]]:
    """Each paper with its PDF, where that was made and is the pilot's own."""
    for paper in papers:
        pdf = next((each for each in paper.files.all() if each.kind == "pdf"), None)
        standing, shared = paper.get_status_display(), is_shared(paper)
        listed = Listed(paper.title, paper.number, standing, pdf is not None, shared)
        if shared:
            pdf = None
        name = safe_name(f"{paper.number} {paper.title}", 90)
        yield listed, Kept(f"{PAPERS}/{name}.pdf", pdf.file.sha256) if pdf else None


def evidence_files(
    pilot: Pilot, reports: Sequence[tuple[ProgressReport, ProgressContent]]
) -> Iterator[Kept]:
    """Evidence in folders by year and indicator, the application's first."""
    rows = RowEvidence.objects.filter(row__application=pilot.application)
    rows = rows.select_related("row__indicator", "file").order_by("row__order", "pk")
    for each in rows:
        row = each.row
        label = row.own_name or (row.indicator.name if row.indicator else "")
        proof = Proof(each.name, each.file.sha256, each.file.name)
        yield _evidence("申报", f"{row.order:02d} {label}", proof)
    for report, content in reports:
        folder = f"{report.year}年度"
        for proof in content.proofs:
            yield _evidence(folder, "00 整份报告", proof)
        for reading in content.readings:
            for proof in reading.proofs:
                yield _evidence(folder, f"{reading.order:02d} {reading.name}", proof)
    for change in _changes(pilot):
        if change.file:
            proof = Proof(change.year_target.target.name, change.file.sha256, change.file.name)
            yield _evidence("目标调整", f"{change.year_target.year}年目标", proof)


def _evidence(folder: str, indicator: str, proof: Proof) -> Kept:
    return Kept(
        f"{EVIDENCE}/{folder}/{safe_name(indicator, 50)}/{packed_name(proof)}", proof.sha256
    )


def packed_name(proof: Proof) -> str:
    """The name given to it, with the ending of the file."""
    _, dot, ending = proof.file_name.rpartition(".")
    return safe_name(proof.name) + (f".{safe_name(ending, 8)}" if dot else "")


def material_files(pilot: Pilot) -> Iterator[Kept]:
    """Scans that went with the application."""
    application = pilot.application
    document = GovernmentDocument.objects.filter(application=application).select_related("file")
    for each in document:
        yield _material("县政府申报文件", each.file.sha256, each.file.name)
    approval = getattr(application, "county_approval", None)
    if approval is not None:
        yield _material("县政府审议通过材料", approval.file.sha256, approval.file.name)
    for plan in PlanFile.objects.filter(application=application).select_related("file"):
        yield _material("实施方案", plan.file.sha256, plan.file.name)


def _material(label: str, sha256: str, file_name: str) -> Kept:
    return Kept(f"{MATERIALS}/{packed_name(Proof(label, sha256, file_name))}", sha256)


def material_path(pilot: Pilot, kind: MaterialsKind) -> str:
    """Where the application's own document stands: a pilot's is locked, and is its last wording (第几版)."""
    number = pilot.application.snapshots.count()
    wording = f"（第{number}版）" if number else ""
    return f"{MATERIALS}/试点申报材料{wording}.{kind}"


def material_texts(pilot: Pilot) -> Iterator[tuple[str, bytes]]:
    """What was handed in, as it was at each step, in the canonical text its digest is of."""
    for snapshot in pilot.application.snapshots.order_by("number"):
        name = f"{MATERIALS}/申报内容第{snapshot.number}版（{snapshot.digest[:12]}）.json"
        yield name, snapshot.content.encode()
