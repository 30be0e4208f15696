"""What was reported of a measure, month by month, with evidence; its steps and urges."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from measures.models import Duty, Measure, ProgressEntry, StandingStep, Urge


def entries_of_month(duty: Duty, month: date) -> int:
    """How many times a unit has reported a month."""
    return duty.entries.filter(month=month).count()


def list_entries(measure: Measure) -> list[ProgressEntry]:
    """Newest month first, of a month the newest entry first; with figures, files and people; four queries."""
    return list(
        ProgressEntry.objects.filter(duty__measure=measure)
        .select_related("duty", "entered_by__office")
        .prefetch_related("figures__goal", "files__file")
        .order_by("-month", "-pk")
    )


def newest_of(duty: Duty, month: date) -> ProgressEntry | None:
    """What holds of a month."""
    entries = duty.entries.filter(month=month).prefetch_related("figures", "files__file")
    return entries.select_related("entered_by").order_by("-pk").first()


@dataclass(frozen=True, slots=True)
class Acts:
    """What was done about a measure beside reports, newest first."""

    steps: Sequence[StandingStep]
    urges: Sequence[Urge]


def list_acts(measure: Measure) -> Acts:
    """Its changes of standing and its urges; two queries."""
    return Acts(
        list(measure.steps.select_related("actor__office").order_by("-at", "-pk")),
        list(measure.urges.select_related("by__office").order_by("-at", "-pk")),
    )
