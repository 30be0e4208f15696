"""The audit app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "county_portal.audit"
    label = "audit"
    verbose_name = "审计"
