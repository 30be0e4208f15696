"""`manage.py demo_objects`: public ids of what the demonstration holds."""

import json
from argparse import ArgumentParser
from collections import Counter
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from county_portal.demo.objects import list_objects


class Command(BaseCommand):
    help = "Count the demonstration's objects by kind and state, or list all of them with --json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One option: the whole list for programs."""
        parser.add_argument("--json", action="store_true", help="all objects as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print to stdout."""
        objects = list_objects()
        if options["json"]:
            rows = [asdict(each) for each in objects]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for (kind, state), count in sorted(
            Counter((row.kind, row.state) for row in objects).items()
        ):
            self.stdout.write(f"{kind:<12}{state:<40}{count:>6}")
