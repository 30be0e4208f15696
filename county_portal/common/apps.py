"""The shared kernel as a Django app, so that its checks and commands are found."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "county_portal.common"
    label = "common"

    def ready(self) -> None:
        """Register the system checks."""
        from county_portal.common import checks  # noqa: F401, PLC0415 -- registers on import
