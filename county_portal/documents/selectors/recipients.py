"""Offices a document may be sent to: the province's bureaus downward, a city's own counties and upward."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import Level, OfficeKind
from county_portal.accounts.selectors import list_reviewing_offices


class Group(StrEnum):
    """Ready-made choices of recipients."""

    NOBODY = "nobody"
    UPWARD = "upward"
    CITIES = "cities"
    COUNTIES = "counties"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom an office may send to, in the register's order."""

    upward: Sequence[Office]
    cities: Sequence[Office]
    counties: Sequence[Office]

    @property
    def everybody(self) -> list[Office]:
        """All of them."""
        return [*self.upward, *self.cities, *self.counties]

    def members(self, group: str) -> Sequence[Office]:
        """The offices of a ready-made choice."""
        ready = {
            Group.UPWARD: self.upward,
            Group.CITIES: self.cities,
            Group.COUNTIES: self.counties,
        }
        return ready.get(Group(group), ())

    def group_of(self, ids: Collection[int]) -> Group:
        """The choice that means exactly these offices."""
        chosen = set(ids)
        if not chosen:
            return Group.NOBODY
        for group in (Group.UPWARD, Group.CITIES, Group.COUNTIES):
            if chosen == {office.pk for office in self.members(group)}:
                return group
        return Group.CHOSEN


def reach_of(user: User) -> Reach:
    """Whom the user's office may send to; two queries."""
    bureaus = (
        Office.objects.filter(
            level=Level.COUNTY,
            kind=OfficeKind.BUREAU,
            region__valid_to__isnull=True,
            region__is_practice=False,
        )
        .select_related("region")
        .order_by("region__code")
    )
    if user.level == Level.PROVINCE:
        return Reach((), list(list_reviewing_offices()), list(bureaus))
    top = Office.objects.filter(level=Level.PROVINCE, kind=OfficeKind.BUREAU).order_by("order")[:1]
    own = bureaus.filter(region__reviewing_office_id=user.office_id)
    return Reach(list(top), (), list(own))


def choose(user: User, group: str, ids: Collection[UUID]) -> list[Office]:
    """The offices meant; those out of reach are left out."""
    reach = reach_of(user)
    if group != Group.CHOSEN:
        return list(reach.members(group))
    wanted = set(ids)
    return [office for office in reach.everybody if office.public_id in wanted]
