"""Deployment checks of the file store."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def uploads_are_scanned(app_configs: Sequence[Any] | None, **options: Any) -> list[CheckMessage]:
    """A server that takes files from 167 counties should have them scanned."""
    if settings.CLAMAV_SOCKET:
        return []
    return [
        Warning(
            "CLAMAV_SOCKET is not set: uploaded files are not scanned for viruses.",
            hint="Name clamd's socket (/run/clamav/clamd.ctl or host:3310), see .env.sample.",
            id="files.W001",
        )
    ]
