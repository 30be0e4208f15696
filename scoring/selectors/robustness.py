"""Studies of a run, what they are made from, and whether its list may be published."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Max
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import Region
from county_portal.jobs.models import Job
from indicators.enums import Severity
from indicators.models import Indicator, Submission
from indicators.selectors.checks import evaluate_all
from scoring.engine.types import GradingInputs, Measure
from scoring.enums import ListState, StudyState
from scoring.models import (
    BoundaryCase,
    BoundaryReview,
    GradingRun,
    PublishedList,
    RobustnessStudy,
)
from scoring.robustness.lines import Counted, Doubt
from scoring.robustness.study import Known
from scoring.selectors.corrections import read_overlay
from scoring.selectors.inputs import last_year_figures

# How many counties a sentence names before it counts the others.
_NAMED = 5
# What is counted in whole things is known exactly, whatever the digits written.
_COUNTED_UNITS = frozenset(["家", "件", "个", "人", "项", "名", "所", "户", "人次"])


def newest_study(run: GradingRun) -> RobustnessStudy | None:
    """The newest complete study of a run."""
    return (
        run.robustness_studies.filter(state=StudyState.COMPLETE).order_by("-completed_at").first()
    )


def list_studies(run: GradingRun) -> list[RobustnessStudy]:
    """All studies of a run, newest first, without their reports."""
    return list(
        run.robustness_studies.select_related("requested_by__office", "job")
        .defer("report")
        .order_by("-created_at", "-pk")
    )


def study_job(run: GradingRun) -> Job | None:
    """The job of the newest study, running, done or failed."""
    study = next(iter(list_studies(run)), None)
    return study.job if study else None


def read_known(run: GradingRun, inputs: GradingInputs) -> Known:
    """Which numbers are counts, and which frozen figures passed with a reason."""
    return Known(_counted(run), _doubts(run, inputs))


def _counted(run: GradingRun) -> dict[str, Counted]:
    return {
        row.code: Counted(
            row.is_integer or row.unit in _COUNTED_UNITS,
            row.numerator_unit in _COUNTED_UNITS,
            row.denominator_unit in _COUNTED_UNITS,
        )
        for row in Indicator.objects.filter(version=run.collection.version_id)
    }


def _doubts(run: GradingRun, inputs: GradingInputs) -> list[Doubt]:
    """One per flagged line, its sentences joined; compared with last year's figure where there is one."""
    submissions = list(
        Submission.objects.filter(results__run=run)
        .select_related("region", "collection__version")
        .order_by("region__code")
    )
    sentences: dict[tuple[int, str], list[str]] = {}
    for pk, findings in evaluate_all(run.collection, submissions).items():
        for each in findings:
            if each.severity == Severity.WARN and each.reason and each.indicator:
                sentences.setdefault((pk, each.indicator), []).append(each.sentence)
    before = last_year_figures(
        run.collection, submissions, sorted(sentences), read_overlay(run.collection)
    )
    codes = {submission.pk: submission.region.code for submission in submissions}
    frozen = {
        (county.code, figure.indicator)
        for county in inputs.counties
        for figure in county.figures
        if figure.absence is None
    }
    return [
        Doubt(
            codes[pk],
            indicator,
            "；".join(said),
            exact_value(before[pk, indicator].measure) if (pk, indicator) in before else None,
        )
        for (pk, indicator), said in sorted(
            sentences.items(), key=lambda row: (codes[row[0][0]], row[0][1])
        )
        if (codes[pk], indicator) in frozen
    ]


def exact_value(measure: Measure) -> Decimal | None:
    """What a measure amounts to, from its two sides where they are known."""
    if measure.numerator is None or not measure.denominator:
        return measure.value
    return measure.numerator * measure.factor / measure.denominator


@dataclass(frozen=True, slots=True)
class Boundary:
    """A boundary county of a run as its newest study sees it, with every word said on it, newest last."""

    case: BoundaryCase
    city: str
    reviews: Sequence[BoundaryReview]

    @property
    def review(self) -> BoundaryReview | None:
        """The word that holds."""
        return self.reviews[-1] if self.reviews else None


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a run's list may be published: studied, and a word on every boundary county."""

    is_studied: bool
    is_studying: bool
    cases: Sequence[Boundary]

    @property
    def unreviewed(self) -> list[Boundary]:
        return [row for row in self.cases if not row.reviews]

    @property
    def is_open(self) -> bool:
        return self.is_studied and not self.unreviewed

    @property
    def sentence(self) -> str:
        """Who still lacks a word, in a sentence; blank if nobody."""
        names = [row.case.region.full_name for row in self.unreviewed]
        if not names:
            return ""
        rest = f"等{len(names)}个县（市、区）" if len(names) > _NAMED else ""
        return f"临界县{'、'.join(names[:_NAMED])}{rest}尚未复核，请在稳健性分析页逐县写明复核意见后再公布。"


def publication_gate(run: GradingRun) -> Gate:
    """Three queries. A county found by any complete study needs its word: a laxer study undoes none."""
    states = set(run.robustness_studies.values_list("state", flat=True))
    return Gate(StudyState.COMPLETE in states, StudyState.QUEUED in states, list_boundary(run))


def list_boundary(run: GradingRun) -> list[Boundary]:
    """Boundary counties of all complete studies of a run, each once, by its newest case; two queries."""
    cases = BoundaryCase.objects.filter(study__run=run, study__state=StudyState.COMPLETE)
    newest = {
        case.region_id: case
        for case in cases.select_related("region__parent", "study")
        .defer("study__report")
        .order_by("study__completed_at", "study_id")
    }
    reviews: dict[int, list[BoundaryReview]] = {}
    for review in (
        BoundaryReview.objects.filter(run=run)
        .select_related("reviewed_by__office")
        .order_by("reviewed_at", "pk")
    ):
        reviews.setdefault(review.region_id, []).append(review)
    return [
        Boundary(
            case, case.region.parent.name if case.region.parent else "", reviews.get(region, [])
        )
        for region, case in sorted(
            newest.items(), key=lambda row: (row[1].best_rank, row[1].region.code)
        )
    ]


@dataclass(frozen=True, slots=True)
class GradedCounty:
    """A county of a run; without `boundary` nothing about its class is in doubt."""

    region: Region
    boundary: Boundary | None


def find_boundary(run: GradingRun, region_id: UUID) -> GradedCounty:
    """One county of a run; 404 for one that was not graded."""
    graded = run.results.select_related("region__parent")
    region = get_object_or_404(graded, region__public_id=region_id).region
    rows = (row for row in list_boundary(run) if row.case.region_id == region.pk)
    return GradedCounty(region, next(rows, None))


def robustness_summary() -> dict[str, object]:
    """Of the runs of all published lists: boundary counties, those with a word, the loosest class."""
    runs = PublishedList.objects.filter(state=ListState.PUBLISHED).values("run")
    cases = BoundaryCase.objects.filter(study__run__in=runs, study__state=StudyState.COMPLETE)
    boundary = set(cases.values_list("study__run", "region"))
    reviewed = set(BoundaryReview.objects.filter(run__in=runs).values_list("run", "region"))
    loosest = cases.aggregate(Max("change_probability"))["change_probability__max"]
    return {
        "boundary": len(boundary),
        "reviewed": len(boundary & reviewed),
        "max_p_change": str(loosest) if loosest is not None else None,
    }
