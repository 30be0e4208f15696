"""Who is told of which step of an application: a table, and the question asked of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from applications.enums import ApplicationAction, ApplicationState
from applications.models import (
    Application,
    ApplicationStep,
    Guidance,
    Pilot,
    PilotRound,
    RoundPostponement,
    RoundQuota,
)
from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import ROLE_PERMISSIONS, Level, OfficeKind, Permission
from county_portal.accounts.selectors import list_counties_alive_on
from county_portal.common import clock
from county_portal.common.postponing import later_words
from county_portal.common.province import words
from county_portal.common.text import chinese_date
from county_portal.notices.actions import Message, is_quiet, notify
from indicators.notifications import summed_words


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
        (*_COUNTY, *_CITY), f"{{region}}试点申报材料被{words().province_office}退回补正"
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


# --- rounds --------------------------------------------------------------------------------------

OPENED, CLOSED, POSTPONED = "open_round", "close_round", "postpone_round"
_ROUND_WORDS = {
    OPENED: "{title}开始申报，请于{due}前报送",
    CLOSED: "{title}申报已截止，未报送的不能再报送",
}
# What closing concerns: with the county still.
_UNFINISHED = (ApplicationState.DRAFT, ApplicationState.GOVERNMENT, ApplicationState.READY)


def round_audience(call: PilotRound, act: str) -> str:
    """Whom opening, closing or postponing would tell, in numbers, for a page before the press."""
    return summed_words(_round_recipients(call, act))


def tell_round(call: PilotRound, act: str) -> None:
    """Tell counties and recommending offices, within the act's transaction."""
    if is_quiet():
        return
    title = _ROUND_WORDS[act].format(title=call.title, due=chinese_date(call.county_due_on))
    message = Message(
        key=f"{act}:{call.public_id}",
        kind=act,
        title=title,
        body=call.notes,
        path=_round_path(call),
    )
    notify(_round_recipients(call, act), message)


def tell_extension(application: Application, reason: str) -> None:
    """Tell the county and its reviewing office of the new day."""
    if is_quiet():
        return
    until = application.due_on
    message = Message(
        key=f"extend_application:{application.public_id}:{until.isoformat()}",
        kind="extend_application",
        title=f"{application.region.full_name}试点申报期限延至{chinese_date(until)}",
        body=reason,
        path=reverse("applications:application", args=[application.public_id]),
    )
    notify(recipients_of(application, Telling((*_COUNTY, *_CITY), message.title)), message)


def tell_postponement(made: RoundPostponement) -> None:
    """Tell everybody the round was announced to of the later days."""
    if is_quiet():
        return
    message = Message(
        key=f"{POSTPONED}:{made.pk}",
        kind=POSTPONED,
        title=f"{made.round.title}延期：{later_words(made)}",
        body=made.reason,
        path=_round_path(made.round),
    )
    notify(_round_recipients(made.round, POSTPONED), message)


def tell_quota(quota: RoundQuota, before: int | None, reason: str) -> None:
    """Tell the office whose places changed."""
    if is_quiet():
        return
    was = "未定" if before is None else f"{before}个"
    message = Message(
        key=f"change_quota:{quota.round_id}:{quota.office_id}:{clock.now():%Y%m%d%H%M%S%f}",
        kind="change_quota",
        title=f"{quota.round.title}推荐名额由{was}调整为{quota.places}个",
        body=reason,
        path=_round_path(quota.round),
    )
    notify(_people(set(), {quota.office_id}), message)


def _round_path(call: PilotRound) -> str:
    return reverse("applications:round", args=[call.public_id])


def _round_recipients(call: PilotRound, act: str) -> list[User]:
    cities = set(call.quotas.values_list("office", flat=True))
    if act == CLOSED:
        late = call.applications.filter(state__in=_UNFINISHED)
        return _people(set(late.values_list("office", flat=True)), cities)
    return _people(_counties_called(call), cities)


def _counties_called(call: PilotRound) -> set[int]:
    """Bureaus a round is open to: of every county alive, or for townships of counties that are pilots (S4)."""
    if call.unit_level == Level.TOWNSHIP:
        return set(Pilot.objects.filter(parent__isnull=True).values_list("office", flat=True))
    bureaus = Office.objects.filter(
        level=Level.COUNTY,
        kind=OfficeKind.BUREAU,
        region__in=list_counties_alive_on(clock.today()),
    )
    return set(bureaus.values_list("pk", flat=True))


def _people(counties: set[int], cities: set[int]) -> list[User]:
    """Those of these offices who apply or hand in, and who recommend; one query."""

    def roles(*permissions: Permission) -> list[str]:
        return [str(role) for role, held in ROLE_PERMISSIONS.items() if held & set(permissions)]

    people = User.objects.filter(
        Q(office__in=counties, role__in=roles(Permission.APPLY, Permission.HAND_IN))
        | Q(office__in=cities, role__in=roles(Permission.RECOMMEND)),
        is_active=True,
    )
    return list(people.select_related("office").order_by("office__order", "office", "pk"))
