"""Django's name of this app."""

from django.apps import AppConfig


class OpendataConfig(AppConfig):
    """Published results for programs, and the way in for the systems of other offices."""

    name = "opendata"
    verbose_name = "开放数据"
