"""What was learned for a year, with its back-test."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from indicators.models import MonthlyCall
from indicators.selectors.monthly import list_monthly_indicators
from monitoring.backtest import Cell, Totals, by_code, totals_of
from monitoring.learned import Teaching, from_document
from monitoring.models import Calibration


@dataclass(frozen=True, slots=True)
class Tested:
    """One indicator's back-test."""

    name: str
    totals: Totals
    cells: Sequence[Cell]

    @property
    def is_better(self) -> bool:
        """Whether the method missed less than both naive ways."""
        return self.totals.ours < self.totals.naive

    @property
    def worse_months(self) -> list[int]:
        """From which months it did not."""
        return [cell.month for cell in self.cells if not cell.is_better]


@dataclass(frozen=True, slots=True)
class KeptCalibration:
    """A calibration as pages read it."""

    call: MonthlyCall
    made_at: datetime
    samples: int
    years: Sequence[int]
    teaching: Teaching

    @property
    def totals(self) -> Totals | None:
        """Over all indicators and months; None where nothing could be tested."""
        return totals_of(self.teaching.cells)


def read_calibration(year: int) -> KeptCalibration | None:
    """The newest learned for a year up to this; None before anything was."""
    rows = Calibration.objects.filter(call__year__lte=year).select_related("call__version")
    kept = rows.order_by("-call__year", "-pk").first()
    if kept is None:
        return None
    return KeptCalibration(
        kept.call, kept.made_at, kept.samples, kept.years, from_document(kept.content)
    )


def list_tested(kept: KeptCalibration) -> list[Tested]:
    """By indicator in table order; those without cases are left out."""
    cells = by_code(kept.teaching.cells)
    tested = []
    for indicator in list_monthly_indicators(kept.call.version):
        totals = totals_of(cells.get(indicator.code, ()))
        if totals is not None:
            tested.append(Tested(indicator.name, totals, cells[indicator.code]))
    return tested
