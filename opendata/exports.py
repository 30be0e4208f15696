"""Rows as a table that opens in spreadsheets and runs nothing there."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

# A spreadsheet would take these for a formula; a number may well begin with a minus.
_FORMULA = re.compile(r"[\s]*[=+\-@\t\r]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_WORDS = {True: "true", False: "false", None: ""}


def csv_text(columns: Sequence[tuple[str, str]], rows: Iterable[Mapping[str, object]]) -> str:
    """A byte-order mark, then the names of the fields, then the rows; `columns` are (field, heading).

    RFC 4180 with CRLF. Text that a spreadsheet might run is preceded by an apostrophe.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([heading for _, heading in columns])
    for row in rows:
        writer.writerow([_cell(row[field]) for field, _ in columns])
    return "\ufeff" + buffer.getvalue()


def _cell(value: object) -> str:
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    text = str(value)
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text
