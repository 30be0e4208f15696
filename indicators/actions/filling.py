"""The county's writes: figures and evidence. Each locks the row, re-authorises on it, records and commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.text import clean_text
from county_portal.files.actions import keep_upload
from indicators.actions.records import plain_figure, submission_entry
from indicators.enums import CollectionState, SubmissionState, ValueStatus
from indicators.models import EvidenceItem, EvidenceKind, Submission, Value
from indicators.rules import CellFigure
from indicators.selectors import figure_of, get_evidence, get_submission, list_values


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
        raise NotAllowed()
    if submission.collection.state != CollectionState.OPEN:
        raise Stale("collection_closed", "本次采集已截止，不能再修改。确需更正请联系省科技厅重新开放填报。")
    if not submission.is_editable:
        label = SubmissionState(submission.state).label
        raise Stale("not_editable", f"填报表当前为“{label}”，不能修改。如需修改，请先撤回或由审核单位退回。")
    if clock.today() > submission.due_on:
        raise Stale(
            "deadline_passed",
            f"填报已于{submission.due_on:%Y年%-m月%-d日}截止，不能再修改。确需补报请联系省科技厅申请延期。",
        )
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
    stored = {value.indicator.code: value for value in list_values(submission)}
    indicators = {row.code: row for row in submission.collection.version.indicators.all()}
    changed = {
        code: figure
        for code, figure in figures.items()
        if code in indicators and not _is_same(stored.get(code), figure)
    }
    if not changed:
        return submission
    now = clock.now()
    values = [
        _value(submission, indicators[code].pk, figure, actor, now) for code, figure in changed.items()
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
        code: [plain_figure(figure_of(stored[code])) if code in stored else None, plain_figure(figure)]
        for code, figure in changed.items()
    }
    record(actor, submission_entry("save_values", submission, detail))
    return submission


def _is_same(value: Value | None, figure: CellFigure) -> bool:
    if value is None:
        return figure == CellFigure()
    return figure_of(value) == figure


def _value(submission: Submission, indicator_id: int, figure: CellFigure, actor: User, now: object) -> Value:
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
    submission = lock_for_filling(actor, submission_id)
    if evidence.kind.indicator.version_id != submission.collection.version_id:
        raise Invalid("evidence_kind_unknown", "所选类别不属于本次指标体系，请重新选择。", "kind")
    try:
        name = clean_text(evidence.name)
        number = clean_text(evidence.approval_number)
    except ValueError as error:
        raise Invalid("text_control_character", "名称或文号含有不可见的控制字符，请重新输入。", "name") from error
    if submission.evidence.filter(kind=evidence.kind, name=name).exists():
        raise Invalid("evidence_named_twice", f"“{name}”已在本类清单中，请勿重复填报。", "name")
    file = keep_upload(actor=actor, upload=evidence.upload) if evidence.upload else None
    item = EvidenceItem.objects.create(
        submission=submission,
        kind=evidence.kind,
        name=name,
        year=evidence.year,
        approval_number=number,
        file=file,
        created_by=actor,
        created_at=clock.now(),
    )
    _bump(submission)
    detail = {"kind": evidence.kind.code, "name": name, "file": file.sha256 if file else ""}
    record(actor, submission_entry("add_evidence", submission, detail))
    return item


@transaction.atomic
def remove_evidence(*, actor: User, evidence_id: UUID) -> Submission:
    """Take an item off the list; its file stays in the store, the record says who removed what."""
    item = get_evidence(actor, evidence_id)
    submission = lock_for_filling(actor, item.submission.public_id)
    record(
        actor,
        submission_entry("remove_evidence", submission, {"kind": item.kind.code, "name": item.name}),
    )
    item.delete()
    _bump(submission)
    return submission


def _bump(submission: Submission) -> None:
    submission.revision += 1
    submission.save(update_fields=["revision"])
