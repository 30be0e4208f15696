"""The parts of an application as its overview lists them: what is missing in each, who saved it last."""

from collections.abc import Sequence
from dataclasses import dataclass

from applications.enums import PLAN_SECTIONS, Material, Section
from applications.models import Application, SectionMark
from applications.rules.gaps import Gap

_NO_SCHEDULE = ("tasks_missing", "steps_missing")


@dataclass(frozen=True, slots=True)
class SectionState:
    """One part with what is missing; `mark` is None for a part nobody saved yet."""

    section: Section
    gaps: Sequence[Gap]
    mark: SectionMark | None

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.gaps

    @property
    def gap_count(self) -> str:
        """How much is missing, as text to put into words."""
        return str(len(self.gaps))


def list_sections(application: Application, gaps: Sequence[Gap]) -> list[SectionState]:
    """The parts the round asks for, in the order of the materials; one query."""
    marks = {mark.section: mark for mark in application.marks.select_related("saved_by")}
    return [
        SectionState(section, _gaps_of(section, gaps), marks.get(str(section)))
        for section in demanded_sections(application)
    ]


def _gaps_of(section: Section, gaps: Sequence[Gap]) -> list[Gap]:
    """What is missing in a part; the schedule is drawn from the tasks' steps, so it lacks what they lack."""
    return [
        gap
        for gap in gaps
        if gap.section == section or (section == Section.SCHEDULE and gap.code in _NO_SCHEDULE)
    ]


def demanded_sections(application: Application) -> list[Section]:
    """Of the four materials, those the round asks for; the plan counts as its seven sections."""
    asked = application.round.materials
    alone = [Section.DOCUMENT, Section.TABLE, Section.BASICS]
    sections = [section for section in alone if str(section) in asked]
    return [*sections, *(PLAN_SECTIONS if Material.PLAN in asked else ())]


def revision_of(application: Application, section: Section) -> int:
    """How often a part was saved: what a form carries, so that it never writes over a colleague's saving."""
    mark = application.marks.filter(section=section).values_list("revision", flat=True).first()
    return mark or 0
