"""A county writes its plan: sections, key tasks with their steps, or a file in place of the text."""

from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from applications.actions.records import application_entry, count_revision, lock_for_editing
from applications.enums import KeyTask, Section
from applications.models import Application, PlanFile, PlanStep, PlanTask, PlanText
from applications.rules.materials import Task
from applications.rules.plan import (
    MAX_STEPS,
    MAX_TEXT,
    MAX_UNIT,
    MAX_UNITS,
    WRITTEN,
    mark_of_task,
)
from applications.selectors.plans import as_task, find_task
from county_portal.accounts.models import User
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, Stale
from county_portal.common.text import chinese_date
from county_portal.common.wording import read_words
from county_portal.documents.wording import read_blocks, renumbered
from county_portal.files.actions import keep_upload
from county_portal.files.rules import ACCEPTED

PLAN_FILES = frozenset({ACCEPTED["pdf"][0], ACCEPTED["docx"][0]})


@transaction.atomic
def save_text(
    *,
    actor: User,
    application_id: UUID,
    section: Section,
    revision: int | None,
    text: str,
    renumber: bool = False,
) -> Application:
    """Keep one written section; blank takes it away. `renumber` puts the numbers of headings in order first.

    Raises Invalid for too much, hidden characters, or a table the plan has not.
    """
    if section not in WRITTEN:
        raise Invalid("section_not_written", f"“{section.label}”由重点任务汇成，不能另写。", "text")
    application = lock_for_editing(actor, application_id, section, revision)
    words = _read_text(section, text)
    if renumber:
        words = renumbered(words, top=2)
    stored = application.texts.filter(section=section).first()
    if words == (stored.text if stored else ""):
        return application
    if words:
        PlanText.objects.update_or_create(
            application=application, section=section, defaults={"text": words}
        )
    elif stored:
        stored.delete()
    count_revision(actor, application, section)
    detail = {"section": section, "characters": len(words)}
    record(actor, application_entry("save_plan_text", application, detail))
    return application


def _read_text(section: Section, text: str) -> str:
    words = read_words(text, f"“{section.label}”", "text", most=MAX_TEXT, missing=None)
    read_blocks(words, {})
    return words


@transaction.atomic
def save_task(*, actor: User, application_id: UUID, seen: str | None, task: Task) -> Application:
    """Choose a key task, or work it out further: goal, units and steps as a whole.

    `seen` is the mark of the task as the page showed it, so that colleagues work out different tasks at once;
    None: written without having been read, by a machine. Raises Stale `section_changed`, Invalid naming what cannot
    be kept. Units and steps may still be missing; the list of gaps asks for them.
    """
    application = lock_for_editing(actor, application_id, Section.TASKS, None)
    kind = KeyTask(task.kind)
    _refuse_task(kind, task)
    stored = as_task(find_task(application, kind))
    if stored == task:
        return application
    if seen is not None and seen != mark_of_task(stored):
        raise Stale(
            "section_changed",
            f"重点任务“{kind.label}”已由同事保存过新的内容，本次保存未执行。请与已保存的内容核对后再保存。",
        )
    row, _ = PlanTask.objects.update_or_create(
        application=application,
        kind=kind,
        defaults={"order": int(kind), "goal": task.goal, "units": list(task.units)},
    )
    row.steps.all().delete()
    PlanStep.objects.bulk_create(
        PlanStep(task=row, name=step.name, starts_on=step.starts_on, ends_on=step.ends_on)
        for step in task.steps
    )
    count_revision(actor, application, Section.TASKS)
    record(actor, application_entry("save_plan_task", application, _recorded(task)))
    return application


def _recorded(task: Task) -> dict[str, object]:
    return {
        "kind": task.kind,
        "goal": task.goal,
        "units": list(task.units),
        "steps": [
            [step.name, step.starts_on.isoformat(), step.ends_on.isoformat()] for step in task.steps
        ],
    }


def _refuse_task(kind: KeyTask, task: Task) -> None:
    if not task.goal.strip():
        raise Invalid("goal_required", f"请填写重点任务“{kind.label}”的目标。", "goal")
    if len(task.units) > MAX_UNITS or any(len(unit) > MAX_UNIT for unit in task.units):
        sentence = f"责任单位最多{MAX_UNITS}个，每个最多{MAX_UNIT}字，每行填写一个。"
        raise Invalid("units_too_many", sentence, "units")
    if len(task.steps) > MAX_STEPS:
        sentence = f"重点任务“{kind.label}”最多{MAX_STEPS}个步骤，请合并。"
        raise Invalid("steps_too_many", sentence, "steps")
    for step in task.steps:
        if step.ends_on < step.starts_on:
            ends, starts = chinese_date(step.ends_on), chinese_date(step.starts_on)
            sentence = f"步骤“{step.name}”的完成日期（{ends}）早于开始日期（{starts}），请核对。"
            raise Invalid("step_ends_before_it_begins", sentence, "steps")


@transaction.atomic
def remove_task(
    *, actor: User, application_id: UUID, revision: int | None, kind: KeyTask
) -> Application:
    """Choose a key task no longer; its goal, units and steps go. Raises Stale where it is not chosen."""
    application = lock_for_editing(actor, application_id, Section.TASKS, revision)
    stored = find_task(application, kind)
    if stored is None:
        raise Stale("task_not_chosen", f"重点任务“{kind.label}”没有选择，请刷新页面核对。")
    task = as_task(stored)
    assert task is not None  # noqa: S101 -- of a row that is there
    stored.delete()
    count_revision(actor, application, Section.TASKS)
    record(actor, application_entry("remove_plan_task", application, _recorded(task)))
    return application


@transaction.atomic
def upload_plan(*, actor: User, application_id: UUID, upload: UploadedFile) -> PlanFile:
    """Keep a file as the plan's text; tasks and schedule go on being kept here.

    Raises Invalid `plan_file_type` for anything but docx and PDF.
    """
    application = lock_for_editing(actor, application_id, Section.OVERVIEW, None)
    file = keep_upload(actor=actor, upload=upload)
    if file.content_type not in PLAN_FILES:
        raise Invalid(
            "plan_file_type", f"“{file.name}”不是DOCX或PDF，请上传DOCX或PDF格式的实施方案。", "file"
        )
    fields = {"file": file, "uploaded_by": actor, "uploaded_at": clock.now()}
    made, _ = PlanFile.objects.update_or_create(application=application, defaults=fields)
    count_revision(actor, application, Section.OVERVIEW)
    detail = {"file": file.sha256, "name": file.name}
    record(actor, application_entry("upload_plan", application, detail))
    return made


@transaction.atomic
def remove_plan_file(*, actor: User, application_id: UUID) -> Application:
    """Go back to the text written here. Raises Stale where no file is kept."""
    application = lock_for_editing(actor, application_id, Section.OVERVIEW, None)
    kept = PlanFile.objects.filter(application=application).select_related("file").first()
    if kept is None:
        raise Stale("plan_file_gone", "没有已上传的实施方案文件，请刷新页面核对。")
    sha256 = kept.file.sha256
    kept.delete()
    count_revision(actor, application, Section.OVERVIEW)
    record(actor, application_entry("remove_plan_file", application, {"file": sha256}))
    return application
