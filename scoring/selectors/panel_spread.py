"""What a panel's members gave, county by county, for those who organise it; names only once all have given."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission, Role
from indicators.enums import REVIEWED, CollectionState
from indicators.models import Collection, Indicator, Submission
from indicators.selectors import list_collections
from scoring.engine.types import PanelMethod, PanelRule
from scoring.enums import RunState
from scoring.models import AgreedScore, PanelScore
from scoring.panel_spread import CountySpread, county_spread
from scoring.selectors.panel import list_panel_indicators, panel_rule


@dataclass(frozen=True, slots=True)
class Member:
    """One expert: of how many counties the score is there."""

    name: str
    given: int
    total: int

    @property
    def waiting(self) -> int:
        """Counties without this expert's score."""
        return self.total - self.given


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """One county: its scores, and what was agreed, the newest first."""

    submission: Submission
    spread: CountySpread
    agreed: Sequence[AgreedScore]

    @property
    def holds(self) -> AgreedScore | None:
        """The agreed score that counts."""
        return self.agreed[0] if self.agreed else None


@dataclass(frozen=True, slots=True)
class PanelSpread:
    """One indicator of one collection as its panel sees it."""

    rule: PanelRule
    members: Sequence[Member]
    rows: Sequence[SpreadRow]
    names_shown: bool

    @property
    def is_agreed(self) -> bool:
        """Whether the scheme asks for one agreed score."""
        return self.rule.method is PanelMethod.AGREED


def read_panel_spread(collection: Collection, indicator: Indicator) -> PanelSpread:
    """As many queries for one county as for all.

    Names stay hidden while any score is open, so that nobody is talked round: until every active expert
    has scored every county, or a complete run has used the scores.
    """
    rule = panel_rule(collection, indicator)
    submissions = list(
        collection.submissions.filter(state__in=REVIEWED)
        .select_related("region")
        .order_by("region__code")
    )
    scores = _scores(submissions, indicator)
    members = _members(scores, len(submissions))
    is_over = bool(members) and all(member.waiting == 0 for member in members)
    names_shown = is_over or collection.runs.filter(state=RunState.COMPLETE).exists()
    by_county: defaultdict[int, list[tuple[str, Decimal]]] = defaultdict(list)
    for row in scores:
        name = row.expert.display_name if names_shown else ""
        by_county[row.submission_id].append((name, row.score))
    agreed = list_agreed(submissions, indicator)
    return PanelSpread(
        rule=rule,
        members=members,
        rows=[
            SpreadRow(row, county_spread(by_county[row.pk], rule.maximum), agreed.get(row.pk, ()))
            for row in submissions
        ],
        names_shown=names_shown,
    )


def _scores(submissions: Sequence[Submission], indicator: Indicator) -> list[PanelScore]:
    rows = PanelScore.objects.filter(submission__in=submissions, indicator_code=indicator.code)
    return list(rows.select_related("expert").order_by("submission_id", "score", "pk"))


def _members(scores: Sequence[PanelScore], total: int) -> list[Member]:
    """Experts who may score, and those who did and have left since."""
    counts = Counter(row.expert_id for row in scores)
    people = {row.expert_id: row.expert for row in scores}
    active = User.objects.filter(role=Role.PROVINCE_EXPERT, is_active=True)
    people |= {person.pk: person for person in active}
    ordered = sorted(people.values(), key=lambda person: person.login)
    return [
        # Whoever left owes nothing more.
        Member(
            person.display_name, counts[person.pk], total if person.is_active else counts[person.pk]
        )
        for person in ordered
    ]


def list_agreed(
    submissions: Sequence[Submission], indicator: Indicator
) -> dict[int, list[AgreedScore]]:
    """Agreed scores by submission, the newest first."""
    rows = AgreedScore.objects.filter(
        submission__in=submissions, indicator_code=indicator.code
    ).select_related("recorded_by__office")
    found: defaultdict[int, list[AgreedScore]] = defaultdict(list)
    for row in rows.order_by("-recorded_at", "-pk"):
        found[row.submission_id].append(row)
    return found


@dataclass(frozen=True, slots=True)
class PanelOverview:
    """One qualitative indicator of one collection: how many scores there are, of how many counties."""

    collection: Collection
    indicator: Indicator
    counties: int
    scored: int
    scores: int


def list_panels(user: User) -> list[PanelOverview]:
    """Every panel, newest collection first; four queries."""
    if not user.holds(Permission.VIEW_RESULTS):
        return []
    collections = list(
        list_collections(user).exclude(state=CollectionState.DRAFT).order_by("-data_year")
    )
    reviewed = Submission.objects.filter(state__in=REVIEWED, collection__in=collections)
    totals = dict(reviewed.order_by().values_list("collection").annotate(Count("pk")))
    scores = PanelScore.objects.filter(submission__in=reviewed).order_by()
    counted = scores.values_list("submission__collection", "indicator_code").annotate(
        Count("submission", distinct=True), Count("pk")
    )
    given = {(collection, code): counts for collection, code, *counts in counted}
    indicators = list_panel_indicators(collections)
    return [
        PanelOverview(
            collection,
            indicator,
            totals.get(collection.pk, 0),
            *given.get((collection.pk, indicator.code), (0, 0)),
        )
        for collection in collections
        for indicator in indicators
        if indicator.version_id == collection.version_id
    ]
