"""What an official document is made of: headings, paragraphs, tables, attachments. Pure Python."""

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the text; 1. and （1） begin such paragraphs."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading on its own line with its number: level 1 一、 in 黑体, level 2 （一） in 楷体."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class TableColumn:
    """`width` in characters of the table's own type."""

    heading: str
    width: int
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """A table; one wider than the text block is set on pages turned sideways."""

    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""

    @property
    def width(self) -> int:
        """Characters a row needs."""
        return sum(column.width for column in self.columns)


Block = Paragraph | Heading | Table


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment (附件), set after the signature from a new page on."""

    title: str
    blocks: tuple[Block, ...]
