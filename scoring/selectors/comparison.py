"""Two runs read for comparison: their counties matched through the years, and what moved each of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import Http404

from county_portal.accounts.models import Region, User
from county_portal.accounts.selectors import lineages
from scoring.comparison import Compared, Entry, Exit, Standing
from scoring.corrections import figure_from_document
from scoring.decomposition import Cell, CountyChange, Decomposition, Side, decompose
from scoring.engine.codec import inputs_from_bytes
from scoring.engine.errors import ScoringError
from scoring.engine.types import Figure
from scoring.engine.types import Scheme as EngineScheme
from scoring.enums import RunState
from scoring.models import AppliedCorrection, FigureCorrection, GradingRun, Result
from scoring.rescoring import Unscorable
from scoring.selectors.runs import engine_scheme, list_runs


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two complete runs of one indicator system; `pairs`: later code to earlier code."""

    before: GradingRun
    after: GradingRun
    earlier_scheme: EngineScheme
    later_scheme: EngineScheme
    rows: Sequence[Compared]
    pairs: Mapping[str, str]

    @property
    def before_classes(self) -> list[str]:
        """Classes of the earlier scheme, best first."""
        return [grade.name for grade in self.earlier_scheme.classes]

    @property
    def after_classes(self) -> list[str]:
        """Classes of the later scheme, best first."""
        return [grade.name for grade in self.later_scheme.classes]

    @property
    def same_scheme(self) -> bool:
        """Whether one scheme graded both, so that nothing can be the scheme's."""
        return self.before.scheme_version.sha256 == self.after.scheme_version.sha256


def list_comparable(user: User, run: GradingRun) -> list[GradingRun]:
    """Other complete runs by the same indicator system, newest year and number first."""
    system = run.scheme_version.scheme.system_id
    runs = list_runs(user).filter(state=RunState.COMPLETE, collection__version__system=system)
    return list(runs.exclude(pk=run.pk).order_by("-collection__data_year", "-number"))


def usual_earlier(run: GradingRun, runs: Sequence[GradingRun]) -> GradingRun | None:
    """What a run is compared with unless told otherwise: the newest of the nearest earlier year.

    Without one, the run before it of its own year.
    """
    year = run.collection.data_year
    earlier = [row for row in runs if row.collection.data_year < year]
    same = [row for row in runs if row.collection_id == run.collection_id]
    before = [row for row in same if row.number < run.number]
    return next(iter(earlier or before), None)


def compare_runs(before: GradingRun, after: GradingRun) -> Comparison:
    """Match the counties of two complete runs; the number of queries does not depend on theirs.

    A county continues the one whose code it bears or whose only successor it is; others came or went.
    """
    old = {result.region_id: result for result in _results(before)}
    new = _results(after)
    lines = lineages(result.region for result in new)
    matched = {
        result.region_id: next((old[pk] for pk in lines[result.region_id] if pk in old), None)
        for result in new
    }
    absorbed = _absorbed(old.values())
    rows = [
        _entered(result, matched[result.region_id], absorbed, before.collection.city_due_on)
        for result in new
    ]
    continued = {result.pk for result in matched.values() if result}
    rows += [
        _left(result, after.collection.city_due_on)
        for result in old.values()
        if result.pk not in continued
    ]
    pairs = {row.code: row.earlier_code for row in rows if row.before and row.after}
    return Comparison(
        before,
        after,
        engine_scheme(before.scheme_version),
        engine_scheme(after.scheme_version),
        rows,
        pairs,
    )


def _results(run: GradingRun) -> list[Result]:
    rows = run.results.select_related("region__parent", "region__successor")
    return list(rows.order_by("rank", "region__code"))


def _absorbed(results: Iterable[Result]) -> dict[int, list[Region]]:
    """Earlier counties by the region they went into."""
    found: dict[int, list[Region]] = {}
    for result in results:
        region = result.region
        if region.successor_id:
            found.setdefault(region.successor_id, []).append(region)
    return found


