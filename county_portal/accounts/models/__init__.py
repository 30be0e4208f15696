"""Tables of regions, offices and people."""

from county_portal.accounts.models.calendar import CalendarDay, DayKind
from county_portal.accounts.models.changes import (
    OfficeName,
    RegionChange,
    RegionChangeKind,
    RegionChangeState,
)
from county_portal.accounts.models.deputyships import Deputyship
from county_portal.accounts.models.people import User, UserManager, canonical_login
from county_portal.accounts.models.regions import Office, Region, RegionQuerySet, fold_variants
from county_portal.accounts.models.sign_ins import SignIn, SignInKind, StrangerTally

__all__ = [
    "CalendarDay",
    "DayKind",
    "Deputyship",
    "Office",
    "OfficeName",
    "Region",
    "RegionChange",
    "RegionChangeKind",
    "RegionChangeState",
    "RegionQuerySet",
    "SignIn",
    "SignInKind",
    "StrangerTally",
    "User",
    "UserManager",
    "canonical_login",
    "fold_variants",
]
