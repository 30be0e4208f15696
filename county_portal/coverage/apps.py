"""Django's name of this app."""

from django.apps import AppConfig


class CoverageConfig(AppConfig):
    """Coverage goals: how far each is reached, and who is missing."""

    name = "county_portal.coverage"
    verbose_name = "覆盖目标"
