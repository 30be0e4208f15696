"""试点申报 at a glance for each level: rounds under way, applications by filter, pilots by state."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from applications.enums import NO_LONGER, UNDER_WAY, ApplicationState, ListState, RoundState
from applications.models import Application, Pilot, PilotList, PilotRound
from applications.selectors.applications import list_applications, list_rounds
from applications.selectors.rounds import STAGES, recommended_ids
from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import Level, Permission
from county_portal.common import clock
from county_portal.common.text import chinese_date

_S = ApplicationState
_AT_COUNTY = (_S.DRAFT, _S.GOVERNMENT, _S.READY, _S.RETURNED)
RUNNING = (RoundState.OPEN, RoundState.CLOSED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which applications to list; blank for all."""

    round: PilotRound | None = None
    office: Office | None = None
    stage: str = ""


def list_wanted(user: User, wanted: Wanted) -> QuerySet[Application]:
    """Applications one may see that answer to the filter, newest round first."""
    rows = list_applications(user).order_by(
        "-round__year", "-round__pk", "reviewing_office__order", "region__code"
    )
    if wanted.round:
        rows = rows.filter(round=wanted.round)
    if wanted.office:
        rows = rows.filter(reviewing_office=wanted.office)
    if wanted.stage:
        rows = rows.filter(state__in=STAGES[wanted.stage][1])
    return rows


def count_stages(user: User, wanted: Wanted) -> Counter[str]:
    """How many of them stand in each stage, whatever stage is wanted; one query."""
    rows = list_wanted(user, Wanted(wanted.round, wanted.office)).order_by()
    states = Counter(rows.values_list("state", flat=True))
    return Counter(
        {stage: sum(states[state] for state in held) for stage, (_, held) in STAGES.items()}
    )


@dataclass(frozen=True, slots=True)
class RunningRound:
    """A round under way as one's own office meets it."""

    call: PilotRound
    own: Sequence[Application]  # a county's, or its townships'
    may_begin: bool
    why_not: str = ""  # why a county that fills may not begin, where that needs saying
    places: int | None = None  # of the city's office
    begun: int = 0
    recommended: int = 0
    to_check: int = 0  # recommended, and not yet admitted by the province
    admitted: int = 0


@dataclass(frozen=True, slots=True)
class _Standing:
    """Whether a county is or was a pilot, and whether it is still one."""

    is_pilot: bool
    is_under_way: bool


def list_running(user: User) -> list[RunningRound]:
    """Rounds open or closed and not yet decided; five queries however many."""
    calls = list(list_rounds(user).filter(state__in=RUNNING).prefetch_related("quotas"))
    rows = list(list_applications(user).filter(round__in=calls))
    recommended = recommended_ids(rows)
    standing = _standing_of(user)
    return [
        _running(
            user, call, [row for row in rows if row.round_id == call.pk], recommended, standing
        )
        for call in calls
    ]


def _running(
    user: User,
    call: PilotRound,
    rows: Sequence[Application],
    recommended: set[int],
    standing: _Standing,
) -> RunningRound:
    places = {quota.office_id: quota.places for quota in call.quotas.all()}
    at_check = [
        row for row in rows if row.pk in recommended and row.state == ApplicationState.REVIEWED
    ]
    may_begin, why_not = _beginning(user, call, rows, standing)
    return RunningRound(
        call=call,
        own=rows if user.level == Level.COUNTY else (),
        may_begin=may_begin,
        why_not=why_not,
        places=places.get(user.office_id)
        if user.level == Level.CITY
        else sum(places.values()) or None,
        begun=len(rows),
        recommended=len([row for row in rows if row.pk in recommended]),
        to_check=len(at_check),
        admitted=len([row for row in rows if row.state == ApplicationState.ADMITTED]),
    )


def _beginning(
    user: User, call: PilotRound, rows: Sequence[Application], standing: _Standing
) -> tuple[bool, str]:
    """Whether to offer the beginning of an application, and why not."""
    if user.level != Level.COUNTY or call.state != RoundState.OPEN:
        return False, ""
    if call.county_due_on < clock.today():
        return False, "" if rows else "报送期限已过，不能再开始申报。"
    if call.unit_level == Level.COUNTY and rows:
        return False, ""
    words = _standing_words(call, standing)
    if words:
        return False, words
    if not user.holds(Permission.APPLY):
        return False, "由本单位填报员开始编制。"
    return True, ""


def _standing_words(call: PilotRound, standing: _Standing) -> str:
    if clock.today() < call.opens_on:
        return f"自{chinese_date(call.opens_on)}起申报。"
    if call.unit_level == Level.TOWNSHIP:
        return "" if standing.is_pilot else "本县不是试点县，所属乡镇（街道）不能申报。"
    if standing.is_under_way:
        return "本县正在建设试点，通过总结验收或退出之前不再申报。"
    return ""


def _standing_of(user: User) -> _Standing:
    """One query for a county, none for anybody else."""
    if user.level != Level.COUNTY:
        return _Standing(is_pilot=False, is_under_way=False)
    pilots = Pilot.objects.visible_to(user).filter(parent__isnull=True)
    states = set(pilots.order_by().values_list("state", flat=True))
    return _Standing(
        is_pilot=bool(states - set(NO_LONGER)), is_under_way=not states.isdisjoint(UNDER_WAY)
    )


def list_pilots_of(user: User) -> list[Pilot]:
    """Pilots of one's own county, townships behind their county; nothing for others, who have the page of pilots."""
    if user.level != Level.COUNTY:
        return []
    rows = Pilot.objects.visible_to(user).select_related("round", "region")
    return list(rows.order_by("-starts_on", "region__code"))


def count_pilots(user: User) -> Counter[str]:
    """Pilots one may see, by state; one query."""
    return Counter(Pilot.objects.visible_to(user).order_by().values_list("state", flat=True))


def list_in_notice(user: User) -> list[PilotList]:
    """Lists in public notice, for those who run and decide."""
    if not may_select(user):
        return []
    return list(PilotList.objects.filter(state=ListState.NOTICE).select_related("round"))


def may_select(user: User) -> bool:
    """Whether the pages of the selection are for this person."""
    return user.holds(Permission.RUN_PILOTS) or user.holds(Permission.DECIDE_PILOTS)


def offers_beginning(user: User, call: PilotRound) -> bool:
    """Whether to offer the beginning of an application in this round; no query but for a county."""
    if user.level != Level.COUNTY:
        return False
    rows = list(Application.objects.visible_to(user).filter(round=call))
    return _beginning(user, call, rows, _standing_of(user))[0]


def is_at_county(application: Application) -> bool:
    """Whether the county still works on it; afterwards there is nothing to be late with."""
    return application.state in _AT_COUNTY and application.round.state != RoundState.DECIDED


def may_extend(user: User, application: Application) -> bool:
    """Whether this person may give it more time."""
    return user.holds(Permission.RUN_PILOTS) and is_at_county(application)
