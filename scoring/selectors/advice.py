"""What a county may think ahead from: its result on a published list, or its sheet while it is being filled."""

import json
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Permission
from county_portal.accounts.selectors import lineages
from indicators.enums import REVIEWED
from indicators.models import Submission
from indicators.rules import CellSpec
from indicators.selectors import read_sheet
from indicators.selectors.catalogue import catalogue_of, spec_of
from indicators.selectors.forecasts import answers_of
from indicators.selectors.submissions import list_submissions
from scoring.advice import Position, Standing, read_standing
from scoring.engine.codec import inputs_from_bytes, inputs_from_document
from scoring.engine.field import compares
from scoring.engine.types import CountyFigures, Figure
from scoring.ground import Ground
from scoring.improvements import Words
from scoring.models import GradingRun, PublishedList, Result
from scoring.provisional import prepared_scheme, sheet_figures
from scoring.selectors.lists import list_current, list_published
from scoring.selectors.runs import newest_scheme_version


@dataclass(frozen=True, slots=True)
class Basis:
    """What is thought ahead from. One of `published` and `submission` is set, and so is what a scenario keeps of it."""

    region: Region
    ground: Ground
    title: str
    scheme: str
    published: PublishedList | None = None
    result: Result | None = None
    submission: Submission | None = None

    @property
    def run(self) -> GradingRun | None:
        """The run behind the result; its frozen figures are what is changed."""
        return self.published.run if self.published else None

    @property
    def is_forecast(self) -> bool:
        """Whether the figures are still the county's own and panels have not spoken."""
        return self.submission is not None


@dataclass(frozen=True, slots=True)
class ResultChoice:
    """A published list with the user's county on it."""

    published: PublishedList
    result: Result


def _own_lineage(user: User) -> list[int]:
    """One's own county and those it continues, itself first; empty for everybody who is no county."""
    region = user.office.region
    if region is None or not user.holds(Permission.PLAN_AHEAD):
        return []
    return lineages([region])[region.pk]


def list_results_ahead(user: User) -> list[ResultChoice]:
    """Valid lists with one's own county, newest first; three queries for any number of years."""
    lists = list_current()
    results = Result.objects.filter(
        run__in=[row.run_id for row in lists], region__in=_own_lineage(user)
    )
    by_run = {row.run_id: row for row in results.select_related("region")}
    return [ResultChoice(row, by_run[row.run_id]) for row in lists if row.run_id in by_run]


def list_sheets_ahead(user: User) -> QuerySet[Submission]:
    """One's own sheets that are not through the review yet."""
    own = list_submissions(user).filter(region__in=_own_lineage(user))
    return own.exclude(state__in=REVIEWED).select_related("collection__version")


def result_basis(user: User, list_id: UUID) -> Basis:
    """A published list from one's own county's side; 404 where it is not on it."""
    published = get_object_or_404(
        list_published().select_related("run__collection"), public_id=list_id
    )
    return _on_list(user, published)


def _on_list(user: User, published: PublishedList) -> Basis:
    own = _own_lineage(user)
    results = published.run.results.filter(region__in=own).select_related("region")
    result = results.filter(region__in=published.rows.values("region")).first()
    if result is None:
        raise Http404
    return Basis(
        region=result.region,
        ground=run_ground(published.run, result.region.code),
        title=f"{published.collection.data_year}年度公布结果",
        scheme=str(published.run.scheme_version),
        published=published,
        result=result,
    )


@dataclass(frozen=True, slots=True)
class NextSteps:
    """Where one's own county stands on its newest list, and the nearest steps that bring most."""

    basis: Basis
    standing: Standing
    positions: tuple[Position, ...]


def own_next_steps(user: User, most: int = 5) -> NextSteps | None:
    """The next step of the lines where it brings most points, for pages that stand above; None without a list."""
    choice = next(iter(list_results_ahead(user)), None)
    if choice is None:
        return None
    basis = _on_list(user, choice.published)
    standing = read_standing(basis.ground)
    open_lines = [(row.next_step.gain, row) for row in standing.positions if row.next_step]
    # Sorting is stable: of equal gains the order of the table holds.
    best = sorted(open_lines, key=lambda pair: pair[0], reverse=True)[:most]
    return NextSteps(basis, standing, tuple(row for _, row in best))


def run_ground(run: GradingRun, code: str) -> Ground:
    """What the county of that code stands on in a complete run; asks nobody's permission."""
    words = _catalogue_words(run.collection.version_id)
    scheme = prepared_scheme(run.scheme_version)
    is_compared = any(compares(each.rule) for each in scheme.indicators)
    return Ground(
        scheme=scheme,
        figures=_frozen(run.pk, code),
        words=words,
        specs=_specs(run.collection.version_id),
        code=code,
        others=_others(run.pk, code) if is_compared else None,
    )


def _others(run_id: int, code: str) -> tuple[CountyFigures, ...]:
    """All other counties of a run, for schemes that compare with them."""
    return tuple(each for each in _field(run_id) if each.code != code)


@lru_cache(maxsize=2)
def _field(run_id: int) -> tuple[CountyFigures, ...]:
    inputs = GradingRun.objects.values_list("inputs", flat=True).get(pk=run_id)
    return inputs_from_bytes(inputs).counties


@lru_cache(maxsize=64)
def _frozen(run_id: int, code: str) -> dict[str, Figure]:
    """One county's figures of a complete run, which never change."""
    document = json.loads(GradingRun.objects.values_list("inputs", flat=True).get(pk=run_id))
    # The other counties are left unread: building their figures would cost more than all the rest of the page.
    document["counties"] = [each for each in document["counties"] if each["code"] == code]
    (county,) = inputs_from_document(document).counties
    return {figure.indicator: figure for figure in county.figures}


def sheet_basis(user: User, submission_id: UUID) -> Basis | None:
    """One's own sheet as it is saved now; 404 if it is not one's own, None where no scheme is in force for it."""
    sheets = list_submissions(user).filter(region__in=_own_lineage(user))
    submission = get_object_or_404(
        sheets.select_related("collection__version"), public_id=submission_id
    )
    collection = submission.collection
    version = newest_scheme_version(collection.version.system_id)
    if version is None:
        return None
    answers = answers_of(submission, read_sheet(submission))
    return Basis(
        region=submission.region,
        ground=Ground(
            scheme=prepared_scheme(version),
            figures=sheet_figures(version, collection, answers),
            words=_catalogue_words(collection.version_id),
            specs=_specs(collection.version_id),
            code=submission.region.code,
        ),
        title=f"{collection.data_year}年度填报表",
        scheme=str(version),
        submission=submission,
    )


def _catalogue_words(version_id: int) -> dict[str, Words]:
    return {
        code: Words(
            row.unit,
            row.numerator_label,
            row.numerator_unit,
            row.denominator_label,
            row.denominator_unit,
        )
        for code, row in catalogue_of(version_id).indicators.items()
    }


def _specs(version_id: int) -> dict[str, CellSpec]:
    return {code: spec_of(row) for code, row in catalogue_of(version_id).indicators.items()}
