"""The county's writes: figures and evidence. Each locks the row, re-authorises on it, records and commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import record, record_all
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.text import clean_text
from county_portal.files.actions import keep_upload
from indicators.actions.records import plain_figure, submission_entry
from indicators.enums import ValueStatus
from indicators.models import EvidenceItem, EvidenceKind, Submission, Value
from indicators.rules import CellFigure
from indicators.selectors import (
    figure_of,
    get_evidence,
    get_submission,
    indicator_ids,
    why_not_fillable,
)


@dataclass(frozen=True, slots=True)
class EvidenceInput:
    """A named item as entered."""

    kind: EvidenceKind
    name: str
    year: int | None = None
    approval_number: str = ""
    upload: UploadedFile | None = None


def lock_for_filling(actor: User, submission_id: UUID) -> Submission:
    """The locked submission if the actor may change it now; otherwise the reason why not."""
    submission = get_submission(actor, submission_id, lock=True)
    if not actor.holds(Permission.FILL):
        raise NotAllowed
    refusal = why_not_fillable(submission)
    if refusal:
        raise refusal
    return submission


@transaction.atomic
def save_values(
    *, actor: User, submission_id: UUID, revision: int, figures: Mapping[str, CellFigure]
) -> Submission:
    """Save the cells that differ from what is stored; others stay as they are.

    Raises Stale `edited_meanwhile` if somebody else saved since `revision` was read.
    """
    submission = lock_for_filling(actor, submission_id)
    if submission.revision != revision:
        raise Stale(
            "edited_meanwhile",
            "在您填写期间，同事已保存过本表。您的填写未被覆盖也未保存，请核对下方标出的差异后再保存。",
        )
    indicators = indicator_ids(submission.collection.version_id)
    stored = {value.indicator_id: value for value in submission.values.all()}
    changed = {
        code: figure
        for code, figure in figures.items()
        if code in indicators and not _is_same(stored.get(indicators[code]), figure)
    }
    if not changed:
        return submission
    now = clock.now()
    values = [
        _value(submission, indicators[code], figure, actor, now) for code, figure in changed.items()
    ]
    Value.objects.bulk_create(
        values,
        update_conflicts=True,
        unique_fields=["submission", "indicator"],
        update_fields=[
            "text",
            "number",
            "numerator",
            "denominator",
            "absence",
            "note",
            "status",
            "updated_by",
            "updated_at",
        ],
    )
    submission.revision += 1
    submission.save(update_fields=["revision"])
    detail = {
        code: [_recorded(stored.get(indicators[code])), plain_figure(figure)]
        for code, figure in changed.items()
    }
    record(actor, submission_entry("save_values", submission, detail))
    return submission


def _recorded(value: Value | None) -> dict[str, str] | None:
    return None if value is None else plain_figure(figure_of(value))


def _is_same(value: Value | None, figure: CellFigure) -> bool:
    if value is None:
        return figure == CellFigure()
    return figure_of(value) == figure


def _value(
    submission: Submission, indicator_id: int, figure: CellFigure, actor: User, now: datetime
) -> Value:
    return Value(
        submission=submission,
        indicator_id=indicator_id,
        text=figure.text,
        number=figure.number,
        numerator=figure.numerator,
        denominator=figure.denominator,
        absence=figure.absence,
        note=figure.note,
        status=ValueStatus.FORECAST if figure.is_forecast else ValueStatus.SELF,
        updated_by=actor,
        updated_at=now,
    )


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
    listed = set(submission.evidence.values_list("kind", "name"))
    items = [_item(submission, entered, actor, listed) for entered in evidence]
    if not items:
        return []
    EvidenceItem.objects.bulk_create(items)
    _bump(submission)
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
        file=keep_upload(actor=actor, upload=entered.upload) if entered.upload else None,
        created_by=actor,
        created_at=clock.now(),
    )


@transaction.atomic
def remove_evidence(*, actor: User, evidence_id: UUID) -> EvidenceItem:
    """Take an item off the list and return what was removed.

    Its file stays in the store, and the record says who removed what.
    """
    seen = get_evidence(actor, evidence_id)
    submission = lock_for_filling(actor, seen.submission.public_id)
    # Read again under the lock: somebody else may have removed it meanwhile.
    item = get_evidence(actor, evidence_id)
    record(actor, submission_entry("remove_evidence", submission, _item_detail(item)))
    item.delete()
    _bump(submission)
    return item


def _item_detail(item: EvidenceItem) -> dict[str, str]:
    return {"indicator": item.kind.indicator.code, "kind": item.kind.code, "name": item.name}


def _bump(submission: Submission) -> None:
    submission.revision += 1
    submission.save(update_fields=["revision"])
