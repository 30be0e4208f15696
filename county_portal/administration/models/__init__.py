"""What administration itself keeps: announcements, and texts worded anew."""

from county_portal.administration.models.announcements import (
    Announcement,
    AnnouncementFile,
    AnnouncementState,
    Audience,
    Receipt,
)
from county_portal.administration.models.texts import TextVersion

__all__ = [
    "Announcement",
    "AnnouncementFile",
    "AnnouncementState",
    "Audience",
    "Receipt",
    "TextVersion",
]
