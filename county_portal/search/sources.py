"""Everything that may be searched, in the order in which it is shown. A new kind is one line here."""

from county_portal.search.handbooks import find_guides
from county_portal.search.hits import Source
from county_portal.search.ledgers import find_measures
from county_portal.search.measured import find_indicators
from county_portal.search.papers import find_announcements, find_lists, find_notices, find_papers
from county_portal.search.pilots import find_pilots
from county_portal.search.places import find_places

SOURCES: tuple[Source, ...] = (
    Source("places", "县（市、区）", find_places),
    Source("indicators", "指标", find_indicators),
    Source("lists", "公布名单", find_lists),
    Source("pilots", "试点", find_pilots),
    Source("measures", "措施", find_measures),
    Source("papers", "公文", find_papers),
    Source("announcements", "公告", find_announcements),
    Source("notices", "通知", find_notices),
    Source("guides", "使用帮助", find_guides),
)
