"""What administration itself keeps: announcements, and texts worded anew."""

from county_portal.administration.models.announcements import (
    Announcement,
    AnnouncementFile,
    AnnouncementQuerySet,
    AnnouncementState,
    Audience,
    Receipt,
)
from county_portal.administration.models.texts import TextVersion

__all__ = [
    "Announcement",
    "AnnouncementFile",
    "AnnouncementQuerySet",
    "AnnouncementState",
    "Audience",
    "Receipt",
    "TextVersion",
]
