"""What an official document is made of: headings, paragraphs, tables, attachments. Pure Python."""

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the text; 1. and （1） begin such paragraphs.

    `lead`, if any, is how the text begins: the sentence after 一、 or （一） that stands for a heading in the same
    line and takes its type.
    """

    text: str
    lead: str = ""

    @property
    def rest(self) -> str:
        """What follows the lead."""
        return self.text[len(self.lead) :]

    @property
    def lead_level(self) -> int:
        """The level of the heading the lead stands for; 0 without one."""
        return 0 if not self.lead else 2 if self.lead.startswith("（") else 1


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
