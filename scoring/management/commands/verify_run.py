"""`manage.py verify_run`: grade complete runs again from their frozen inputs and compare to the bit."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring.archive import problems_of
from scoring.models import GradingRun


class Command(BaseCommand):
    help = "Verify one complete run by its public id, or --all; exit code 1 if anything differs."

    def add_arguments(self, parser: CommandParser) -> None:
        """One run or all."""
        parser.add_argument("run", nargs="?", help="public id of a run")
        parser.add_argument("--all", action="store_true", help="every complete run")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line per run; fail at the end if one does not hold."""
        runs = GradingRun.objects.filter(state="complete").order_by("pk")
        if not options["all"]:
            if not options["run"]:
                raise CommandError("请给出评价运行的编号，或使用 --all。")
            runs = runs.filter(public_id=options["run"])
        broken, count = [], 0
        for run in runs.iterator(chunk_size=1):
            count += 1
            problems = problems_of(run)
            self.stdout.write(f"{run} {run.digest} {'；'.join(problems) or '一致'}")
            broken += [str(run)] if problems else []
        if broken:
            raise CommandError(f"{len(broken)}次评价核验不符：{'、'.join(broken)}")
        if not count:
            raise CommandError("没有找到已完成的评价运行。")
