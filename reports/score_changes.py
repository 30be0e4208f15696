"""What moved a total since last year's list, indicator by indicator; the parts sum to the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

SHOWN_AT_MOST = 5
_GONE = "上年度有、本年度不再计分的指标"
_REST = "其余{}项合计"


class ScoredLine(Protocol):
    """What is needed of a line of a card."""

    @property
    def number(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def value_text(self) -> str: ...
    @property
    def previous_text(self) -> str: ...
    @property
    def score(self) -> Decimal: ...
    @property
    def previous_score(self) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class Change:
    """An indicator's part in the change of the total; blank texts where several are summed up."""

    label: str
    previous_text: str
    value_text: str
    previous_score: Decimal | None
    score: Decimal | None
    points: Decimal


@dataclass(frozen=True, slots=True)
class Moved:
    """The indicators that gained and lost most, and all others in one row."""

    gains: tuple[Change, ...]  # most first
    losses: tuple[Change, ...]  # most first
    rest: Change | None
    unchanged: int
    previous: Decimal
    total: Decimal

    @property
    def rows(self) -> tuple[Change, ...]:
        """As drawn and listed: what was gained, what was lost, the rest."""
        return (*self.gains, *self.losses, *((self.rest,) if self.rest else ()))

    @property
    def points(self) -> Decimal:
        """The change of the total."""
        return self.total - self.previous


def what_moved(
    lines: Sequence[ScoredLine], total: Decimal, previous: Decimal | None
) -> Moved | None:
    """None where there is no total to compare with."""
    if previous is None:
        return None
    changes = [_change(line) for line in lines]
    # A scheme that dropped an indicator took its points too.
    gone = (total - previous) - sum((change.points for change in changes), Decimal(0))
    if gone:
        changes.append(Change(_GONE, "", "", None, None, gone))
    moved = sorted(changes, key=lambda change: -abs(change.points))
    gains = [change for change in moved if change.points > 0]
    losses = [change for change in moved if change.points < 0]
    others = [*gains[SHOWN_AT_MOST:], *losses[SHOWN_AT_MOST:]]
    return Moved(
        gains=tuple(gains[:SHOWN_AT_MOST]),
        losses=tuple(losses[:SHOWN_AT_MOST]),
        rest=_together(others),
        unchanged=len(changes) - len(gains) - len(losses),
        previous=previous,
        total=total,
    )


def _change(line: ScoredLine) -> Change:
    previous = line.previous_score
    return Change(
        label=line.name,
        previous_text=_with_unit(line.previous_text, line.unit),
        value_text=_with_unit(line.value_text, line.unit),
        previous_score=previous,
        score=line.score,
        points=line.score - (previous or Decimal(0)),
    )


def _with_unit(text: str, unit: str) -> str:
    return f"{text}{unit}" if text[:1].isdigit() else text


def _together(changes: Sequence[Change]) -> Change | None:
    if not changes:
        return None
    points = sum((change.points for change in changes), Decimal(0))
    return Change(_REST.format(len(changes)), "", "", None, None, points)
