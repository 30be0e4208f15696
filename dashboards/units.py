"""The same county through the years, and what a class or city stands for beside it. No queries."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from reports.selectors.statistics import mean, median_of_peers

if TYPE_CHECKING:
    from dashboards.selectors.boards import Standing, YearBoard

Value = Callable[["Standing"], Decimal | None]


def standing_in(board: "YearBoard", line: Sequence[int]) -> "Standing | None":
    """What a county, or one that it continues, was on a list; None where it was not graded."""
    return next((board.standings[pk] for pk in line if pk in board.standings), None)


def median_where(
    board: "YearBoard", value: Mapping[int, Decimal], wanted: Callable[["Standing"], bool]
) -> Decimal | None:
    """The median over some counties of a list; None for fewer than three, who would know each other's."""
    return median_of_peers(_some(board, value, wanted))


def mean_of(board: "YearBoard", value: Mapping[int, Decimal]) -> Decimal | None:
    """The province's mean."""
    found = _some(board, value, lambda _: True)
    return mean(found) if found else None


def _some(
    board: "YearBoard", value: Mapping[int, Decimal], wanted: Callable[["Standing"], bool]
) -> list[Decimal]:
    rows: Iterable[Standing] = board.standings.values()
    return [value[row.region] for row in rows if row.region in value and wanted(row)]
