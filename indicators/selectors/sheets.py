"""A submission read whole: lines with figures, last year, evidence and what the rules say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.selectors import lineages
from indicators.enums import REVIEWED, Absence, ValueStatus
from indicators.models import EvidenceItem, Indicator, Submission, SystemVersion, Value
from indicators.rules import CellFigure, CellSpec, Finding, list_missing
from indicators.rules.checks import Item, Line
from indicators.selectors.catalogue import Catalogue, catalogue_of, spec_of
from indicators.selectors.findings import find, read_rules

HUNDRED = Decimal(100)


def list_indicators(version: SystemVersion) -> QuerySet[Indicator]:
    """Indicators of a version in table order, with group and evidence kinds."""
    return (
        version.indicators.select_related("group")
        .prefetch_related("evidence_kinds")
        .order_by("order")
    )


def indicator_ids(version_id: int) -> dict[str, int]:
    """Keys of a version's indicators by code."""
    return dict(catalogue_of(version_id).ids)


def get_indicator(submission: Submission, code: str) -> Indicator:
    """The indicator of this code in the submission's system; 404 otherwise."""
    try:
        return catalogue_of(submission.collection.version_id).indicators[code]
    except KeyError as error:
        raise Http404 from error


def figure_of(value: Value) -> CellFigure:
    """What the pure rules need of a stored value."""
    return CellFigure(
        text=value.text,
        number=value.number,
        numerator=value.numerator,
        denominator=value.denominator,
        absence=value.absence,
        note=value.note,
        is_forecast=value.status == ValueStatus.FORECAST,
    )


def stored_values(submission: Submission) -> dict[int, Value]:
    """Stored values of a submission by key of the indicator."""
    return {value.indicator_id: value for value in submission.values.order_by()}


def list_values(submission: Submission) -> QuerySet[Value]:
    """Stored values of a submission."""
    return submission.values.select_related("indicator", "updated_by").order_by("indicator__order")


def list_evidence(submission: Submission) -> QuerySet[EvidenceItem]:
    """Evidence of a submission, by indicator and kind."""
    return submission.evidence.select_related("kind__indicator", "file").order_by(
        "kind__indicator__order", "kind__order", "created_at", "pk"
    )


def get_evidence(user: User, public_id: UUID) -> EvidenceItem:
    """An item of a submission within the user's jurisdiction; 404 otherwise."""
    items = EvidenceItem.objects.filter(submission__in=Submission.objects.visible_to(user))
    return get_object_or_404(
        items.select_related("submission", "file", "kind__indicator"), public_id=public_id
    )


FIGURE_FIELDS = ["text", "number", "numerator", "denominator", "absence", "note", "status"]


def read_figure(row: Sequence[Any]) -> CellFigure:
    """A figure from its `FIGURE_FIELDS`."""
    text, number, numerator, denominator, absence, note, status = row
    is_forecast = status == ValueStatus.FORECAST
    return CellFigure(text, number, numerator, denominator, absence, note, is_forecast)


def last_year_figures(submission: Submission) -> dict[str, CellFigure]:
    """Last data year's reviewed figures of the same unit, by indicator code.

    Those of the unit as it is now; else of the one it continues, which takes two more queries.
    """
    collection = submission.collection
    catalogue = catalogue_of(collection.version_id)
    earlier = Value.objects.filter(
        submission__collection__version__system=catalogue.version.system_id,
        submission__collection__data_year=collection.data_year - 1,
        submission__state__in=REVIEWED,
    )
    figures = _figures_by_code(earlier.filter(submission__region=submission.region_id))
    if figures:
        return figures
    past = lineages([submission.region])[submission.region_id][1:]
    return _figures_by_code(earlier.filter(submission__region__in=past)) if past else {}


def _figures_by_code(values: QuerySet[Value]) -> dict[str, CellFigure]:
    return {
        code: read_figure(row)
        for code, *row in values.values_list("indicator__code", *FIGURE_FIELDS)
    }


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the form: the indicator, its figure, last year's, its items, what rules say."""

    indicator: Indicator
    spec: CellSpec
    value: Value | None
    figure: CellFigure | None
    last_year: CellFigure | None
    items: Sequence[EvidenceItem]
    findings: Sequence[Finding]

    @property
    def line(self) -> Line:
        """What the pure rules need of the line."""
        items = [checked_item(item) for item in self.items]
        return Line(self.spec, self.figure or CellFigure(), self.last_year, items)

    @property
    def last_year_exact(self) -> Decimal | None:
        """Last year's unrounded figure."""
        return self.last_year.exact(self.spec.factor) if self.last_year else None

    @property
    def exact(self) -> Decimal | None:
        """This year's unrounded figure."""
        return self.figure.exact(self.spec.factor) if self.figure else None

    @property
    def computed(self) -> Decimal | None:
        """The ratio as its parts give it, where both are known."""
        return self.exact if self.figure and self.figure.numerator is not None else None

    @property
    def change(self) -> Decimal | None:
        """Change on last year, in the indicator's unit."""
        if self.exact is None or self.last_year_exact is None:
            return None
        return self.exact - self.last_year_exact

    @property
    def change_percent(self) -> Decimal | None:
        """Change on last year in per cent of last year; None where last year was nothing."""
        if self.change is None or not self.last_year_exact:
            return None
        return self.change / self.last_year_exact * HUNDRED


