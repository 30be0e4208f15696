"""Figures of an indicator as a run froze them: what was graded, not what a sheet says today."""

from decimal import ROUND_HALF_UP, Decimal

from dashboards.selectors.boards import YearBoard
from reports.selectors.statistics import frozen_figures
from scoring.engine.types import Figure

_PLACES = Decimal("0.000001")


def read_figures(board: YearBoard, indicator: str) -> dict[int, Decimal]:
    """The number of each county by region; those without one are left out. One query per run and process."""
    frozen = frozen_figures(board.run_id)
    found = {}
    for standing in board.standings.values():
        figure = frozen.get(standing.code, {}).get(indicator)
        number = _number(figure) if figure else None
        if number is not None:
            found[standing.region] = number
    return found


def _number(figure: Figure) -> Decimal | None:
    """The value, or the ratio behind it to six decimals; named items and panels have none."""
    measure = figure.measure
    if figure.absence:
        return None
    if measure.numerator is not None and measure.denominator:
        ratio = measure.numerator * measure.factor / measure.denominator
        return ratio.quantize(_PLACES, ROUND_HALF_UP)
    return measure.value
