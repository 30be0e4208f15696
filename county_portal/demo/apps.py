"""The demonstration province."""

from django.apps import AppConfig
from django.conf import settings

from county_portal.common import clock
from county_portal.demo.ahead import shift


class DemoConfig(AppConfig):
    name = "county_portal.demo"
    label = "demo"
    verbose_name = "演示"

    def ready(self) -> None:
        """Where data are invented, the clock may be set ahead, to show what comes due in later years."""
        if settings.IS_DEMONSTRATION:
            clock.shift_by(shift)
