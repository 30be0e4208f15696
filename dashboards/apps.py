"""Django's name of this app."""

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    """Pictures of the province, a city, a county: charts with their tables, exactly as filtered."""

    name = "dashboards"
    verbose_name = "数据看板"
