"""Indicators, by name, formula and code."""

from collections.abc import Iterator

from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.search.hits import Hit
from county_portal.search.matching import Query, best_rank
from indicators.enums import VersionState
from indicators.models import Indicator, SystemVersion


def find_indicators(user: User | None, query: Query) -> Iterator[Hit]:
    """Of the newest locked version of each system: published with it. Two queries."""
    versions = SystemVersion.objects.filter(state=VersionState.LOCKED).select_related("system")
    newest = {version.system_id: version for version in versions.order_by("number")}
    by_key = {version.pk: version for version in newest.values()}
    rows = Indicator.objects.filter(version__in=by_key).select_related("group")
    for row in rows.order_by("version__system__name", "order"):
        version = by_key[row.version_id]
        rank = best_rank(query, [row.name, row.numerator_label, row.denominator_label])
        if rank is not None:
            url = reverse("search:indicator", args=[version.public_id, row.code])
            yield Hit(
                rank, row.name, url, f"{version.system.name}，{row.group.name}，第{row.order}项"
            )
