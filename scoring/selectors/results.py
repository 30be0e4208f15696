"""Results of a run: tables, sums, and one county line by line from the frozen inputs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from uuid import UUID

from django.db.models import Avg, Max, Min, Prefetch, QuerySet
from django.shortcuts import get_object_or_404

from scoring.engine.codec import inputs_from_bytes
from scoring.engine.types import Figure, FigureStatus, Flag, Indicator, PanelRule
from scoring.engine.types import Scheme as EngineScheme
from scoring.explanation import Explained
from scoring.models import GradingRun, Result, ResultLine
from scoring.selectors.explained import explain_line, words_of
from scoring.selectors.runs import engine_scheme

# Points within which a total counts as near a class limit.
NEAR = Decimal(1)
STATUS_LABELS = {
    FigureStatus.FORECAST: "预测",
    FigureStatus.SELF_ASSESSED: "自评",
    FigureStatus.CITY_REVIEWED: "市审",
    FigureStatus.APPROVED: "核定",
}


def list_results(run: GradingRun) -> QuerySet[Result]:
    """Results by rank."""
    return run.results.select_related("region__parent", "submission").order_by(
        "rank", "region__code"
    )


@dataclass(frozen=True, slots=True)
class ResultFilter:
    """What a table of results is narrowed to and sorted by; blanks narrow nothing."""

    class_name: str = ""
    city: str = ""
    order: str = ""


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One county of a table of results, its flags in words."""

    result: Result
    city: str
    flags: Sequence[str]


# The orders a page offers beside rank: words, and columns.
ORDERS = {
    "county": ("按区划代码", ("region__code",)),
    "reverse": ("按位次倒序", ("-rank", "region__code")),
}


def list_result_rows(run: GradingRun, wanted: ResultFilter) -> list[ResultRow]:
    """The results asked for; one query."""
    results = list_results(run)
    if wanted.class_name:
        results = results.filter(class_name=wanted.class_name)
    if wanted.city:
        results = results.filter(region__parent__code=wanted.city)
    if wanted.order in ORDERS:
        results = results.order_by(*ORDERS[wanted.order][1])
    return [_row(result) for result in results]


def _row(result: Result) -> ResultRow:
    parent = result.region.parent
    return ResultRow(result, parent.name if parent else "", flag_labels(result.flags))


def flag_labels(flags: Sequence[str]) -> list[str]:
    """Flags in words, in the engine's order."""
    return [flag.label for flag in Flag if flag in flags]


def list_scores(run: GradingRun) -> dict[int, dict[str, Decimal]]:
    """Per result: points by indicator code; one query."""
    scores: dict[int, dict[str, Decimal]] = {}
    lines = ResultLine.objects.filter(result__run=run).order_by()
    for result, code, score in lines.values_list("result", "indicator_code", "score"):
        scores.setdefault(result, {})[code] = score
    return scores


def list_result_cities(run: GradingRun) -> list[tuple[str, str]]:
    """Code and name of each region that counties of the run lie in."""
    return list(
        run.results.order_by("region__parent__code")
        .values_list("region__parent__code", "region__parent__name")
        .distinct()
    )


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What is said of a complete run as a whole."""

    counties: int
    classes: Sequence[tuple[str, int]]
    mean: Decimal | None
    median: Decimal | None
    highest: Decimal | None
    lowest: Decimal | None
    flags: Sequence[tuple[str, int]]


def summarise(run: GradingRun, scheme: EngineScheme) -> RunSummary:
    """Counts by class (every class named, best first), spread of the totals, counts by flag."""
    results = list(run.results.values_list("total", "class_name", "flags"))
    spread = run.results.aggregate(mean=Avg("total"), highest=Max("total"), lowest=Min("total"))
    classes = Counter(class_name for _, class_name, _ in results)
    flags = Counter(flag for _, _, raised in results for flag in raised)
    return RunSummary(
        counties=len(results),
        classes=[(grade.name, classes[grade.name]) for grade in scheme.classes],
        median=median(total for total, _, _ in results) if results else None,
        flags=[(flag.label, flags[flag]) for flag in Flag if flags[flag]],
        **spread,
    )


@dataclass(frozen=True, slots=True)
class NearLimit:
    """A county close to a class limit: `distance` is negative below it."""

    result: Result
    city: str
    class_name: str
    limit: Decimal
    distance: Decimal


def list_near_limits(
    run: GradingRun, scheme: EngineScheme, margin: Decimal = NEAR
) -> list[NearLimit]:
    """Results within `margin` points of a class limit, by rank."""
    limits = [(grade.name, grade.at_least) for grade in scheme.classes if grade.at_least > 0]
    return [
        NearLimit(row.result, row.city, name, limit, row.result.total - limit)
        for row in map(_row, list_results(run))
        for name, limit in limits
        if abs(row.result.total - limit) <= margin
    ]


@dataclass(frozen=True, slots=True)
class ScoredLine:
    """One line of a county's result: what was put in, and how it became points."""

    indicator: Indicator
    line: ResultLine
    status: str
    absence: str
    flags: Sequence[str]
    explained: Explained


@dataclass(frozen=True, slots=True)
class ScoredGroup:
    """The lines under one first-level heading, with their sums."""

    name: str
    lines: Sequence[ScoredLine]

    @property
    def score(self) -> Decimal:
        """Points of the group."""
        return sum((row.line.score for row in self.lines), Decimal(0))

    @property
    def weight(self) -> Decimal:
        """Full marks of the group."""
        return sum((row.indicator.weight for row in self.lines), Decimal(0))


@dataclass(frozen=True, slots=True)
class ResultSheet:
    """A county's result read whole."""

    result: Result
    groups: Sequence[ScoredGroup]
    flags: Sequence[str]


def get_result(run: GradingRun, region_public_id: UUID) -> Result:
    """One county's result with its lines; 404 otherwise."""
    lines = Prefetch("lines", ResultLine.objects.order_by("order"))
    return get_object_or_404(
        list_results(run).prefetch_related(lines), region__public_id=region_public_id
    )


def read_result(run: GradingRun, region_public_id: UUID) -> ResultSheet:
    """One county's result line by line, with what the frozen inputs say of each figure; 404 otherwise."""
    result = get_result(run, region_public_id)
    scheme = engine_scheme(run.scheme_version)
    frozen = next(
        county
        for county in inputs_from_bytes(run.inputs).counties
        if county.code == result.region.code
    )
    figures = {figure.indicator: figure for figure in frozen.figures}
    lines = {line.indicator_code: line for line in result.lines.all()}
    words = words_of(run.collection.version_id)
    groups: dict[str, list[ScoredLine]] = {}
    for row in scheme.indicators:
        line, figure = lines[row.code], figures[row.code]
        scored = _scored(row, line, figure, explain_line(line, figure, words, row.unit))
        groups.setdefault(row.group, []).append(scored)
    return ResultSheet(
        result,
        [ScoredGroup(name, rows) for name, rows in groups.items()],
        flag_labels(result.flags),
    )


def _scored(
    indicator: Indicator, line: ResultLine, figure: Figure, explained: Explained
) -> ScoredLine:
    is_panel = isinstance(indicator.rule, PanelRule) and bool(figure.measure.panel)
    absence = None if is_panel else figure.absence
    return ScoredLine(
        indicator=indicator,
        line=line,
        status="专家评分" if is_panel else "" if absence else STATUS_LABELS[figure.status],
        absence=absence.label if absence else "",
        flags=flag_labels(line.flags),
        explained=explained,
    )
