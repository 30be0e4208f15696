"""The division of labour: who provides which line, who has signed, who is late."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import OfficeKind, Permission
from county_portal.common import clock
from indicators.enums import EDITABLE, CollectionState
from indicators.models import Assignment, Submission
from indicators.rules import CellFigure
from indicators.rules.labour import is_answered, is_late, signed_digest
from indicators.selectors.sheets import Row, Sheet, read_sheet
from indicators.selectors.submissions import list_submissions


def list_assignments(submission: Submission) -> QuerySet[Assignment]:
    """Who provides what of a sheet, in table order."""
    return submission.assignments.select_related(
        "indicator", "office", "signed_by", "assigned_by"
    ).order_by("indicator__order")


def list_providers(submission: Submission) -> list[Office]:
    """The departments of the county that may be given indicators."""
    offices = Office.objects.filter(region=submission.region_id, kind=OfficeKind.PROVIDER)
    return list(offices.order_by("order", "name"))


def _provided_by(user: User) -> QuerySet[Submission]:
    """Sheets in which the user's department has a part; nobody else reaches a sheet this way."""
    if not user.holds(Permission.PROVIDE):
        return Submission.objects.none()
    own = Assignment.objects.filter(submission=OuterRef("pk"), office=user.office_id)
    return Submission.objects.filter(Exists(own))


def get_provided(user: User, public_id: UUID, *, lock: bool = False) -> Submission:
    """A sheet the user's department has a part in; 404 otherwise."""
    sheets = _provided_by(user).select_related("collection", "region", "office")
    if lock:
        sheets = sheets.select_for_update(of=("self",))
    return get_object_or_404(sheets, public_id=public_id)


def provided_codes(user: User, submission: Submission) -> frozenset[str]:
    """Codes of the lines the user's department answers for."""
    own = submission.assignments.filter(office=user.office_id)
    return frozenset(own.values_list("indicator__code", flat=True))


@dataclass(frozen=True, slots=True)
class ProvidedSheet:
    """A department's part of a sheet, counted."""

    submission: Submission
    assigned: int
    signed: int
    late: int
    due_on: date

    @property
    def open(self) -> int:
        """Lines still to be signed."""
        return self.assigned - self.signed


def list_provided(user: User) -> list[ProvidedSheet]:
    """The department's part in every sheet, newest year first; one query."""
    own, today = Q(assignments__office=user.office_id), clock.today()
    unsigned = own & Q(assignments__signed_at__isnull=True)
    sheets = (
        _provided_by(user)
        .select_related("collection", "region", "office")
        .annotate(
            assigned=Count("assignments", filter=own),
            signed=Count("assignments", filter=own & Q(assignments__signed_at__isnull=False)),
            late=Count("assignments", filter=unsigned & Q(assignments__due_on__lt=today)),
            first_due=Min("assignments__due_on", filter=unsigned),
            last_due=Min("assignments__due_on", filter=own),
        )
        .order_by("-collection__data_year")
    )
    return [
        ProvidedSheet(row, row.assigned, row.signed, row.late, row.first_due or row.last_due)
        for row in sheets
    ]


def list_to_sign(user: User) -> list[ProvidedSheet]:
    """Those in which the department has lines to sign, while the county may still fill."""
    return [
        row
        for row in list_provided(user)
        if row.open
        and row.submission.state in EDITABLE
        and row.submission.collection.state == CollectionState.OPEN
    ]


@dataclass(frozen=True, slots=True)
class AssignedLine:
    """One of a department's own lines."""

    assignment: Assignment
    row: Row

    @property
    def is_signed(self) -> bool:
        """Whether the figure as it stands is signed."""
        return is_signed(self.assignment, self.row.figure)

    @property
    def is_late(self) -> bool:
        """Whether the department's day has passed without its signature."""
        return is_late(self.assignment.due_on, clock.today(), is_signed=self.is_signed)

    @property
    def may_be_signed(self) -> bool:
        """Whether there is anything to put a name under."""
        return is_answered(self.row.figure)

    @property
    def fingerprint(self) -> str:
        """What a signature of the figure as it stands would be of."""
        return signed_digest(self.row.figure or CellFigure())


def is_signed(assignment: Assignment, figure: CellFigure | None) -> bool:
    """Whether the signature is of this very figure."""
    return bool(assignment.signed_figure) and (
        assignment.signed_figure == signed_digest(figure or CellFigure())
    )


