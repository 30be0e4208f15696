"""`manage.py verify_run`: grade complete runs again from their frozen inputs and compare to the bit."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring.actions.verifying import verify_all


class Command(BaseCommand):
    help = "Verify one complete run by its public id, or --all; exit code 1 if anything differs."

    def add_arguments(self, parser: CommandParser) -> None:
        """One run or all."""
        parser.add_argument("run", nargs="?", help="public id of a run")
        parser.add_argument("--all", action="store_true", help="every complete run")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line per run; fail at the end if one does not hold."""
        wanted = options["run"]
        if not options["all"] and not wanted:
            raise CommandError("请给出评价运行的编号，或使用 --all。")
        broken, count = [], 0
        for verdict in verify_all(None if options["all"] else wanted):
            count += 1
            run, outcome = verdict.run, "；".join(verdict.problems) or "一致"
            self.stdout.write(f"{run} {run.digest} {outcome}")
            broken += [str(run)] if verdict.problems else []
        if broken:
            raise CommandError(f"{len(broken)}次评价核验不符：{'、'.join(broken)}")
        if not count:
            raise CommandError("没有找到已完成的评价运行。")
