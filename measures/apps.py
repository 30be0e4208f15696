"""Django's name of this app."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    """The ledger of measures and tasks with the units responsible, and the monthly report on them."""

    name = "measures"
    verbose_name = "措施台账"
