"""The door to schemes, their versions and golden cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.accounts.selectors import list_counties_alive_on
from county_portal.audit.selectors import list_events_of
from county_portal.common import clock
from county_portal.common.text import name_in_stead
from indicators.models import EvidenceKind, Indicator
from scoring.enums import SchemeState
from scoring.models import GoldenCase, SchemeVersion
from scoring.schemes.golden import Case, county_of, expected_of
from scoring.schemes.sheet import SystemIndicator

IN_PREPARATION = (SchemeState.DRAFT, SchemeState.TESTED)
_READERS = (Permission.EDIT_SCHEME, Permission.LOCK_SCHEME, Permission.VIEW_RESULTS)


def list_versions(user: User) -> QuerySet[SchemeVersion]:
    """Every version of every scheme, newest first; nothing for whoever may not see results."""
    if not any(map(user.holds, _READERS)):
        return SchemeVersion.objects.none()
    return SchemeVersion.objects.select_related(
        "scheme__system", "created_by__office", "locked_by__office", "based_on__scheme"
    ).order_by("scheme__name", "scheme", "-number")


def list_overview(user: User) -> list[SchemeVersion]:
    """Those with the number of their cases as `case_count`; their documents are left unread. One query."""
    rows = list_versions(user).defer("document", "based_on__document")
    return list(rows.annotate(case_count=Count("golden_cases")))


def get_version(user: User, public_id: UUID, *, lock: bool = False) -> SchemeVersion:
    """One of those; 404 otherwise."""
    rows = list_versions(user)
    if lock:
        rows = rows.select_for_update(of=("self",))
    return get_object_or_404(rows, public_id=public_id)


def in_preparation(scheme_id: int) -> SchemeVersion | None:
    """The version of a scheme that is not locked yet, of which there is at most one."""
    rows = SchemeVersion.objects.filter(scheme=scheme_id, state__in=IN_PREPARATION)
    return rows.select_related("scheme", "created_by").defer("document").first()


def list_others(user: User, version: SchemeVersion) -> list[SchemeVersion]:
    """The scheme's other versions, with which one may be compared."""
    rows = list_versions(user).filter(scheme=version.scheme_id).exclude(pk=version.pk)
    return list(rows.defer("document", "based_on__document"))


def list_system_indicators(version: SchemeVersion) -> list[SystemIndicator]:
    """Indicators of the scheme's indicator system, as its newest version that has a code names them; two queries."""
    rows = (
        Indicator.objects.filter(version__system=version.scheme.system_id)
        .select_related("group")
        .order_by("version__number", "order")
    )
    kinds: dict[int, list[tuple[str, str]]] = {}
    for row in EvidenceKind.objects.filter(indicator__in=rows).order_by("order"):
        kinds.setdefault(row.indicator_id, []).append((row.code, row.name))
    newest = {
        row.code: SystemIndicator(
            code=row.code,
            group=row.group.name,
            name=row.name,
            unit=row.unit,
            kind=row.kind,
            is_ratio=bool(row.numerator_label and row.denominator_label),
            lower_is_better=row.lower_is_better,
            factor=row.factor,
            items=tuple(kinds.get(row.pk, ())),
        )
        for row in rows
    }
    return list(newest.values())


def county_names() -> dict[str, str]:
    """Full names of today's counties by region code, in the order of the codes."""
    rows = list_counties_alive_on(clock.today()).order_by("code")
    return dict(rows.values_list("code", "full_name"))


def list_cases(version: SchemeVersion) -> list[GoldenCase]:
    """The version's cases in their order."""
    return list(version.golden_cases.order_by("order"))


def read_cases(rows: Sequence[GoldenCase]) -> list[Case]:
    """Cases as plain values."""
    return [
        Case(row.name, row.source, county_of(row.figures), expected_of(row.expected))
        for row in rows
    ]


def get_case(version: SchemeVersion, public_id: UUID) -> GoldenCase:
    """One case of a version; 404 otherwise."""
    return get_object_or_404(version.golden_cases, public_id=public_id)


@dataclass(frozen=True, slots=True)
class SchemeAct:
    """Something done to a version."""

    act: str
    actor: str
    office: str
    at: datetime
    detail: Mapping[str, object]


def list_scheme_acts(version: SchemeVersion) -> list[SchemeAct]:
    """What was done to a version and by whom, newest first; two queries."""
    events = list(list_events_of("scheme_version", str(version.public_id)))
    logins = {event.actor_login for event in events}
    names = dict(User.objects.filter(login__in=logins).values_list("login", "display_name"))
    return [
        SchemeAct(
            event.act,
            name_in_stead(names.get(event.actor_login, "系统"), event.deputy_for_name),
            event.actor_office,
            event.at,
            event.detail,
        )
        for event in reversed(events)
    ]
