"""县政府申报文件 (S0 part 三, material 1): recorded whole, replaced with the audit keeping both."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from applications.actions.records import application_entry, count_revision, lock_for_editing
from applications.enums import Section
from applications.models import GovernmentDocument
from applications.selectors.document import document_of
from county_portal.accounts.models import User
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid
from county_portal.common.text import chinese_date
from county_portal.documents.numbers import standard_year
from county_portal.files.actions import keep_scan
from county_portal.files.models import StoredFile

# A document older than that is of another round, or its year was mistyped.
OLDEST_YEARS = 2


@dataclass(frozen=True, slots=True)
class DocumentInput:
    """A document as entered; without a scan the one on record stays."""

    title: str
    document_number: str
    issued_on: date
    scan: UploadedFile | StoredFile | None = None


@transaction.atomic
def record_document(
    *, actor: User, application_id: UUID, revision: int | None, document: DocumentInput
) -> GovernmentDocument:
    """Record the document, or replace what is on record. Nothing changed is no act.

    Raises Invalid for a day to come or long past, a blank number, or a missing scan.
    """
    application = lock_for_editing(actor, application_id, Section.DOCUMENT, revision)
    _refuse_day(document.issued_on, application.round.year)
    number = standard_year("".join(document.document_number.split()))
    if not number or not document.title.strip():
        raise Invalid("number_required", "请填写文件名称和文号。", "document_number")
    before = document_of(application)
    was = _plain(before) if before else None
    row = before or GovernmentDocument(application=application)
    row.title, row.document_number = document.title.strip(), number
    row.issued_on, row.file = document.issued_on, _scan(actor, document, before)
    after = _plain(row)
    if was == after:
        return row
    row.recorded_by, row.recorded_at = actor, clock.now()
    row.save()
    count_revision(actor, application, Section.DOCUMENT)
    detail = {"before": was, "after": after}
    record(actor, application_entry("record_government_document", application, detail))
    return row


def _refuse_day(issued_on: date, year: int) -> None:
    if issued_on > clock.today():
        raise Invalid(
            "document_in_future",
            f"成文日期{chinese_date(issued_on)}晚于今天，请填写申报文件上的成文日期。",
            "issued_on",
        )
    if issued_on.year < year - OLDEST_YEARS:
        raise Invalid(
            "document_too_old",
            f"成文日期{chinese_date(issued_on)}早于{year - OLDEST_YEARS}年，不是本批次的申报文件，请核对年份。",
            "issued_on",
        )


def _scan(actor: User, document: DocumentInput, before: GovernmentDocument | None) -> StoredFile:
    if document.scan is not None:
        return keep_scan(actor=actor, scan=document.scan, matter="申报文件")
    if before is None:
        raise Invalid("scan_required", "请上传申报文件的扫描件（PDF、JPG或PNG）。", "file")
    return before.file


def _plain(row: GovernmentDocument) -> dict[str, str]:
    return {
        "title": row.title,
        "document_number": row.document_number,
        "issued_on": row.issued_on.isoformat(),
        "file": row.file.sha256,
    }
