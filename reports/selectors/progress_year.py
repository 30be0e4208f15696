"""A year's reports read whole: a constant number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from applications.models import Pilot, Reached
from county_portal.accounts.models import Region
from county_portal.common import clock
from reports.models import ProgressPdf, ProgressReport, ProgressStep, ProgressSummary
from reports.progress_document import Opinion, ProgressDocument, document_digest
from reports.rules.progress import ProgressContent, Reading, read_progress


@dataclass(frozen=True, slots=True)
class YearRow:
    """A pilot's report of the year; `content` is what was last handed in, None where nothing was."""

    report: ProgressReport
    content: ProgressContent | None

    @property
    def mean(self) -> Decimal | None:
        """Mean share of the assessed indicators, each counted between 0 and 1; None without any."""
        if self.content is None:
            return None
        year = self.report.year
        shares = [row.achieved(year).capped for row in self.content.assessed]
        known = [share for share in shares if share is not None]
        return sum(known, Decimal(0)) / len(known) if known else None


def list_year(year: int) -> QuerySet[ProgressReport]:
    """The year's reports in the order of the register."""
    return (
        ProgressReport.objects.filter(year=year)
        .select_related("pilot__region__parent", "pilot__round", "pilot__reviewing_office")
        .order_by("pilot__region__code", "pk")
    )


def require_year(year: int) -> None:
    """404 for a year of which there is no report."""
    if not list_year(year).exists():
        raise Http404


def read_year(year: int) -> list[YearRow]:
    """All of them; two queries."""
    reports = list(list_year(year))
    steps = last_contents(reports)
    return [
        YearRow(row, read_progress(steps[row.pk].content) if row.pk in steps else None)
        for row in reports
    ]


def last_contents(reports: Iterable[ProgressReport]) -> dict[int, ProgressStep]:
    """The step that holds what was last handed in, by report; one query."""
    steps = ProgressStep.objects.filter(report__in=list(reports)).exclude(content="")
    return {step.report_id: step for step in steps.order_by("at", "pk")}


def document_of(report: ProgressReport) -> ProgressDocument | None:
    """What the report's PDF says; None where it was never handed in."""
    steps = list(report.steps.select_related("actor__office").order_by("at", "pk"))
    kept = [step for step in steps if step.content]
    if not kept or report.submitted_at is None:
        return None
    return ProgressDocument(
        content=read_progress(kept[-1].content),
        office=report.pilot.office.name,
        reviewing_office=report.pilot.reviewing_office.name,
        due_on=report.due_on,
        submitted_on=report.first_submitted_on,
        is_late=report.is_late,
        state=report.get_state_display(),
        content_sha256=report.content_digest,
        opinions=[
            Opinion(
                clock.day_of(step.at),
                step.label,
                step.actor.office.short_name,
                step.actor_name,
                step.comment,
            )
            for step in steps
        ],
    )


def find_pdf(report: ProgressReport) -> ProgressPdf | None:
    """The PDF of what the report says now, if it was rendered."""
    document = document_of(report)
    if document is None:
        return None
    pdfs = report.pdfs.filter(digest=document_digest(document)).select_related("file")
    return pdfs.order_by("pk").last()


def find_summary(year: int, *, lock: bool = False) -> ProgressSummary | None:
    """The province's summary of a year."""
    found = ProgressSummary.objects.filter(year=year).select_related("prepared_by", "published_by")
    if lock:
        found = found.select_for_update(of=("self",))
    return found.first()


def list_published_years() -> list[ProgressSummary]:
    """Summaries that everybody may read, newest first."""
    return list(ProgressSummary.objects.filter(published_at__isnull=False).order_by("-year"))


def count_unpublished(year: int) -> int:
    """Pilots whose figures were received and are not public yet."""
    rows = Reached.objects.filter(year=year, published_at__isnull=True)
    return rows.values("target__pilot").distinct().count()


def mark_of(summary: ProgressSummary, waiting: int) -> str:
    """What publishing would make public, to be held against what a page showed: the text, and so many pilots."""
    return f"{summary.prepared_at.isoformat()} {waiting}"


@dataclass(frozen=True, slots=True)
class PublicPilot:
    """What one pilot promised and reached in a year, as everybody may read it."""

    public_id: UUID
    region: Region
    readings: list[Reading]
    year: int

    @property
    def name(self) -> str:
        """The pilot's own."""
        return self.region.full_name

    @property
    def measured(self) -> list[Reading]:
        """Indicators with a figure and a target."""
        return [row for row in self.readings if row.achieved(self.year).is_reached is not None]

    @property
    def reached(self) -> int:
        """How many of them hold the year's target."""
        return sum(row.achieved(self.year).is_reached is True for row in self.measured)


def list_public(year: int) -> QuerySet[Pilot]:
    """Pilots of which figures of the year are published, in the order of the register."""
    figures = Reached.objects.filter(
        target__pilot=OuterRef("pk"), year=year, published_at__isnull=False
    )
    return Pilot.objects.filter(Exists(figures)).order_by("region__code", "pk")


def read_public(year: int, pilots: Iterable[Pilot] | None = None) -> list[PublicPilot]:
    """Published figures of assessed indicators, pilot by pilot, of these or all; two queries."""
    rows = (
        Reached.objects.filter(year=year, published_at__isnull=False)
        .select_related("target__pilot__region__parent")
        .prefetch_related("target__years")
        .order_by("target__pilot__region__code", "target__pilot", "target__order")
    )
    if pilots is not None:
        rows = rows.filter(target__pilot__in=[pilot.pk for pilot in pilots])
    found: dict[int, PublicPilot] = {}
    for row in rows:
        pilot = row.target.pilot
        public = found.setdefault(
            pilot.pk,
            PublicPilot(
                pilot.public_id,
                pilot.region,
                [],
                year,
            ),
        )
        if row.target.is_assessed:
            public.readings.append(_public_reading(row))
    return list(found.values())


def _public_reading(row: Reached) -> Reading:
    target = row.target
    return Reading(
        order=target.order,
        name=target.name,
        unit=target.unit,
        kind=target.get_kind_display(),
        is_assessed=True,
        is_qualitative=target.is_qualitative,
        lower_is_better=target.lower_is_better,
        baseline_year=target.baseline_year,
        baseline=target.baseline,
        targets={each.year: each.number for each in target.years.all()},
        number=row.number,
    )
