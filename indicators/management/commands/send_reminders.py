"""Tell what the timetables ask for; what was told is not told again."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from indicators.actions.reminding import send_reminders


class Command(BaseCommand):
    help = "按提醒安排发送站内提醒和逾期上报；重复运行不会重复提醒。"

    def add_arguments(self, parser: CommandParser) -> None:
        """The day, for catching up by hand."""
        parser.add_argument("--on", type=date.fromisoformat, help="按哪一天办理，例如2026-04-27。")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many were new."""
        self.stdout.write(f"已发送{send_reminders(options['on'])}条新提醒。")
