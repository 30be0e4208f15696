"""A ledger's month, read from its rows as they stood when the month closed; and the keys documents name it by."""

import re
from datetime import date
from uuid import UUID

from measures.models import Ledger, ProgressEntry
from measures.rules.month import Month, Words, draw_up
from measures.rules.months import closes_at
from measures.selectors.lines import at_close, read_lines

_KEY = re.compile(r"([0-9a-f-]{36}):(\d{4})-(\d{2})", re.ASCII)


def key_of(ledger: Ledger, month: date) -> str:
    """How documents name a ledger's month."""
    return f"{ledger.public_id}:{month:%Y-%m}"


def read_key(key: str) -> tuple[UUID, date]:
    """The ledger and the month of a key. Raises ValueError for what is none."""
    found = _KEY.fullmatch(key)
    if not found:
        raise ValueError(key)
    return UUID(found[1]), date(int(found[2]), int(found[3]), 1)


def read_month(ledger: Ledger, month: date) -> Month:
    """What the month's report is made of; ten queries."""
    lines = read_lines(ledger, at_close(ledger, month))
    return draw_up(ledger.document_title, month, lines, _said(ledger, month))


def _said(ledger: Ledger, month: date) -> list[Words]:
    entries = (
        ProgressEntry.objects.filter(
            duty__measure__ledger=ledger,
            month=month,
            entered_at__lt=closes_at(month, ledger.due_day),
        )
        .select_related("duty")
        .order_by("duty__measure__order", "duty__order", "pk")
    )
    newest = {entry.duty_id: entry for entry in entries}
    return [Words(each.duty.measure_id, each.duty.name, each.words) for each in newest.values()]


def month_digest(key: str) -> str | None:
    """The digest of a ledger's month by its key; None where there is no such ledger."""
    try:
        ledger_id, month = read_key(key)
    except ValueError:
        return None
    ledger = Ledger.objects.select_related("office").filter(public_id=ledger_id).first()
    return read_month(ledger, month).digest if ledger else None


def lock_month(key: str) -> None:
    """Let nobody change the ledger until the transaction ends: every act on it locks it first."""
    ledger_id, _ = read_key(key)
    Ledger.objects.select_for_update().filter(public_id=ledger_id).values_list("pk").first()
