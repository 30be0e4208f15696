"""What a list of pilots must satisfy, and the digest of what it says. Pure."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class DecidedRow:
    """One decision as the digest holds it."""

    code: str
    name: str
    city: str
    is_selected: bool
    reasons: str


def list_digest(
    round_title: str, starts_on: date, ends_on: date, rows: Iterable[DecidedRow]
) -> str:
    """SHA-256 of rows, reasons and term, independent of row ids and order."""
    content = {
        "round": round_title,
        "term": [starts_on.isoformat(), ends_on.isoformat()],
        "rows": sorted(
            [row.code, row.name, row.city, row.is_selected, row.reasons] for row in rows
        ),
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def end_of_term(starts_on: date, years: int) -> date:
    """The last day of a term of whole years (S0 三(二): 原则上为3年)."""
    try:
        anniversary = starts_on.replace(year=starts_on.year + years)
    except ValueError:  # 29 February
        anniversary = date(starts_on.year + years, 3, 1)
    return anniversary - timedelta(days=1)


def notice_length(first: date, last: date) -> int:
    """Calendar days of a public notice, both ends counted."""
    return (last - first).days + 1
