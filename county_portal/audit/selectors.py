"""Reading the audit record."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import QuerySet

from county_portal.audit.chain import Verification, verify
from county_portal.audit.models import Event


def list_events(
    *,
    region_code: str = "",
    login: str = "",
    act: str = "",
    acts: Sequence[str] = (),
    since: datetime | None = None,
    before: datetime | None = None,
) -> QuerySet[Event]:
    """Entries, newest first, narrowed by what is given; `since` is included, `before` is not."""
    events = Event.objects.order_by("-serial")
    if region_code:
        events = events.filter(region_code=region_code)
    if login:
        events = events.filter(actor_login=login)
    if act or acts:
        events = events.filter(act__in=[act, *acts])
    if since:
        events = events.filter(at__gte=since)
    if before:
        events = events.filter(at__lt=before)
    return events


def list_events_of(kind: str, object_id: str) -> QuerySet[Event]:
    """The history of one object, oldest first."""
    return Event.objects.filter(kind=kind, object_id=object_id).order_by("serial")


def list_hands(
    kind: str, object_id: str, *, besides: Collection[str] = (), **detail: object
) -> set[int]:
    """Primary keys of the accounts that did anything to an object but these acts; one query.

    For rows that do not keep everybody who wrote them. `detail` narrows to entries that hold these values.
    """
    events = list_events_of(kind, object_id).exclude(act__in=besides).order_by()
    if detail:
        events = events.filter(detail__contains=detail)
    actors = events.values_list("actor_id", flat=True).distinct()
    return {actor for actor in actors if actor is not None}


def hands_by_object(
    kind: str, object_ids: Collection[str], *, besides: Collection[str] = ()
) -> dict[str, set[int]]:
    """The same of several objects of a kind, by object; one query."""
    events = Event.objects.filter(kind=kind, object_id__in=list(object_ids)).exclude(
        act__in=besides
    )
    hands: dict[str, set[int]] = {}
    for key, actor in events.order_by().values_list("object_id", "actor_id").distinct():
        if actor is not None:
            hands.setdefault(key, set()).add(actor)
    return hands


def find_event(act: str, **detail: str) -> Event | None:
    """The last entry of an act whose detail holds these words."""
    return Event.objects.filter(act=act, detail__contains=detail).order_by("-serial").first()


def verify_chain() -> Verification:
    """Recompute the whole chain."""
    return verify(Event.objects.order_by("serial").iterator(chunk_size=2000))