def _entered(
    result: Result,
    earlier: Result | None,
    absorbed: Mapping[int, Sequence[Region]],
    due: date,
) -> Compared:
    """A county of the later run; `due`: until when the earlier one took counties."""
    region = result.region
    merged = [row for row in absorbed.get(region.pk, ()) if not earlier or row != earlier.region]
    entry = None
    if earlier is None:
        entry = (
            Entry.MERGED if merged else Entry.FOUNDED if region.valid_from > due else Entry.NOT_GRADED
        )  # fmt: skip
    names = "、".join(row.name for row in merged)
    return _compared(
        region,
        earlier,
        result,
        entry=entry,
        note=f"含并入的{names}" if names else "",
    )


def _left(result: Result, due: date) -> Compared:
    """A county of the earlier run that no county of the later one continues."""
    region = result.region
    has_ended = region.valid_to is not None and region.valid_to <= due
    successor = region.successor if has_ended else None
    leaves = Exit.MERGED if successor else Exit.ABOLISHED if has_ended else Exit.NOT_GRADED
    note = f"并入{successor.name}" if successor else ""
    return _compared(region, result, None, leaves=leaves, note=note)


def _compared(
    region: Region,
    before: Result | None,
    after: Result | None,
    *,
    note: str,
    entry: Entry | None = None,
    leaves: Exit | None = None,
) -> Compared:
    parent = region.parent
    return Compared(
        region=region.public_id,
        code=region.code,
        earlier_code=before.region.code if before else "",
        name=region.name,
        city=parent.name if parent else "",
        city_code=parent.code if parent else "",
        before=_standing(before),
        after=_standing(after),
        entry=entry,
        exit=leaves,
        note=note,
    )


def _standing(result: Result | None) -> Standing | None:
    return Standing(result.total, result.class_name, result.rank) if result else None


# Complete runs never change, nor which corrections they were graded with: a pair is taken apart once. As many as
# somebody goes back and forth between; a province's is some megabytes.
_KEPT = 3
_decomposed: dict[tuple[str, str], Decomposition] = {}


def decompose_runs(comparison: Comparison) -> Decomposition:
    """What moved each county that is in both runs, by scoring the frozen inputs again."""
    key = (str(comparison.before.public_id), str(comparison.after.public_id))
    found = _decomposed.get(key)
    if found is None:
        found = _decompose(comparison)
        while len(_decomposed) >= _KEPT:
            _decomposed.pop(next(iter(_decomposed)), None)
        _decomposed[key] = found
    return found


def _decompose(comparison: Comparison) -> Decomposition:
    before, after = comparison.before, comparison.after
    try:
        return decompose(
            Side(inputs_from_bytes(before.inputs), comparison.earlier_scheme),
            Side(inputs_from_bytes(after.inputs), comparison.later_scheme),
            comparison.pairs,
            stated_figures(before, after),
        )
    except ScoringError as error:  # the earlier figures as a whole do not fit the later scheme
        return Decomposition({}, (Unscorable("", "", error.sentence),))


def stated_figures(before: GradingRun, after: GradingRun) -> dict[Cell, Figure]:
    """What the cells corrected between the runs were graded as until then; two queries.

    Of another year all corrections that the later run was graded with; of the same year only those that the
    earlier one was not.
    """
    applied = AppliedCorrection.objects.filter(correction__collection=after.collection_id)
    newest: dict[int, dict[tuple[int, str], int]] = {before.pk: {}, after.pk: {}}
    for run, region, code, pk in applied.filter(run__in=newest).values_list(
        "run_id", "correction__region_id", "correction__indicator_code", "correction_id"
    ):
        newest[run][region, code] = max(pk, newest[run].get((region, code), 0))
    if not newest[after.pk]:
        return {}
    rows = FigureCorrection.objects.filter(collection=after.collection_id).order_by("pk")
    stated: dict[Cell, Figure] = {}
    for pk, region, county, code, document in rows.values_list(
        "pk", "region_id", "region__code", "indicator_code", "appeal__scored_figure"
    ):
        known = newest[before.pk].get((region, code), 0)
        if known < pk <= newest[after.pk].get((region, code), 0):
            stated.setdefault((county, code), figure_from_document(document))
    return stated


def get_change(
    comparison: Comparison, decomposition: Decomposition, region_id: UUID
) -> tuple[Compared, CountyChange | None]:
    """One county of a comparison with what moved it; 404 for a county in neither run."""
    row = next((row for row in comparison.rows if row.region == region_id), None)
    if row is None:
        raise Http404
    return row, decomposition.counties.get(row.code)
