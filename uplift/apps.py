"""Django's name of this app."""

from django.apps import AppConfig


class UpliftConfig(AppConfig):
    """Uplift plans: targets by class, stages, growth, the special fund."""

    name = "uplift"
    verbose_name = "县域科技创新跃升计划"
