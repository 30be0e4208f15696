"""Comma-separated text that spreadsheets open as it was meant: text stays text, lines come one by one."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

# What a spreadsheet would take for the beginning of a formula, in either width.
FORMULA_STARTS = tuple("=+-@＝＋－＠\t\r")
# Without it Excel reads UTF-8 as the system's own code page.
BYTE_ORDER_MARK = "\ufeff"


class _Line:
    """What a csv writer writes to: hands each line back instead of keeping it."""

    def write(self, text: str) -> str:
        return text


def delimited_lines(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The heading, then a line for each row as it comes; numbers are written exactly, None is blank.

    A text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    writer = csv.writer(_Line())
    yield BYTE_ORDER_MARK + writer.writerow([guarded(text) for text in heading])
    for row in rows:
        yield writer.writerow([_cell(value) for value in row])


def guarded(text: str) -> str:
    """The text with an apostrophe where it would be taken for a formula."""
    beginnings = (text.lstrip(" "), text.lstrip())
    return f"'{text}" if any(one.startswith(FORMULA_STARTS) for one in beginnings) else text


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return guarded(str(value))
