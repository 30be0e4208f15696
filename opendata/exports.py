"""Rows of open data as a table that opens in spreadsheets and runs nothing there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from county_portal.common.delimited import delimited_lines

# Rows hold numbers as JSON does, exact, in quotes; what begins with a minus would be taken for a formula.
_NEGATIVE = re.compile(r"-\d+(\.\d+)?", re.ASCII)


def csv_text(columns: Sequence[tuple[str, str]], rows: Iterable[Mapping[str, object]]) -> str:
    """A byte-order mark, then the names of the fields, then the rows; `columns` are (field, heading).

    RFC 4180 with CRLF; truth is said as JSON says it.
    """
    heading = [heading for _, heading in columns]
    cells = ([_plain(row[field]) for field, _ in columns] for row in rows)
    return "".join(delimited_lines(heading, cells))


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and _NEGATIVE.fullmatch(value):
        return Decimal(value)
    return value
