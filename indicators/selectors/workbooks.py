"""Workbooks of a submission: what a new copy holds, what came back, and what an upload would change."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.common.numbers import plain
from indicators.models import Indicator, Submission, Value, WorkbookCopy, WorkbookUpload
from indicators.rules import CellFigure, CellInput, CellSpec, Finding, read_cell, typed_of
from indicators.selectors.catalogue import catalogue_of, spec_of
from indicators.selectors.checks import evaluate
from indicators.selectors.locks import locked_codes
from indicators.selectors.sheets import (
    figure_of,
    last_year_figures,
    list_evidence,
    list_values,
    stored_values,
)
from indicators.workbook.merge import Merged, Outcome, conflicts_digest, merge
from indicators.workbook.template import FORMAT, Identity, Item, Line, Template, template_digest

_FOUR_PLACES = Decimal("0.0001")


def list_uploads(submission: Submission) -> QuerySet[WorkbookUpload]:
    """What came back for a submission, latest first."""
    return submission.workbook_uploads.select_related("uploaded_by", "file", "copy__made_by")


def submission_of_upload(user: User, public_id: UUID) -> UUID:
    """Which submission an upload belongs to, before either is locked; 404 outside the jurisdiction."""
    uploads = WorkbookUpload.objects.filter(submission__in=Submission.objects.visible_to(user))
    found: UUID | None = (
        uploads.filter(public_id=public_id)
        .order_by()
        .values_list("submission__public_id", flat=True)
        .first()
    )
    if found is None:
        raise Http404
    return found


def get_upload(user: User, public_id: UUID, *, lock: bool = False) -> WorkbookUpload:
    """An upload of a submission within the user's jurisdiction; 404 otherwise."""
    visible = WorkbookUpload.objects.filter(submission__in=Submission.objects.visible_to(user))
    if lock:
        # For an act: without what only pages show.
        acted_on = visible.select_related("copy").select_for_update(of=("self",))
        return get_object_or_404(acted_on, public_id=public_id)
    rows = visible.select_related("submission", "copy", "file", "uploaded_by")
    return get_object_or_404(rows, public_id=public_id)


def find_copy(submission: Submission, public_id: str) -> WorkbookCopy | None:
    """The copy of this submission that a file says it is; None for a stranger's or for nonsense."""
    try:
        return submission.workbook_copies.filter(public_id=public_id).first()
    except (ValidationError, ValueError):
        return None


def workbook_lines(submission: Submission) -> list[Line]:
    """The lines a workbook of this submission must have; without figures."""
    return [_line(indicator) for indicator in _indicators(submission)]


def _indicators(submission: Submission) -> list[Indicator]:
    """In table order."""
    return list(catalogue_of(submission.collection.version_id).indicators.values())


def template_of(submission: Submission, copy: UUID, made_at: datetime) -> Template:
    """What a copy made now holds."""
    values = stored_values(submission)
    last_year = last_year_figures(submission)
    lines = [
        _filled_line(indicator, values.get(indicator.pk), last_year.get(indicator.code))
        for indicator in _indicators(submission)
    ]
    collection = submission.collection
    identity = Identity(
        format=FORMAT,
        copy=str(copy),
        region_code=submission.region.code,
        region_name=submission.region.full_name,
        data_year=str(collection.data_year),
        template=digest_of(submission, lines),
    )
    return Template(
        identity=identity,
        title=collection.title,
        version=str(collection.version),
        revision=submission.revision,
        due_on=submission.due_on,
        made_at=made_at,
        lines=lines,
        items=_items(submission),
        notes=collection.notes,
    )


def digest_of(submission: Submission, lines: Sequence[Line]) -> str:
    """By which a copy of another indicator system or layout is known."""
    version = catalogue_of(submission.collection.version_id).version
    return template_digest(version.digest, lines)


def _line(indicator: Indicator) -> Line:
    return Line(
        spec=spec_of(indicator),
        group=indicator.group.name,
        numerator_unit=indicator.numerator_unit,
        denominator_unit=indicator.denominator_unit,
    )


def _filled_line(indicator: Indicator, value: Value | None, last_year: CellFigure | None) -> Line:
    return replace(
        _line(indicator),
        typed=typed_of(figure_of(value) if value else None),
        last_year=_last_year(last_year, indicator.factor),
        providers="、".join(indicator.providers),
        responsible="、".join(indicator.responsible),
        definition=indicator.definition,
        rubric=indicator.rubric,
    )


