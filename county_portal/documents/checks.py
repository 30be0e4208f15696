"""Deployment checks of issued documents."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.utils.module_loading import import_string


@checks.register(checks.Tags.security, deploy=True)
def documents_can_be_verified(
    app_configs: Sequence[Any] | None, **options: Any
) -> list[checks.CheckMessage]:
    """A QR code needs an address, a signature a signer that exists."""
    found: list[checks.CheckMessage] = []
    if not settings.PORTAL_URL:
        found.append(
            checks.Warning(
                "PORTAL_URL is not set: QR codes on documents carry the code alone, no address.",
                hint="Name the address everybody reaches the portal at, see .env.sample.",
                id="documents.W001",
            )
        )
    try:
        if settings.DOCUMENT_SIGNER:
            import_string(settings.DOCUMENT_SIGNER)
    except ImportError:
        found.append(
            checks.Error(
                f"DOCUMENT_SIGNER names nothing that can be imported: {settings.DOCUMENT_SIGNER}",
                hint="county_portal.documents.signing.signer_from_files, or your own; see .env.sample.",
                id="documents.E001",
            )
        )
    return found
