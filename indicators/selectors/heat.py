"""The heat view: counties × indicators, read in a constant number of queries and judged in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.selectors import lineages
from indicators.enums import REVIEWED, SubmissionState, ValueStatus
from indicators.estimates import Answers, Estimate, Estimator, estimator_of
from indicators.models import CellComment, Collection, EvidenceItem, Submission, Value
from indicators.rules import CellFigure, CellSpec, Finding
from indicators.rules.checks import Item, Line, Spread
from indicators.rules.heat import OWED, Cell, Measure, change_of, findings_level
from indicators.selectors.catalogue import catalogue_of
from indicators.selectors.findings import find, read_rules, spreads_of
from indicators.selectors.sheets import FIGURE_FIELDS

_VALUE_FIELDS = ("indicator__code", *FIGURE_FIELDS)
_ITEM_FIELDS = (
    "kind__indicator__code",
    "kind__code",
    "kind__name",
    "name",
    "year",
    "file_id",
    "kind__valid_years",
)
Figures = dict[str, CellFigure]
Items = dict[str, list[Item]]


@dataclass(frozen=True, slots=True)
class HeatFilter:
    """What the view shows, and by what it is ordered."""

    measure: Measure = Measure.FINDINGS
    office: UUID | None = None
    state: str = ""
    only_class: bool = False
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One county: its cells in table order, points as they would be now."""

    submission: Submission
    cells: Sequence[Cell]
    estimate: Estimate | None

    @property
    def warnings(self) -> int:
        """How many cells the rules speak of without a reason given."""
        return sum(1 for cell in self.cells if findings_level(cell.findings) >= OWED)

    @property
    def stake(self) -> Decimal:
        """Points at stake over all cells, whichever way."""
        return sum((abs(cell.stake or Decimal(0)) for cell in self.cells), Decimal(0))

    @property
    def changes_class(self) -> bool:
        """Whether one cell alone could change the class."""
        return any(cell.changes_class for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Heat:
    """The view: columns and rows; without a scheme no points."""

    specs: Sequence[CellSpec]
    rows: Sequence[HeatRow]
    has_points: bool


@dataclass(frozen=True, slots=True)
class _Bulk:
    """Everything read, by key of the submission."""

    specs: Sequence[CellSpec]
    now: Mapping[int, Figures]
    items: Mapping[int, Items]
    last: Mapping[int, Figures]
    last_items: Mapping[int, Items]
    findings: Mapping[int, Sequence[Finding]]
    spreads: Mapping[str, Spread]
    comments: Mapping[tuple[int, str], int]
    estimator: Estimator | None


def read_heat(user: User, collection: Collection, wanted: HeatFilter | None = None) -> Heat:
    """The counties of the user's jurisdiction in this collection; queries do not grow with their number."""
    wanted = wanted or HeatFilter()
    submissions = (
        Submission.objects.visible_to(user)
        .filter(collection=collection)
        .select_related("region", "reviewing_office")
        .order_by("reviewing_office__order", "region__code")
    )
    if wanted.office:
        submissions = submissions.filter(reviewing_office__public_id=wanted.office)
    if wanted.state in SubmissionState.values:
        submissions = submissions.filter(state=wanted.state)
    heat = _heat_of(collection, list(submissions))
    rows = [row for row in heat.rows if row.changes_class] if wanted.only_class else heat.rows
    return Heat(heat.specs, _sorted(rows, wanted.sort), heat.has_points)


def read_heat_row(user: User, collection: Collection, region_code: str) -> Heat:
    """The same for one county of the jurisdiction, which alone is read; 404 for any other."""
    submissions = Submission.objects.visible_to(user).filter(collection=collection)
    wanted = submissions.select_related("region__parent", "reviewing_office")
    return _heat_of(collection, [get_object_or_404(wanted, region__code=region_code)])


def _sorted(rows: Sequence[HeatRow], by: str) -> Sequence[HeatRow]:
    if by == "warnings":
        return sorted(rows, key=lambda row: -row.warnings)
    return sorted(rows, key=lambda row: -row.stake) if by == "stake" else rows


def _heat_of(collection: Collection, submissions: Sequence[Submission]) -> Heat:
    for submission in submissions:
        submission.collection = collection
    bulk = _read(collection, submissions)
    rows = [_row(submission, bulk) for submission in submissions]
    return Heat(bulk.specs, rows, bulk.estimator is not None)


def _read(collection: Collection, submissions: Sequence[Submission]) -> _Bulk:
    by_key = {submission.pk: submission for submission in submissions}
    specs = list(catalogue_of(collection.version_id).specs.values())
    previous = _previous_keys(collection, submissions)
    figures, items = _figures([*by_key, *previous]), _items([*by_key, *previous])
    now = {key: figures.get(key, {}) for key in by_key}
    last = {key: figures.get(before, {}) for before, key in previous.items()}
    own_items = {key: items.get(key, {}) for key in by_key}
    lines = {
        key: {
            spec.code: Line(
                spec,
                now[key].get(spec.code, CellFigure()),
                last.get(key, {}).get(spec.code),
                own_items[key].get(spec.code, []),
            )
            for spec in specs
        }
        for key in by_key
    }
    return _Bulk(
        specs,
        now,
        own_items,
        last,
        {key: items.get(before, {}) for before, key in previous.items()},
        find(by_key, lines, read_rules(collection.version_id)),
        spreads_of(collection) if submissions else {},
        _open_comments(by_key),
        estimator_of(collection),
    )


def _previous_keys(collection: Collection, submissions: Sequence[Submission]) -> dict[int, int]:
    """Last year's reviewed sheet of the same unit -> this year's; two queries."""
    pasts = lineages([submission.region for submission in submissions])
    rows = Submission.objects.filter(
        collection__version__system__versions=collection.version_id,
        collection__data_year=collection.data_year - 1,
        state__in=REVIEWED,
    ).values_list("region_id", "pk")
    by_region = dict(rows)
    found = {}
    for submission in submissions:
        for region in pasts[submission.region_id]:
            if region in by_region:
                found[by_region[region]] = submission.pk
                break
    return found


def _figures(keys: Iterable[int]) -> dict[int, Figures]:
    figures: dict[int, Figures] = {}
    values = Value.objects.filter(submission__in=list(keys)).order_by()
    for key, code, text, number, top, bottom, absence, note, status in values.values_list(
        "submission_id", *_VALUE_FIELDS
    ):
        is_forecast = status == ValueStatus.FORECAST
        figure = CellFigure(text, number, top, bottom, absence, note, is_forecast)
        figures.setdefault(key, {})[code] = figure
    return figures


def _items(keys: Iterable[int]) -> dict[int, Items]:
    items: dict[int, Items] = {}
    listed = EvidenceItem.objects.filter(submission__in=list(keys)).order_by()
    for key, code, kind, kind_name, name, year, file, valid in listed.values_list(
        "submission_id", *_ITEM_FIELDS
    ):
        item = Item(kind, kind_name, name, year, file is not None, valid)
        items.setdefault(key, {}).setdefault(code, []).append(item)
    return items


def _open_comments(keys: Iterable[int]) -> dict[tuple[int, str], int]:
    rows = (
        CellComment.objects.filter(submission__in=list(keys), resolved_at__isnull=True)
        .order_by()
        .values_list("submission_id", "indicator_code")
        .annotate(Count("pk"))
    )
    return {(key, code): count for key, code, count in rows}


def _row(submission: Submission, bulk: _Bulk) -> HeatRow:
    key = submission.pk
    now, last = bulk.now[key], bulk.last.get(key, {})
    estimate, estimate_last = _estimates(submission, bulk)
    findings: dict[str, list[Finding]] = {}
    for finding in bulk.findings.get(key, ()):
        findings.setdefault(finding.indicator, []).append(finding)
    cells = []
    for spec in bulk.specs:
        figure, before = now.get(spec.code), last.get(spec.code)
        exact_last = before.exact(spec.factor) if before else None
        percent, level, words = change_of(spec, figure, exact_last, bulk.spreads.get(spec.code))
        points, points_last, changes_class = _points(
            spec.code, estimate, estimate_last if before else None, bulk.estimator
        )
        exact = figure.exact(spec.factor) if figure else None
        cells.append(
            Cell(
                code=spec.code,
                number=exact,
                absence=figure.absence if figure else "",
                is_filled=exact is not None or bool(figure and figure.absence),
                last=exact_last,
                findings=findings.get(spec.code, ()),
                percent=percent,
                change_level=level,
                change_words=words,
                points=points,
                points_last=points_last,
                changes_class=changes_class,
                open_comments=bulk.comments.get((key, spec.code), 0),
            )
        )
    return HeatRow(submission, cells, estimate)


def _estimates(submission: Submission, bulk: _Bulk) -> tuple[Estimate | None, Estimate | None]:
    if bulk.estimator is None:
        return None, None
    key, region = submission.pk, submission.region
    last = bulk.last.get(key, {})
    now = Answers(
        region.code, region.full_name, bulk.now[key], _counted(bulk.items[key]), last_year=last
    )
    if not last:
        return bulk.estimator.estimate(now), None
    before = Answers(region.code, region.full_name, last, _counted(bulk.last_items.get(key, {})))
    return bulk.estimator.estimate(now), bulk.estimator.estimate(before)


def _counted(items: Items) -> dict[str, list[tuple[str, str]]]:
    return {code: [(item.kind, item.name) for item in listed] for code, listed in items.items()}


def _points(
    code: str, estimate: Estimate | None, last: Estimate | None, estimator: Estimator | None
) -> tuple[Decimal | None, Decimal | None, bool]:
    """Points now, points with last year's figure, whether that alone would change the class."""
    line = estimate.lines.get(code) if estimate else None
    if estimate is None or line is None or line.is_judged_later:
        return None, None, False
    before = last.lines.get(code) if last else None
    if before is None or estimator is None:
        return line.score, None, False
    other = estimate.total - line.score + before.score
    return line.score, before.score, estimator.class_of(other) != estimate.class_name
