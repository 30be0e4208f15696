"""Who is told of which step of a progress report: a table, and the question asked of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.accounts.roles import ROLE_PERMISSIONS, Level, Permission
from county_portal.common.province import words
from county_portal.notices.actions import Message, is_quiet, notify
from reports.enums import ProgressAction
from reports.models import ProgressReport, ProgressStep


@dataclass(frozen=True, slots=True)
class Telling:
    """Who hears of a step (people of a level who may do this), and the words; {report} is filled in."""

    audience: tuple[tuple[Level, Permission], ...]
    title: str


_COUNTY = ((Level.COUNTY, Permission.APPLY), (Level.COUNTY, Permission.HAND_IN))
_CITY = ((Level.CITY, Permission.RECOMMEND),)
_PROVINCE = ((Level.PROVINCE, Permission.RUN_PILOTS),)

# Nobody is told of his own act.
TELLINGS: Mapping[str, Telling] = {
    ProgressAction.SUBMIT: Telling(_CITY, "{report}已报送，请受理"),
    ProgressAction.RECALL: Telling(_CITY, "{report}已由县级撤回"),
    ProgressAction.ACCEPT: Telling(_COUNTY, "{report}已受理"),
    ProgressAction.APPROVE: Telling(
        (*_COUNTY, *_PROVINCE), f"{{report}}通过市级审核，转{words().province_office}"
    ),
    ProgressAction.RETURN: Telling(_COUNTY, "{report}被退回，请按要求改正"),
    ProgressAction.RECEIVE: Telling(
        (*_COUNTY, *_CITY), f"{{report}}已由{words().province_office}接收"
    ),
    ProgressAction.SEND_BACK: Telling(
        (*_COUNTY, *_CITY), f"{{report}}被{words().province_office}退回修改"
    ),
}


def tell_step(step: ProgressStep) -> None:
    """Tell of a step, within its transaction."""
    telling = TELLINGS[step.action]
    if is_quiet():
        return
    report = step.report
    people = [person for person in recipients_of(report, telling) if person.pk != step.actor_id]
    message = Message(
        key=f"progress-step:{step.pk}",
        kind=f"progress_{step.action}",
        title=telling.title.format(report=report),
        body=step.comment,
        path=reverse("reports:progress_report", args=[report.public_id]),
    )
    notify(people, message)


def recipients_of(report: ProgressReport, telling: Telling) -> list[User]:
    """The people of the offices concerned whose roles the step is for; one query."""
    offices = {
        Level.COUNTY: report.pilot.office_id,
        Level.CITY: report.pilot.reviewing_office_id,
        Level.PROVINCE: None,  # the roles are the province's alone
    }
    wanted = {
        (offices[level], str(role))
        for level, permission in telling.audience
        for role, held in ROLE_PERMISSIONS.items()
        if permission in held
    }
    people = User.objects.filter(is_active=True, role__in={role for _, role in wanted})
    return [
        person
        for person in people.order_by("pk")
        if (person.office_id, person.role) in wanted or (None, person.role) in wanted
    ]
