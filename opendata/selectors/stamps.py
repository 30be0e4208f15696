"""What was published last, at one query: what was read stays good as long as its stamp is the same."""

from collections.abc import Hashable

from django.db.models import Count, Max

from applications.models import Reached, TargetChange
from reports.selectors.progress_year import list_published_years
from scoring.selectors.lists import list_published


def lists_stamp() -> Hashable:
    """Every published version, and how its paper stands: a paper may be voided or lapse later."""
    rows = list_published().values_list("public_id", "published_at", "paper__status")
    return tuple(rows.order_by("pk"))


def achievement_stamp() -> Hashable:
    """Published years, their figures, and the targets they are held against, which move only by a request."""
    years = tuple((row.public_id, row.published_at) for row in list_published_years())
    figures = Reached.objects.filter(published_at__isnull=False)
    told = figures.aggregate(Count("pk"), Max("pk"), Max("recorded_at"), Max("published_at"))
    moved = TargetChange.objects.aggregate(Count("pk"), Max("province_at"))
    return years, tuple(told.values()), tuple(moved.values())
