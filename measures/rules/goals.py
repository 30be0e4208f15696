"""How far a quantified goal has come, and where the straight path to its day would be. Exact arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from measures.rules.months import month_of, months_apart

_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class GoalState:
    """A goal with its figures by month, oldest first; one that counts downwards is met from above.

    The path begins at the first figure reported: the text states no starting point.
    """

    public_id: str
    pk: int
    name: str
    wording: str
    target: Decimal
    unit: str
    by: date | None
    lower_is_better: bool
    points: Sequence[tuple[date, Decimal]]

    @property
    def now(self) -> Decimal | None:
        """The newest figure; none is not 0."""
        return self.points[-1][1] if self.points else None

    @property
    def now_month(self) -> date | None:
        """The month it is of."""
        return self.points[-1][0] if self.points else None

    @property
    def is_met(self) -> bool:
        """Whether the target is reached."""
        return self.now is not None and self._reaches(self.now, self.target)

    @property
    def share(self) -> Decimal | None:
        """Per cent of the target, one decimal, 0 to 100; None without a figure."""
        if self.now is None:
            return None
        if self.is_met:
            return _WHOLE
        part, whole = (self.target, self.now) if self.lower_is_better else (self.now, self.target)
        return _percent(part, whole)

    def expected(self, month: date) -> Decimal | None:
        """The path's value at the end of a month; None without a day or a first figure."""
        if self.by is None or not self.points:
            return None
        first, start = self.points[0]
        whole = months_apart(first, month_of(self.by))
        gone = months_apart(first, month)
        if whole <= 0 or gone >= whole:
            return self.target
        return start + (self.target - start) * max(gone, 0) / whole

    def is_behind(self, month: date) -> bool:
        """Whether the newest figure lies on the wrong side of that month's path."""
        expected = self.expected(month)
        return (
            expected is not None and self.now is not None and not self._reaches(self.now, expected)
        )

    def _reaches(self, number: Decimal, wanted: Decimal) -> bool:
        return number <= wanted if self.lower_is_better else number >= wanted


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    if whole <= 0:
        return Decimal(0)
    share = (part / whole * _WHOLE).quantize(Decimal("0.1"), ROUND_HALF_UP)
    # 99.96 is not yet the whole.
    return min(max(share, Decimal(0)), Decimal("99.9"))
