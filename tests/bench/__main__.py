"""`make bench`: ratios to floors measured in the same run. Times differ by machine; ratios hardly do."""

import os
import sys

import django

CARDS = 167


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main() -> None:
    """Load the demonstration, then measure and print."""
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_demo")
    from scoring.models import GradingRun
    from tests.bench.grading import measure

    run = (
        GradingRun.objects.filter(state="complete")
        .order_by("-collection__data_year", "-number")
        .first()
    )
    if run is None:
        raise SystemExit("the demonstration holds no complete run")
    graded = measure(run)
    _say(
        f"grading {graded.counties} × {graded.lines // graded.counties}: engine {graded.engine * 1000:.0f} ms, "
        f"one SQL statement {graded.floor * 1000:.0f} ms, ratio {graded.ratio:.2f} (expected ≤ 3); "
        f"{graded.agreeing} of {graded.counties} totals agree"
    )
    from tests.bench.heat import bench as bench_heat

    for line in bench_heat():
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
