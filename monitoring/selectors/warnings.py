"""The door to warnings: those one may see, whose turn each is, their numbers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import Office, Region, User
from county_portal.accounts.roles import Level, Permission
from indicators.models import Indicator
from monitoring.enums import Severity, Stage, WarningState
from monitoring.models import Warning, WarningStep  # noqa: A004 -- the word of the field

OPEN = "open"


@dataclass(frozen=True, slots=True)
class WarningFilter:
    """What narrows the list; blank narrows nothing. `state` may be `open` too; `unit` is a responsible unit."""

    year: int | None = None
    office: UUID | None = None
    text: str = ""
    indicator: str = ""
    kind: str = ""
    severity: str = ""
    state: str = ""
    stage: str = ""
    unit: str = ""


def list_warnings(user: User) -> QuerySet[Warning]:
    """Warnings somebody may see, gravest and newest first."""
    return (
        Warning.objects.visible_to(user)
        .select_related(
            *("call__version", "region__parent", "indicator", "office", "reviewing_office"),
            *("answered_by__office", "closed_by__office"),
        )
        .order_by("-severity", "-raised_at", "pk")
    )


def get_warning(user: User, public_id: UUID, *, lock: bool = False) -> Warning:
    """One of those; 404 otherwise."""
    warnings = list_warnings(user)
    if lock:
        warnings = warnings.select_for_update(of=("self",))
    return get_object_or_404(warnings, public_id=public_id)


def search_warnings(user: User, wanted: WarningFilter) -> QuerySet[Warning]:
    """Those a filter leaves."""
    found = list_warnings(user)
    plain = {
        "call__year": wanted.year,
        "reviewing_office__public_id": wanted.office,
        "indicator__code": wanted.indicator,
        "kind": wanted.kind,
        "severity": wanted.severity,
        "stage": wanted.stage,
    }
    found = found.filter(**{name: value for name, value in plain.items() if value})
    if wanted.unit:
        found = found.filter(responsible__contains=[wanted.unit])
    if wanted.state == OPEN:
        found = found.exclude(state=WarningState.CLOSED)
    elif wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.text:
        found = found.filter(region__in=Region.objects.named(wanted.text))
    return found


def count_severities(user: User, wanted: WarningFilter) -> Counter[str]:
    """Numbers by severity under the other filters, one query."""
    rows = search_warnings(user, replace(wanted, severity="")).order_by()
    return Counter(dict(rows.values_list("severity").annotate(n=Count("pk"))))


def list_warning_offices(user: User) -> QuerySet[Office]:
    """Reviewing offices of warnings somebody may see."""
    offices = Warning.objects.visible_to(user).values("reviewing_office")
    return Office.objects.filter(pk__in=offices).order_by("order", "name")


def list_warned_indicators(user: User) -> list[tuple[str, str]]:
    """Code and name of indicators with a warning, in table order; the newest version's name."""
    rows = Indicator.objects.filter(
        pk__in=Warning.objects.visible_to(user).values("indicator")
    ).order_by("version__number", "order")
    return list(dict(rows.values_list("code", "name")).items())


def list_responsible(user: User) -> list[str]:
    """Units that answer for an indicator with a warning, by name."""
    found = Warning.objects.visible_to(user).order_by().values_list("responsible", flat=True)
    return sorted({unit for units in found.distinct() for unit in units})


def list_years(user: User) -> list[int]:
    """Years with a warning, newest first."""
    years = Warning.objects.visible_to(user).order_by("-call__year")
    return list(years.values_list("call__year", flat=True).distinct())


def list_steps(warning: Warning) -> list[WarningStep]:
    """What happened, newest first."""
    return list(warning.steps.select_related("actor__office").order_by("-at", "-pk"))


def stamp_of(warning: Warning) -> str:
    """What a page was drawn from: another step makes another stamp."""
    return f"{warning.state}:{warning.stage}:{warning.stage_since.isoformat()}"


def list_open_of(regions: Sequence[Region], year: int) -> QuerySet[Warning]:
    """Open warnings of these counties, for pages that show them beside other things; asks nobody's permission."""
    found = Warning.objects.open().filter(region__in=regions, call__year=year)
    return found.select_related("indicator", "region")


def list_waiting(user: User) -> list[Warning]:
    """Warnings whose next step is this person's, nearest day first; one query, none for others."""
    wanted = Q(pk__in=())
    if user.level == Level.COUNTY and user.holds(Permission.ANSWER_WARNING):
        wanted = Q(stage=Stage.COUNTY, state=WarningState.RAISED)
    elif user.level == Level.CITY and user.holds(Permission.FOLLOW_WARNINGS):
        wanted = Q(stage=Stage.CITY)
    elif user.level == Level.PROVINCE and user.holds(Permission.FOLLOW_WARNINGS):
        wanted = Q(stage=Stage.PROVINCE)
    else:
        return []
    rows = list_warnings(user).filter(wanted).exclude(state=WarningState.CLOSED)
    return list(rows.order_by("due_on", "-severity", "pk"))


@dataclass(frozen=True, slots=True)
class WarningsSummary:
    """Numbers of all warnings, for the summary of the instance."""

    raised: int
    answered: int
    escalated: int
    closed: int


def warnings_summary() -> WarningsSummary:
    """How many were ever raised, answered, taken to the province, settled; four queries."""
    every = Warning.objects.order_by()
    return WarningsSummary(
        raised=every.count(),
        answered=every.filter(answered_by__isnull=False).count(),
        escalated=every.filter(steps__stage=Stage.PROVINCE).distinct().count(),
        closed=every.filter(state=WarningState.CLOSED).count(),
    )


def worst_of(severities: Sequence[str]) -> str:
    """The gravest of some; blank for none."""
    return max(severities, default="")


SEVERITIES = tuple(reversed(Severity))
