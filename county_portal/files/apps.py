"""The file store app."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "county_portal.files"
    label = "files"
    verbose_name = "文件"

    def ready(self) -> None:
        """Register the deployment checks."""
        from county_portal.files import checks  # noqa: F401, PLC0415 -- registers on import
