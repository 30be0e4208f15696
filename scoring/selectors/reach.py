"""Whose results somebody may read: a county's own, a reviewing office's counties', the province's all."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Level, Permission
from county_portal.accounts.selectors import lineages
from scoring.models import ListRow, PublishedList


def result_reach(user: User) -> Q:
    """Rows with a `region` the user may read cards of: one rule for pages, results and files."""
    if user.level == Level.COUNTY:
        return Q(region__in=own_lineage(user))
    if user.level == Level.CITY:
        return Q(region__reviewing_office=user.office_id)
    return Q()


def own_lineage(user: User) -> list[int]:
    """The user's region and those it continues."""
    region = user.office.region
    return lineages([region])[region.pk] if region else []


def listed_rows(user: User) -> QuerySet[ListRow]:
    """Counties of published lists whose results the user may read."""
    if not user.holds(Permission.VIEW_REPORT_CARD):
        return ListRow.objects.none()
    return ListRow.objects.filter(result_reach(user)).select_related("region")


def get_listed_row(user: User, published: PublishedList, region_id: UUID) -> ListRow:
    """One of those on a list; 404 otherwise."""
    rows = listed_rows(user).filter(published_list=published)
    return get_object_or_404(rows, region__public_id=region_id)
