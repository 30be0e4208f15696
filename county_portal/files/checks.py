"""Deployment checks of the file store."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def uploads_are_scanned(
    app_configs: Sequence[Any] | None, **options: Any
) -> list[checks.CheckMessage]:
    """A server that takes files from 167 counties should have them scanned."""
    if settings.CLAMAV_SOCKET:
        return []
    return [
        checks.Warning(
            "CLAMAV_SOCKET is not set: uploaded files are not scanned for viruses.",
            hint="Name clamd's socket (/run/clamav/clamd.ctl or host:3310), see .env.sample.",
            id="files.W001",
        )
    ]
