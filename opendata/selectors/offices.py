"""What the systems of an office may read: its sheets, its months, its results, through the portal's own doors."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from indicators.forms.monthly import MonthlyForm
from indicators.models import MonthlyCall, Submission, Value
from indicators.rules import CellSpec, typed_of
from indicators.selectors import (
    figure_of,
    get_submission,
    list_submissions,
    spec_of,
    why_not_fillable,
)
from indicators.selectors.catalogue import catalogue_of
from indicators.selectors.labour import get_provided, list_provided, provided_codes
from indicators.selectors.locks import locked_codes
from indicators.selectors.monthly import CountyYear, get_call, list_calls, own_county, read_county
from opendata import office_schemas as schemas
from scoring.models import Result
from scoring.selectors.lists import list_current


def list_sheets(user: User, year: int | None) -> list[Submission] | QuerySet[Submission]:
    """Sheets within the jurisdiction, newest year first; for a department those it has a part in."""
    if user.holds(Permission.PROVIDE):
        found = [each.submission for each in list_provided(user)]
        return [row for row in found if year is None or row.collection.data_year == year]
    sheets = list_submissions(user)
    return sheets.filter(collection__data_year=year) if year is not None else sheets


def count_sheets(found: list[Submission] | QuerySet[Submission]) -> int:
    """How many there are, without reading them all."""
    return len(found) if isinstance(found, list) else found.count()


def sheet_row(submission: Submission) -> schemas.SheetRow:
    """A sheet as the list of sheets has it."""
    return schemas.SheetRow(
        id=str(submission.public_id),
        data_year=submission.collection.data_year,
        title=submission.collection.title,
        region_code=submission.region.code,
        region=submission.region.full_name,
        state=submission.state,
        state_name=submission.get_state_display(),
        revision=submission.revision,
    )


def get_sheet(user: User, public_id: UUID) -> Submission:
    """One of those; 404 otherwise."""
    if user.holds(Permission.PROVIDE):
        return get_provided(user, public_id)
    return get_submission(user, public_id)


def specs_of(submission: Submission) -> Mapping[str, CellSpec]:
    """What the normaliser needs of each line, by code."""
    return {
        code: spec_of(row)
        for code, row in catalogue_of(submission.collection.version_id).indicators.items()
    }


def read_lines(user: User, submission: Submission) -> schemas.Sheet:
    """The sheet with its lines; for a department those that it answers for. Three queries."""
    values = {row.indicator.code: row for row in submission.values.select_related("indicator")}
    locked = locked_codes(submission)
    refusal = why_not_fillable(submission)
    specs = specs_of(submission)
    codes = provided_codes(user, submission) if user.holds(Permission.PROVIDE) else set(specs)
    lines = [
        _line(spec, values.get(code), is_locked=code in locked)
        for code, spec in specs.items()
        if code in codes
    ]
    row = sheet_row(submission)
    return schemas.Sheet(
        **row.model_dump(),
        is_open=refusal is None,
        why_not=refusal.sentence if refusal else "",
        lines=lines,
    )


def _line(spec: CellSpec, value: Value | None, *, is_locked: bool) -> schemas.Line:
    typed = typed_of(figure_of(value) if value else None)
    return schemas.Line(
        code=spec.code,
        name=spec.name,
        unit=spec.unit,
        kind=spec.kind,
        value=typed.text,
        numerator=typed.numerator,
        denominator=typed.denominator,
        mode=str(typed.mode),
        note=typed.note,
        status=value.status if value else "",
        base=typed.fingerprint,
        is_locked=is_locked,
    )


@dataclass(frozen=True, slots=True)
class CountyMonths:
    """One county's months of a call, with the form that shows them."""

    year: CountyYear
    form: MonthlyForm

    @property
    def codes(self) -> set[str]:
        """Codes of the indicators reported monthly."""
        return {line.indicator.code for line in self.year.lines}

    @property
    def ended(self) -> set[int]:
        """Months that are over."""
        return {month.month for line in self.year.lines for month in line.months if month.has_ended}

    @property
    def stored(self) -> dict[str, str]:
        """What is stored, by the names of the form's inputs."""
        return dict(self._inputs())

    def _inputs(self) -> Iterator[tuple[str, str]]:
        for block in self.form.blocks:
            for entry in (block.baseline, block.target):
                yield entry.name, entry.text
            for row in block.rows:
                yield row.number.name, row.number.text
                yield row.note.name, row.note.text


def list_monthly(user: User) -> QuerySet[MonthlyCall]:
    """Calls for monthly figures, newest first."""
    return list_calls(user)


def get_county_months(user: User, call_id: UUID) -> CountyMonths:
    """The months of the user's own county; 404 for an office without one."""
    call = get_call(user, call_id)
    year = read_county(call, own_county(user, call))
    return CountyMonths(year, MonthlyForm.of(year))


def months_of(county: CountyMonths) -> schemas.MonthlyYear:
    """The same as it is handed out."""
    year = county.year
    lines = [
        schemas.MonthLine(
            code=line.indicator.code,
            name=line.indicator.name,
            unit=line.indicator.unit,
            target=county.stored[f"g-{line.indicator.code}"],
            months=[
                schemas.MonthFigure(
                    month=month.month,
                    due_on=month.due_on,
                    number=county.stored[f"f-{line.indicator.code}-{month.month}"],
                    note=month.note,
                    is_late=month.is_late,
                )
                for month in line.months
                if month.has_ended
            ],
        )
        for line in year.lines
    ]
    return schemas.MonthlyYear(
        id=str(year.call.public_id),
        year=year.call.year,
        region_code=year.region.code,
        region=year.region.full_name,
        seen=year.fingerprint,
        lines=lines,
    )


def list_results(user: User, year: int | None) -> QuerySet[Result]:
    """Results behind the valid lists, of the counties within the jurisdiction, newest year first."""
    runs = [
        published.run_id
        for published in list_current()
        if year is None or published.collection.data_year == year
    ]
    return (
        Result.objects.filter(run__in=runs, submission__in=Submission.objects.visible_to(user))
        .select_related("run__collection", "region")
        .defer("run__inputs")
        .order_by("-run__collection__data_year", "rank", "region__code")
    )


def result_row(result: Result) -> schemas.ResultRow:
    """A result as it is handed out to its own office and those above."""
    return schemas.ResultRow(
        data_year=result.run.collection.data_year,
        region_code=result.region.code,
        region=result.region.full_name,
        total=str(result.total),
        class_name=result.class_name,
        rank=result.rank,
    )
