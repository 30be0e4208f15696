"""What a county's people type into an application: the same acts as the form's, section by section."""

from applications.actions.document import DocumentInput, record_document
from applications.actions.plans import save_task, save_text
from applications.models import Application
from applications.rules.plan import WRITTEN
from county_portal.common import clock
from county_portal.demo.approvals import shared_scan
from county_portal.demo.programme.setting import Setting
from county_portal.demo.programme.words import plan_tasks, plan_text

_DOCUMENT = "县（市、区）人民政府申报文件（扫描件）.pdf"


def write_materials(setting: Setting, application: Application, character: str) -> None:
    """Every section: the county's document, the table, the basics, the plan."""
    write_document(setting, application)
    write_plan(setting, application, character)


def write_document(setting: Setting, application: Application) -> None:
    """县政府申报文件."""
    name = application.region.name
    today = clock.today()
    record_document(
        actor=setting.cast.filler(application),
        application_id=application.public_id,
        revision=None,
        document=DocumentInput(
            title=f"{name}人民政府关于申报创新型县（市、区）试点的请示",
            document_number=f"{name[0]}政〔{today.year}〕{10 + int(application.region.code) % 40}号",
            issued_on=today,
            scan=shared_scan(_DOCUMENT),
        ),
    )


def write_plan(setting: Setting, application: Application, character: str) -> None:
    """实施方案: five written sections, and the key tasks that make the schedule."""
    actor = setting.cast.filler(application)
    fields = {
        "name": application.region.name,
        "prefecture": application.region.parent.name if application.region.parent else "",
        "end": application.round.target_years[-1],
    }
    for section in WRITTEN:
        save_text(
            actor=actor,
            application_id=application.public_id,
            section=section,
            revision=None,
            text=plan_text(character, section, fields),
        )
    for task in plan_tasks(character, application.round.year):
        save_task(actor=actor, application_id=application.public_id, revision=None, task=task)
