"""`manage.py demo_clock 2029-09-01`: let the demonstration be that day."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from county_portal.common import clock
from county_portal.demo.accounts import require_demonstration
from county_portal.demo.ahead import set_today
from reports.actions.opening import move_paused, open_reports


class Command(BaseCommand):
    help = "Set the demonstration's clock to a day (YYYY-MM-DD); without one, right again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One optional day."""
        parser.add_argument("day", nargs="?", help="YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        """Set it, and say what day it is now."""
        require_demonstration()
        try:
            day = date.fromisoformat(options["day"]) if options["day"] else None
        except ValueError as error:
            raise CommandError(
                f"“{options['day']}”不是日期，请按“2029-09-01”的格式填写。"
            ) from error
        set_today(day)
        if day is not None:
            # The scheduler would have, on 1 January of each year that is passed over.
            open_reports()
            move_paused()
        self.stdout.write(f"演示时钟：{clock.today().isoformat()}")
