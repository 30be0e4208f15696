"""What of the programme waits for somebody: applications, experts' sheets, lists, changes, acceptances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q

from applications.enums import (
    UNDER_WAY,
    AcceptanceState,
    ApplicationState,
    ChangeState,
    ListState,
    PilotState,
    RoundState,
    SheetState,
)
from applications.models import (
    Acceptance,
    AcceptanceOpinion,
    Application,
    PanelSheet,
    PilotList,
    PilotRound,
    TargetChange,
)
from applications.selectors.acceptances import EDITABLE
from applications.selectors.applications import list_applications
from applications.selectors.rounds import recommended_ids
from county_portal.accounts.models import User
from county_portal.accounts.roles import Level, Permission

_S, _P = ApplicationState, Permission
# Who works on an application in a state; whom it waits for at the province depends on its letter too.
HANDS: Mapping[str, Permission] = {
    _S.DRAFT: _P.APPLY,
    _S.RETURNED: _P.APPLY,
    _S.GOVERNMENT: _P.HAND_IN,
    _S.READY: _P.HAND_IN,
    _S.SUBMITTED: _P.RECOMMEND,
    _S.CITY_REVIEW: _P.RECOMMEND,
    _S.REVIEWED: _P.RECOMMEND,
}
_AT_COUNTY = (_S.DRAFT, _S.GOVERNMENT, _S.READY)


def list_waiting(user: User, today: date) -> list[Application]:
    """Applications that wait for this person, longest waiting first; two queries, none for who has no part.

    What a closed round shut out waits for nobody; what was reviewed waits for its city until a letter holds,
    then for the province.
    """
    states = [state for state, permission in HANDS.items() if user.holds(permission)]
    if user.holds(_P.RUN_PILOTS):
        states = [_S.REVIEWED]
    if not states:
        return []
    is_shut = Q(state__in=_AT_COUNTY) & ~(
        Q(round__state=RoundState.OPEN) | Q(extended_to__gte=today)
    )
    rows = list(
        list_applications(user)
        .filter(state__in=states)
        .exclude(is_shut)
        .exclude(round__state=RoundState.DECIDED)
        .order_by("state_since", "pk")
    )
    reviewed = [row for row in rows if row.state == _S.REVIEWED]
    recommended = recommended_ids(reviewed)
    wants_letter = user.holds(_P.RUN_PILOTS)
    return [
        row for row in rows if row.state != _S.REVIEWED or (row.pk in recommended) == wants_letter
    ]


def list_sheets(user: User) -> list[PanelSheet]:
    """An expert's sheets on applications that are not given yet; one query."""
    if not user.holds(_P.JUDGE_PILOTS):
        return []
    rows = PanelSheet.objects.visible_to(user).filter(
        state=SheetState.ASSIGNED, application__state=_S.ADMITTED
    )
    return list(
        rows.select_related("application__region", "application__round").order_by("assigned_at")
    )


def list_opinions(user: User) -> list[AcceptanceOpinion]:
    """An expert's opinions on acceptances that are not given yet; one query."""
    if not user.holds(_P.JUDGE_PILOTS):
        return []
    rows = AcceptanceOpinion.objects.filter(
        expert=user,
        state=SheetState.ASSIGNED,
        acceptance__state=AcceptanceState.PROVINCE_REVIEW,
    )
    return list(rows.select_related("acceptance__pilot__region").order_by("pk"))


@dataclass(frozen=True, slots=True)
class MissingSheets:
    """An application before the panel, how many experts were asked, and how many have not answered."""

    application: Application
    asked: int
    missing: int


def list_missing_sheets(user: User) -> list[MissingSheets]:
    """For who runs the panel: applications with sheets not given; one query."""
    if not user.holds(_P.RUN_PILOTS):
        return []
    rows: list[Any] = list(
        Application.objects.filter(state=_S.ADMITTED)
        .annotate(
            asked=Count("sheets", filter=~Q(sheets__state=SheetState.CONFLICTED)),
            missing=Count("sheets", filter=Q(sheets__state=SheetState.ASSIGNED)),
        )
        .filter(missing__gt=0)
        .select_related("region", "round")
        .order_by("pk")
    )
    return [MissingSheets(row, row.asked, row.missing) for row in rows]


@dataclass(frozen=True, slots=True)
class WaitingList:
    """A list in public notice with the objections not answered yet."""

    pilot_list: PilotList
    open_objections: int


def list_lists(user: User, today: date) -> list[WaitingList]:
    """For who runs: lists with objections to answer; for who decides: those past their notice. One query."""
    open_objections = Count("objections", filter=Q(objections__answered_at__isnull=True))
    lists = (
        PilotList.objects.filter(state=ListState.NOTICE)
        .select_related("round")
        .annotate(open_objections=open_objections)
        .order_by("notice_until", "pk")
    )
    if user.holds(_P.RUN_PILOTS):
        lists = lists.filter(open_objections__gt=0)
    elif user.holds(_P.DECIDE_PILOTS):
        lists = lists.filter(open_objections=0, notice_until__lt=today)
    else:
        return []
    return [WaitingList(row, row.open_objections) for row in lists]


def list_closable(user: User, today: date) -> list[PilotRound]:
    """For who runs: open rounds whose cities' day has passed; nothing is selected before they are closed. One query."""
    if not user.holds(_P.RUN_PILOTS):
        return []
    return list(PilotRound.objects.filter(state=RoundState.OPEN, city_due_on__lt=today))


def list_changes(user: User) -> list[TargetChange]:
    """Requests to change a target that wait for the city or the province; one query."""
    states = [
        state
        for state, permission in (
            (ChangeState.ASKED, _P.RECOMMEND),
            (ChangeState.SUPPORTED, _P.RUN_PILOTS),
        )
        if user.holds(permission)
    ]
    if not states:
        return []
    rows = TargetChange.objects.filter(state__in=states)
    if user.level == Level.CITY:
        rows = rows.filter(pilot__reviewing_office=user.office_id)
    return list(rows.select_related("pilot__region", "year_target__target").order_by("asked_at"))


# Whom an acceptance waits for; the conclusion itself is drawn by another person than proposed it.
_ACCEPTANCE_HANDS: Sequence[tuple[AcceptanceState, Permission]] = (
    (AcceptanceState.DRAFT, _P.APPLY),
    (AcceptanceState.RETURNED, _P.APPLY),
    (AcceptanceState.SUBMITTED, _P.RECOMMEND),
    (AcceptanceState.CITY_REVIEW, _P.RECOMMEND),
    (AcceptanceState.PROVINCE_REVIEW, _P.RUN_PILOTS),
    (AcceptanceState.PROVINCE_REVIEW, _P.DECIDE_PILOTS),
)


def list_acceptances(user: User) -> list[Acceptance]:
    """Acceptances that wait for this person, longest waiting first; one query."""
    states = {state for state, permission in _ACCEPTANCE_HANDS if user.holds(permission)}
    if not states:
        return []
    rows = Acceptance.objects.visible_to(user).filter(state__in=states, pilot__state__in=UNDER_WAY)
    # Nothing falls due while a pilot stands still.
    rows = rows.exclude(state__in=EDITABLE, pilot__state=PilotState.SUSPENDED)
    if user.holds(_P.DECIDE_PILOTS):
        rows = rows.exclude(outcome="").exclude(proposed_by=user)
    elif user.holds(_P.RUN_PILOTS):
        rows = rows.filter(outcome="")
    return list(
        rows.select_related("pilot__region", "pilot__office", "pilot__reviewing_office").order_by(
            F("state_since"), "pk"
        )
    )
