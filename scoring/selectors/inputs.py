"""What a run is graded from, read once and frozen: figures, evidence, expert scores, last year's figures."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import QuerySet

from county_portal.accounts.selectors import lineages
from indicators.enums import ValueStatus
from indicators.models import Collection, EvidenceItem, Submission, Value
from indicators.workflow import REVIEWED
from scoring.engine.types import (
    Absence,
    Carried,
    CountyFigures,
    Figure,
    FigureStatus,
    GradingInputs,
    Item,
    Measure,
)
from scoring.models import PanelScore

_STATUS = {
    ValueStatus.FORECAST: FigureStatus.FORECAST,
    ValueStatus.SELF: FigureStatus.SELF_ASSESSED,
    ValueStatus.CITY: FigureStatus.CITY_REVIEWED,
    ValueStatus.CONFIRMED: FigureStatus.APPROVED,
}

def list_unreviewed(collection: Collection) -> list[Submission]:
    """Submissions not past the city's review: grading refuses while there are any, unless told why."""
    return list(
        collection.submissions.exclude(state__in=REVIEWED)
        .select_related("region", "reviewing_office")
        .order_by("region__code")
    )


def lock_reviewed(collection: Collection) -> list[Submission]:
    """The submissions to be graded, locked so that the figures read are of one moment."""
    return list(
        collection.submissions.filter(state__in=REVIEWED)
        .select_for_update(of=("self",))
        .select_related("region__parent")
        .order_by("region__code")
    )


def read_inputs(
    collection: Collection, submissions: Sequence[Submission], scheme_sha256: str
) -> GradingInputs:
    """The engine's inputs for these submissions, counties by code; six queries."""
    ids = [submission.pk for submission in submissions]
    codes = list(collection.version.indicators.order_by("order").values_list("code", flat=True))
    values = _values(Value.objects.filter(submission__in=ids))
    items = _items(ids)
    panel = _panel_scores(ids)
    before = _last_year(collection, submissions)
    counties = tuple(
        CountyFigures(
            submission.region.code,
            submission.region.full_name,
            tuple(
                _figure(
                    code,
                    values[submission.pk].get(code),
                    before[submission.pk].get(code),
                    items[submission.pk, code],
                    panel[submission.pk, code],
                )
                for code in codes
            ),
        )
        for submission in submissions
    )
    return GradingInputs(collection.data_year, collection.evaluation_year, scheme_sha256, counties)


def _values(values: QuerySet[Value]) -> defaultdict[int, dict[str, Value]]:
    found: defaultdict[int, dict[str, Value]] = defaultdict(dict)
    for value in values.select_related("indicator", "submission__collection"):
        found[value.submission_id][value.indicator.code] = value
    return found


def _items(ids: Sequence[int]) -> defaultdict[tuple[int, str], tuple[Item, ...]]:
    found: defaultdict[tuple[int, str], tuple[Item, ...]] = defaultdict(tuple)
    evidence = EvidenceItem.objects.filter(submission__in=ids).select_related("kind__indicator")
    for entry in evidence.order_by("kind__order", "name", "pk"):
        found[entry.submission_id, entry.kind.indicator.code] += (Item(entry.kind.code, entry.name),)
    return found


def _panel_scores(ids: Sequence[int]) -> defaultdict[tuple[int, str], tuple[Decimal, ...]]:
    found: defaultdict[tuple[int, str], tuple[Decimal, ...]] = defaultdict(tuple)
    scores = PanelScore.objects.filter(submission__in=ids).order_by("score", "pk")
    for score in scores:
        found[score.submission_id, score.indicator_code] += (score.score,)
    return found


def _last_year(
    collection: Collection, submissions: Sequence[Submission]
) -> defaultdict[int, dict[str, Value]]:
    """Last data year's accepted figures of the same units, keyed by this year's submission."""
    earlier = Submission.objects.filter(
        collection__version__system=collection.version.system_id,
        collection__data_year=collection.data_year - 1,
        state__in=REVIEWED,
    )
    by_region = dict(earlier.values_list("region_id", "pk"))
    past = lineages(submission.region for submission in submissions)
    wanted = {
        submission.pk: next(
            (by_region[region] for region in past[submission.region_id] if region in by_region), None
        )
        for submission in submissions
    }
    values = _values(Value.objects.filter(submission__in=[pk for pk in wanted.values() if pk]))
    found: defaultdict[int, dict[str, Value]] = defaultdict(dict)
    found.update({pk: values[before] for pk, before in wanted.items() if before})
    return found


def _figure(
    code: str,
    value: Value | None,
    before: Value | None,
    items: tuple[Item, ...],
    panel: tuple[Decimal, ...],
) -> Figure:
    if value is None:
        absence = None if items or panel else Absence.MISSING
        return Figure(code, Measure(items=items, panel=panel), absence, _carried(before))
    absence = Absence(value.absence) if value.absence else None
    measure = Measure(
        value=value.number,
        numerator=value.numerator,
        denominator=value.denominator,
        factor=value.indicator.factor,
        items=items,
        panel=panel,
    )
    status = _STATUS[ValueStatus(value.status)]
    return Figure(code, measure, absence, _carried(before) if absence else None, status)


def _carried(before: Value | None) -> Carried | None:
    if before is None or before.absence:
        return None
    if before.number is None and before.numerator is None:
        return None
    year = before.submission.collection.data_year
    measure = Measure(
        value=before.number,
        numerator=before.numerator,
        denominator=before.denominator,
        factor=before.indicator.factor,
    )
    return Carried(year, measure)
