"""What held on a day: which version of a list was in force, which run stood behind it."""

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from county_portal.common.clock import BEIJING
from indicators.models import Collection
from scoring.enums import RunState
from scoring.models import GradingRun, PublishedList
from scoring.selectors.lists import list_published


def _end_of(day: date) -> datetime:
    """The first instant after a day in Beijing."""
    return datetime.combine(day + timedelta(days=1), time(), BEIJING)


def list_published_by(day: date) -> QuerySet[PublishedList]:
    """What the public could read on the evening of a day, newest first, corrected versions too."""
    return list_published().filter(published_at__lt=_end_of(day))


def list_held_on(collection: Collection, day: date) -> PublishedList | None:
    """The version of a year's list in force on the evening of a day; None before the first."""
    return list_published_by(day).filter(collection=collection).order_by("-version").first()


def run_held_on(collection: Collection, day: date) -> GradingRun | None:
    """The run behind the list in force, before any list the newest one complete by then."""
    published = list_held_on(collection, day)
    runs = GradingRun.objects.filter(collection=collection, state=RunState.COMPLETE)
    if published is not None:
        return runs.get(pk=published.run_id)
    complete = runs.filter(completed_at__lt=_end_of(day))
    return complete.defer("inputs").order_by("-completed_at", "-pk").first()
