"""`manage.py check_province <key>`: everything wrong with a province's folder, at once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from county_portal.common.province_checks import list_faults, list_provinces


class Command(BaseCommand):
    help = "Check the data files of a province against provinces/schema and against each other."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which folder; all of them without one."""
        parser.add_argument("province", nargs="?", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print every fault. Raises CommandError where there is one."""
        keys = [options["province"]] if options["province"] else list_provinces()
        count = 0
        for key in keys:
            faults = list_faults(key)
            count += len(faults)
            for fault in faults:
                self.stdout.write(f"provinces/{key}/{fault}")
            if not faults:
                self.stdout.write(f"provinces/{key}：符合要求。")
        if count:
            raise CommandError(f"共有{count}处不符合要求。")
