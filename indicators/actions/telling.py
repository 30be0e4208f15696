"""Putting what the calendar tells into inboxes, each thing once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from county_portal.accounts.models import User
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.notices.actions import Message, notify_each
from county_portal.notices.models import Notice
from indicators.notifications import Side, people_concerned

# Whom a notice to a city or the province names; the rest are counted.
NAMED = 10


@dataclass(frozen=True, slots=True)
class Address:
    """To whom a message goes: people of an office on one side, or all of the province."""

    side: Side
    office_id: int | None
    message: Message


def name_some(names: Sequence[str]) -> str:
    """The first of them by name: 鹿泉区、海港区等27个."""
    said = "、".join(names[:NAMED])
    return f"{said}等{len(names)}个" if len(names) > NAMED else said


def deliver(addresses: Iterable[Address]) -> int:
    """Put each message into the inboxes that do not hold it yet, in three queries; record how many."""
    addresses = list(addresses)
    offices: dict[Side, set[int] | None] = {}
    for address in addresses:
        if address.office_id is None:
            offices[address.side] = None
        else:
            known = offices.setdefault(address.side, set())
            if known is not None:
                known.add(address.office_id)
    told = list(_pairs(addresses, offices))
    keys = {message.key for _, message in told}
    known_pairs = set(Notice.objects.filter(key__in=keys).values_list("recipient", "key"))
    new = [
        (person, message) for person, message in told if (person.pk, message.key) not in known_pairs
    ]
    if new:
        notify_each(new)
        detail = {"notices": len(new), "people": len({person.pk for person, _ in new})}
        record(None, Entry("send_reminders", "notice", clock.today().isoformat(), detail))
    return len(new)


def _pairs(
    addresses: Sequence[Address], offices: dict[Side, set[int] | None]
) -> Iterator[tuple[User, Message]]:
    people = {side: people_concerned({side: wanted}) for side, wanted in offices.items()}
    for address in addresses:
        for person in people[address.side]:
            if address.office_id is None or person.office_id == address.office_id:
                yield person, address.message
