"""What a run is graded from, read once and frozen: figures, evidence, expert scores, last year's figures."""

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from county_portal.accounts.selectors import lineages
from indicators.enums import REVIEWED, ValueStatus
from indicators.models import (
    Collection,
    EvidenceItem,
    MonthlyTarget,
    Submission,
    SystemVersion,
    Value,
)
from scoring.engine.types import (
    Absence,
    Carried,
    CountyFigures,
    Figure,
    FigureStatus,
    GradingInputs,
    Item,
    Measure,
    PanelMethod,
    PanelRule,
    Scheme,
)
from scoring.models import AgreedScore, PanelScore
from scoring.selectors.corrections import Overlay, read_overlay

_STATUS: dict[str, FigureStatus] = {
    ValueStatus.FORECAST: FigureStatus.FORECAST,
    ValueStatus.SELF: FigureStatus.SELF_ASSESSED,
    ValueStatus.CITY: FigureStatus.CITY_REVIEWED,
    ValueStatus.CONFIRMED: FigureStatus.APPROVED,
}


# By submission, or region, and indicator code.
Key = tuple[int, str]


def system_factors(version: SystemVersion) -> dict[str, Decimal]:
    """What a ratio is multiplied by, per indicator code in table order."""
    return dict(version.indicators.order_by("order").values_list("code", "factor"))


def list_unreviewed(collection: Collection) -> list[Submission]:
    """Submissions not past the city's review: grading refuses while there are any, unless told why."""
    return list(
        collection.submissions.exclude(state__in=REVIEWED)
        .select_related("region", "reviewing_office")
        .order_by("region__code")
    )


def lock_submissions(collection: Collection) -> list[Submission]:
    """All submissions, locked so that the figures read from them are of one moment."""
    return list(
        collection.submissions.select_for_update(of=("self",))
        .select_related("region__parent")
        .order_by("region__code")
    )


def read_inputs(
    collection: Collection,
    submissions: Sequence[Submission],
    scheme_sha256: str,
    agreed: Set[str] = frozenset(),
    aimed: Set[str] = frozenset(),
) -> GradingInputs:
    """The engine's inputs for these submissions, counties by code; ten queries at the most.

    `agreed` are codes of indicators whose panel's agreed score stands for its members' (see `agreed_codes`);
    `aimed` of those scored by how far a target was reached, for which the year's targets are frozen.
    What was corrected on appeal stands instead of what the sheet says.
    Plain columns are read, not models: three thousand instances would cost more than the grading.
    """
    ids = [submission.pk for submission in submissions]
    factors = system_factors(collection.version)
    cells = _cells(ids)
    items = _items(ids)
    panel = _panel_scores(ids) | _agreed_scores(ids, agreed)
    absent = [
        (pk, code)
        for pk in ids
        for code in factors
        if (cell := cells.get((pk, code))) is None or cell.absence
    ]
    overlay = read_overlay(collection)
    before = last_year_figures(collection, submissions, absent, overlay)
    targets = read_targets(collection, aimed)
    counties = tuple(
        CountyFigures(
            submission.region.code,
            submission.region.full_name,
            tuple(
                _aimed(
                    overlay.own.get((submission.region_id, code))
                    or _figure(
                        Cell(code, factor, cells.get((submission.pk, code))),
                        before.get((submission.pk, code)),
                        items.get((submission.pk, code), ()),
                        panel.get((submission.pk, code), ()),
                    ),
                    targets.get((submission.region_id, code)),
                )
                for code, factor in factors.items()
            ),
        )
        for submission in submissions
    )
    return GradingInputs(collection.data_year, collection.evaluation_year, scheme_sha256, counties)


def read_targets(collection: Collection, codes: Set[str]) -> dict[Key, Decimal]:
    """The targets set for the data year, by region and indicator code; no query without codes."""
    if not codes:
        return {}
    rows = MonthlyTarget.objects.filter(
        call__version__system=collection.version.system_id,
        call__year=collection.data_year,
        indicator__code__in=codes,
    ).values_list("region_id", "indicator__code", "number")
    # Where the year was called for twice, the later call stands.
    return {
        (region, code): number for region, code, number in rows.order_by("call__opened_at", "pk")
    }


def _aimed(figure: Figure, target: Decimal | None) -> Figure:
    """The figure with its target; a figure carried forward is held against this year's too."""
    if target is None:
        return figure
    carried = figure.carried
    if carried is not None:
        carried = replace(carried, measure=replace(carried.measure, target=target))
    return replace(figure, measure=replace(figure.measure, target=target), carried=carried)


class Stored(NamedTuple):
    """The columns of a stored value that grading reads."""

    number: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    absence: str
    status: str


