"""Rows of a table as typed: every cell read by the one normaliser, every fault beside its cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from county_portal.common.errors import Invalid
from county_portal.common.fields import CONTROL_CHARACTERS
from county_portal.common.numbers import NumberFormat, parse_number
from county_portal.common.text import clean_text

MAX_TEXT = 60
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(slots=True)
class Cell:
    """An input: its name, its label, what stands in it, what is wrong with it."""

    name: str
    label: str
    text: str = ""
    fault: str = ""
    choices: Sequence[tuple[str, str]] = ()

    def words(self, most: int, *, required: bool = False) -> str:
        """The text in it."""
        try:
            found = clean_text(self.text)
        except ValueError:
            self.fault = f"{self.label}{CONTROL_CHARACTERS}"
            return ""
        if required and not found:
            self.fault = f"请填写{self.label}。"
        elif len(found) > most:
            self.fault = f"{self.label}最多{most}字，现有{len(found)}字，请精简。"
        return found

    def number(
        self, unit: str = "", *, required: bool = False, integer: bool = False
    ) -> Decimal | None:
        """The number in it."""
        if len(self.text.strip()) > MAX_TEXT:
            self.fault = f"“{self.label}”不是有效的数值，请核对后重新填写。"
            return None
        try:
            found = parse_number(self.text, NumberFormat(unit=unit, integer=integer), self.label)
        except Invalid as refusal:
            self.fault = refusal.sentence
            return None
        if found is None and required:
            self.fault = f"请填写{self.label}。"
        return found

    def year(self, *, required: bool = True) -> int | None:
        """The year in it."""
        found = self.number(required=required, integer=True)
        if found is None:
            return None
        if not FIRST_YEAR <= found <= LAST_YEAR:
            self.fault = f"{self.label}请填写{FIRST_YEAR}至{LAST_YEAR}之间的四位年份。"
        return int(found)

    def choice(self) -> str:
        """One of the choices; blank is one only where it stands among them."""
        if self.text not in {value for value, _ in self.choices}:
            self.fault = f"{self.label}不在可选范围内，请重新选择。"
            return ""
        return self.text


@dataclass(slots=True)
class Row:
    """One row of inputs by column."""

    cells: dict[str, Cell] = field(default_factory=dict)

    def __getitem__(self, column: str) -> Cell:
        return self.cells[column]

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into it beside choices."""
        return not any(cell.text.strip() for cell in self.cells.values() if not cell.choices)

    @property
    def faults(self) -> Iterator[Cell]:
        """The cells with a fault."""
        return (cell for cell in self.cells.values() if cell.fault)

    def fill(self, data: Mapping[str, str]) -> "Row":
        """Take what was posted."""
        for cell in self.cells.values():
            cell.text = data.get(cell.name, "")
        return self
