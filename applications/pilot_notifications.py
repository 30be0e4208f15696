"""Who is told of what happens to a pilot and its acceptance: tables, and the questions asked of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from applications.enums import AcceptanceAction, ChangeState, PilotAct
from applications.models import (
    Acceptance,
    AcceptanceOpinion,
    AcceptanceStep,
    Pilot,
    PilotEvent,
    TargetChange,
)
from county_portal.accounts.models import User
from county_portal.accounts.roles import ROLE_PERMISSIONS, Level, Permission
from county_portal.common.province import words
from county_portal.notices.actions import Message, is_quiet, notify

Audience = tuple[tuple[Level, Permission], ...]

_COUNTY: Audience = (
    (Level.COUNTY, Permission.APPLY),
    (Level.COUNTY, Permission.HAND_IN),
)
_CITY: Audience = ((Level.CITY, Permission.RECOMMEND),)
_MANAGER: Audience = ((Level.PROVINCE, Permission.RUN_PILOTS),)


@dataclass(frozen=True, slots=True)
class PilotTelling:
    """Who hears of it (people of a level who may do this), and the words; {region} is filled in."""

    audience: Audience
    title: str


_ALL = (*_COUNTY, *_CITY)
# Nobody is told of his own act.
EVENTS: Mapping[str, PilotTelling] = {
    PilotAct.EXTEND: PilotTelling(_ALL, "{region}试点建设期已延期"),
    PilotAct.SUSPEND: PilotTelling(_ALL, "{region}试点已暂停"),
    PilotAct.RESUME: PilotTelling(_ALL, "{region}试点已恢复建设"),
    PilotAct.WITHDRAW: PilotTelling(_ALL, "{region}已退出试点"),
    PilotAct.HAND_OVER: PilotTelling(_ALL, "{region}试点的办理单位已调整"),
}
CHANGES: Mapping[str, PilotTelling] = {
    ChangeState.ASKED: PilotTelling(_CITY, "{region}申请调整试点目标，请审核"),
    ChangeState.SUPPORTED: PilotTelling(
        (*_COUNTY, *_MANAGER),
        f"{{region}}调整试点目标的申请已经市级同意，请{words().province_office}审批",
    ),
    ChangeState.APPROVED: PilotTelling(_ALL, "{region}调整试点目标的申请已批准"),
    ChangeState.REFUSED: PilotTelling(_ALL, "{region}调整试点目标的申请未获批准"),
    ChangeState.TAKEN_BACK: PilotTelling(_CITY, "{region}撤回了调整试点目标的申请"),
}
ACCEPTANCES: Mapping[str, PilotTelling] = {
    AcceptanceAction.SUBMIT: PilotTelling(_CITY, "{region}报送了试点总结验收材料，请受理"),
    AcceptanceAction.RECALL: PilotTelling(_CITY, "{region}撤回了试点总结验收材料"),
    AcceptanceAction.ACCEPT: PilotTelling(_COUNTY, "{region}试点总结验收材料已由市级受理"),
    AcceptanceAction.APPROVE: PilotTelling(
        (*_COUNTY, *_MANAGER), "{region}试点总结验收材料通过市级审核，转省级验收"
    ),
    AcceptanceAction.RETURN: PilotTelling(_COUNTY, "{region}试点总结验收材料被退回，请按要求改正"),
    AcceptanceAction.SEND_BACK: PilotTelling(
        _ALL, f"{{region}}试点总结验收材料被{words().province_office}退回补充"
    ),
    AcceptanceAction.DECIDE: PilotTelling(
        (*_ALL, *_MANAGER), "{region}试点总结验收结论已经作出并公布"
    ),
}


def tell_event(event: PilotEvent) -> None:
    """Tell of an event, within its transaction."""
    _tell(
        event.pilot,
        EVENTS.get(event.act),
        event.actor_id,
        Message(
            key=f"pilot-event:{event.pk}",
            kind=f"pilot_{event.act}",
            title="",
            body=event.reason,
            path=reverse("applications:pilot", args=[event.pilot.public_id]),
        ),
    )


def tell_change(change: TargetChange, actor: User, words: str) -> None:
    """Tell where a request to change a target stands now."""
    _tell(
        change.pilot,
        CHANGES.get(change.state),
        actor.pk,
        Message(
            key=f"target-change:{change.pk}:{change.state}",
            kind=f"target_change_{change.state}",
            title="",
            body=words,
            path=reverse("applications:pilot", args=[change.pilot.public_id]) + "#changes",
        ),
    )


def tell_acceptance(step: AcceptanceStep) -> None:
    """Tell of a step of an acceptance."""
    acceptance = step.acceptance
    _tell(
        acceptance.pilot,
        ACCEPTANCES.get(step.action),
        step.actor_id,
        Message(
            key=f"acceptance-step:{step.pk}",
            kind=f"acceptance_{step.action}",
            title="",
            body=step.comment,
            path=reverse("applications:acceptance", args=[acceptance.public_id]),
        ),
    )


def tell_experts(opinions: Iterable[AcceptanceOpinion]) -> None:
    """Tell experts what they are asked to judge."""
    for opinion in opinions:
        name = opinion.acceptance.pilot.region.full_name
        message = Message(
            key=f"acceptance-opinion:{opinion.public_id}",
            kind="acceptance_assigned",
            title=f"请评议{name}试点总结验收",
            path=reverse("applications:acceptance_opinion", args=[opinion.public_id]),
        )
        notify([opinion.expert], message)


def tell_declined(acceptance: Acceptance, proposer: User, words: str) -> None:
    """Tell who proposed a conclusion that it was not followed."""
    name = acceptance.pilot.region.full_name
    message = Message(
        key=f"acceptance-declined:{acceptance.pk}:{acceptance.revision}",
        kind="acceptance_declined",
        title=f"{name}试点总结验收的拟定结论被退回重拟",
        body=words,
        path=reverse("applications:acceptance", args=[acceptance.public_id]),
    )
    notify([proposer], message)


def _tell(pilot: Pilot, telling: PilotTelling | None, actor_id: int, message: Message) -> None:
    if telling is None or is_quiet():
        return
    title = telling.title.format(region=pilot.region.full_name)
    people = [each for each in recipients_of(pilot, telling.audience) if each.pk != actor_id]
    notify(people, Message(message.key, message.kind, title, message.body, message.path))


def recipients_of(pilot: Pilot, audience: Audience) -> list[User]:
    """The people concerned: of the pilot's bureau and reviewing office, and of the whole province; one query."""
    offices = {Level.COUNTY: pilot.office_id, Level.CITY: pilot.reviewing_office_id}
    wanted = Q(pk__in=[])
    for level, permission in audience:
        roles = _roles(permission)
        posts = Q(role__in=roles, office__level=level)
        wanted |= posts & Q(office=offices[level]) if level in offices else posts
    return list(User.objects.filter(wanted, is_active=True).order_by("pk"))


def _roles(permission: Permission) -> Iterable[str]:
    return [role for role, held in ROLE_PERMISSIONS.items() if permission in held]
