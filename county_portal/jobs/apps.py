"""The jobs app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "county_portal.jobs"
    label = "jobs"
    verbose_name = "长时任务"
