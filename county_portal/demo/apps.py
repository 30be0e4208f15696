"""The demonstration province."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "county_portal.demo"
    label = "demo"
    verbose_name = "演示"
