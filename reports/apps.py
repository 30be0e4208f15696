"""The reports app."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "报告"

    def ready(self) -> None:
        """Tell the jobs ledger how to make report cards."""
        from reports import tasks  # noqa: F401, PLC0415 -- registers on import
