"""How tables are set: upright or on a page turned sideways, the size of their type, the shares of their columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from county_portal.documents.blocks import Align, Block, Table

POINTS = Decimal(12)  # 小四
_SMALLEST = Decimal("7.5")  # 六号: what a copy of a copy still shows
_LEADING = Decimal("1.5")
UPRIGHT_CHARACTERS = 36  # of 12 pt in 156 mm
SIDEWAYS_CHARACTERS = 53  # in 225 mm


@dataclass(frozen=True, slots=True)
class SetColumn:
    """A column's heading and its share of the width."""

    heading: str
    percent: Decimal


@dataclass(frozen=True, slots=True)
class SetCell:
    """A cell as it is set."""

    text: str
    align: Align


@dataclass(frozen=True, slots=True)
class SetTable:
    """A table as it is set."""

    caption: str
    columns: tuple[SetColumn, ...]
    rows: tuple[tuple[SetCell, ...], ...]
    is_wide: bool
    points: Decimal
    leading: Decimal


def is_wide(table: Table) -> bool:
    """Whether its rows need a page turned sideways."""
    return table.width > UPRIGHT_CHARACTERS


def set_blocks(blocks: Sequence[Block], *, ends_upright: bool) -> tuple[Block | SetTable, ...]:
    """The blocks, tables as they are set.

    `ends_upright`: a table at the end stays upright, in smaller type, because what follows (the signature) must
    share its page.
    """
    last = len(blocks) - 1
    return tuple(
        set_table(block, upright=ends_upright and place == last)
        if isinstance(block, Table)
        else block
        for place, block in enumerate(blocks)
    )


def set_table(table: Table, *, upright: bool) -> SetTable:
    """12 pt type; smaller only where the rows are wider than the text block they stand in."""
    wide = is_wide(table) and not upright
    room = SIDEWAYS_CHARACTERS if wide else UPRIGHT_CHARACTERS
    width = max(1, table.width)
    points = max(_SMALLEST, min(POINTS, _rounded(POINTS * room / width)))
    return SetTable(
        caption=table.caption,
        columns=tuple(
            SetColumn(column.heading, _rounded(Decimal(100) * column.width / width))
            for column in table.columns
        ),
        rows=tuple(
            tuple(
                SetCell(text, column.align) for text, column in zip(row, table.columns, strict=True)
            )
            for row in table.rows
        ),
        is_wide=wide,
        points=points,
        leading=points * _LEADING,
    )


def _rounded(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)
