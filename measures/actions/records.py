"""What acts on a ledger share: the audit's entry, the right to keep it, documents that lapse with it."""

from collections.abc import Mapping
from datetime import date

from county_portal.accounts.models import User
from county_portal.audit.actions import Entry
from county_portal.common import clock
from county_portal.common.errors import NotAllowed
from county_portal.documents.actions.standing import lapse_papers
from county_portal.documents.selectors.issued import valid_bindings
from measures.enums import MONTH_DATA
from measures.models import Ledger
from measures.rules.months import closes_at, month_words
from measures.selectors.ledgers import may_keep
from measures.selectors.reports import month_digest, read_key


def ledger_entry(
    act: str, ledger: Ledger, detail: Mapping[str, object], object_id: str = ""
) -> Entry:
    """An audit entry about a ledger, or about one of its measures by its public id."""
    region = ledger.office.region
    return Entry(
        act=act,
        kind="measure" if object_id else "measure_ledger",
        object_id=object_id or str(ledger.public_id),
        detail=detail,
        region_code=region.code if region else "",
    )


def require_keeper(actor: User, ledger: Ledger) -> None:
    """Raise NotAllowed for anybody but the people who keep this ledger."""
    if not may_keep(actor, ledger):
        raise NotAllowed


def lapse_reports(actor: User, ledger: Ledger, *, since: date | None = None) -> int:
    """Mark the monthly reports whose data the caller has just changed as lapsed; returns how many.

    `since`: only entries of this month and later changed, and only months not closed yet can have changed by
    them. One query where no report was issued.
    """
    now = clock.now()
    changed = []
    for key, sha256 in valid_bindings(MONTH_DATA, prefix=f"{ledger.public_id}:"):
        _, month = read_key(key)
        is_closed = closes_at(month, ledger.due_day) <= now
        if since is not None and (is_closed or month < since):
            continue
        if month_digest(key) != sha256:
            changed.append((key, month))
    count = 0
    for key, month in changed:
        reason = f"“{ledger.title}”{month_words(month)}的进展数据有变更。"
        count += lapse_papers(actor=actor, kind=MONTH_DATA, keys=[key], reason=reason)
    return count
