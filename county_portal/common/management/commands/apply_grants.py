"""`manage.py apply_grants`: rights of the application's role; run as the owner after `migrate`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from county_portal.common.grants import apply_grants


class Command(BaseCommand):
    help = "Give the application's database role its rights (run as the owner, after migrate)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Apply the grants to the role named by PORTAL_APP_ROLE."""
        if not settings.PORTAL_APP_ROLE:
            raise CommandError("PORTAL_APP_ROLE is not set: name the role that web and worker use.")
        locked = apply_grants(settings.PORTAL_APP_ROLE)
        self.stdout.write(f"append-only for {settings.PORTAL_APP_ROLE}: {', '.join(locked)}")
