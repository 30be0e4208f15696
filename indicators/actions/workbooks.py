"""Workbooks out and in: a copy leaves with its base on record; what comes back is written only when confirmed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.files.actions import keep_upload
from county_portal.files.models import StoredFile
from indicators.actions.filling import CellEdit, lock_for_filling, save_locked
from indicators.actions.records import submission_entry
from indicators.enums import WorkbookState
from indicators.models import Submission, WorkbookCopy, WorkbookUpload
from indicators.rules import read_cell
from indicators.selectors import get_submission, why_not_fillable
from indicators.selectors.sheets import stored_values
from indicators.selectors.workbooks import (
    cells_of,
    digest_of,
    find_copy,
    get_upload,
    kept_cells,
    merge_upload,
    submission_of_upload,
    template_of,
    workbook_lines,
)
from indicators.workbook.kinds import refuse_other_kinds
from indicators.workbook.merge import Merged, Outcome, conflicts_digest
from indicators.workbook.package import MAX_FILE
from indicators.workbook.read import Contents, Reading
from indicators.workbook.template import Identity
from indicators.workbook.write import write_workbook

FILE, SERVER = str(Outcome.FILE), str(Outcome.SERVER)
# Outcome of a line whose cell in the file could not be taken.
PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class MadeCopy:
    """A workbook to hand out."""

    copy: WorkbookCopy
    name: str
    content: bytes


@transaction.atomic
def make_copy(*, actor: User, submission_id: UUID) -> MadeCopy:
    """Write a workbook of what is stored now, and keep that as the base of a later merge."""
    submission = _fillable(actor, submission_id)
    made_at, public_id = clock.now(), uuid4()
    template = template_of(submission, public_id, made_at)
    copy = WorkbookCopy.objects.create(
        public_id=public_id,
        submission=submission,
        base=kept_cells({line.spec.code: line.typed for line in template.lines}),
        template_digest=template.identity.template,
        made_by=actor,
        made_at=made_at,
    )
    detail = {"copy": str(public_id), "revision": submission.revision}
    record(actor, submission_entry("download_workbook", submission, detail))
    name = f"{submission.region.full_name}-{submission.collection.data_year}年度填报-第{submission.revision}次修订.xlsx"
    return MadeCopy(copy, name, write_workbook(template))


def _fillable(actor: User, submission_id: UUID) -> Submission:
    """The submission, if the actor may fill it now. Not locked: nothing of it is changed here."""
    submission = get_submission(actor, submission_id, is_bare=True)
    if not actor.holds(Permission.FILL):
        raise NotAllowed
    refusal = why_not_fillable(submission)
    if refusal:
        raise refusal
    return submission


@transaction.atomic
def receive_upload(*, actor: User, submission_id: UUID, upload: UploadedFile) -> WorkbookUpload:
    """Keep a workbook that came back and read it; nothing of it is written to the sheet.

    One whose content is refused is kept too, in state `refused`, with the sentence as its only problem.
    Raises Invalid for a file that is no workbook at all: that is not kept.
    """
    submission = _fillable(actor, submission_id)
    refuse_other_kinds(upload, upload.name or "文件")
    file = keep_upload(actor=actor, upload=upload)
    copy: WorkbookCopy | None = None
    try:
        copy, contents = _read(submission, upload)
    except Invalid as refusal:
        received = _refused(actor, submission, file, refusal)
    else:
        received = WorkbookUpload.objects.create(
            submission=submission,
            copy=copy,
            file=file,
            cells=kept_cells(contents.typed),
            problems=[asdict(problem) for problem in contents.problems],
            uploaded_by=actor,
            uploaded_at=clock.now(),
        )
    detail = {
        "upload": str(received.public_id),
        "copy": str(copy.public_id) if copy else "",
        "file": file.sha256,
        "state": str(received.state),
        "problems": [problem["code"] for problem in received.problems],
    }
    record(actor, submission_entry("upload_workbook", submission, detail))
    return received


def _refused(
    actor: User, submission: Submission, file: StoredFile, refusal: Invalid
) -> WorkbookUpload:
    now = clock.now()
    problem = {"code": refusal.code, "problem": refusal.sentence, "blocks": True}
    return WorkbookUpload.objects.create(
        submission=submission,
        file=file,
        state=WorkbookState.REFUSED,
        problems=[problem],
        uploaded_by=actor,
        uploaded_at=now,
        settled_at=now,
    )


def _read(submission: Submission, upload: UploadedFile) -> tuple[WorkbookCopy, Contents]:
    upload.seek(0)
    # One byte more than is allowed tells a larger file without holding it.
    reading = Reading(upload.read(MAX_FILE + 1))
    lines = workbook_lines(submission)
    identity = reading.identity()
    _check_identity(submission, identity, digest_of(submission, lines))
    copy = find_copy(submission, identity.copy)
    if copy is None:
        raise Invalid(
            "workbook_copy_unknown",
            "系统中没有这份工作簿的下载记录，无法核对改动。请重新下载模板，把数值填入后上传。",
            "file",
        )
    return copy, reading.contents(lines, cells_of(copy.base))


def _check_identity(submission: Submission, identity: Identity, digest: str) -> None:
    region, year = submission.region, str(submission.collection.data_year)
    if identity.region_code != region.code:
        whose = identity.region_name or identity.region_code
        raise Invalid(
            "workbook_other_county",
            f"这是“{whose}”的工作簿，不能上传到“{region.full_name}”的填报表。请上传从本表下载的文件。",
            "file",
        )
    if identity.data_year != year:
        raise Invalid(
            "workbook_other_year",
            f"这是数据年度{identity.data_year}年的工作簿，本表的数据年度是{year}年。请上传从本表下载的文件。",
            "file",
        )
    if identity.template != digest:
        raise Invalid(
            "workbook_older_template",
            "工作簿的模板与现行指标体系或格式不一致，可能是旧模板。请重新下载模板，把数值填入后上传。",
            "file",
        )


@dataclass(frozen=True, slots=True)
class Applied:
    """What a confirmation wrote."""

    upload: WorkbookUpload
    written: int
    kept: int
    left_out: int


@transaction.atomic
def apply_upload(*, actor: User, upload_id: UUID, seen: str, choices: Mapping[str, str]) -> Applied:
    """Write what the file changed; `choices` says of each conflicting line `file` or `server`.

    Raises Stale `workbook_moved_on` if conflicts are no longer those of the preview whose digest is `seen`,
    Invalid `choice_missing` if one is left open. Nothing is written then.
    """
    submission = lock_for_filling(actor, submission_of_upload(actor, upload_id))
    upload = get_upload(actor, upload_id, lock=True)
    _require_open(upload)
    stored = stored_values(submission)
    merged = merge_upload(upload, submission, stored)
    if conflicts_digest(merged) != seen:
        raise Stale(
            "workbook_moved_on",
            "在您查看预览期间，同事又修改了本表，与文件的差异有变化。没有写入任何内容，请按下方最新的预览重新选择后确认。",
        )
    taken = [line for line in merged if _takes_file(line, choices)]
    saved = save_locked(actor, submission, [_edit(line) for line in taken], stored)
    if saved.conflicts:
        raise Stale("workbook_moved_on", "本表刚被修改，没有写入任何内容，请重新确认。")
    outcome = _outcome(upload, merged, {line.spec.code for line in taken})
    upload.state, upload.settled_at = WorkbookState.APPLIED, clock.now()
    upload.outcome = outcome
    upload.save(update_fields=["state", "settled_at", "outcome"])
    conflicts = [line.spec.code for line in merged if line.outcome == Outcome.CONFLICT]
    detail = {"upload": str(upload.public_id), "outcome": outcome, "conflicts": conflicts}
    record(actor, submission_entry("apply_workbook", submission, detail))
    words = list(outcome.values())
    return Applied(upload, words.count(FILE), words.count(SERVER), words.count(PROBLEM))


def _require_open(upload: WorkbookUpload) -> None:
    match upload.state:
        case WorkbookState.APPLIED:
            raise Stale("workbook_already_applied", "这份工作簿已经确认并写入，无需重复确认。")
        case WorkbookState.DISCARDED:
            raise Stale(
                "workbook_discarded", "这份工作簿已经放弃，没有写入。如仍需要，请重新上传。"
            )
        case WorkbookState.REFUSED:
            raise Stale(
                "workbook_refused", "这份工作簿未被接收，不能写入。请按提示修改后重新上传。"
            )


def _takes_file(line: Merged, choices: Mapping[str, str]) -> bool:
    if line.outcome != Outcome.CONFLICT:
        return line.outcome == Outcome.FILE
    choice = choices.get(line.spec.code)
    if choice not in {FILE, SERVER}:
        raise Invalid(
            "choice_missing",
            f"“{line.spec.name}”在文件和系统中都被改动且不一致，请选择“用文件的”或“保留系统中的”后再确认。",
            line.spec.code,
        )
    return choice == FILE


def _edit(line: Merged) -> CellEdit:
    # Its base is what is stored: under the lock nobody can have written since the merge.
    return CellEdit(line.spec.code, line.server.fingerprint, read_cell(line.spec, line.file)[0])


def _outcome(upload: WorkbookUpload, merged: list[Merged], taken: set[str]) -> dict[str, str]:
    """What became of each line: file, server, same, locked; `problem` where the file's was not taken."""
    outcome = {
        problem["indicator"]: PROBLEM
        for problem in upload.problems
        if problem["blocks"] and problem.get("indicator")
    }
    for line in merged:
        code = line.spec.code
        outcome[code] = FILE if code in taken else str(line.outcome)
        if outcome[code] == Outcome.CONFLICT:
            outcome[code] = SERVER
    return outcome


@transaction.atomic
def discard_upload(*, actor: User, upload_id: UUID) -> WorkbookUpload:
    """Put an upload aside; its file stays. Raises Stale if it is settled already."""
    owner = submission_of_upload(actor, upload_id)
    if not actor.holds(Permission.FILL):
        raise NotAllowed
    submission = get_submission(actor, owner, lock=True)
    upload = get_upload(actor, upload_id, lock=True)
    _require_open(upload)
    upload.state, upload.settled_at = WorkbookState.DISCARDED, clock.now()
    upload.save(update_fields=["state", "settled_at"])
    detail = {"upload": str(upload.public_id)}
    record(actor, submission_entry("discard_workbook", submission, detail))
    return upload
