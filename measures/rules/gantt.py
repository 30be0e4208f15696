"""The ledger's measures on an axis of time, part by part. Drawn by the schedule of the pilots' plans."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from applications.rules.materials import Step
from applications.rules.schedule import Schedule, draw_lanes
from measures.rules.lines import Line


def draw_ledger(lines: Sequence[Line], starts_on: date, today: date) -> Schedule | None:
    """One bar a measure, from the ledger's first day to its day; to the axis's end where it has none."""
    if not lines:
        return None
    days = [line.due_on for line in lines if line.due_on]
    last = (
        max([*days, date(today.year, 12, 31)])
        if any(not line.due_on for line in lines)
        else max(days)
    )
    last = max(last, starts_on)
    # Whole years: the axis names them side by side in equal widths.
    term = (date(starts_on.year, 1, 1), date(last.year, 12, 31))
    lanes = [
        (title, [Step(line.heading, starts_on, line.due_on or term[1]) for line in group])
        for title, group in groupby(lines, key=lambda line: line.part_title)
    ]
    return draw_lanes(term, lanes)
