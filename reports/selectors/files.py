"""The door to report cards: which counties' cards a person may see, and their files."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Min, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Permission
from county_portal.accounts.selectors import find_regions
from county_portal.documents.enums import PaperStatus
from county_portal.documents.models import Paper
from reports.models import CardFile
from scoring.models import ListRow, PublishedList
from scoring.selectors.lists import list_current
from scoring.selectors.reach import listed_rows, result_reach


def list_card_rows(user: User, published: PublishedList) -> QuerySet[ListRow]:
    """Counties of a list whose card the user may see."""
    return listed_rows(user).filter(published_list=published).order_by("order")


@dataclass(frozen=True, slots=True)
class CardYear:
    """A year's valid list: how many of its cards one may see, and the card where it is only one."""

    published: PublishedList
    count: int
    row: ListRow | None


def list_card_years(user: User) -> list[CardYear]:
    """Years with a valid list, newest first; as many queries for ten years as for one."""
    lists = list_current()
    rows = listed_rows(user).filter(published_list__in=lists)
    counted = rows.order_by().values_list("published_list").annotate(Count("pk"), Min("pk"))
    counts = {pk: (count, first) for pk, count, first in counted}
    single = rows.filter(pk__in=[first for count, first in counts.values() if count == 1])
    only = {row.published_list_id: row for row in single}
    return [CardYear(row, counts.get(row.pk, (0, 0))[0], only.get(row.pk)) for row in lists]


@dataclass(frozen=True, slots=True)
class CardFilter:
    """What a year's counties are narrowed to; blanks narrow nothing."""

    class_name: str = ""
    city: str = ""
    text: str = ""


def narrow_rows(rows: Sequence[ListRow], wanted: CardFilter) -> list[ListRow]:
    """The rows asked for; one query where a name is searched."""
    named: Collection[int] | None = None
    if wanted.text:
        named = set(find_regions(wanted.text).order_by().values_list("pk", flat=True))
    return [
        row
        for row in rows
        if wanted.class_name in {"", row.class_name}
        and wanted.city in {"", row.city}
        and (named is None or row.region_id in named)
    ]


def newest_files(published: PublishedList, regions: Sequence[int]) -> dict[int, CardFile]:
    """The newest rendered card of each region, one query."""
    files = (
        CardFile.objects.filter(published_list=published, region__in=regions)
        .select_related("file", "paper")
        # By key: ordering by the region itself would order by its code.
        .order_by("region_id", "-rendered_at", "-pk")
        .distinct("region_id")
    )
    return {row.region_id: row for row in files}


def list_files_of(published: PublishedList, digests: Collection[str]) -> dict[int, CardFile]:
    """Cards with these contents by region; what was rendered first may be valid again, so not the newest.

    A content that came back was issued anew: then the last paper of it counts.
    """
    files = CardFile.objects.filter(published_list=published, digest__in=digests).order_by("pk")
    return {row.region_id: row for row in files.select_related("file", "paper")}


def find_card_file(published: PublishedList, region: Region, digest: str) -> CardFile | None:
    """The card last issued with this content."""
    files = CardFile.objects.filter(published_list=published, region=region, digest=digest)
    return files.select_related("paper").order_by("pk").last()


def lock_valid_papers(published: PublishedList, region: Region) -> list[Paper]:
    """Papers of a county's cards of the list's year that still hold, of whichever version of the list."""
    cards = CardFile.objects.filter(
        region=region, published_list__collection=published.collection_id
    )
    return list(
        Paper.objects.select_for_update(of=("self",))
        .filter(pk__in=cards.values("paper"), status=PaperStatus.VALID)
        .order_by("pk")
    )


def count_papers(published: PublishedList, region: Region) -> int:
    """How many cards of a county were issued from a list."""
    return CardFile.objects.filter(
        published_list=published, region=region, paper__isnull=False
    ).count()


def get_card_file(user: User, public_id: UUID) -> CardFile:
    """A rendered card within the user's jurisdiction; 404 otherwise."""
    files = CardFile.objects.filter(result_reach(user)).select_related("file")
    if not user.holds(Permission.VIEW_REPORT_CARD):
        files = files.none()
    return get_object_or_404(files, public_id=public_id)
