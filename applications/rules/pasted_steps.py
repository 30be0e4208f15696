"""Steps of a key task as people copy them from a table: what is to be done, from when, until when. Pure.

Days are read as offices write them (2026年3月、2026.3.15、2026-03); what cannot be read is left to be picked.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_DAY = re.compile(
    r"(?P<year>20\d\d)\s*[年./-]\s*(?P<month>\d{1,2})(?:\s*[月./-]\s*(?P<day>\d{1,2}))?"
)
_ONLY_MONTH = re.compile(r"^\D{0,3}(?P<month>\d{1,2})\s*月(?:\s*(?P<day>\d{1,2}))?")
_BETWEEN = re.compile(r"—+|–|－|~|～|至|到|\s-\s")
_DIGITS = str.maketrans("０１２３４５６７８９．／", "0123456789./")
# 1 or （一） or 第一步 in a column of its own.
_COUNT = re.compile(r"^[（(]?(?:第)?[\d一二三四五六七八九十]{1,3}[)）]?(?:步)?[.、．]?$")
_HEADINGS = frozenset({"工作内容", "实施步骤", "步骤", "任务", "内容", "主要工作"})


@dataclass(frozen=True, slots=True)
class PastedStep:
    """A line as understood; a day that could not be read is None."""

    name: str
    starts_on: date | None
    ends_on: date | None


def read_pasted(text: str) -> Sequence[PastedStep]:
    """Steps in the order of their lines; headings, numbers of lines and blank lines are left out."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip().strip('"') for cell in line.translate(_DIGITS).split("\t")]
        cells = [cell for cell in cells if cell]
        if len(cells) > 1 and _COUNT.match(cells[0]):
            cells = cells[1:]
        if not cells or not _HEADINGS.isdisjoint(cells):
            continue
        found.append(PastedStep(cells[0], *_span(cells[1:])))
    return found


def _span(cells: Sequence[str]) -> tuple[date | None, date | None]:
    """The first and the last day that the cells name; one alone is both."""
    parts = [part for cell in cells for part in _BETWEEN.split(cell) if part.strip()]
    begins = _day(parts[0], None, is_last=False) if parts else None
    if len(parts) > 1:
        return begins, _day(parts[1], begins, is_last=True)
    return begins, _day(parts[0], None, is_last=True) if parts else None


def _day(words: str, begins: date | None, *, is_last: bool) -> date | None:
    """A day, or the first or last one of a month; a month alone is of the year in which the step begins."""
    match = _DAY.search(words)
    year = int(match["year"]) if match else begins.year if begins else 0
    match = match or _ONLY_MONTH.match(words.strip())
    if match is None or not year:
        return None
    month = int(match["month"])
    if not 1 <= month <= 12:  # noqa: PLR2004 -- months of a year
        return None
    length = monthrange(year, month)[1]
    day = int(match["day"] or (length if is_last else 1))
    return date(year, month, day) if 1 <= day <= length else None
