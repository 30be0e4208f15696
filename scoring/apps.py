"""The scoring app."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "scoring"
    verbose_name = "评价"

    def ready(self) -> None:
        """Tell the jobs ledger how to grade."""
        from scoring import tasks  # noqa: F401, PLC0415 -- registers on import
