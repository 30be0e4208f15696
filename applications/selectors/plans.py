"""The plan and the basics as their pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404

from applications.enums import PLAN_SECTIONS, KeyTask, Section
from applications.models import Application, PlanFile, PlanTask, SectionMark
from applications.rules.gaps import Gap
from applications.rules.guidance import read_guidance
from applications.rules.materials import Materials, Step, Task
from applications.rules.plan import WRITTEN, section_title
from county_portal.documents.blocks import Block
from county_portal.documents.wording import numbering_problems, read_blocks


@dataclass(frozen=True, slots=True)
class PlanPart:
    """A section of the plan as a page shows it."""

    section: Section
    title: str
    is_written: bool
    guidance: Sequence[str]
    text: str
    blocks: Sequence[Block]
    problems: Sequence[str]
    gaps: Sequence[Gap]
    mark: SectionMark | None

    @property
    def length(self) -> int:
        """Characters written, blanks left out."""
        return len("".join(self.text.split()))

    @property
    def revision(self) -> int:
        """What a form sends back, so that two people do not overwrite each other."""
        return self.mark.revision if self.mark else 0


def list_plan_parts(
    application: Application, materials: Materials, gaps: Sequence[Gap]
) -> list[PlanPart]:
    """The seven sections in their order; one query."""
    marks = marks_of(application)
    guidance = read_guidance().sections
    return [
        PlanPart(
            section=section,
            title=section_title(section),
            is_written=section in WRITTEN,
            guidance=guidance[section],
            text=materials.texts.get(section, ""),
            blocks=read_blocks(materials.texts.get(section, ""), {}),
            problems=numbering_problems(materials.texts.get(section, "")),
            gaps=[gap for gap in gaps if gap.section == section],
            mark=marks.get(section),
        )
        for section in PLAN_SECTIONS
    ]


def marks_of(application: Application) -> dict[str, SectionMark]:
    """Who saved which section last."""
    marks = application.marks.select_related("saved_by")
    return {mark.section: mark for mark in marks}


def revision_of(application: Application, section: Section) -> int:
    """The section's revision as a page shows it; 0 before anybody saved it."""
    mark = application.marks.filter(section=section).first()
    return mark.revision if mark else 0


def written_section(name: str) -> Section:
    """A section of the plan by its name; 404 for anything else."""
    if name not in PLAN_SECTIONS:
        raise Http404
    return Section(name)


def key_task(kind: str) -> KeyTask:
    """One of the ten; 404 for anything else."""
    if kind not in KeyTask:
        raise Http404
    return KeyTask(kind)


def find_task(application: Application, kind: KeyTask) -> PlanTask | None:
    """The task as it was chosen, with its steps."""
    return application.tasks.filter(kind=kind).prefetch_related("steps").first()


def find_plan_file(application: Application) -> PlanFile | None:
    """The uploaded plan, if any."""
    files = PlanFile.objects.filter(application=application)
    return files.select_related("file", "uploaded_by").first()


def as_task(row: PlanTask | None) -> Task | None:
    """A stored key task as the rules see it."""
    if row is None:
        return None
    steps = [Step(step.name, step.starts_on, step.ends_on) for step in row.steps.all()]
    return Task(row.kind, row.goal, list(row.units), steps)
