"""The documents app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Official documents: numbers, drafting, layout, verification, files."""

    name = "county_portal.documents"
    label = "documents"
    verbose_name = "公文与文档"

    def ready(self) -> None:
        """Make the written kinds known, and tell the jobs ledger how to make a document's files."""
        from county_portal.documents import kinds, tasks  # noqa: F401, PLC0415 -- registers on import

        for kind in kinds.WRITTEN:
            kinds.register_document(kind)
