"""Django's name of this app."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    """The ledger of measures and tasks with the units responsible, and the monthly report on them."""

    name = "measures"
    verbose_name = "措施台账"

    def ready(self) -> None:
        """Tell documents of the monthly report and of the data it is bound to."""
        from county_portal.documents import kinds  # noqa: PLC0415 -- needs the models
        from measures.selectors.composing import MONTH_KIND, REPORT_KIND  # noqa: PLC0415 -- the same

        kinds.register_data(MONTH_KIND)
        kinds.register_document(REPORT_KIND)
