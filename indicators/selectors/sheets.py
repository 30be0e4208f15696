"""A submission read whole: lines with figures, last year, evidence and what the rules say."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.selectors import lineages
from indicators.enums import REVIEWED, Absence, ValueStatus
from indicators.models import EvidenceItem, Indicator, Submission, SystemVersion, Value
from indicators.rules import (
    CellFigure,
    CellSpec,
    Finding,
    ItemCount,
    check_figure,
    list_missing,
)

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
    return dict(Indicator.objects.filter(version=version_id).values_list("code", "pk"))


def get_indicator(submission: Submission, code: str) -> Indicator:
    """The indicator of this code in the submission's system; 404 otherwise."""
    return get_object_or_404(list_indicators(submission.collection.version), code=code)


def spec_of(indicator: Indicator) -> CellSpec:
    """What the pure rules need of an indicator."""
    return CellSpec(
        code=indicator.code,
        name=indicator.name,
        kind=indicator.kind,
        unit=indicator.unit,
        is_integer=indicator.is_integer,
        numerator_label=indicator.numerator_label,
        denominator_label=indicator.denominator_label,
        factor=indicator.factor,
    )


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


def last_year_figures(submission: Submission) -> dict[str, CellFigure]:
    """Last data year's reviewed figures of the same unit, by indicator code."""
    collection = submission.collection
    values = Value.objects.filter(
        submission__collection__version__system=collection.version.system_id,
        submission__collection__data_year=collection.data_year - 1,
        submission__region__in=lineages([submission.region])[submission.region_id],
        submission__state__in=REVIEWED,
    ).select_related("indicator")
    return {value.indicator.code: figure_of(value) for value in values}


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
        """All warnings in table order."""
        return [finding for row in self.rows for finding in row.findings]

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


_SPEC_FIELDS = [each.name for each in fields(CellSpec)]
_ITEM_FIELDS = ["kind__indicator__code", "kind__code", "name", "approval_number", "file__sha256"]


@dataclass(frozen=True, slots=True)
class ListedItem:
    """A named item as it counts."""

    indicator: str
    kind: str
    name: str
    approval_number: str
    file_sha256: str | None


@dataclass(frozen=True, slots=True)
class Content:
    """What a county hands in, and what is still missing from it."""

    figures: Mapping[str, CellFigure]
    items: Sequence[ListedItem]
    missing: Sequence[Finding]


def read_content(submission: Submission) -> Content:
    """Figures by indicator code and items: three queries, without what only a page shows."""
    indicators = Indicator.objects.filter(version=submission.collection.version_id).order_by(
        "order"
    )
    specs = {pk: CellSpec(*row) for pk, *row in indicators.values_list("pk", *_SPEC_FIELDS)}
    values = {value.indicator_id: value for value in submission.values.all()}
    items = [ListedItem(*row) for row in submission.evidence.values_list(*_ITEM_FIELDS)]
    figures = {spec.code: figure_of(values[pk]) for pk, spec in specs.items() if pk in values}
    counts = Counter(item.indicator for item in items)
    return Content(figures, items, list_missing(list(specs.values()), figures, counts))


def read_sheet(submission: Submission) -> Sheet:
    """The submission's lines with findings: seven queries whatever the number of lines."""
    indicators = list(list_indicators(submission.collection.version))
    values = {value.indicator_id: value for value in list_values(submission)}
    items = _items_by_indicator(list(list_evidence(submission)))
    last_year = last_year_figures(submission)
    rows = [
        _row(indicator, values.get(indicator.pk), last_year.get(indicator.code), items)
        for indicator in indicators
    ]
    figures = {row.spec.code: row.figure for row in rows if row.figure}
    counts = {row.spec.code: len(row.items) for row in rows}
    return Sheet(rows, list_missing([row.spec for row in rows], figures, counts))


def _items_by_indicator(evidence: Sequence[EvidenceItem]) -> dict[int, list[EvidenceItem]]:
    items: dict[int, list[EvidenceItem]] = {}
    for item in evidence:
        items.setdefault(item.kind.indicator_id, []).append(item)
    return items


def _row(
    indicator: Indicator,
    value: Value | None,
    last_year: CellFigure | None,
    items: Mapping[int, list[EvidenceItem]],
) -> Row:
    spec = spec_of(indicator)
    figure = figure_of(value) if value else None
    own_items = items.get(indicator.pk, [])
    before = last_year.exact(spec.factor) if last_year else None
    count = ItemCount(len(own_items), sum(1 for item in own_items if item.file_id is None))
    findings = check_figure(spec, figure or CellFigure(), before, count)
    return Row(indicator, spec, value, figure, last_year, own_items, findings)
