"""All materials of one application as its reviewers read them, with what changed since it came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from applications.enums import Section
from applications.evaluations import Evaluated, latest_classes
from applications.models import (
    Application,
    CountyApproval,
    GovernmentDocument,
    PlanFile,
    RowEvidence,
)
from applications.rules.basics import Ratio, ratios_of
from applications.rules.changes import Change, growth, list_changes
from applications.rules.gaps import Gap
from applications.rules.materials import Materials, Row, canonical_materials
from applications.rules.schedule import Schedule, draw_schedule
from applications.selectors.guidance import GUIDED, SectionGuidance, list_guidance
from applications.selectors.letters import valid_letter
from applications.selectors.materials import list_gaps, read_materials
from applications.selectors.plans import PlanPart, list_plan_parts
from applications.selectors.requests import ReturnPacket, last_return
from county_portal.accounts.models import User
from county_portal.documents.models import Paper
from indicators.enums import IndicatorKind


@dataclass(frozen=True, slots=True)
class Target:
    """A target of one year and how far it lies from last year's figure, in per cent."""

    year: int
    number: Decimal | None
    growth: Decimal | None


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A row of the table as it is read: last year's figure, targets, what was remarked and changed."""

    row: Row
    last: Decimal | None
    targets: Sequence[Target]
    evidence: Sequence[RowEvidence]
    gaps: Sequence[Gap]
    is_changed: bool

    @property
    def mark(self) -> str:
        """* designated, ★ chosen by the county; its own rows are assessed without a sign (S0 annex 2-1)."""
        if self.row.is_designated:
            return "*"
        return "★" if self.row.is_starred else ""

    @property
    def is_qualitative(self) -> bool:
        """Whether it has words instead of figures."""
        return self.row.kind == IndicatorKind.QUALITATIVE


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows are assessed, by why."""

    designated: int
    starred: int
    own: int


@dataclass(frozen=True, slots=True)
class ReadPart:
    """A section of the plan with the remarks on it."""

    part: PlanPart
    remarks: SectionGuidance


@dataclass(frozen=True, slots=True)
class Answered:
    """One thing a return asked, as answered, with what was changed there."""

    section: Section
    row: int | None
    wanted: str
    answer: str
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Review:
    """Everything a reviewer reads of one application."""

    application: Application
    materials: Materials
    gaps: Sequence[Gap]
    rows: Sequence[ReviewRow]
    ratios: Sequence[Ratio]
    parts: Sequence[ReadPart]
    schedule: Schedule
    document: GovernmentDocument | None
    approval: CountyApproval | None
    plan_file: PlanFile | None
    evaluated: Evaluated | None
    letter: Paper | None
    packet: ReturnPacket | None
    changes: Sequence[Change]
    guidance: Mapping[str, SectionGuidance]

    @property
    def counts(self) -> Counts:
        """Assessed rows."""
        rows = self.materials.rows
        return Counts(
            sum(row.is_designated for row in rows),
            sum(row.is_starred for row in rows),
            sum(row.is_own for row in rows),
        )

    @property
    def is_handed_in(self) -> bool:
        """Whether the county has handed it in: until then the city guides, from then on it decides."""
        return self.application.state not in GUIDED

    @property
    def is_read_again(self) -> bool:
        """Whether it was returned and handed in again: then what is new is read, all else was read before."""
        return self.packet is not None and not self.packet.is_open

    @property
    def answered(self) -> list[Answered]:
        """What the last return asked, each with its answer and the changes where it asked."""
        if self.packet is None:
            return []
        return [
            Answered(
                Section(each.section),
                each.row,
                each.wanted,
                each.answer,
                [change for change in self.changes if _belongs(change, each.section, each.row)],
            )
            for each in self.packet.requests
        ]

    @property
    def unasked(self) -> list[Change]:
        """Changes nobody asked for."""
        asked = [(each.section, each.row) for each in self.packet.requests] if self.packet else []
        return [
            change
            for change in self.changes
            if not any(_belongs(change, section, row) for section, row in asked)
        ]


def _belongs(change: Change, section: str, row: int | None) -> bool:
    return change.section == section and row in {None, change.row}


def read_review(user: User, application: Application) -> Review:
    """The whole of it, for somebody who may see the application; a constant number of queries."""
    materials = read_materials(application)
    gaps = list_gaps(application, materials)
    packet = last_return(application)
    changes = _changes(application, materials, packet)
    plan_file = PlanFile.objects.filter(application=application).select_related(
        "file", "uploaded_by"
    )
    guidance = {str(each.section): each for each in list_guidance(user, application, list(Section))}
    parts = list_plan_parts(application, materials, gaps)
    return Review(
        application=application,
        materials=materials,
        gaps=gaps,
        rows=_rows(application, materials, gaps, changes),
        ratios=ratios_of(materials),
        parts=[ReadPart(part, guidance[part.section]) for part in parts],
        schedule=draw_schedule(materials),
        document=GovernmentDocument.objects.filter(application=application)
        .select_related("file")
        .first(),
        approval=CountyApproval.objects.filter(application=application)
        .select_related("file", "recorded_by")
        .first(),
        plan_file=plan_file.first(),
        evaluated=latest_classes([application.region]).get(application.region_id),
        letter=valid_letter(application),
        packet=packet,
        changes=changes,
        guidance=guidance,
    )


def _changes(
    application: Application, materials: Materials, packet: ReturnPacket | None
) -> list[Change]:
    """Since the copy kept before the last return; none for what never came back."""
    if packet is None:
        return []
    kept = application.snapshots.filter(step__at__lte=packet.step.at).order_by("number").last()
    if kept is None:
        return []
    names = {each.code: each.name for each in materials.basics}
    return list_changes(kept.content, canonical_materials(materials), names)


def _rows(
    application: Application,
    materials: Materials,
    gaps: Sequence[Gap],
    changes: Sequence[Change],
) -> list[ReviewRow]:
    evidence: dict[int, list[RowEvidence]] = {}
    files = RowEvidence.objects.filter(row__application=application).select_related("row", "file")
    for each in files.order_by("added_at", "pk"):
        evidence.setdefault(each.row.order, []).append(each)
    changed = {change.row for change in changes}
    return [
        ReviewRow(
            row,
            _number(row, materials.last_year),
            [_target(row, year, materials.last_year) for year in materials.target_years],
            evidence.get(row.order, []),
            [gap for gap in gaps if gap.place == f"row-{row.order}"],
            row.order in changed,
        )
        for row in materials.rows
    ]


def _number(row: Row, year: int) -> Decimal | None:
    cell = row.cells.get(year)
    return cell.number if cell else None


def _target(row: Row, year: int, last_year: int) -> Target:
    number = _number(row, year)
    return Target(year, number, growth(_number(row, last_year), number))
