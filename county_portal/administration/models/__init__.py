"""What administration itself keeps: announcements, texts worded anew, people about to get an account."""

from county_portal.administration.models.announcements import (
    Announcement,
    AnnouncementFile,
    AnnouncementQuerySet,
    AnnouncementState,
    Audience,
    Receipt,
)
from county_portal.administration.models.newcomers import Newcomer, SlipBatch
from county_portal.administration.models.texts import TextVersion

__all__ = [
    "Announcement",
    "AnnouncementFile",
    "AnnouncementQuerySet",
    "AnnouncementState",
    "Audience",
    "Newcomer",
    "Receipt",
    "SlipBatch",
    "TextVersion",
]
