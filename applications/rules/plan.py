"""实施方案: S0 part 三 and annex 2-3."""

from collections.abc import Iterator, Sequence
from datetime import date

from applications.enums import PLAN_SECTIONS, KeyTask, Section
from applications.rules.gaps import Gap
from applications.rules.materials import Materials, Step, Task
from county_portal.common.text import chinese_date, fingerprint
from county_portal.documents.numbers import chinese_ordinal

# Written as texts; tasks and schedule are rows of their own.
WRITTEN = (
    Section.OVERVIEW,
    Section.FOUNDATION,
    Section.GOALS,
    Section.APPROACH,
    Section.SAFEGUARDS,
)
MAX_TEXT = 20_000
MAX_STEPS = 60
MAX_UNIT = 60
MAX_UNITS = 20


def section_title(section: Section) -> str:
    """一、区域概况: the heading the plan gives a section."""
    return f"{chinese_ordinal(PLAN_SECTIONS.index(section) + 1)}、{section.label}"


def term_of(materials: Materials) -> tuple[date, date]:
    """First and last day of the years a plan is for: this year and those that follow it."""
    first = materials.last_year + 1
    return date(first, 1, 1), date(first + materials.term_years - 1, 12, 31)


def mark_of_task(task: Task | None) -> str:
    """Short digest by which a form knows later whether a colleague changed the task; blank for one not chosen."""
    if task is None:
        return ""
    steps = [[step.name, str(step.starts_on), str(step.ends_on)] for step in task.steps]
    return fingerprint([task.goal, list(task.units), steps])


def missing_plan(materials: Materials) -> Sequence[Gap]:
    """Blank sections of a plan that is written here, no tasks, tasks not worked out, dates outside the term."""
    gaps = []
    if not materials.plan_file:
        gaps = [
            Gap(section, section, "section_missing", f"实施方案“{section.label}”还没有填写。")
            for section in WRITTEN
            if not materials.texts.get(section, "").strip()
        ]
    if not materials.tasks:
        sentence = "还没有选择重点任务，请在十项重点任务中选择并填写目标、步骤和责任单位。"
        gaps.append(Gap(Section.TASKS, "tasks", "tasks_missing", sentence))
    for task in materials.tasks:
        gaps.extend(_missing_of_task(task, term_of(materials)))
    return sorted(gaps, key=lambda gap: PLAN_SECTIONS.index(gap.section))


def _missing_of_task(task: Task, term: tuple[date, date]) -> Iterator[Gap]:
    label, place = KeyTask(task.kind).label, f"task-{task.kind}"
    if not task.units:
        sentence = f"重点任务“{label}”还没有填写责任单位。"
        yield Gap(Section.TASKS, place, "units_missing", sentence)
    if not task.steps:
        sentence = f"重点任务“{label}”还没有填写实施步骤和起止日期，无法形成进度安排。"
        yield Gap(Section.TASKS, place, "steps_missing", sentence)
    for step in task.steps:
        if not is_within(step, term):
            span = f"{chinese_date(term[0])}至{chinese_date(term[1])}"
            sentence = (
                f"“{label}”的步骤“{step.name}”（{chinese_date(step.starts_on)}至"
                f"{chinese_date(step.ends_on)}）不在建设期（{span}）内，请调整起止日期。"
            )
            yield Gap(Section.SCHEDULE, place, "step_outside_term", sentence)


def is_within(step: Step, term: tuple[date, date]) -> bool:
    """Whether a step lies in the years of the plan."""
    return term[0] <= step.starts_on and step.ends_on <= term[1]
