"""Acceptances in an evidence pack: what was handed in last, never what is being written."""

from collections.abc import Iterator

from applications.enums import AcceptanceState
from applications.models import Acceptance, Pilot
from applications.rules.acceptance import TEXTS
from applications.selectors.handed_in import HandedIn, last_handed_in
from reports.pack_sheets import FinalRow, TaskRow, final_workbook, moment_text
from reports.rules.progress import Proof
from reports.selectors.packs import Kept, list_pilot_acceptances, packed_name

FOLDER = "08-验收"


def _handed_in(pilot: Pilot) -> Iterator[tuple[Acceptance, HandedIn, str]]:
    """Acceptances that were handed in, with what was last and the folder it goes into."""
    for acceptance in list_pilot_acceptances(pilot):
        kept = last_handed_in(acceptance)
        if kept is not None:
            yield acceptance, kept, f"{FOLDER}/第{acceptance.number}次"


def acceptance_files(pilot: Pilot) -> Iterator[Kept]:
    """Files handed in with acceptances; records of defence and visits once there is a conclusion."""
    for acceptance, kept, folder in _handed_in(pilot):
        for each in kept.summary.files:
            proof = Proof(*each)
            yield Kept(f"{folder}/{packed_name(proof)}", proof.sha256)
        if acceptance.state != AcceptanceState.DECIDED:
            continue
        records = acceptance.records.filter(file__isnull=False).select_related("file")
        for record in records.order_by("pk"):
            if record.file:
                proof = Proof(record.get_kind_display(), "", record.file.name)
                yield Kept(f"{folder}/{packed_name(proof)}", record.file.sha256)


def acceptance_texts(pilot: Pilot) -> Iterator[tuple[str, bytes]]:
    """The summary, figures and tasks as last handed in, each with its 第几版, and the conclusion once there is one."""
    for acceptance, kept, folder in _handed_in(pilot):
        parts = [("版次", _wording_of(acceptance, kept))]
        parts += [(label, kept.summary.texts[name]) for name, label in TEXTS.items()]
        if acceptance.state == AcceptanceState.DECIDED:
            parts.append(("验收结论", f"{acceptance.get_outcome_display()}\n{acceptance.reasons}"))
        text = "\r\n\r\n".join(f"【{label}】\r\n{words}" for label, words in parts)
        wording = f"（第{kept.number}版）"
        yield f"{folder}/总结与结论{wording}.txt", ("\ufeff" + text).encode()
        book = final_workbook(f"{acceptance}{wording}", _final_rows(kept), _task_rows(kept))
        yield f"{folder}/指标和任务完成情况{wording}.xlsx", book


def _wording_of(acceptance: Acceptance, kept: HandedIn) -> str:
    said = f"第{kept.number}版，{moment_text(kept.at)}报送"
    if kept.is_reopened:
        said += f"；现为“{acceptance.get_state_display()}”，其后的修改尚未报送，不在本证据包内"
    return f"{said}。"


def _final_rows(kept: HandedIn) -> Iterator[FinalRow]:
    for row in kept.summary.lines:
        yield FinalRow(
            *(row.order, row.name, row.kind_label, row.unit, row.baseline),
            *(row.goal_year, row.goal, row.number, row.verdict, row.words),
        )


def _task_rows(kept: HandedIn) -> Iterator[TaskRow]:
    for each in kept.summary.tasks:
        noted = each.noted.isoformat() if each.noted else ""
        yield TaskRow(each.name, each.goal, each.done, each.expected, noted, each.words)
