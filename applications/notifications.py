"""Who is told of which step of an application: a table, and the question asked of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from applications.enums import ApplicationAction
from applications.models import Application, ApplicationStep, Guidance
from county_portal.accounts.models import User
from county_portal.accounts.roles import ROLE_PERMISSIONS, Level, Permission
from county_portal.notices.actions import Message, is_quiet, notify


@dataclass(frozen=True, slots=True)
class Telling:
    """Who hears of a step (people of a level who may do this), and the words; {region} is filled in."""

    audience: tuple[tuple[Level, Permission], ...]
    title: str


_COUNTY_FILLS = (Level.COUNTY, Permission.APPLY)
_COUNTY_HANDS_IN = (Level.COUNTY, Permission.HAND_IN)
_COUNTY = (_COUNTY_FILLS, _COUNTY_HANDS_IN)
_CITY = ((Level.CITY, Permission.RECOMMEND),)

# Nobody is told of his own act.
TELLINGS: Mapping[str, Telling] = {
    ApplicationAction.FINISH: Telling(
        (_COUNTY_HANDS_IN,), "{region}申报材料已定稿，请提请县政府审议并登记"
    ),
    ApplicationAction.SUBMIT: Telling(_CITY, "{region}报送了试点申报材料，请受理"),
    ApplicationAction.RECALL: Telling(_CITY, "{region}撤回了试点申报材料"),
    ApplicationAction.ACCEPT: Telling(_COUNTY, "{region}试点申报材料已受理"),
    ApplicationAction.APPROVE: Telling(_COUNTY, "{region}试点申报材料通过市级审核"),
    ApplicationAction.RETURN: Telling(_COUNTY, "{region}试点申报材料被退回，请按要求改正"),
    ApplicationAction.LEAVE_OUT: Telling(_COUNTY, "{region}本批次未获推荐"),
    ApplicationAction.RECONSIDER: Telling(_COUNTY, "{region}重新列入推荐考虑"),
    ApplicationAction.ADMIT: Telling((*_COUNTY, *_CITY), "{region}试点申报通过形式审查"),
    ApplicationAction.SEND_BACK: Telling(
        (*_COUNTY, *_CITY), "{region}试点申报材料被省科技厅退回补正"
    ),
    ApplicationAction.SELECT: Telling((*_COUNTY, *_CITY), "{region}被确定为创新型试点"),
    ApplicationAction.REFUSE: Telling((*_COUNTY, *_CITY), "{region}本批次未入选"),
}


def tell_step(step: ApplicationStep) -> None:
    """Tell of a step, within its transaction."""
    telling = TELLINGS.get(step.action)
    if telling is None or is_quiet():
        return
    application = step.application
    people = [
        person for person in recipients_of(application, telling) if person.pk != step.actor_id
    ]
    message = Message(
        key=f"application-step:{step.pk}",
        kind=f"application_{step.action}",
        title=telling.title.format(region=application.region.full_name),
        body=step.comment,
        path=reverse("applications:application", args=[application.public_id]),
    )
    notify(people, message)


def tell_guidance(remark: Guidance) -> None:
    """Tell the county of a remark on its materials, within its transaction."""
    if is_quiet():
        return
    application = remark.application
    title = f"{application.reviewing_office.short_name}对申报材料“{remark.get_section_display()}”提出指导意见"
    message = Message(
        key=f"guidance:{remark.public_id}",
        kind="application_guidance",
        title=title,
        body=remark.text,
        path=reverse("applications:application", args=[application.public_id]),
    )
    notify(recipients_of(application, Telling(_COUNTY, title)), message)


def told_of(application: Application, action: str, actor: User) -> str:
    """Whom a step would tell, in words, for the page before the press; blank for nobody."""
    telling = TELLINGS.get(action)
    if telling is None:
        return ""
    people = [each for each in recipients_of(application, telling) if each.pk != actor.pk]
    return "、".join(f"{each.office.short_name}{each.display_name}" for each in people)


def recipients_of(application: Application, telling: Telling) -> list[User]:
    """The people of the offices concerned whose roles the step is for; one query."""
    offices = {
        Level.COUNTY: application.office_id,
        Level.CITY: application.reviewing_office_id,
    }
    wanted = {
        (offices[level], str(role))
        for level, permission in telling.audience
        for role, held in ROLE_PERMISSIONS.items()
        if permission in held
    }
    people = User.objects.filter(
        is_active=True, office__in={office for office, _ in wanted}, role__in={r for _, r in wanted}
    )
    people = people.select_related("office").order_by("pk")
    return [person for person in people if (person.office_id, person.role) in wanted]
