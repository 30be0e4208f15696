"""Parts of a plan as URL arguments: the same for everybody, whosever the application is."""

from applications.enums import KeyTask, MaterialsKind, Section
from county_portal.accounts.models import User
from tests.architecture.samples import Sample, provides

PROVIDED = {"plan_section", "key_task", "materials_kind"}


@provides("plan_section")
def a_plan_section(user: User) -> Sample:
    return Sample(own=str(Section.GOALS), foreign=str(Section.GOALS))


@provides("key_task")
def a_key_task(user: User) -> Sample:
    return Sample(own=str(KeyTask.TALENT), foreign=str(KeyTask.TALENT))


@provides("materials_kind")
def a_materials_kind(user: User) -> Sample:
    return Sample(own=str(MaterialsKind.PDF), foreign=str(MaterialsKind.PDF))
