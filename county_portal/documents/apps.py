"""The documents app: no tables yet, so that templates and later models have a place."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Official documents: fonts, layout, PDF and xlsx."""

    name = "county_portal.documents"
    label = "documents"
    verbose_name = "公文与文档"
