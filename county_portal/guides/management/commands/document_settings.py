"""Write the operators' table of variables anew."""

from typing import Any

from django.core.management.base import BaseCommand

from county_portal.guides.configuration import TABLE, settings_table


class Command(BaseCommand):
    """Reads the settings module, writes docs/运行维护/配置项.md."""

    help = "Write docs/运行维护/配置项.md from the settings."

    def handle(self, *args: Any, **options: Any) -> None:
        """Replace the page."""
        TABLE.write_text(settings_table(), encoding="utf-8")
        self.stdout.write(str(TABLE))
