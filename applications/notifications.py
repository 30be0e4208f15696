"""Who is told of which step of an application: a table, and the question asked of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from applications.enums import ApplicationAction
from applications.models import Application, ApplicationStep
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
    ApplicationAction.RESUME: Telling(
        _COUNTY, "{region}申报材料转入修改，改后须重新定稿并经县政府审议"
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


def told_of(application: Application, action: str, actor: User) -> str:
    """Whom a step would tell, in words for the page before the press; blank for nobody."""
    telling = TELLINGS.get(action)
    people = recipients_of(application, telling) if telling else []
    names: dict[str, int] = {}
    for person in people:
        if person.pk != actor.pk:
            names[person.office.name] = names.get(person.office.name, 0) + 1
    if not names:
        return ""
    return "、".join(f"{office}{count}人" for office, count in names.items()) + "（站内通知）"


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
    ).select_related("office")
    return [person for person in people.order_by("pk") if (person.office_id, person.role) in wanted]
