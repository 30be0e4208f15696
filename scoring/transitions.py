"""How many counties moved from which class to which, with those that came and went."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from scoring.comparison import Compared, Entry, Exit


@dataclass(frozen=True, slots=True)
class Kind:
    """A row or column: a class, or a way of coming or going."""

    key: str
    label: str
    is_class: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """Counties that went one way."""

    source: Kind
    target: Kind
    count: int

    @property
    def stays(self) -> bool:
        """Whether the class is the same."""
        return self.source.key == self.target.key


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """All ways from one source; cells of ways that cannot be are None."""

    source: Kind
    cells: tuple[Cell | None, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Transitions:
    """The matrix; the counts of rows and of columns sum to all counties of either run."""

    targets: tuple[Kind, ...]
    rows: tuple[MatrixRow, ...]
    totals: tuple[int, ...]
    stayed: int
    rose: int
    fell: int
    came: int
    left: int

    @property
    def flows(self) -> list[Cell]:
        """The ways that somebody went, in the order of the matrix."""
        return [cell for row in self.rows for cell in row.cells if cell and cell.count]


def transitions(
    rows: Sequence[Compared], before: Sequence[str], after: Sequence[str]
) -> Transitions:
    """`before`, `after`: the classes of either scheme, best first."""
    counts = Counter((row.source, row.target) for row in rows)
    came = {row.source for row in rows if row.before is None}
    gone = {row.target for row in rows if row.after is None}
    sources = [*_classes(before), *(Kind(e, e.label, is_class=False) for e in Entry if e in came)]
    targets = [*_classes(after), *(Kind(e, e.label, is_class=False) for e in Exit if e in gone)]
    matrix = tuple(
        MatrixRow(
            source,
            tuple(_cell(source, target, counts) for target in targets),
            sum(counts[source.key, target.key] for target in targets),
        )
        for source in sources
    )
    moved = [
        (row.source, row.target) for row in rows if row.before is not None and row.after is not None
    ]
    rose = [pair for pair in moved if _is_rise(pair, after)]
    stayed = [pair for pair in moved if pair[0] == pair[1]]
    return Transitions(
        targets=tuple(targets),
        rows=matrix,
        totals=tuple(sum(counts[row.key, target.key] for row in sources) for target in targets),
        stayed=len(stayed),
        rose=len(rose),
        fell=len(moved) - len(stayed) - len(rose),
        came=sum(row.before is None for row in rows),
        left=sum(row.after is None for row in rows),
    )


def _classes(names: Sequence[str]) -> list[Kind]:
    return [Kind(name, f"{name}类", is_class=True) for name in names]


def _cell(source: Kind, target: Kind, counts: Counter[tuple[str, str]]) -> Cell | None:
    """None where a county would neither have been graded before nor after."""
    if not source.is_class and not target.is_class:
        return None
    return Cell(source, target, counts[source.key, target.key])


def _is_rise(pair: tuple[str, str], classes: Sequence[str]) -> bool:
    """A class that the later scheme does not know stands for no better than its last."""
    before, after = (classes.index(n) if n in classes else len(classes) for n in pair)
    return after < before
