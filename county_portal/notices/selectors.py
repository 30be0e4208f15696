"""The door to notices."""

from django.db.models import QuerySet

from county_portal.accounts.models import User
from county_portal.notices.models import Notice


def list_notices(user: User) -> QuerySet[Notice]:
    """A person's own, newest first."""
    return Notice.objects.filter(recipient=user).order_by("-created_at", "-pk")


def count_unread(user: User) -> int:
    """How many of them have not been read."""
    return list_notices(user).filter(read_at__isnull=True).count()