@dataclass(frozen=True, slots=True)
class Group:
    """The lines under one first-level heading."""

    name: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A submission read whole: its lines, and what still blocks it."""

    rows: Sequence[Row]
    missing: Sequence[Finding]

    @property
    def groups(self) -> list[Group]:
        """The lines by first-level heading."""
        grouped = groupby(self.rows, key=lambda row: row.indicator.group.name)
        return [Group(name, list(rows)) for name, rows in grouped]

    @property
    def warnings(self) -> list[Finding]:
        """All that the rules say, in table order; blocks too."""
        return [finding for row in self.rows for finding in row.findings]

    @property
    def blocks(self) -> list[Finding]:
        """What stops submission whatever is said about it."""
        return [finding for finding in self.warnings if finding.is_block]

    @property
    def owed(self) -> list[Finding]:
        """Warnings that still lack their written reason."""
        return [finding for finding in self.warnings if finding.lacks_reason]

    @property
    def total(self) -> int:
        """How many lines there are."""
        return len(self.rows)

    @property
    def filled(self) -> int:
        """How many lines are answered."""
        return len(self.rows) - len({finding.indicator for finding in self.missing})

    @property
    def absent(self) -> int:
        """How many lines are declared missing or not applicable."""
        declared = {Absence.MISSING, Absence.NOT_APPLICABLE}
        return sum(1 for row in self.rows if row.figure and row.figure.absence in declared)

    @property
    def item_count(self) -> int:
        """How many named items are listed."""
        return sum(len(row.items) for row in self.rows)


def read_sheet(submission: Submission) -> Sheet:
    """The submission's lines with findings: a constant number of queries whatever their number."""
    catalogue = catalogue_of(submission.collection.version_id)
    indicators = catalogue.indicators.values()
    values = {value.indicator_id: value for value in submission.values.select_related("updated_by")}
    items = _items_by_indicator(submission, catalogue)
    last_year = last_year_figures(submission)
    rows = [
        _row(indicator, values.get(indicator.pk), last_year.get(indicator.code), items)
        for indicator in indicators
    ]
    rows = _with_findings(submission, rows)
    figures = {row.spec.code: row.figure for row in rows if row.figure}
    counts = {row.spec.code: len(row.items) for row in rows}
    return Sheet(rows, list_missing([row.spec for row in rows], figures, counts))


def _with_findings(submission: Submission, rows: Sequence[Row]) -> list[Row]:
    lines = {row.spec.code: row.line for row in rows}
    rules = read_rules(submission.collection.version_id)
    found = find({submission.pk: submission}, {submission.pk: lines}, rules)[submission.pk]
    by_line: dict[str, list[Finding]] = {}
    for finding in found:
        by_line.setdefault(finding.indicator, []).append(finding)
    return [replace(row, findings=by_line.get(row.spec.code, [])) for row in rows]


def _items_by_indicator(
    submission: Submission, catalogue: Catalogue
) -> dict[int, list[EvidenceItem]]:
    """In the order of their kinds, then as they were entered."""
    places = {key: place for place, key in enumerate(catalogue.kinds)}
    evidence = submission.evidence.select_related("file").order_by("created_at", "pk")
    items: dict[int, list[EvidenceItem]] = {}
    for item in sorted(evidence, key=lambda item: places[item.kind_id]):
        item.kind = catalogue.kinds[item.kind_id]
        items.setdefault(item.kind.indicator_id, []).append(item)
    return items


def _row(
    indicator: Indicator,
    value: Value | None,
    last_year: CellFigure | None,
    items: Mapping[int, list[EvidenceItem]],
) -> Row:
    figure = figure_of(value) if value else None
    own_items = items.get(indicator.pk, [])
    return Row(indicator, spec_of(indicator), value, figure, last_year, own_items, ())


def checked_item(item: EvidenceItem) -> Item:
    """What the pure rules need of a stored item; its kind is read already."""
    kind = item.kind
    has_file = item.file_id is not None
    return Item(kind.code, kind.name, item.name, item.year, has_file, kind.valid_years)
