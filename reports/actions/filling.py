"""The county writes its progress report: figures, words, evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from applications.models import PilotTarget
from county_portal.accounts.models import User
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid
from county_portal.common.numbers import plain
from county_portal.common.wording import read_words
from county_portal.files.actions import keep_upload
from county_portal.files.models import StoredFile
from reports.actions.records import count_revision, lock_for_editing, report_entry
from reports.models import ProgressFile, ProgressLine, ProgressReport
from reports.rules.typed import LineFigure
from reports.selectors.progress import get_report_file

MAX_NAME = 120


@dataclass(frozen=True, slots=True)
class ReportInput:
    """What was entered: figures by the order of their target, texts by field; what is not named stays."""

    lines: Mapping[int, LineFigure] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    revision: int | None = None


@transaction.atomic
def save_report(*, actor: User, report_id: UUID, entered: ReportInput) -> int:
    """Bring the report to what is entered; returns in how many places it changed.

    Raises Stale (state, or saved by somebody meanwhile). Nothing changed is no act.
    """
    report = lock_for_editing(actor, report_id, entered.revision)
    lines = _changed_lines(report, entered.lines, actor)
    texts = [name for name, text in entered.texts.items() if getattr(report, name) != text]
    if not lines and not texts:
        return 0
    for name in texts:
        setattr(report, name, entered.texts[name])
    ProgressLine.objects.bulk_create(
        lines,
        update_conflicts=True,
        unique_fields=["report", "target"],
        update_fields=[
            *("text", "number", "numerator", "denominator", "words", "saved_by", "saved_at")
        ],
    )
    count_revision(report, *texts)
    detail = {"lines": {line.target.order: _plain(line) for line in lines}, "texts": sorted(texts)}
    record(actor, report_entry("save_progress_report", report, detail))
    return len(lines) + len(texts)


def _changed_lines(
    report: ProgressReport, entered: Mapping[int, LineFigure], actor: User
) -> list[ProgressLine]:
    targets = {target.order: target for target in report.pilot.targets.all()}
    stored = {line.target_id: line for line in report.lines.all()}
    changed = []
    for order, figure in entered.items():
        target = targets.get(order)
        if target is None:
            raise Invalid("target_unknown", "所填指标不属于本试点，请刷新页面后重新填写。")
        if _figure_of(stored.get(target.pk)) == figure:
            continue
        changed.append(_line(report, target, figure, actor))
    return changed


def _line(
    report: ProgressReport, target: PilotTarget, figure: LineFigure, actor: User
) -> ProgressLine:
    return ProgressLine(
        report=report,
        target=target,
        text=figure.text,
        number=figure.number,
        numerator=figure.numerator,
        denominator=figure.denominator,
        words=figure.words,
        saved_by=actor,
        saved_at=clock.now(),
    )


_BLANK = LineFigure("", None, None, None, "")


def _figure_of(line: ProgressLine | None) -> LineFigure:
    if line is None:
        return _BLANK
    return LineFigure(line.text, line.number, line.numerator, line.denominator, line.words)


def _plain(line: ProgressLine) -> list[str]:
    parts = (line.number, line.numerator, line.denominator)
    return [*(plain(part) for part in parts), line.words]


@dataclass(frozen=True, slots=True)
class FileInput:
    """Evidence as entered; no target: of the whole report."""

    name: str
    upload: UploadedFile | StoredFile
    target: PilotTarget | None = None


@transaction.atomic
def add_file(*, actor: User, report_id: UUID, entered: FileInput) -> ProgressFile:
    """Add a piece of evidence. Raises Invalid for a blank name, one used before, or a file that is refused."""
    report = lock_for_editing(actor, report_id)
    name = _clean_name(entered.name)
    if entered.target is not None and entered.target.pilot_id != report.pilot_id:
        raise Invalid("target_unknown", "所选指标不属于本试点，请重新选择。", "target")
    if report.files.filter(target=entered.target, name=name).exists():
        raise Invalid("file_named_twice", f"“{name}”已经上传，请勿重复，或另取名称。", "name")
    upload = entered.upload
    file = upload if isinstance(upload, StoredFile) else keep_upload(actor=actor, upload=upload)
    kept = ProgressFile.objects.create(
        report=report,
        target=entered.target,
        name=name,
        file=file,
        added_by=actor,
        added_at=clock.now(),
    )
    count_revision(report)
    record(actor, report_entry("add_progress_file", report, _file_detail(kept)))
    return kept


@transaction.atomic
def remove_file(*, actor: User, file_id: UUID) -> ProgressReport:
    """Take a piece of evidence off; what was handed in before keeps its own."""
    seen = get_report_file(actor, file_id)
    report = lock_for_editing(actor, seen.report.public_id)
    file = get_report_file(actor, file_id)
    detail = _file_detail(file)
    file.delete()
    count_revision(report)
    record(actor, report_entry("remove_progress_file", report, detail))
    return report


def _clean_name(name: str) -> str:
    missing = Invalid("name_required", "请填写材料名称，与原件标题一致。", "name")
    return read_words(name, "材料名称", "name", most=MAX_NAME, missing=missing)


def _file_detail(file: ProgressFile) -> dict[str, object]:
    return {
        "name": file.name,
        "file": file.file.sha256,
        "line": file.target.order if file.target else "",
    }
