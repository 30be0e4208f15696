"""Who is told of which step of an appeal: a table, and the question asked of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.accounts.roles import ROLE_PERMISSIONS, Level, Permission
from county_portal.notices.actions import Message, is_quiet, notify
from scoring.enums import AppealAction, AppealState
from scoring.models import Appeal, AppealStep

Audience = tuple[tuple[Level, Permission], ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """Who hears of a step (people of a level who may do this), and the words; {region} and {line} are filled in."""

    audience: Audience
    title: str


COUNTY: Audience = ((Level.COUNTY, Permission.VIEW_APPEALS),)
CITY: Audience = ((Level.CITY, Permission.OPINE_APPEAL),)
REVIEWERS: Audience = ((Level.PROVINCE, Permission.REVIEW_APPEAL),)
DECIDERS: Audience = ((Level.PROVINCE, Permission.DECIDE_APPEAL),)

# Nobody is told of his own act.
TELLINGS: Mapping[str, Telling] = {
    AppealAction.FILE: Telling((*COUNTY, *CITY), "{region}对“{line}”得分提出申诉，请市级提出意见"),
    AppealAction.OPINE: Telling(
        (*COUNTY, *REVIEWERS), "{region}“{line}”的申诉已有市级意见，请省级复查"
    ),
    AppealAction.GO_ON: Telling(
        (*COUNTY, *CITY, *REVIEWERS), "{region}“{line}”的申诉市级逾期未提意见，已转省级复查"
    ),
    AppealAction.REVIEW: Telling(
        (*COUNTY, *DECIDERS), "{region}“{line}”的申诉已复查，请另一人作出决定"
    ),
    AppealAction.REOPEN: Telling(REVIEWERS, "{region}“{line}”的申诉被退回，请重新复查"),
    AppealAction.UPHOLD: Telling(
        (*COUNTY, *CITY, *REVIEWERS), "{region}“{line}”的申诉成立，将更正评价结果"
    ),
    AppealAction.REJECT: Telling((*COUNTY, *CITY, *REVIEWERS), "{region}“{line}”的申诉不成立"),
    AppealAction.WITHDRAW: Telling((*COUNTY, *CITY, *REVIEWERS), "{region}撤回了“{line}”的申诉"),
}
# Who has an appeal, by its state.
HOLDERS: Mapping[AppealState, Audience] = {
    AppealState.FILED: CITY,
    AppealState.OPINED: REVIEWERS,
    AppealState.REVIEWED: DECIDERS,
}
# What the county is not shown before it is decided.
_INTERNAL = frozenset({AppealAction.REVIEW, AppealAction.REOPEN})


def tell_step(step: AppealStep, line: str) -> None:
    """Tell of a step on the line called so, within its transaction."""
    telling = TELLINGS[step.action]
    if is_quiet():
        return
    appeal = step.appeal
    message = Message(
        key=f"appeal-step:{step.pk}",
        kind=f"appeal_{step.action}",
        title=telling.title.format(region=appeal.region.full_name, line=line),
        body="" if step.action in _INTERNAL else step.comment,
        path=appeal_path(appeal),
    )
    people = recipients_of(appeal, telling.audience)
    notify([person for person in people if person.pk != step.actor_id], message)


def appeal_path(appeal: Appeal) -> str:
    """The page of an appeal."""
    return reverse("scoring:appeal", args=[appeal.public_id])


def told_of(appeal: Appeal, action: str, actor: User) -> str:
    """Whom a step would tell, in words for the page before the press; blank for nobody."""
    names: dict[str, int] = {}
    for person in recipients_of(appeal, TELLINGS[action].audience):
        if person.pk != actor.pk:
            names[person.office.name] = names.get(person.office.name, 0) + 1
    told = "、".join(f"{office}{count}人" for office, count in names.items())
    return f"{told}（站内通知）" if told else ""


def recipients_of(appeal: Appeal, audience: Audience) -> list[User]:
    """The people concerned: of the county and the city by office, of the province by role; one query."""
    offices = {Level.COUNTY: appeal.office_id, Level.CITY: appeal.reviewing_office_id}
    wanted = Q(pk__in=())
    for level, permission in audience:
        roles = [str(role) for role, held in ROLE_PERMISSIONS.items() if permission in held]
        within = (
            Q(office__level=Level.PROVINCE)
            if level == Level.PROVINCE
            else Q(office=offices[level], office__level=level)
        )
        wanted |= within & Q(role__in=roles)
    people = User.objects.filter(wanted, is_active=True).select_related("office")
    return list(people.order_by("office__order", "office", "pk"))


def tell_due(appeal: Appeal, due: date, *, is_late: bool, line: str) -> int:
    """Remind whoever has an appeal of its day, or tell him, and the reviewers, that it passed; once each."""
    title = (
        f"{appeal.region.full_name}“{line}”的申诉已逾期（{due:%-m月%-d日}），请尽快办理"
        if is_late
        else f"{appeal.region.full_name}“{line}”的申诉请于{due:%-m月%-d日}前办理"
    )
    key = f"appeal-due:{appeal.pk}:{appeal.state}:{due.isoformat()}:{'late' if is_late else 'near'}"
    audience = HOLDERS[AppealState(appeal.state)]
    if is_late and appeal.state == AppealState.FILED:
        audience = (*audience, *REVIEWERS)
    people = recipients_of(appeal, audience)
    notify(people, Message(key=key, kind="appeal_due", title=title, path=appeal_path(appeal)))
    return len(people)
