"""The documents app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Official documents: numbers, drafting, layout, verification, files."""

    name = "county_portal.documents"
    label = "documents"
    verbose_name = "公文与文档"

    def ready(self) -> None:
        """Make the written kinds known, tell the jobs ledger how to make files, register the checks."""
        from county_portal.documents import (  # noqa: PLC0415 -- they need the models
            checks,  # noqa: F401 -- registers on import
            kinds,
            tasks,  # noqa: F401 -- registers on import
        )

        for kind in kinds.WRITTEN:
            kinds.register_document(kind)