class Cell(NamedTuple):
    """One cell of the table: its indicator, and what is stored there."""

    code: str
    factor: Decimal
    stored: Stored | None


def _cells(ids: Sequence[int]) -> dict[Key, Stored]:
    rows = Value.objects.filter(submission__in=ids).values_list(
        "submission_id", "indicator__code", *Stored._fields
    )
    return {(pk, code): Stored(*columns) for pk, code, *columns in rows.order_by()}


def _items(ids: Sequence[int]) -> dict[Key, tuple[Item, ...]]:
    rows = EvidenceItem.objects.filter(submission__in=ids).values_list(
        "kind__order", "name", "kind__code", "submission_id", "kind__indicator__code"
    )
    found: defaultdict[Key, list[Item]] = defaultdict(list)
    # Sorted here: the database's collation would make the digest depend on the machine.
    for _, name, kind, pk, code in sorted(rows.order_by()):
        found[pk, code].append(Item(kind, name))
    return {key: tuple(items) for key, items in found.items()}


def _panel_scores(ids: Sequence[int]) -> dict[Key, tuple[Decimal, ...]]:
    rows = PanelScore.objects.filter(submission__in=ids).values_list(
        "score", "submission_id", "indicator_code"
    )
    found: defaultdict[Key, list[Decimal]] = defaultdict(list)
    for score, pk, code in sorted(rows.order_by()):
        found[pk, code].append(score)
    return {key: tuple(scores) for key, scores in found.items()}


def agreed_codes(scheme: Scheme) -> frozenset[str]:
    """Indicators for which a scheme takes the one score a panel agreed on."""
    return frozenset(
        row.code
        for row in scheme.indicators
        if isinstance(row.rule, PanelRule) and row.rule.method is PanelMethod.AGREED
    )


def _agreed_scores(ids: Sequence[int], codes: Set[str]) -> dict[Key, tuple[Decimal, ...]]:
    """The newest of each, which holds. Where several scored and none is recorded, the engine refuses."""
    if not codes:
        return {}
    rows = AgreedScore.objects.filter(submission__in=ids, indicator_code__in=codes)
    ordered = rows.order_by("recorded_at", "pk")
    return {
        (pk, code): (score,)
        for pk, code, score in ordered.values_list("submission_id", "indicator_code", "score")
    }


def last_year_figures(
    collection: Collection,
    submissions: Sequence[Submission],
    absent: Sequence[Key],
    overlay: Overlay,
) -> dict[Key, Carried]:
    """Last data year's accepted figures of the same units, for the cells that are absent now."""
    if not absent:
        return {}
    earlier = Submission.objects.filter(
        collection__version__system=collection.version.system_id,
        collection__data_year=collection.data_year - 1,
        state__in=REVIEWED,
    )
    by_region = dict(earlier.values_list("region_id", "pk"))
    past = lineages(submission.region for submission in submissions)
    before = {
        submission.pk: next(
            (by_region[region] for region in past[submission.region_id] if region in by_region),
            None,
        )
        for submission in submissions
    }
    year = collection.data_year - 1
    figures = _carried([pk for pk in before.values() if pk], {code for _, code in absent}, year)
    corrected = {
        (by_region[region], code): Carried(year, figure.measure)
        for (region, code), figure in overlay.before.items()
        if region in by_region
    }
    figures |= corrected
    return {
        (pk, code): figures[earlier_pk, code]
        for pk, code in absent
        if (earlier_pk := before[pk]) and (earlier_pk, code) in figures
    }


def _carried(ids: Sequence[int], codes: Set[str], year: int) -> dict[Key, Carried]:
    rows = Value.objects.filter(
        submission__in=ids, indicator__code__in=codes, absence=""
    ).values_list(
        "submission_id",
        "indicator__code",
        "number",
        "numerator",
        "denominator",
        "indicator__factor",
    )
    return {
        (pk, code): Carried(
            year,
            Measure(value=number, numerator=numerator, denominator=denominator, factor=factor),
        )
        for pk, code, number, numerator, denominator, factor in rows.order_by()
        if number is not None or numerator is not None
    }


def _figure(
    cell: Cell, before: Carried | None, items: tuple[Item, ...], panel: tuple[Decimal, ...]
) -> Figure:
    stored = cell.stored
    if stored is None:
        absence = None if items or panel else Absence.MISSING
        return Figure(cell.code, Measure(items=items, panel=panel), absence, before)
    measure = Measure(
        value=stored.number,
        numerator=stored.numerator,
        denominator=stored.denominator,
        factor=cell.factor,
        items=items,
        panel=panel,
    )
    absence = Absence(stored.absence) if stored.absence else None
    return Figure(cell.code, measure, absence, before if absence else None, _STATUS[stored.status])