def _last_year(figure: CellFigure | None, factor: Decimal) -> str:
    """Last year's figure as pages show it: unrounded to four places."""
    exact = figure.exact(factor) if figure else None
    return "" if exact is None else plain(exact.quantize(_FOUR_PLACES, ROUND_HALF_UP))


def _items(submission: Submission) -> list[Item]:
    return [
        Item(
            indicator=item.kind.indicator.name,
            kind=item.kind.name,
            name=item.name,
            year=item.year,
            approval_number=item.approval_number,
            file=item.file.name if item.file else "",
        )
        for item in list_evidence(submission)
    ]


def cells_of(content: Mapping[str, Mapping[str, str]]) -> dict[str, CellInput]:
    """Cells as kept in a copy or an upload; the counterpart of `kept_cells`."""
    return {code: CellInput(**cell) for code, cell in content.items()}


def kept_cells(cells: Mapping[str, CellInput]) -> dict[str, dict[str, str]]:
    """Cells as a copy or an upload keeps them."""
    return {
        code: {part: str(text) for part, text in asdict(cell).items()}
        for code, cell in cells.items()
    }


def merge_upload(
    upload: WorkbookUpload, submission: Submission, stored: Mapping[int, Value] | None = None
) -> list[Merged]:
    """The upload against what is stored now, by key of the indicator where the caller has read it."""
    if upload.copy is None:
        return []
    specs = catalogue_of(submission.collection.version_id).specs
    values = stored_values(submission) if stored is None else stored
    server = {specs[key].code: typed_of(figure_of(value)) for key, value in values.items()}
    return merge(
        list(specs.values()),
        cells_of(upload.copy.base),
        server,
        cells_of(upload.cells),
        locked_codes(submission),
    )


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the preview: the three contents, whose the stored one is, what rules say of the file's."""

    merged: Merged
    value: Value | None
    findings: Sequence[Finding]

    @property
    def code(self) -> str:
        """The indicator's code."""
        return self.merged.spec.code

    @property
    def spec(self) -> CellSpec:
        """What the rules know of the indicator."""
        return self.merged.spec


@dataclass(frozen=True, slots=True)
class Preview:
    """What confirming would do, and what must be chosen first."""

    changes: Sequence[Change]
    seen: str
    unchanged: int

    def of(self, outcome: str) -> list[Change]:
        """The changes that come to `outcome`."""
        return [change for change in self.changes if change.merged.outcome == outcome]

    @property
    def conflicts(self) -> list[Change]:
        """What somebody must choose."""
        return self.of(Outcome.CONFLICT)

    @property
    def written(self) -> list[Change]:
        """What only the file changed."""
        return self.of(Outcome.FILE)

    @property
    def locked(self) -> list[Change]:
        """What the file changed but may not be changed now."""
        return self.of(Outcome.LOCKED)

    @property
    def kept(self) -> list[Change]:
        """What only the web changed."""
        return self.of(Outcome.SERVER)


def preview_upload(upload: WorkbookUpload, submission: Submission) -> Preview:
    """The upload merged with what is stored now, line by line, with what the rules say of the file's figures."""
    merged = merge_upload(upload, submission)
    values = {value.indicator.code: value for value in list_values(submission)}
    findings = _findings(submission, merged)
    changes = [
        Change(each, values.get(each.spec.code), findings.get(each.spec.code, ()))
        for each in merged
        if each.outcome != Outcome.SAME
    ]
    return Preview(changes, conflicts_digest(merged), len(merged) - len(changes))


def _findings(submission: Submission, merged: Sequence[Merged]) -> dict[str, list[Finding]]:
    """By line, as if every figure of the file that may be written were."""
    figures = {
        each.spec.code: read_cell(each.spec, each.file)[0]
        for each in merged
        if each.outcome in {Outcome.FILE, Outcome.CONFLICT}
    }
    if not figures:
        return {}
    found: dict[str, list[Finding]] = {}
    for finding in evaluate(submission, figures):
        if finding.indicator in figures:
            found.setdefault(finding.indicator, []).append(finding)
    return found
