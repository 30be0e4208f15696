"""The county's own rows (S0 annex 2-1, row 31), and files that prove a row."""

from dataclasses import dataclass
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from applications.actions.records import application_entry, count_revision, lock_for_editing
from applications.enums import Section
from applications.models import Application, RowEvidence, TableRow
from applications.rules.materials import OWN_NUMBER
from applications.selectors.table import get_evidence, get_own_row
from county_portal.accounts.models import User
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid
from county_portal.documents.numbers import standard_year
from county_portal.files.actions import keep_upload
from indicators.selectors.catalogue import catalogue_of

# A list longer than the guideline's own would hide what matters; supplemented.
MAX_OWN = 10


@dataclass(frozen=True, slots=True)
class OwnRowInput:
    """An indicator the county proposes."""

    name: str
    unit: str
    definition: str
    lower_is_better: bool = False


@transaction.atomic
def add_own_row(*, actor: User, application_id: UUID, own: OwnRowInput) -> TableRow:
    """Add a row to the table. Raises Invalid for a name in use or one row too many."""
    application = lock_for_editing(actor, application_id, Section.TABLE, None)
    orders = list(application.rows.filter(indicator=None).values_list("order", flat=True))
    if len(orders) >= MAX_OWN:
        raise Invalid(
            "own_rows_full", f"自行提出的指标最多{MAX_OWN}项，请先移除不需要的再添加。", "name"
        )
    _refuse_name(application, own.name, None)
    row = TableRow(application=application, order=max([*orders, OWN_NUMBER - 1]) + 1)
    _write(row, own)
    record(actor, application_entry("add_own_row", application, _plain(row)))
    count_revision(actor, application, Section.TABLE)
    return row


@transaction.atomic
def edit_own_row(*, actor: User, row_id: UUID, own: OwnRowInput) -> TableRow:
    """Bring a row's words to what is entered; its figures stay."""
    application, row = _lock_own(actor, row_id)
    _refuse_name(application, own.name, row)
    before = _plain(row)
    _write(row, own)
    if _plain(row) == before:
        return row
    detail = {"before": before, "after": _plain(row)}
    record(actor, application_entry("edit_own_row", application, detail))
    count_revision(actor, application, Section.TABLE)
    return row


@transaction.atomic
def remove_own_row(*, actor: User, row_id: UUID) -> str:
    """Take a row off the table with its figures; returns its name. The record keeps what it said."""
    application, row = _lock_own(actor, row_id)
    figures = {str(figure.year): f"{figure.number:f}" for figure in row.figures.all()}
    detail = {**_plain(row), "figures": figures}
    record(actor, application_entry("remove_own_row", application, detail))
    row.delete()
    count_revision(actor, application, Section.TABLE)
    return row.own_name


def _lock_own(actor: User, row_id: UUID) -> tuple[Application, TableRow]:
    seen = get_own_row(actor, row_id)
    application = lock_for_editing(actor, seen.application.public_id, Section.TABLE, None)
    # Read again under the lock: a colleague may have removed it meanwhile.
    return application, get_own_row(actor, row_id)


def _refuse_name(application: Application, name: str, row: TableRow | None) -> None:
    others = application.rows.filter(indicator=None)
    if row is not None:
        others = others.exclude(pk=row.pk)
    given = {each.name for each in catalogue_of(application.round.version_id).indicators.values()}
    if name in given or others.filter(own_name=name).exists():
        raise Invalid("row_named_twice", f"“{name}”已在指标体系表中，请换一个名称。", "name")


def _write(row: TableRow, own: OwnRowInput) -> None:
    row.own_name, row.own_unit, row.own_definition = own.name, own.unit, own.definition
    row.own_lower_is_better = own.lower_is_better
    row.save()


def _plain(row: TableRow) -> dict[str, str]:
    return {
        "name": row.own_name,
        "unit": row.own_unit,
        "definition": row.own_definition,
        "direction": "低" if row.own_lower_is_better else "高",
    }


@dataclass(frozen=True, slots=True)
class RowEvidenceInput:
    """A file that proves a row, and what it is."""

    name: str
    document_number: str
    upload: UploadedFile


@transaction.atomic
def add_row_evidence(
    *, actor: User, application_id: UUID, order: int, evidence: RowEvidenceInput
) -> RowEvidence:
    """Add a file to a row. Raises Invalid for a row that is not in the table or a file that is refused."""
    application = lock_for_editing(actor, application_id, Section.TABLE, None)
    row = _row_of(application, order)
    item = RowEvidence.objects.create(
        row=row,
        name=evidence.name,
        document_number=standard_year(evidence.document_number),
        file=keep_upload(actor=actor, upload=evidence.upload),
        added_by=actor,
        added_at=clock.now(),
    )
    record(actor, application_entry("add_row_evidence", application, _evidence(item)))
    count_revision(actor, application, Section.TABLE)
    return item


def _row_of(application: Application, order: int) -> TableRow:
    """The row, made where nobody touched it yet."""
    row = application.rows.filter(order=order).first()
    if row is not None:
        return row
    for indicator in catalogue_of(application.round.version_id).indicators.values():
        if indicator.order == order:
            return TableRow.objects.create(
                application=application, indicator=indicator, order=order
            )
    raise Invalid("row_unknown", "指标体系表中没有这一行，请返回后重新选择。")


@transaction.atomic
def remove_row_evidence(*, actor: User, evidence_id: UUID) -> RowEvidence:
    """Take a file off a row and return what was removed; the file itself stays in the store."""
    seen = get_evidence(actor, evidence_id)
    public_id = seen.row.application.public_id
    application = lock_for_editing(actor, public_id, Section.TABLE, None)
    # Read again under the lock: a colleague may have removed it meanwhile.
    item = get_evidence(actor, evidence_id)
    record(actor, application_entry("remove_row_evidence", application, _evidence(item)))
    item.delete()
    count_revision(actor, application, Section.TABLE)
    return item


def _evidence(item: RowEvidence) -> dict[str, object]:
    return {
        "row": item.row.order,
        "name": item.name,
        "document_number": item.document_number,
        "file": item.file.sha256,
    }
