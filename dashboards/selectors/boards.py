"""Published lists as boards need them: standings and points of many years in a constant number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from django.db.models import OuterRef, Subquery

from scoring.engine.types import Scheme
from scoring.models import ListRow, PublishedList, Result, ResultLine
from scoring.selectors.lists import list_current
from scoring.selectors.runs import engine_scheme

Key = TypeVar("Key")
Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Standing:
    """One county on a list, named as it was then; `total` and `rank` are not for the public."""

    region: int
    code: str
    name: str
    city: str
    class_name: str
    previous_class: str
    movement: str
    rank: int
    previous_rank: int | None
    total: Decimal


@dataclass(frozen=True, slots=True)
class YearBoard:
    """The valid list of one data year, whole. Regions by primary key, in the list's order."""

    list_id: UUID
    run_id: int
    title: str
    data_year: int
    version: int
    published_year: int
    scheme: Scheme
    standings: Mapping[int, Standing]

    @property
    def classes(self) -> list[str]:
        """Names of the scheme's classes, best first."""
        return [grade.name for grade in self.scheme.classes]

    @property
    def full(self) -> Decimal:
        """Full marks."""
        return sum((row.weight for row in self.scheme.indicators), Decimal(0))

    @property
    def groups(self) -> list[tuple[str, Decimal]]:
        """First-level headings of the scheme with their full marks, in its order."""
        weights: dict[str, Decimal] = {}
        for row in self.scheme.indicators:
            weights[row.group] = weights.get(row.group, Decimal(0)) + row.weight
        return list(weights.items())


# Points of one run: by region, by code of the indicator.
Points = Mapping[int, Mapping[str, Decimal]]

# A published list and a complete run never change, so what was read of one holds for good; a correction is
# another list by another key. A province grades once a year: this is more than anybody looks back.
_KEPT = 32
_boards: dict[UUID, YearBoard] = {}
_points: dict[int, Points] = {}


def list_boards() -> list[YearBoard]:
    """The valid list of each data year of the system in force, oldest first; two queries, one when all are known."""
    lists = list_current()
    system = lists[0].collection.version.system_id if lists else None
    by_year: dict[int, PublishedList] = {}
    for row in lists:
        if row.collection.version.system_id == system:
            by_year.setdefault(row.collection.data_year, row)
    wanted = [by_year[year] for year in sorted(by_year)]
    missing = [row for row in wanted if row.public_id not in _boards]
    read = _read(missing) if missing else {}
    boards = [read.get(row.public_id) or _boards[row.public_id] for row in wanted]
    for board in read.values():
        _keep(_boards, board.list_id, board)
    return boards


def _keep(store: dict[Key, Kept], key: Key, value: Kept) -> None:
    while len(store) >= _KEPT:
        store.pop(next(iter(store)), None)
    store[key] = value


def _read(lists: Sequence[PublishedList]) -> dict[UUID, YearBoard]:
    total = Result.objects.filter(run=OuterRef("published_list__run"), region=OuterRef("region"))
    rows = (
        ListRow.objects.filter(published_list__in=lists)
        .annotate(total=Subquery(total.values("total")[:1]))
        .order_by("order")
    )
    found: dict[int, dict[int, Standing]] = {row.pk: {} for row in lists}
    for each in rows.values_list(
        *("published_list", "region", "code", "name", "city", "class_name"),
        *("previous_class", "movement", "rank", "previous_rank", "total"),
    ):
        found[each[0]][each[1]] = Standing(*each[1:])
    return {row.public_id: _board(row, found[row.pk]) for row in lists}


def _board(row: PublishedList, standings: Mapping[int, Standing]) -> YearBoard:
    return YearBoard(
        list_id=row.public_id,
        run_id=row.run_id,
        title=str(row),
        data_year=row.collection.data_year,
        version=row.version,
        published_year=row.publish_on.year,
        scheme=engine_scheme(row.run.scheme_version),
        standings=standings,
    )


def read_points(boards: Iterable[YearBoard]) -> dict[int, Points]:
    """Points of each board's run, by run; one query for all that are not known yet."""
    wanted = [board.run_id for board in boards]
    missing = [run for run in wanted if run not in _points]
    read: dict[int, dict[int, dict[str, Decimal]]] = {run: {} for run in missing}
    if missing:
        lines = ResultLine.objects.filter(result__run__in=missing).order_by()
        names = ("result__run", "result__region", "indicator_code", "score")
        for run, region, code, score in lines.values_list(*names):
            read[run].setdefault(region, {})[code] = score
    found: dict[int, Points] = {run: read.get(run) or _points[run] for run in wanted}
    for run, points in read.items():
        _keep(_points, run, points)
    return found
