"""Django's name of this app."""

from django.apps import AppConfig


class GuidesConfig(AppConfig):
    """Guides beside the pages, their pictures and their search."""

    name = "county_portal.guides"
    verbose_name = "使用帮助"
