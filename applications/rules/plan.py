"""实施方案: S0 part 三 and annex 2-3."""

from collections.abc import Sequence

from applications.enums import Section
from applications.rules.gaps import Gap
from applications.rules.materials import Materials

# Written as texts; tasks and schedule are rows of their own.
WRITTEN = (
    Section.OVERVIEW,
    Section.FOUNDATION,
    Section.GOALS,
    Section.APPROACH,
    Section.SAFEGUARDS,
)


def missing_plan(materials: Materials) -> Sequence[Gap]:
    """Blank sections of a plan that is written here, and a plan without tasks or dates."""
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
    return gaps
