"""Returns: what is asked of the county, what it answered, and why sheets come back over the year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.common import clock
from indicators.enums import ReturnReason
from indicators.models import Collection, ReturnItem, ReturnPacket, Submission
from indicators.selectors.catalogue import catalogue_of
from indicators.selectors.changes import list_changes_since_return
from indicators.selectors.locks import linked_codes

DAYS_TO_CORRECT = 7
APPROVAL_NAME = "县政府审定"


def default_due_on(collection: Collection) -> date:
    """By when a return is to be answered unless said otherwise: never a day that is past."""
    today = clock.today()
    is_ahead = collection.city_due_on >= today
    return collection.city_due_on if is_ahead else today + timedelta(days=DAYS_TO_CORRECT)


def open_packet_of(submission: Submission) -> ReturnPacket | None:
    """The return that waits for the county, or None; asked only where a day is set for its answer."""
    if submission.correction_due_on is None:
        return None
    return submission.return_packets.filter(answered_at__isnull=True).first()


def get_return_item(user: User, public_id: UUID) -> ReturnItem:
    """An item of a submission within the user's jurisdiction; 404 otherwise."""
    items = ReturnItem.objects.filter(packet__submission__in=Submission.objects.visible_to(user))
    return get_object_or_404(items.select_related("packet__submission"), public_id=public_id)


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """One item of a return with what has become of it."""

    item: ReturnItem
    name: str
    is_changed: bool

    @property
    def is_settled(self) -> bool:
        """Whether it was answered, or its line changed."""
        return self.is_changed or bool(self.item.answer)


@dataclass(frozen=True, slots=True)
class Checklist:
    """A return as the county works it off and the city reads it."""

    packet: ReturnPacket
    lines: Sequence[ChecklistLine]
    # Names of lines that are open as well, because they state the same facts.
    linked: Sequence[tuple[str, str]]

    @property
    def is_open(self) -> bool:
        """Whether it waits for the county."""
        return self.packet.answered_at is None

    @property
    def settled(self) -> int:
        """How many items are done with."""
        return sum(1 for line in self.lines if line.is_settled)

    @property
    def unsettled(self) -> list[ChecklistLine]:
        """Items neither answered nor changed."""
        return [line for line in self.lines if not line.is_settled]

    @property
    def by_code(self) -> Mapping[str, ChecklistLine]:
        """Items by indicator."""
        return {line.item.indicator_code: line for line in self.lines}


def read_checklist(submission: Submission) -> Checklist | None:
    """The latest return of a submission, open or answered; None if it never was returned."""
    packet = submission.return_packets.prefetch_related("items__answered_by").last()
    if packet is None:
        return None
    indicators = catalogue_of(submission.collection.version_id).indicators
    names = {code: row.name for code, row in indicators.items()}
    changes = list_changes_since_return(submission)
    lines = [
        ChecklistLine(
            item, names.get(item.indicator_code, APPROVAL_NAME), item.indicator_code in changes
        )
        for item in packet.items.all()
    ]
    named = {line.item.indicator_code for line in lines}
    linked = [(code, names[code]) for code in linked_codes(submission, named)]
    return Checklist(packet, lines, linked)


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How often a reason was given in a year, of how many altogether."""

    reason: ReturnReason
    items: int
    submissions: int
    total: int

    @property
    def percent(self) -> int:
        """Share of all items, in whole per cent; for the length of a bar only."""
        return self.items * 100 // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class ReasonYear:
    """The reasons of one data year."""

    counts: Sequence[ReasonCount]
    packets: int
    submissions: int

    @property
    def items(self) -> int:
        """How many fields were returned."""
        return sum(row.items for row in self.counts)


def list_return_years(user: User) -> list[int]:
    """Data years of which something was returned within the jurisdiction, newest first."""
    seen = Submission.objects.visible_to(user).filter(return_packets__isnull=False)
    years = seen.order_by("-collection__data_year")
    return list(years.values_list("collection__data_year", flat=True).distinct())


def count_reasons(user: User, data_year: int) -> ReasonYear:
    """Counts by reason, every reason named, most frequent first; two queries."""
    visible = Submission.objects.visible_to(user).filter(collection__data_year=data_year)
    packets = ReturnPacket.objects.filter(submission__in=visible)
    whole = packets.aggregate(packets=Count("pk"), submissions=Count("submission", distinct=True))
    rows = {
        row["reason"]: row
        for row in ReturnItem.objects.filter(packet__in=packets)
        .order_by()
        .values("reason")
        .annotate(items=Count("pk"), submissions=Count("packet__submission", distinct=True))
    }
    total = sum(row["items"] for row in rows.values())
    blank = {"items": 0, "submissions": 0}
    counts = []
    for reason in ReturnReason:
        row = rows.get(str(reason), blank)
        counts.append(ReasonCount(reason, row["items"], row["submissions"], total))
    counts.sort(key=lambda count: -count.items)
    return ReasonYear(counts, whole["packets"], whole["submissions"])
