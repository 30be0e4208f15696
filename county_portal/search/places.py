"""Counties and cities, those too that have ended, by any of their names."""

import re
from collections.abc import Iterator

from django.urls import reverse
from django.utils.http import urlencode

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Level
from county_portal.search.hits import Hit
from county_portal.search.matching import Query, best_rank

# 辛集 is 辛集市 to whoever asks; 区 alone, or a name of two characters, is left whole.
_STEM = re.compile(r"(?<=..)(自治县|市|县|区)$")


def find_places(user: User | None, query: Query) -> Iterator[Hit]:
    """Known to everybody: names, former ones too. One query."""
    regions = (
        Region.objects.filter(level__in=[Level.COUNTY, Level.CITY], is_practice=False)
        .select_related("parent", "successor")
        .order_by("valid_to", "code")
    )
    # Those alive first: among equals the order here decides.
    for region in sorted(regions, key=lambda row: (not row.is_alive, row.code)):
        names = {region.name, region.full_name, _STEM.sub("", region.name)}
        rank = best_rank(query, names)
        if rank is None and query.folded.isdigit() and region.code.startswith(query.folded):
            rank = best_rank(query, [region.code])
        if rank is not None:
            shown = region.successor or region
            url = f"{reverse('home:front')}?{urlencode({'q': shown.name})}"
            yield Hit(rank, region.full_name, url, _note(region))


def _note(region: Region) -> str:
    words = [f"区划代码{region.code}"]
    if region.parent and region.parent.level == Level.CITY:
        words.append(region.parent.name)
    if region.valid_to:
        words.append(f"{region.valid_to.year}年{region.valid_to.month}月撤销")
        if region.successor:
            words.append(f"并入{region.successor.full_name}")
    return "，".join(words)
