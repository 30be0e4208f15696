"""Who is told of which step of a plan: a table, and the question asked of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q
from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.accounts.roles import ROLE_PERMISSIONS, Level, Permission
from county_portal.notices.actions import Message, is_quiet, notify
from uplift.enums import PlanAction
from uplift.models import PlanVersion, VersionStep
from uplift.selectors.plans import counties_of


class Side(StrEnum):
    """Whom a step concerns."""

    PLANNERS = "planners"
    DECIDERS = "deciders"
    COUNTIES = "counties"
    PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class Telling:
    """Who hears of a step, and the words; {plan} and {office} are filled in."""

    sides: tuple[Side, ...]
    title: str
    # Of a version that amends another, where the words differ.
    amended: str = ""


_ALL = (Side.PLANNERS, Side.COUNTIES, Side.PROVINCE)
TELLINGS: Mapping[str, Telling] = {
    PlanAction.SUBMIT: Telling((Side.DECIDERS,), "《{plan}》已送审定，请由拟定人以外的人审定"),
    PlanAction.RETURN: Telling((Side.PLANNERS,), "《{plan}》被退回修改"),
    PlanAction.SETTLE: Telling(
        _ALL,
        "{office}《{plan}》已审定执行，请查看本县目标和月度预期",
        "{office}《{plan}》已修订，请核对本县目标和月度预期",
    ),
    PlanAction.CLOSE: Telling(_ALL, "{office}《{plan}》已结束"),
}
_PERMISSIONS: Mapping[Side, Permission] = {
    Side.PLANNERS: Permission.PLAN_UPLIFT,
    Side.DECIDERS: Permission.DECIDE_UPLIFT,
    Side.COUNTIES: Permission.VIEW_UPLIFT,
    Side.PROVINCE: Permission.PLAN_UPLIFT,
}


def version_path(version: PlanVersion) -> str:
    """The page of a version."""
    return reverse("uplift:plan", args=[version.public_id])


def recipients_of(version: PlanVersion, sides: tuple[Side, ...]) -> list[User]:
    """The people concerned; two queries at most."""
    office, wanted = version.plan.office, Q(pk__in=())
    for side in sides:
        roles = [str(role) for role, held in ROLE_PERMISSIONS.items() if _PERMISSIONS[side] in held]
        if side == Side.COUNTIES:
            regions = [region.pk for region in counties_of(office)]
            within = Q(office__level=Level.COUNTY, office__region__in=regions)
        elif side == Side.PROVINCE:
            within = Q(office__level=Level.PROVINCE)
        else:
            within = Q(office=office)
        wanted |= within & Q(role__in=roles)
    people = User.objects.filter(wanted, is_active=True).select_related("office")
    return list(people.order_by("office__order", "office", "pk"))


def tell_step(step: VersionStep) -> None:
    """Tell of a step within its transaction; nobody is told of his own act."""
    telling = TELLINGS.get(step.action)
    if telling is None or is_quiet():
        return
    version = step.version
    words = telling.amended if version.number > 1 and telling.amended else telling.title
    message = Message(
        key=f"uplift-step:{step.pk}",
        kind=f"uplift_{step.action}",
        title=words.format(plan=version.title, office=version.plan.office.short_name),
        body=step.comment or version.amendment_reason,
        path=version_path(version),
    )
    people = recipients_of(version, telling.sides)
    notify([person for person in people if person.pk != step.actor_id], message)


def told_of(version: PlanVersion, action: str, actor: User) -> str:
    """Whom a step would tell, in words for the page before the press; blank for nobody."""
    telling = TELLINGS.get(action)
    if telling is None:
        return ""
    offices: dict[str, int] = {}
    for person in recipients_of(version, telling.sides):
        if person.pk != actor.pk:
            name = person.office.short_name
            if person.office.level == Level.COUNTY:
                name = "所属各县（市、区）科技局"
            offices[name] = offices.get(name, 0) + 1
    told = "、".join(f"{office}{count}人" for office, count in offices.items())
    return f"{told}（站内通知）" if told else ""
