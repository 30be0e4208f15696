"""Who is told of warnings: several of one night in one message, a step alone in its own."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q
from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.accounts.roles import ROLE_PERMISSIONS, Level, Permission
from county_portal.notices.actions import Message, is_quiet, notify, notify_each
from monitoring.enums import Severity, Stage, WarningAction
from monitoring.models import Warning, WarningStep  # noqa: A004 -- the word of the field

# What of an office's people a warning is for.
CONCERNED: Mapping[Stage, tuple[Level, Permission]] = {
    Stage.COUNTY: (Level.COUNTY, Permission.ANSWER_WARNING),
    Stage.CITY: (Level.CITY, Permission.FOLLOW_WARNINGS),
    Stage.PROVINCE: (Level.PROVINCE, Permission.FOLLOW_WARNINGS),
}
# Step: whom it concerns, and the words.
TELLINGS: Mapping[str, tuple[tuple[Stage, ...], str]] = {
    WarningAction.ANSWER: ((Stage.CITY,), "{warning}：县级已说明原因和措施"),
    WarningAction.URGE: ((Stage.COUNTY,), "{warning}：被督办，请于{until}前说明并整改"),
    WarningAction.CLOSE: ((Stage.COUNTY, Stage.CITY), "{warning}：预警已解除"),
}
_ESCALATED: Mapping[str, tuple[tuple[Stage, ...], str]] = {
    Stage.CITY: ((Stage.COUNTY, Stage.CITY), "{warning}：县级逾期，已转市级督办"),
    Stage.PROVINCE: (tuple(Stage), "{warning}：逾期未解除，已转省级督办"),
}
_NAMED = 5


def warning_path(warning: Warning) -> str:
    """The page of a warning."""
    return reverse("monitoring:warning", args=[warning.public_id])


def tell_step(step: WarningStep) -> None:
    """Tell of one step, within its transaction; nobody is told of his own act."""
    warning = step.warning
    found = (
        _ESCALATED.get(warning.stage)
        if step.action == WarningAction.ESCALATE
        else TELLINGS.get(step.action)
    )
    if found is None or is_quiet():
        return
    stages, title = found
    until = f"{warning.due_on:%-m月%-d日}" if warning.due_on else ""
    message = Message(
        key=f"warning-step:{step.pk}",
        kind=f"warning_{step.action}",
        title=title.format(warning=warning, until=until),
        body=step.comment,
        path=warning_path(warning),
    )
    people = recipients_of([warning], stages)
    notify([person for person in people if person.pk != step.actor_id], message)


def told_of(warning: Warning, action: str, actor: User) -> str:
    """Whom a step would tell, in words for the page before the press; blank for nobody."""
    counts: dict[str, int] = {}
    for person in recipients_of([warning], TELLINGS[action][0]):
        if person.pk != actor.pk:
            counts[person.office.name] = counts.get(person.office.name, 0) + 1
    told = "、".join(f"{office}{count}人" for office, count in counts.items())
    return f"{told}（站内通知）" if told else ""


def tell_raised(steps: Sequence[WarningStep], copies: Mapping[Severity, Sequence[Stage]]) -> None:
    """One message to each person concerned, naming what was raised; `copies` says by severity who hears of it."""
    if not steps or is_quiet():
        return
    told: dict[int, tuple[User, list[Warning]]] = {}
    for stage in Stage:
        heard = [step.warning for step in steps if stage in copies[Severity(step.severity)]]
        for person in recipients_of(heard, (stage,)) if heard else ():
            mine = [each for each in heard if _concerns(each, person)]
            if mine:
                told[person.pk] = (person, mine)
    first = min(step.pk for step in steps)
    notify_each((person, _raised(mine, first)) for person, mine in told.values())


def _concerns(warning: Warning, person: User) -> bool:
    if person.level == Level.COUNTY:
        return warning.office_id == person.office_id
    if person.level == Level.CITY:
        return warning.reviewing_office_id == person.office_id
    return True


def _raised(warnings: Sequence[Warning], first: int) -> Message:
    body = "；".join(f"{each}（{each.get_severity_display()}）" for each in warnings[:_NAMED])
    if len(warnings) > _NAMED:
        body += f"等{len(warnings)}条"
    path = warning_path(warnings[0]) if len(warnings) == 1 else reverse("monitoring:warnings")
    title = str(warnings[0]) if len(warnings) == 1 else f"新发监测预警{len(warnings)}条"
    return Message(f"warnings-raised:{first}", "warning_raise", f"预警：{title}", body, path)


def recipients_of(warnings: Iterable[Warning], stages: Iterable[Stage]) -> list[User]:
    """The people concerned at these stages: county and city by office, the province by role; one query."""
    warnings = list(warnings)
    offices = {
        Level.COUNTY: {each.office_id for each in warnings},
        Level.CITY: {each.reviewing_office_id for each in warnings},
    }
    wanted = Q(pk__in=())
    for stage in stages:
        level, permission = CONCERNED[stage]
        roles = [str(role) for role, held in ROLE_PERMISSIONS.items() if permission in held]
        within = Q(office__level=level, role__in=roles)
        if level in offices:
            within &= Q(office__in=offices[level])
        wanted |= within
    people = User.objects.filter(wanted, is_active=True).select_related("office")
    return list(people.order_by("office__order", "office", "pk"))
