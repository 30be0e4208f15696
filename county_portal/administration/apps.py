"""Django's name of this app."""

from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    """Administration across the apps: handing over work, regions, holidays, notices, texts."""

    name = "county_portal.administration"
    verbose_name = "管理"
