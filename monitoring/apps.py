"""Django's name of this app."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """Early warning: what the year will end at, what is off its way, who is told."""

    name = "monitoring"
    verbose_name = "监测预警"

    def ready(self) -> None:
        """Tell the jobs ledger how to watch."""
        from monitoring import tasks  # noqa: F401, PLC0415 -- registers on import
