"""Expert scores: what there is to score, and what one has given."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count
from django.http import Http404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.common.errors import Invalid
from indicators.enums import REVIEWED, CollectionState, IndicatorKind
from indicators.models import Collection, Indicator, Submission
from indicators.selectors import get_collection
from scoring.engine.types import PanelRule
from scoring.models import PanelScore
from scoring.selectors.runs import engine_scheme, list_scheme_versions


@dataclass(frozen=True, slots=True)
class PanelSheet:
    """One county's text on one qualitative indicator, with the score this expert has given."""

    submission: Submission
    indicator: Indicator
    text: str
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class PanelTask:
    """One qualitative indicator of one collection: how many counties there are and how many one has scored."""

    collection: Collection
    indicator: Indicator
    total: int
    given: int

    @property
    def open(self) -> int:
        """Counties still without this expert's score."""
        return self.total - self.given


def list_panel_collections(user: User) -> list[Collection]:
    """Collections an expert may score, newest first."""
    if not user.holds(Permission.SCORE_PANEL):
        return []
    return list(
        Collection.objects.exclude(state=CollectionState.DRAFT)
        .select_related("version")
        .order_by("-data_year")
    )


def list_panel_indicators(collections: Sequence[Collection]) -> list[Indicator]:
    """Qualitative indicators of the collections' systems."""
    versions = {collection.version_id for collection in collections}
    return list(
        Indicator.objects.filter(version__in=versions, kind=IndicatorKind.QUALITATIVE).order_by(
            "order"
        )
    )


def list_panel_tasks(user: User) -> list[PanelTask]:
    """What an expert has to score, newest collection first; four queries."""
    collections = list_panel_collections(user)
    indicators = list_panel_indicators(collections)
    submissions = Submission.objects.filter(state__in=REVIEWED, collection__in=collections)
    totals = dict(submissions.order_by().values_list("collection").annotate(Count("pk")))
    own = PanelScore.objects.filter(expert=user, submission__in=submissions)
    given = {
        (collection, code): count
        for collection, code, count in own.order_by()
        .values_list("submission__collection", "indicator_code")
        .annotate(Count("pk"))
    }
    return [
        PanelTask(
            collection,
            indicator,
            totals.get(collection.pk, 0),
            given.get((collection.pk, indicator.code), 0),
        )
        for collection in collections
        for indicator in indicators
        if indicator.version_id == collection.version_id
    ]


def get_panel(user: User, collection_id: UUID, code: str) -> tuple[Collection, Indicator]:
    """A collection and one of its qualitative indicators; 404 otherwise."""
    collection = get_collection(user, collection_id)
    for indicator in list_panel_indicators([collection]):
        if indicator.code == code:
            return collection, indicator
    raise Http404


def panel_rule(collection: Collection, indicator: Indicator) -> PanelRule:
    """Highest score and method of the newest scheme. Raises Invalid if the scheme does not ask a panel."""
    version = list_scheme_versions(collection.version.system_id).first()
    rules = {row.code: row.rule for row in engine_scheme(version).indicators} if version else {}
    rule = rules.get(indicator.code)
    if not isinstance(rule, PanelRule):
        raise Invalid("not_a_panel_indicator", f"“{indicator.name}”不由专家评分。", "indicator")
    return rule


def list_panel_sheets(user: User, collection: Collection, indicator: Indicator) -> list[PanelSheet]:
    """All reviewed counties with their text; only one's own scores, never another expert's."""
    submissions = (
        collection.submissions.filter(state__in=REVIEWED)
        .select_related("region__parent", "reviewing_office")
        .order_by("region__code")
    )
    texts = dict(
        indicator.values.filter(submission__collection=collection).values_list("submission", "note")
    )
    given = dict(
        PanelScore.objects.filter(
            submission__collection=collection, indicator_code=indicator.code, expert=user
        ).values_list("submission", "score")
    )
    return [
        PanelSheet(row, indicator, texts.get(row.pk, ""), given.get(row.pk)) for row in submissions
    ]
