"""A table as page, workbook and comma-separated file share it, so that all three hold the same numbers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from county_portal.common.delimited import delimited_lines
from county_portal.documents.workbook import Column, Sheet, render_workbook, stream_workbook

CSV = "text/csv; charset=utf-8"

# Kind of column -> how a workbook formats it.
_FORMATS = {"points": "0.00", "signed": "0.00", "places": "0", "count": "0", "figure": "General"}


@dataclass(frozen=True, slots=True)
class TableColumn:
    """`kind`: text, class, movement, points (two decimals), signed, places, count, figure or spark."""

    heading: str
    kind: str = "text"
    width: int = 12

    @property
    def is_number(self) -> bool:
        """Whether it stands at the right."""
        return self.kind in _FORMATS


@dataclass(frozen=True, slots=True)
class TableRow:
    """The values in the columns' order; `url` leads from the first of them, on a page."""

    cells: Sequence[object]
    url: str = ""
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`title` and `lines` say what it shows, of when, narrowed to what, from where."""

    title: str
    columns: Sequence[TableColumn]
    rows: Iterable[TableRow]
    lines: Sequence[str] = field(default_factory=tuple)

    @property
    def drawn(self) -> list[tuple[TableRow, list[tuple[TableColumn, object]]]]:
        """Each row with its values beside their columns, for a page."""
        return [(row, [*zip(self.columns, row.cells, strict=True)]) for row in self.rows]


def csv_lines(table: Table) -> Iterator[str]:
    """The file line by line; curves are left to the page."""
    kept = _kept(table)
    heading = [table.columns[place].heading for place in kept]
    return delimited_lines(heading, ([row.cells[n] for n in kept] for row in table.rows))


def workbook(table: Table, *, is_streamed: bool = False) -> bytes:
    """The same as a workbook; a long one is written as its rows come."""
    kept = _kept(table)
    columns = tuple(
        Column(each.heading, each.width, _FORMATS.get(each.kind, "@"))
        for each in (table.columns[place] for place in kept)
    )
    sheet = Sheet(
        "数据",
        columns,
        ([row.cells[n] for n in kept] for row in table.rows),
        heading_lines=(table.title, *table.lines),
        landscape=len(columns) > 6,  # noqa: PLR2004 -- as many fit an upright page
    )
    render = stream_workbook if is_streamed else render_workbook
    return render((sheet,), title=table.title).content


def _kept(table: Table) -> list[int]:
    return [place for place, each in enumerate(table.columns) if each.kind != "spark"]
