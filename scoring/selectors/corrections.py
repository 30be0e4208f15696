"""Figures corrected on appeal: what overlays the inputs of a run, what waits for one, what a list says of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from indicators.models import Collection, Indicator
from scoring.corrections import Corrected, figure_from_document
from scoring.engine.types import Figure
from scoring.enums import ListState, RunState
from scoring.models import AppliedCorrection, FigureCorrection, GradingRun, PublishedList
from scoring.selectors.lists import list_current


class Overlay(NamedTuple):
    """By region and indicator code: figures of the collection itself, and of the data year before it."""

    own: Mapping[tuple[int, str], Figure]
    before: Mapping[tuple[int, str], Figure]


def read_overlay(collection: Collection) -> Overlay:
    """The newest correction of each line of this year and last year; one query."""
    rows = FigureCorrection.objects.filter(
        collection__version__system=collection.version.system_id,
        collection__data_year__in=(collection.data_year - 1, collection.data_year),
    ).order_by("pk")
    own: dict[tuple[int, str], Figure] = {}
    before: dict[tuple[int, str], Figure] = {}
    for pk, year, region, code, figure in rows.values_list(
        "collection_id", "collection__data_year", "region_id", "indicator_code", "figure"
    ):
        if pk == collection.pk:
            own[region, code] = figure_from_document(figure)
        elif year == collection.data_year - 1:
            before[region, code] = figure_from_document(figure)
    return Overlay(own, before)


def corrections_in_force(collection: Collection) -> list[FigureCorrection]:
    """The newest correction of each line of a collection, oldest first."""
    rows = FigureCorrection.objects.filter(collection=collection).select_related("region")
    newest = {(row.region_id, row.indicator_code): row for row in rows.order_by("pk")}
    return sorted(newest.values(), key=lambda row: row.pk)


def corrected_of(rows: Iterable[FigureCorrection]) -> Corrected:
    """Corrections as the engine's figures, by county code and indicator code."""
    return {(row.region.code, row.indicator_code): figure_from_document(row.figure) for row in rows}


def applied_ids(runs: Iterable[GradingRun]) -> dict[int, set[int]]:
    """Per run: keys of the corrections it was graded with; one query."""
    found: dict[int, set[int]] = {run.pk: set() for run in runs}
    rows = AppliedCorrection.objects.filter(run__in=found).values_list("run", "correction")
    for run, correction in rows:
        found[run].add(correction)
    return found


@dataclass(frozen=True, slots=True)
class WaitingYear:
    """Corrections that the valid list of a year does not show yet, and how far its correction has come.

    `names` are the indicators' by code; `run` was graded with all of them, newest; `in_preparation` is the draft that
    corrects the list.
    """

    published: PublishedList
    corrections: Sequence[FigureCorrection]
    names: Mapping[str, str]
    run: GradingRun | None
    running: GradingRun | None
    in_preparation: PublishedList | None

    @property
    def lines(self) -> list[tuple[FigureCorrection, str]]:
        """Each correction with the name of its indicator."""
        return [(row, self.names.get(row.indicator_code, "")) for row in self.corrections]

    @property
    def since(self) -> FigureCorrection:
        """The one that waits longest."""
        return self.corrections[0]


def list_waiting_years(user: User) -> list[WaitingYear]:
    """Years whose list must be corrected, newest first; a constant number of queries."""
    if not user.holds(Permission.VIEW_RESULTS):
        return []
    lists = list_current()
    rows = (
        FigureCorrection.objects.filter(collection__in=[row.collection_id for row in lists])
        .select_related("region", "appeal")
        .order_by("pk")
    )
    newest = {(row.collection_id, row.region_id, row.indicator_code): row for row in rows}
    if not newest:
        return []
    runs = list(
        GradingRun.objects.filter(
            collection__in={row.collection_id for row in newest.values()},
            state__in=[RunState.COMPLETE, RunState.QUEUED],
        )
        .defer("inputs")
        .order_by("-number")
    )
    applied = applied_ids([*runs, *(row.run for row in lists)])
    drafts = {
        row.collection_id: row
        for row in PublishedList.objects.filter(
            state__in=[ListState.DRAFT, ListState.CONSENTED],
            collection__in={row.collection_id for row in lists},
        )
    }
    names = _names({row.collection.version_id for row in lists})
    found = []
    for published in lists:
        waiting = [
            row
            for row in newest.values()
            if row.collection_id == published.collection_id
            and row.pk not in applied[published.run_id]
        ]
        if waiting:
            mine = [run for run in runs if run.collection_id == published.collection_id]
            found.append(_waiting(published, waiting, mine, applied, drafts, names))
    return found


def _names(versions: Iterable[int]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {version: {} for version in versions}
    rows = Indicator.objects.filter(version__in=found)
    for version, code, name in rows.values_list("version", "code", "name"):
        found[version][code] = name
    return found


def _waiting(
    published: PublishedList,
    waiting: list[FigureCorrection],
    runs: Sequence[GradingRun],
    applied: Mapping[int, set[int]],
    drafts: Mapping[int, PublishedList],
    names: Mapping[int, Mapping[str, str]],
) -> WaitingYear:
    wanted = {row.pk for row in waiting}
    complete = (run for run in runs if run.state == RunState.COMPLETE)
    return WaitingYear(
        published,
        sorted(waiting, key=lambda row: row.pk),
        names[published.collection.version_id],
        next((run for run in complete if wanted <= applied[run.pk]), None),
        next((run for run in runs if run.state == RunState.QUEUED), None),
        drafts.get(published.collection_id),
    )


@dataclass(frozen=True, slots=True)
class Erratum:
    """A county whose figures a list corrects, and which; never the figures themselves."""

    county: str
    indicators: Sequence[str]

    @property
    def sentence(self) -> str:
        """霸州市“高新技术企业数”的数据经申诉复查更正."""
        names = "、".join(f"“{name}”" for name in self.indicators)
        return f"{self.county}{names}的数据经申诉复查更正"


def list_errata(published: PublishedList) -> list[Erratum]:
    """What was corrected on appeal between a list and the one it replaces, counties by code."""
    if published.supersedes is None:
        return []
    return errata_between(published.supersedes.run_id, published.run)


def errata_between(former_run_id: int, run: GradingRun) -> list[Erratum]:
    """What was corrected on appeal between two runs of a collection; three queries at the most."""
    rows = list(_applied(run.pk).select_related("correction__region"))
    known = set(_applied(former_run_id).values_list("correction", flat=True)) if rows else set()
    fresh = [row.correction for row in rows if row.correction_id not in known]
    if not fresh:
        return []
    names = dict(
        Indicator.objects.filter(version__collections__runs=run.pk).values_list("code", "name")
    )
    counties: dict[str, list[str]] = {}
    for row in sorted(fresh, key=lambda row: (row.region.code, row.indicator_code)):
        indicator = names.get(row.indicator_code, row.indicator_code)
        counties.setdefault(row.region.full_name, []).append(indicator)
    return [Erratum(county, indicators) for county, indicators in counties.items()]


def _applied(run_id: int) -> "QuerySet[AppliedCorrection]":
    return AppliedCorrection.objects.filter(run=run_id)
