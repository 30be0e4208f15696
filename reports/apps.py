"""The reports app."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "报告"

    def ready(self) -> None:
        """Tell the jobs ledger how to make report cards, and the pages of documents what they are."""
        from county_portal.documents import kinds  # noqa: PLC0415 -- needs the models
        from reports import tasks  # noqa: F401, PLC0415 -- registers on import
        from reports.enums import REPORT_CARD_PAPER  # noqa: PLC0415 -- with its siblings

        kinds.register_issued(kinds.IssuedKind(REPORT_CARD_PAPER, "得分说明书"))
