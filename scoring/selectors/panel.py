"""Expert scores: what there is to score, and what one has given."""

from dataclasses import dataclass
from decimal import Decimal

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from indicators.enums import IndicatorKind
from indicators.models import Collection, Indicator, Submission
from indicators.workflow import REVIEWED
from scoring.models import PanelScore


@dataclass(frozen=True, slots=True)
class PanelSheet:
    """One county's text on one qualitative indicator, with the score this expert has given."""

    submission: Submission
    indicator: Indicator
    text: str
    score: Decimal | None


def list_panel_collections(user: User) -> list[Collection]:
    """Collections an expert may score, newest first."""
    if not user.holds(Permission.SCORE_PANEL):
        return []
    return list(Collection.objects.exclude(state="draft").order_by("-data_year"))


def list_panel_indicators(collection: Collection) -> list[Indicator]:
    """Qualitative indicators of the collection's system."""
    return list(collection.version.indicators.filter(kind=IndicatorKind.QUALITATIVE).order_by("order"))


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
