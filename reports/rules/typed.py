"""What is typed into a line of a progress report, understood. Pure."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from indicators.rules.cells import CellError, CellFigure, CellInput, CellSpec, read_cell

# What the table keeps of a number.
PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class LineFigure:
    """A line as understood; `number` is what the parts make where they are given."""

    text: str
    number: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    words: str


def read_line(spec: CellSpec, typed: CellInput) -> tuple[LineFigure, list[CellError]]:
    """Understand a line; with errors the figure must not be used. Blank stays blank, it is never 0."""
    figure, errors = read_cell(spec, typed)
    return LineFigure(
        figure.text, _number(figure, spec), figure.numerator, figure.denominator, figure.note
    ), errors


def _number(figure: CellFigure, spec: CellSpec) -> Decimal | None:
    exact = figure.exact(spec.factor)
    return None if exact is None else exact.quantize(PLACES, ROUND_HALF_UP)
