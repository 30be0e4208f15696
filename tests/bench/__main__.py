"""`make bench`: ratios to floors measured in the same run. Times differ by machine; ratios hardly do."""

import os
import sys
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from tests.bench.grading import Measured

CARDS = 167


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _graded(measured: "Measured", aim: int) -> str:
    return (
        f"grading {measured.counties} × {measured.lines // measured.counties}: "
        f"engine {measured.engine * 1000:.0f} ms, one SQL statement {measured.floor * 1000:.0f} ms, "
        f"ratio {measured.ratio:.2f} (expected ≤ {aim}), unchanged again {measured.again * 1000:.0f} ms; "
        f"{measured.agreeing} of {measured.counties} totals agree"
    )


def main() -> None:
    """Load the demonstration, then measure and print."""
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_demo")
    from scoring.models import GradingRun
    from tests.bench.grading import measure, measure_country

    run = (
        GradingRun.objects.filter(state="complete")
        .order_by("-collection__data_year", "-number")
        .first()
    )
    if run is None:
        raise SystemExit("the demonstration holds no complete run")
    _say(_graded(measure(run), 3))
    country, memory = measure_country(run)
    _say(_graded(country, 2))
    _say(f"twenty years of them: {memory}")
    from tests.bench.heat import bench as bench_heat

    for line in bench_heat():
        _say(line)

    from tests.bench.boards import bench as bench_boards

    for line in bench_boards():
        _say(line)

    from tests.bench import autosave

    saved = autosave.measure()
    _say(
        f"autosave of one cell: {saved.autosave * 1000:.1f} ms, bare upsert and audit insert "
        f"{saved.floor * 1000:.1f} ms, ratio {saved.ratio:.2f} (aimed at: ≤ 5 and ≤ 60 ms)"
    )
    from tests.bench.workbooks import bench as bench_workbooks

    for name, text in bench_workbooks().items():
        _say(f"{name}: {text}")
    from tests.bench.report_cards import bench

    for name, text in bench(int(os.environ.get("CARDS", CARDS))).items():
        _say(f"{name}: {text}")


if __name__ == "__main__":
    main()
