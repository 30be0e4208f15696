"""The indicators app."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = "指标填报"

    def ready(self) -> None:
        """Tell documents of the letter that reports sheets, and of sheets as data they are bound to."""
        from county_portal.documents import kinds  # noqa: PLC0415 -- needs the models
        from indicators.selectors.letters import LETTER_KIND, SHEET_KIND  # noqa: PLC0415 -- the same

        kinds.register_document(LETTER_KIND)
        kinds.register_data(SHEET_KIND)
