"""What pilots reached, kept here for pages and acceptance; progress reports bring it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from applications.models import Pilot, PilotTarget, Reached
from county_portal.common import clock


@dataclass(frozen=True, slots=True)
class ReachedInput:
    """One indicator's figure of a year, as the province received it."""

    target: PilotTarget
    number: Decimal | None
    words: str = ""


def record_reached(*, pilot: Pilot, year: int, figures: Iterable[ReachedInput]) -> None:
    """Keep a year's figures; part of receiving a report, which authorises and records the act."""
    Reached.objects.bulk_create(
        [
            Reached(
                target=each.target,
                year=year,
                number=each.number,
                words=each.words,
                recorded_at=clock.now(),
            )
            for each in figures
            if each.target.pilot_id == pilot.pk
        ],
        update_conflicts=True,
        unique_fields=["target", "year"],
        update_fields=["number", "words", "recorded_at"],
    )


def publish_reached(year: int) -> int:
    """Let everybody read a year's figures; part of publishing that year's summary."""
    return Reached.objects.filter(year=year, published_at__isnull=True).update(
        published_at=clock.now()
    )
