"""The candidates of a round side by side, over the rows of the table (S0 annex 2-1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from applications.models import PilotRound, TableRow
from applications.rules.changes import growth
from applications.rules.comparison import Compared, compare, median_of
from applications.selectors.selection import Candidate
from indicators.enums import IndicatorKind
from indicators.models import Indicator
from indicators.selectors import list_indicators

# What of a row is shown: key in the address, words. Years by their place in the table.
LAST, GROWTH = "last", "growth"
SHOWN: Mapping[str, str] = {
    LAST: "上年数值",
    "first": "今年目标",
    "second": "明年目标",
    "third": "后年目标",
    GROWTH: "后年目标比上年增长（%）",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A candidate's number in a row, and whether the county answers for it."""

    compared: Compared
    is_starred: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table over all candidates, in their order."""

    indicator: Indicator
    cells: Sequence[Cell]
    median: Decimal | None
    starred: int  # how many chose it


@dataclass(frozen=True, slots=True)
class WordedLine:
    """A qualitative row: what each candidate says."""

    indicator: Indicator
    pairs: Sequence[tuple[Candidate, str]]


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A row a county proposed itself, with last year's number and the targets."""

    row: TableRow
    numbers: Sequence[Decimal | None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that is compared; `candidates` are the columns, `own` goes by candidate."""

    candidates: Sequence[Candidate]
    lines: Sequence[Line]
    worded: Sequence[WordedLine]
    own: Sequence[tuple[Candidate, Sequence[OwnLine]]]


_Rows = Mapping[tuple[int, int], TableRow]


def read_comparison(
    call: PilotRound, candidates: Sequence[Candidate], shown: str = LAST, by: int | None = None
) -> Comparison:
    """The table of each, three queries; `by` is the row whose numbers order the candidates, best first."""
    stored = list(
        TableRow.objects.filter(application__in=[each.application.pk for each in candidates])
        .select_related("application")
        .prefetch_related("figures")
        .order_by("order", "pk")
    )
    rows = {(row.application_id, row.indicator_id): row for row in stored if row.indicator_id}
    indicators = list(list_indicators(call.version))
    measured = [each for each in indicators if each.kind != IndicatorKind.QUALITATIVE]
    ordering = next((each for each in measured if each.order == by), None)
    if ordering:
        candidates = _ordered(call, candidates, rows, ordering, shown)
    own = [(each, _own(call, each, stored)) for each in candidates]
    return Comparison(
        candidates,
        [_line(call, candidates, rows, each, shown) for each in measured],
        [
            WordedLine(each, [(one, _words(rows, one, each)) for one in candidates])
            for each in indicators
            if each.kind == IndicatorKind.QUALITATIVE
        ],
        [(each, lines) for each, lines in own if lines],
    )


def _ordered(
    call: PilotRound, candidates: Sequence[Candidate], rows: _Rows, by: Indicator, shown: str
) -> list[Candidate]:
    sign = 1 if by.lower_is_better else -1

    def key(each: Candidate) -> tuple[bool, Decimal]:
        number = _number(call, rows.get((each.application.pk, by.pk)), shown)
        return number is None, sign * (number or Decimal(0))

    return sorted(candidates, key=key)


def _line(
    call: PilotRound,
    candidates: Sequence[Candidate],
    rows: _Rows,
    indicator: Indicator,
    shown: str,
) -> Line:
    own = [rows.get((each.application.pk, indicator.pk)) for each in candidates]
    numbers = [_number(call, row, shown) for row in own]
    compared = compare(numbers, lower_is_better=indicator.lower_is_better)
    starred = [bool(row and row.is_starred) for row in own]
    cells = [Cell(each, star) for each, star in zip(compared, starred, strict=True)]
    return Line(indicator, cells, median_of(numbers), sum(starred))


def _number(call: PilotRound, row: TableRow | None, shown: str) -> Decimal | None:
    if row is None:
        return None
    numbers = _numbers(call, row)
    if shown == GROWTH:
        return growth(numbers[0], numbers[-1])
    return dict(zip(SHOWN, numbers, strict=False))[shown]


def _numbers(call: PilotRound, row: TableRow) -> list[Decimal | None]:
    """Last year's number and the targets, in the table's order."""
    by_year = {each.year: each.number for each in row.figures.all()}
    return [by_year.get(year) for year in (call.last_year, *call.target_years)]


def _words(rows: _Rows, candidate: Candidate, indicator: Indicator) -> str:
    row = rows.get((candidate.application.pk, indicator.pk))
    return row.words if row else ""


def _own(call: PilotRound, candidate: Candidate, stored: Sequence[TableRow]) -> list[OwnLine]:
    return [
        OwnLine(row, _numbers(call, row))
        for row in stored
        if row.indicator_id is None and row.application_id == candidate.application.pk
    ]
