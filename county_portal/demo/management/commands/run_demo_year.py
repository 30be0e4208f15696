"""`manage.py run_demo_year --out DIR`: three evaluation years unattended, documents to a folder."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from county_portal.demo.accounts import require_demonstration
from county_portal.demo.year import Year


class Command(BaseCommand):
    help = "Play three evaluation years on an empty database, with a worker running; write the documents."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the documents go."""
        parser.add_argument("--out", type=Path, required=True, help="folder for the documents")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play, then write and print the summary."""
        require_demonstration()
        out: Path = options["out"]
        summary = Year(out, self._say).play()
        text = json.dumps(summary, ensure_ascii=False, indent=1)
        (out / "summary.json").write_text(text + "\n", encoding="utf-8")
        self.stdout.write(text)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
