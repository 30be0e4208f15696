"""The door to appeals: those one may see, whose turn it is, their numbers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import Office, Region, User
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from indicators.models import Indicator
from indicators.selectors import list_indicators, spec_of
from scoring.claims import ClaimSpec
from scoring.corrections import figure_from_document
from scoring.enums import AppealState, ListState
from scoring.models import Appeal, AppealFile, AppealStep, FigureCorrection, PublishedList
from scoring.rules import appeal_due_on
from scoring.selectors.list_documents import list_settings

OPEN = (AppealState.FILED, AppealState.OPINED, AppealState.REVIEWED)
DECIDED = (AppealState.UPHELD, AppealState.REJECTED)


@dataclass(frozen=True, slots=True)
class AppealFilter:
    """What narrows the list; blank narrows nothing. `year` is the data year."""

    year: int | None = None
    office: UUID | None = None
    state: str = ""
    text: str = ""


def list_appeals(user: User) -> QuerySet[Appeal]:
    """Appeals somebody may see, newest first."""
    return (
        Appeal.objects.visible_to(user)
        .select_related(
            *("published_list__collection", "region__parent", "office", "reviewing_office"),
            *("filed_by__office", "reviewed_by__office", "decided_by__office", "correction"),
        )
        .order_by("-filed_at", "-pk")
    )


def get_appeal(user: User, public_id: UUID, *, lock: bool = False) -> Appeal:
    """One of those; 404 otherwise."""
    appeals = list_appeals(user)
    if lock:
        appeals = appeals.select_for_update(of=("self",))
    return get_object_or_404(appeals, public_id=public_id)


def get_appeal_file(user: User, appeal_id: UUID, public_id: UUID) -> AppealFile:
    """A piece of evidence of an appeal somebody may see; 404 otherwise."""
    appeal = get_appeal(user, appeal_id)
    return get_object_or_404(appeal.files.select_related("file"), public_id=public_id)


def search_appeals(user: User, wanted: AppealFilter) -> QuerySet[Appeal]:
    """Those a filter leaves."""
    appeals = _narrowed(user, wanted)
    return appeals.filter(state=wanted.state) if wanted.state else appeals


def count_appeals(user: User, wanted: AppealFilter) -> Counter[str]:
    """Numbers by state under the other filters, one query; `total()` is all."""
    return Counter(_narrowed(user, wanted).order_by().values_list("state", flat=True))


def _narrowed(user: User, wanted: AppealFilter) -> QuerySet[Appeal]:
    appeals = list_appeals(user)
    if wanted.year:
        appeals = appeals.filter(published_list__collection__data_year=wanted.year)
    if wanted.office:
        appeals = appeals.filter(reviewing_office__public_id=wanted.office)
    if wanted.text:
        appeals = appeals.filter(region__in=Region.objects.named(wanted.text))
    return appeals


def list_appeal_years(user: User) -> list[int]:
    """Data years somebody's appeals are of, newest first."""
    years = Appeal.objects.visible_to(user).order_by("-published_list__collection__data_year")
    return list(years.values_list("published_list__collection__data_year", flat=True).distinct())


def list_appeal_offices(user: User) -> QuerySet[Office]:
    """Reviewing offices of appeals somebody may see."""
    offices = Appeal.objects.visible_to(user).values("reviewing_office")
    return Office.objects.filter(pk__in=offices).order_by("order", "name")


def list_steps(appeal: Appeal) -> list[AppealStep]:
    """What happened, newest first."""
    return list(appeal.steps.select_related("actor__office").order_by("-at", "-pk"))


def indicator_names(appeals: Sequence[Appeal]) -> dict[tuple[int, str], str]:
    """Names of the indicators appeals are about, by version of the system and code; one query."""
    versions = {row.published_list.collection.version_id for row in appeals}
    rows = Indicator.objects.filter(
        version__in=versions, code__in={row.indicator_code for row in appeals}
    )
    return {
        (version, code): name for version, code, name in rows.values_list("version", "code", "name")
    }


def indicator_name(appeal: Appeal) -> str:
    """The name of the indicator an appeal is about."""
    key = appeal.published_list.collection.version_id, appeal.indicator_code
    return indicator_names([appeal]).get(key, appeal.indicator_code)


def appeal_spec(appeal: Appeal) -> ClaimSpec:
    """By what the province's correction is read: as the claim was, against the figure as scored."""
    indicator = get_object_or_404(
        list_indicators(appeal.published_list.collection.version), code=appeal.indicator_code
    )
    kinds = [(kind.code, kind.name) for kind in indicator.evidence_kinds.all()]
    return ClaimSpec(spec_of(indicator), kinds, figure_from_document(appeal.scored_figure))


def due_on(appeal: Appeal) -> date | None:
    """Until when whoever has it should have done with it; None once it is over."""
    since = clock.day_of(appeal.state_since)
    return appeal_due_on(appeal.state, since, list_settings().appeals)


def is_overdue(appeal: Appeal) -> bool:
    """Whether its present holder let his days go by."""
    due = due_on(appeal)
    return due is not None and clock.today() > due


# What waits for whom.
_DUTIES: Mapping[Permission, AppealState] = {
    Permission.OPINE_APPEAL: AppealState.FILED,
    Permission.REVIEW_APPEAL: AppealState.OPINED,
    Permission.DECIDE_APPEAL: AppealState.REVIEWED,
}


def list_waiting(user: User) -> list[Appeal]:
    """Appeals whose next step is this person's, longest waiting first; one query, none for others.

    The province's reviewer also has those the city let lie.
    """
    states = {state for permission, state in _DUTIES.items() if user.holds(permission)}
    if not states:
        return []
    wanted = Q(state__in=states)
    if user.holds(Permission.REVIEW_APPEAL):
        wanted |= Q(state=AppealState.FILED)
    rows = list_appeals(user).filter(wanted).order_by("state_since", "pk")
    return [row for row in rows if row.state in states or is_overdue(row)]


def list_open() -> QuerySet[Appeal]:
    """Every appeal under way, for the calendar, which has no user."""
    return (
        Appeal.objects.filter(state__in=OPEN)
        .select_related("published_list__collection", "region", "office", "reviewing_office")
        .order_by("pk")
    )


@dataclass(frozen=True, slots=True)
class AppealsSummary:
    """Numbers of all appeals, for the summary of the instance."""

    filed: int
    open: int
    upheld: int
    rejected: int
    withdrawn: int
    corrections: int
    corrected_lists: int


def appeals_summary() -> AppealsSummary:
    """How many appeals there are by outcome, figures corrected, lists corrected; three queries."""
    states = Counter(Appeal.objects.order_by().values_list("state", flat=True))
    corrected = PublishedList.objects.filter(
        state=ListState.PUBLISHED,
        supersedes__isnull=False,
        run__applied_corrections__isnull=False,
    )
    return AppealsSummary(
        filed=states.total(),
        open=sum(states[state] for state in OPEN),
        upheld=states[AppealState.UPHELD],
        rejected=states[AppealState.REJECTED],
        withdrawn=states[AppealState.WITHDRAWN],
        corrections=FigureCorrection.objects.count(),
        corrected_lists=corrected.distinct().count(),
    )
