"""The notices app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "county_portal.notices"
    label = "notices"
    verbose_name = "通知"
