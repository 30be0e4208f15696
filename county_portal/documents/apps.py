"""The documents app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Official documents: numbers, drafting, layout, verification, files."""

    name = "county_portal.documents"
    label = "documents"
    verbose_name = "公文与文档"

    def ready(self) -> None:
        """Tell the jobs ledger how to make a document's files, and register the deployment checks."""
        from county_portal.documents import checks, tasks  # noqa: F401, PLC0415 -- register on import
