"""When somebody is reminded of a day that comes, and when others are told of one that passed."""

from collections.abc import Sequence
from datetime import date


def step_before(today: date, due_on: date, steps: Sequence[int]) -> int | None:
    """The reminder that holds today: the nearest of the days before that is not yet behind.

    Between two steps the earlier one holds on, so that a day on which nothing ran is caught up with.
    """
    left = (due_on - today).days
    if left < 0:
        return None
    return min((step for step in steps if step >= left), default=None)


def crossed_on(due_on: date, days: int) -> date:
    """The day on which `days` have passed since the due day."""
    return date.fromordinal(due_on.toordinal() + days)


def is_crossed(today: date, due_on: date, days: int) -> bool:
    """Whether so many days have passed."""
    return today >= crossed_on(due_on, days)
