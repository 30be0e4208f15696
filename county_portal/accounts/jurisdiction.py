"""Whose rows somebody may see: a county's own, a reviewing office's counties', the province's all."""

from typing import TYPE_CHECKING

from django.db.models import Q

from county_portal.accounts.roles import Level, Permission

if TYPE_CHECKING:
    from county_portal.accounts.models import User

_NOBODYS = Q(pk__in=())


def within_reach(user: "User", permission: Permission, *, through: str = "") -> Q:
    """Rows of `user`'s jurisdiction that he may see with this permission; none without it.

    Rows name their offices by `office` and `reviewing_office`; `through` leads to the row that does (`pilot__`).
    """
    if not user.holds(permission):
        return _NOBODYS
    if user.level == Level.COUNTY:
        return Q(**{f"{through}office": user.office_id})
    if user.level == Level.CITY:
        return Q(**{f"{through}reviewing_office": user.office_id})
    return Q()
