"""The county's named items: added, removed, each with its entry in the audit record."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from county_portal.accounts.models import User
from county_portal.audit.actions import record, record_all
from county_portal.common import clock
from county_portal.common.errors import Invalid
from county_portal.common.text import clean_text
from county_portal.files.actions import keep_upload
from county_portal.files.models import StoredFile
from indicators.actions.filling import lock_for_filling, refuse_locked
from indicators.actions.records import submission_entry
from indicators.actions.revisions import count_revision
from indicators.models import EvidenceItem, EvidenceKind, Submission
from indicators.selectors import get_evidence


@dataclass(frozen=True, slots=True)
class EvidenceInput:
    """A named item as entered."""

    kind: EvidenceKind
    name: str
    year: int | None = None
    approval_number: str = ""
    upload: UploadedFile | None = None
    # Instead of an upload: a paper that the portal keeps already.
    kept: StoredFile | None = None


@transaction.atomic
def add_evidence(*, actor: User, submission_id: UUID, evidence: EvidenceInput) -> EvidenceItem:
    """Add a named item; the same name twice under one kind is refused."""
    return add_evidence_list(actor=actor, submission_id=submission_id, evidence=[evidence])[0]


@transaction.atomic
def add_evidence_list(
    *, actor: User, submission_id: UUID, evidence: Sequence[EvidenceInput]
) -> list[EvidenceItem]:
    """Add several named items, all or none; each has its entry in the audit record."""
    submission = lock_for_filling(actor, submission_id)
    refuse_locked(submission, {entered.kind.indicator.code for entered in evidence})
    listed = set(submission.evidence.values_list("kind", "name"))
    items = [_item(submission, entered, actor, listed) for entered in evidence]
    if not items:
        return []
    EvidenceItem.objects.bulk_create(items)
    count_revision(actor, submission)
    details = [
        {**_item_detail(item), "file": item.file.sha256 if item.file else ""} for item in items
    ]
    record_all(actor, [submission_entry("add_evidence", submission, detail) for detail in details])
    return items


def _item(
    submission: Submission, entered: EvidenceInput, actor: User, listed: set[tuple[int, str]]
) -> EvidenceItem:
    """The item as it will be listed, its file kept; adds it to `listed`, the kinds and names there are."""
    if entered.kind.indicator.version_id != submission.collection.version_id:
        raise Invalid("evidence_kind_unknown", "所选类别不属于本次指标体系，请重新选择。", "kind")
    try:
        name = clean_text(entered.name)
        number = clean_text(entered.approval_number)
    except ValueError as error:
        raise Invalid(
            "text_control_character", "名称或文号含有不可见的控制字符，请重新输入。", "name"
        ) from error
    if (entered.kind.pk, name) in listed:
        raise Invalid("evidence_named_twice", f"“{name}”已在本类清单中，请勿重复填报。", "name")
    listed.add((entered.kind.pk, name))
    return EvidenceItem(
        submission=submission,
        kind=entered.kind,
        name=name,
        year=entered.year,
        approval_number=number,
        file=keep_upload(actor=actor, upload=entered.upload) if entered.upload else entered.kept,
        created_by=actor,
        created_at=clock.now(),
    )


@dataclass(frozen=True, slots=True)
class EvidenceChange:
    """An item as it should read; without an upload its file stays."""

    entered: EvidenceInput
    removes_file: bool = False


@transaction.atomic
def edit_evidence(*, actor: User, evidence_id: UUID, change: EvidenceChange) -> EvidenceItem:
    """Bring an item to what is entered; the record keeps both. Nothing changed is no act."""
    seen = get_evidence(actor, evidence_id)
    submission = lock_for_filling(actor, seen.submission.public_id)
    item = get_evidence(actor, evidence_id)
    codes = {item.kind.indicator.code, change.entered.kind.indicator.code}
    refuse_locked(submission, codes)
    listed = set(submission.evidence.exclude(pk=item.pk).values_list("kind", "name"))
    wanted = _item(submission, change.entered, actor, listed)
    before = _whole(item)
    item.kind, item.name, item.year = wanted.kind, wanted.name, wanted.year
    item.approval_number = wanted.approval_number
    item.file = wanted.file or (None if change.removes_file else item.file)
    after = _whole(item)
    if before == after:
        return item
    item.save(update_fields=["kind", "name", "year", "approval_number", "file"])
    count_revision(actor, submission)
    detail = {**_item_detail(item), "before": before, "after": after}
    record(actor, submission_entry("edit_evidence", submission, detail))
    return item


def _whole(item: EvidenceItem) -> dict[str, str]:
    return {
        "kind": item.kind.code,
        "name": item.name,
        "year": "" if item.year is None else str(item.year),
        "approval_number": item.approval_number,
        "file": item.file.sha256 if item.file else "",
    }


@transaction.atomic
def remove_evidence(*, actor: User, evidence_id: UUID) -> EvidenceItem:
    """Take an item off the list and return what was removed.

    Its file stays in the store, and the record says who removed what.
    """
    seen = get_evidence(actor, evidence_id)
    submission = lock_for_filling(actor, seen.submission.public_id)
    # Read again under the lock: somebody else may have removed it meanwhile.
    item = get_evidence(actor, evidence_id)
    refuse_locked(submission, {item.kind.indicator.code})
    detail = {**_item_detail(item), "item": str(item.public_id)}
    record(actor, submission_entry("remove_evidence", submission, detail))
    item.delete()
    count_revision(actor, submission)
    return item


def _item_detail(item: EvidenceItem) -> dict[str, str]:
    return {"indicator": item.kind.indicator.code, "kind": item.kind.code, "name": item.name}
