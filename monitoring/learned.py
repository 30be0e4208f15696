"""What was learned and how it was tested, as JSON and back. Pure; numbers as texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from county_portal.common.numbers import plain
from indicators.rules.projection import NOTHING, Learned, Step
from monitoring.backtest import Cell


@dataclass(frozen=True, slots=True)
class Teaching:
    """Everything one calibration says, by indicator code."""

    learned: Mapping[str, Learned]
    cells: Sequence[Cell]

    def of(self, code: str) -> Learned:
        """What is known of an indicator; nothing where past years are too few."""
        return self.learned.get(code, NOTHING)


EMPTY = Teaching({}, ())


def to_document(teaching: Teaching) -> dict[str, Any]:
    """As `Calibration.content` keeps it."""
    return {
        "learned": {code: _learned_out(each) for code, each in teaching.learned.items()},
        "cells": [_cell_out(cell) for cell in teaching.cells],
    }


def from_document(document: Mapping[str, Any]) -> Teaching:
    """Back again."""
    return Teaching(
        {code: _learned_in(each) for code, each in document["learned"].items()},
        tuple(_cell_in(each) for each in document["cells"]),
    )


def _learned_out(learned: Learned) -> dict[str, Any]:
    return {
        "shape": {str(month): plain(share) for month, share in learned.shape.items()},
        "growth": plain(learned.growth),
        "errors": {
            str(month): [plain(each) for each in found] for month, found in learned.errors.items()
        },
        "steps": {
            str(month): [plain(step.middle), plain(step.spread)]
            for month, step in learned.steps.items()
        },
    }


def _learned_in(kept: Mapping[str, Any]) -> Learned:
    return Learned(
        shape={int(month): Decimal(share) for month, share in kept["shape"].items()},
        growth=_number(kept["growth"]),
        errors={
            int(month): tuple(Decimal(each) for each in found)
            for month, found in kept["errors"].items()
        },
        steps={
            int(month): Step(Decimal(middle), Decimal(spread))
            for month, (middle, spread) in kept["steps"].items()
        },
    )


def _cell_out(cell: Cell) -> dict[str, Any]:
    return {
        "code": cell.code,
        "month": cell.month,
        "cases": cell.cases,
        "ours": plain(cell.ours),
        "straight": plain(cell.straight),
        "before": plain(cell.before),
        "coverage": plain(cell.coverage),
    }


def _cell_in(kept: Mapping[str, Any]) -> Cell:
    return Cell(
        code=kept["code"],
        month=kept["month"],
        cases=kept["cases"],
        ours=Decimal(kept["ours"]),
        straight=Decimal(kept["straight"]),
        before=Decimal(kept["before"]),
        coverage=_number(kept["coverage"]),
    )


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None
