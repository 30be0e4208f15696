"""The door to collections, submissions, values and evidence."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Permission
from county_portal.common.workflow import Transition
from indicators.enums import CollectionState, SubmissionAction, SubmissionState, ValueStatus
from indicators.models import (
    Collection,
    EvidenceItem,
    Indicator,
    ReviewStep,
    Submission,
    SystemVersion,
    Value,
)
from indicators.rules import CellFigure, CellSpec, Finding, check_figure, list_missing
from indicators.workflow import EDITABLE, REVIEWED, SUBMISSION_WORKFLOW


def list_collections(user: User) -> QuerySet[Collection]:
    """Collections somebody may see: the province all, the others those that were opened."""
    collections = Collection.objects.select_related("version__system")
    if user.holds(Permission.COLLECT):
        return collections
    if user.holds(Permission.VIEW_SUBMISSIONS):
        return collections.exclude(state=CollectionState.DRAFT)
    return collections.none()


def get_collection(user: User, public_id: UUID, *, lock: bool = False) -> Collection:
    """One of those; 404 otherwise."""
    collections = list_collections(user)
    if lock:
        collections = collections.select_for_update(of=("self",))
    return get_object_or_404(collections, public_id=public_id)


def list_versions() -> QuerySet[SystemVersion]:
    """Locked versions a collection may use, newest first."""
    return SystemVersion.objects.filter(state="locked").select_related("system").order_by("-number")


def count_states(collection: Collection) -> dict[str, int]:
    """How many submissions stand in each state, every state named."""
    counts = Counter(collection.submissions.values_list("state", flat=True))
    return {str(state): counts.get(state, 0) for state in SubmissionState}


def list_office_progress(collection: Collection) -> list[dict[str, object]]:
    """Per reviewing office: counts by state, in the register's order; one query."""
    rows = (
        collection.submissions.values("reviewing_office__short_name", "reviewing_office__order")
        .annotate(
            total=Count("pk"),
            **{str(state): Count("pk", filter=Q(state=state)) for state in SubmissionState},
        )
        .order_by("reviewing_office__order", "reviewing_office__short_name")
    )
    return [dict(row, office=row["reviewing_office__short_name"]) for row in rows]


def list_submissions(user: User) -> QuerySet[Submission]:
    """Submissions within the user's jurisdiction, with what a list shows."""
    return (
        Submission.objects.visible_to(user)
        .select_related("collection", "region__parent", "office", "reviewing_office")
        .order_by("-collection__data_year", "region__code")
    )


def get_submission(user: User, public_id: UUID, *, lock: bool = False) -> Submission:
    """One of those; 404 otherwise."""
    submissions = list_submissions(user)
    if lock:
        submissions = submissions.select_for_update(of=("self",))
    return get_object_or_404(submissions, public_id=public_id)


# Moves one may make but nobody waits for.
_NOT_DUE = {SubmissionAction.RECALL, SubmissionAction.REOPEN}


def list_awaiting(user: User) -> QuerySet[Submission]:
    """Submissions whose next move is the user's, longest waiting first."""
    states = {
        str(row.source)
        for row in SUBMISSION_WORKFLOW.transitions
        if row.permission in user.permissions and row.action not in _NOT_DUE
    }
    if user.holds(Permission.FILL):
        states |= {str(state) for state in EDITABLE}
    return list_submissions(user).filter(state__in=states).order_by("state_since")


def available_actions(user: User, submission: Submission) -> tuple[Transition, ...]:
    """The moves the user may make now; pages draw their buttons from this."""
    return SUBMISSION_WORKFLOW.actions_from(submission.state, user.permissions)


def list_indicators(version: SystemVersion) -> QuerySet[Indicator]:
    """Indicators of a version in table order, with group and evidence kinds."""
    return (
        version.indicators.select_related("group").prefetch_related("evidence_kinds").order_by("order")
    )


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
    return get_object_or_404(items.select_related("submission", "file", "kind"), public_id=public_id)


def list_steps(submission: Submission) -> QuerySet[ReviewStep]:
    """The history of a submission, oldest first."""
    return submission.steps.select_related("actor__office").order_by("at", "pk")


def lineage(region: Region) -> list[int]:
    """The region and those it continues: the same code before, or its only predecessor."""
    ids, current = [region.pk], region
    while True:
        earlier = (
            Region.objects.filter(code=current.code, valid_to__lte=current.valid_from)
            .order_by("-valid_to")
            .first()
        )
        if earlier is None:
            predecessors = list(current.predecessors.all()[:2])
            earlier = predecessors[0] if len(predecessors) == 1 else None
        if earlier is None or earlier.pk in ids:
            return ids
        ids.append(earlier.pk)
        current = earlier


def last_year_figures(submission: Submission) -> dict[str, CellFigure]:
    """Last data year's reviewed figures of the same unit, by indicator code."""
    collection = submission.collection
    values = Value.objects.filter(
        submission__collection__version__system=collection.version.system_id,
        submission__collection__data_year=collection.data_year - 1,
        submission__region__in=lineage(submission.region),
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


@dataclass(frozen=True, slots=True)
class Sheet:
    """A submission read whole: its lines, and what still blocks it."""

    rows: Sequence[Row]
    missing: Sequence[Finding]

    @property
    def warnings(self) -> list[Finding]:
        """All warnings in table order."""
        return [finding for row in self.rows for finding in row.findings]

    @property
    def filled(self) -> int:
        """How many lines are answered."""
        return len(self.rows) - len({finding.indicator for finding in self.missing})


def read_sheet(submission: Submission) -> Sheet:
    """The submission's lines with findings: six queries whatever the number of lines."""
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
    findings = check_figure(spec, figure, before, len(own_items)) if figure else []
    return Row(indicator, spec, value, figure, last_year, own_items, findings)


def list_overdue(collection: Collection, today: date) -> QuerySet[Submission]:
    """Submissions not handed in although their day has passed."""
    return collection.submissions.filter(
        state__in=[SubmissionState.DRAFT, SubmissionState.RETURNED],
        collection__county_due_on__lt=today,
    ).filter(Q(extended_to__isnull=True) | Q(extended_to__lt=today))