def read_provided(user: User, submission: Submission) -> list[AssignedLine]:
    """The department's own lines, whatever else the sheet holds."""
    own = {
        assignment.indicator_id: assignment
        for assignment in list_assignments(submission).filter(office=user.office_id)
    }
    return [
        AssignedLine(own[row.indicator.pk], row)
        for row in read_sheet(submission).rows
        if row.indicator.pk in own
    ]


def list_unsigned(submission: Submission, figures: Mapping[str, CellFigure]) -> list[Assignment]:
    """Assignments without a signature of the figure as it stands, in table order; most counties have none."""
    if not submission.assignments.exists():
        return []
    return [
        assignment
        for assignment in list_assignments(submission)
        if not is_signed(assignment, figures.get(assignment.indicator.code))
    ]


@dataclass(frozen=True, slots=True)
class DividedLine:
    """One indicator on the page of the division."""

    row: Row
    assignment: Assignment | None

    @property
    def is_signed(self) -> bool:
        """Whether the department has signed the figure as it stands."""
        return self.assignment is not None and is_signed(self.assignment, self.row.figure)

    @property
    def is_late(self) -> bool:
        """Whether the department's day has passed without its signature."""
        if self.assignment is None:
            return False
        return is_late(self.assignment.due_on, clock.today(), is_signed=self.is_signed)


def read_division(submission: Submission, sheet: Sheet) -> list[DividedLine]:
    """Every indicator with its department, if it has one."""
    assignments = {row.indicator_id: row for row in list_assignments(submission)}
    return [DividedLine(row, assignments.get(row.indicator.pk)) for row in sheet.rows]


@dataclass(frozen=True, slots=True)
class DepartmentProgress:
    """How far one department is with a sheet."""

    office: Office
    assigned: int
    signed: int
    late: int
    due_on: date
    urged_at: datetime | None

    @property
    def open(self) -> int:
        """Lines still to be signed."""
        return self.assigned - self.signed

    @property
    def may_be_urged(self) -> bool:
        """Whether there is anything to urge, and it was not done today already."""
        urged_on = self.urged_at and clock.day_of(self.urged_at)
        return bool(self.open) and urged_on != clock.today()


def count_departments(lines: Iterable[DividedLine]) -> list[DepartmentProgress]:
    """Progress by department, the latest first."""
    by_office: dict[int, list[DividedLine]] = {}
    for line in lines:
        if line.assignment is not None:
            by_office.setdefault(line.assignment.office_id, []).append(line)
    progress = [_progress(own) for own in by_office.values()]
    return sorted(progress, key=lambda row: (-row.late, -row.open, row.office.order))


def _progress(lines: Sequence[DividedLine]) -> DepartmentProgress:
    own = [line.assignment for line in lines if line.assignment is not None]
    urged = [row.urged_at for row in own if row.urged_at]
    return DepartmentProgress(
        office=own[0].office,
        assigned=len(own),
        signed=sum(1 for line in lines if line.is_signed),
        late=sum(1 for line in lines if line.is_late),
        due_on=min(row.due_on for row in own),
        urged_at=max(urged, default=None),
    )


@dataclass(frozen=True, slots=True)
class LateSheet:
    """A sheet that waits for departments past their day."""

    submission: Submission
    offices: int
    lines: int
    since: date


def list_late_departments(user: User) -> list[LateSheet]:
    """The filler's sheets with departments past their day; one query."""
    if not user.holds(Permission.FILL):
        return []
    late = Q(assignments__signed_at__isnull=True, assignments__due_on__lt=clock.today())
    sheets = (
        list_submissions(user)
        .filter(late, state__in=EDITABLE, collection__state=CollectionState.OPEN)
        .annotate(
            offices=Count("assignments__office", distinct=True),
            lines=Count("assignments", distinct=True),
            late_since=Min("assignments__due_on"),
        )
    )
    return [LateSheet(row, row.offices, row.lines, row.late_since) for row in sheets]


@dataclass(frozen=True, slots=True)
class DivisionCounts:
    """The division of a sheet in numbers."""

    assigned: int
    signed: int
    late: int


def count_division(submission: Submission) -> DivisionCounts:
    """How many lines are with departments, signed, late; one query."""
    unsigned = Q(signed_at__isnull=True)
    counted = submission.assignments.aggregate(
        assigned=Count("pk"),
        signed=Count("pk", filter=~unsigned),
        late=Count("pk", filter=unsigned & Q(due_on__lt=clock.today())),
    )
    return DivisionCounts(**counted)
