"""Pure decisions on figures: reading a cell, plausibility, what is still missing, deadlines."""

from indicators.rules.cells import (
    MAX_NOTE,
    MAX_TEXT,
    CellError,
    CellFigure,
    CellInput,
    CellSpec,
    read_cell,
    recorded_figure,
    typed_of,
)
from indicators.rules.findings import Finding, list_missing
from indicators.rules.times import FillingTime, filling_refusal, recall_refusal

__all__ = [
    "MAX_NOTE",
    "MAX_TEXT",
    "CellError",
    "CellFigure",
    "CellInput",
    "CellSpec",
    "FillingTime",
    "Finding",
    "filling_refusal",
    "list_missing",
    "read_cell",
    "recall_refusal",
    "recorded_figure",
    "typed_of",
]
