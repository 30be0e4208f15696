"""How far a round has come: by reviewing office, by state; and what everybody may read of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from applications.enums import (
    APPLICATION_DATA,
    RECOMMENDATION_LETTER,
    ApplicationState,
    ListState,
    RoundState,
)
from applications.models import Application, PilotRound, RoundPostponement
from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import Level
from county_portal.accounts.selectors import list_reviewing_offices
from county_portal.documents.enums import PaperStatus
from county_portal.documents.models import Binding
from county_portal.files.models import StoredFile
from indicators.enums import SystemPurpose, VersionState
from indicators.models import SystemVersion
from indicators.selectors import list_indicators

_S = ApplicationState
# Columns of the progress table: what stands there now, so that a line adds up to what was begun.
STAGES: Mapping[str, tuple[str, frozenset[str]]] = {
    "drafting": ("编制、修改中", frozenset({_S.DRAFT, _S.RETURNED})),
    "government": ("县政府审议、待报送", frozenset({_S.GOVERNMENT, _S.READY})),
    "city": ("市级受理、审核中", frozenset({_S.SUBMITTED, _S.CITY_REVIEW})),
    "reviewed": ("市级审核通过", frozenset({_S.REVIEWED})),
    "left_out": ("未获推荐", frozenset({_S.NOT_RECOMMENDED})),
    "admitted": ("省级评审中", frozenset({_S.ADMITTED})),
    "selected": ("入选", frozenset({_S.SELECTED})),
    "not_selected": ("未入选", frozenset({_S.NOT_SELECTED})),
}


@dataclass
class OfficeProgress:
    """One reviewing office in a round: its places, what its counties have begun, and what it recommended."""

    name: str
    office_id: UUID
    places: int | None = None
    counts: Counter[str] = field(default_factory=Counter)
    begun: int = 0
    recommended: int = 0

    @property
    def staged(self) -> list[tuple[str, int]]:
        """Stage and number, in the order of the columns."""
        return [(stage, self.counts[stage]) for stage in STAGES]

    @property
    def numbers(self) -> list[int]:
        """By stage, in the order of the columns."""
        return [self.counts[stage] for stage in STAGES]


def stage_labels() -> list[str]:
    """Headings of the stages."""
    return [label for label, _ in STAGES.values()]


def stage_of(state: str) -> str:
    """The stage a state belongs to."""
    return next(stage for stage, (_, states) in STAGES.items() if state in states)


def list_office_progress(user: User, call: PilotRound) -> list[OfficeProgress]:
    """Each office with places or applications, in the register's order; a city sees its own line alone.

    Three queries. The names of counties are no part of it.
    """
    quotas = call.quotas.select_related("office")
    applications = Application.objects.visible_to(user).filter(round=call)
    if user.level != Level.PROVINCE:
        quotas = quotas.filter(office=user.office_id)
    lines: dict[int, tuple[Office, OfficeProgress]] = {}

    def line_of(office: Office) -> OfficeProgress:
        made = (office, OfficeProgress(office.short_name, office.public_id))
        return lines.setdefault(office.pk, made)[1]

    for quota in quotas:
        line_of(quota.office).places = quota.places
    rows = list(applications.select_related("reviewing_office"))
    recommended = recommended_ids(rows)
    for row in rows:
        line = line_of(row.reviewing_office)
        line.begun += 1
        line.counts[stage_of(row.state)] += 1
        line.recommended += row.pk in recommended
    ordered = sorted(lines.values(), key=lambda pair: (pair[0].order, pair[0].name))
    return [line for _, line in ordered]


def summed(lines: Iterable[OfficeProgress]) -> OfficeProgress:
    """All lines in one, for the foot of the table."""
    whole = OfficeProgress("合计", UUID(int=0), 0)
    for line in lines:
        whole.places = (whole.places or 0) + (line.places or 0)
        whole.begun += line.begun
        whole.recommended += line.recommended
        whole.counts.update(line.counts)
    return whole


def recommended_ids(applications: Sequence[Application]) -> set[int]:
    """Which of them a letter that holds recommends; one query, which reads no letter."""
    keys = {str(row.public_id): row.pk for row in applications}
    if not keys:
        return set()
    bound = Binding.objects.filter(
        kind=APPLICATION_DATA,
        key__in=list(keys),
        paper__kind=RECOMMENDATION_LETTER,
        paper__status=PaperStatus.VALID,
    )
    return {keys[key] for key in bound.values_list("key", flat=True)}


def count_applications(user: User, rounds: Sequence[PilotRound]) -> dict[int, Counter[str]]:
    """By round: how many applications in each stage, those one may see; one query."""
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    rows = Application.objects.visible_to(user).filter(round__in=rounds)
    for round_id, state in rows.values_list("round", "state"):
        counts[round_id][stage_of(state)] += 1
    return counts


def places_of(call: PilotRound) -> dict[int, int]:
    """Places by reviewing office."""
    return dict(call.quotas.values_list("office", "places"))


def list_quota_offices() -> list[Office]:
    """Offices that may be given places: those that review counties."""
    return list(list_reviewing_offices())


def basis_file_of(call: PilotRound) -> StoredFile:
    """The basis document in full; 404 where none was kept."""
    if call.basis_file is None:
        raise Http404
    return call.basis_file


def list_postponements(call: PilotRound) -> list[RoundPostponement]:
    """How its days were moved since it was announced, oldest first; one query."""
    return list(call.postponements.all())


def has_list(call: PilotRound) -> bool:
    """Whether a list of its pilots stands, drawn up or further; one query."""
    return call.lists.exclude(state=ListState.WITHDRAWN).exists()


def list_versions() -> QuerySet[SystemVersion]:
    """Locked versions of the table a round may use, newest first."""
    return (
        SystemVersion.objects.filter(state=VersionState.LOCKED, system__purpose=SystemPurpose.PILOT)
        .select_related("system")
        .order_by("-number")
    )


def count_starrable(version: SystemVersion) -> int:
    """How many given rows a county may mark ★: all that are not designated (S0 annex 2-1, note)."""
    return sum(not indicator.is_designated for indicator in list_indicators(version))


def get_quota_office(public_id: UUID) -> Office:
    """An office that reviews counties; 404 otherwise."""
    return get_object_or_404(list_reviewing_offices(), public_id=public_id)


def list_announced() -> QuerySet[PilotRound]:
    """Rounds everybody may read of, newest first."""
    return PilotRound.objects.announced().select_related("version__system", "basis_file")


def list_open() -> list[PilotRound]:
    """Rounds everybody may read of to which counties apply now; one query."""
    return list(list_announced().filter(state=RoundState.OPEN))


def get_announced(public_id: UUID) -> PilotRound:
    """One of those; a round that is still drawn up is a 404."""
    return get_object_or_404(list_announced(), public_id=public_id)
