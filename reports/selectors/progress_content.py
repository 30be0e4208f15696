"""A progress report read whole, as plain values: five queries, however many indicators."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch

from applications.models import PilotTarget, Reached, TaskProgress
from county_portal.common import clock
from county_portal.common.numbers import plain
from indicators.selectors.facts import facts_for
from reports.enums import ProgressText
from reports.models import ProgressFile, ProgressLine, ProgressReport, ProgressStep
from reports.rules.progress import (
    Lack,
    ProgressContent,
    Proof,
    Reading,
    TaskReading,
    lacks_of,
    read_progress,
)


def read_report(report: ProgressReport) -> ProgressContent:
    """Everything it says now; indicators nobody touched yet are there, blank."""
    lines = {line.target_id: line for line in report.lines.all()}
    files = list(report.files.select_related("file"))
    return ProgressContent(
        region_code=report.pilot.region.code,
        region_name=report.pilot.region.full_name,
        round_title=report.pilot.round.title,
        year=report.year,
        readings=[_reading(target, lines.get(target.pk), files) for target in list_targets(report)],
        texts={str(text): getattr(report, text) for text in ProgressText},
        tasks=list_task_readings(report),
        proofs=[_proof(file) for file in files if file.target_id is None],
    )


def list_targets(report: ProgressReport) -> list[PilotTarget]:
    """The pilot's indicators in table order, with the years' targets and the indicator."""
    targets = report.pilot.targets.select_related("indicator").prefetch_related("years")
    return list(targets.order_by("order", "pk"))


def list_lacks(report: ProgressReport) -> list[Lack]:
    """What is still missing."""
    return list(lacks_of(read_report(report)))


def _reading(
    target: PilotTarget, line: ProgressLine | None, files: Sequence[ProgressFile]
) -> Reading:
    return Reading(
        order=target.order,
        name=target.name,
        unit=target.unit,
        kind=target.get_kind_display(),
        is_assessed=target.is_assessed,
        is_qualitative=target.is_qualitative,
        lower_is_better=target.lower_is_better,
        baseline_year=target.baseline_year,
        baseline=target.baseline,
        targets={each.year: each.number for each in target.years.all()},
        number=line.number if line else None,
        numerator=line.numerator if line else None,
        denominator=line.denominator if line else None,
        words=line.words if line else "",
        proofs=[_proof(file) for file in files if file.target_id == target.pk],
    )


def _proof(file: ProgressFile) -> Proof:
    return Proof(file.name, file.file.sha256, file.file.name)


def list_task_readings(report: ProgressReport) -> list[TaskReading]:
    """Each key task with what was last noted of it; two queries."""
    newest = Prefetch("progress", TaskProgress.objects.order_by("-noted_at", "-pk"))
    readings = []
    for task in report.pilot.tasks.prefetch_related(newest):
        notes = list(task.progress.all())
        last = notes[0] if notes else None
        readings.append(
            TaskReading(
                task.get_kind_display(),
                task.goal,
                last.done if last else None,
                last.words if last else "",
                clock.day_of(last.noted_at).isoformat() if last else "",
            )
        )
    return readings


def last_handed_in(report: ProgressReport) -> ProgressStep | None:
    """The step that holds what was last handed in."""
    return report.steps.exclude(content="").order_by("at", "pk").last()


def handed_in(report: ProgressReport) -> ProgressContent | None:
    """What was last handed in, as it was then; None where it never was."""
    step = last_handed_in(report)
    return read_progress(step.content) if step else None


def handed_in_before(report: ProgressReport) -> ProgressContent | None:
    """What the same pilot handed in on the year before; None where it did not."""
    before = ProgressReport.objects.filter(pilot=report.pilot_id, year=report.year - 1).first()
    return handed_in(before) if before else None


def past_figures(report: ProgressReport) -> dict[int, dict[int, Decimal]]:
    """What was received for earlier years, by target's order and year; one query."""
    rows = Reached.objects.filter(target__pilot=report.pilot_id, year__lt=report.year)
    past: dict[int, dict[int, Decimal]] = {}
    for order, year, number in rows.values_list("target__order", "year", "number"):
        if number is not None:
            past.setdefault(order, {})[year] = number
    return past


@dataclass(frozen=True, slots=True)
class Known:
    """A part whose figure the register of facts holds for the report's year, and where it came from."""

    text: str
    label: str


PARTS = ("text", "numerator", "denominator")


def known_figures(
    report: ProgressReport, targets: Sequence[PilotTarget]
) -> dict[tuple[int, str], Known]:
    """By target's order and part (`PARTS`); two queries."""
    years = facts_for(report.pilot.region, [report.year])
    facts = {each.fact.meaning_id: each.fact for year in years for each in year.facts}
    known = {}
    for target in targets:
        indicator = target.indicator
        if indicator is None:
            continue
        meanings = (indicator.fact_id, indicator.numerator_fact_id, indicator.denominator_fact_id)
        for part, meaning in zip(PARTS, meanings, strict=True):
            fact = facts.get(meaning) if meaning else None
            if fact is not None:
                known[target.order, part] = Known(plain(fact.number), fact.place_label)
    return known
