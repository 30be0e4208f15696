"""Django's name of this app."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Counties, indicators, documents and measures found by name, pinyin and initials."""

    name = "county_portal.search"
    verbose_name = "查找"
