"""The table of targets by class: typed row by row, or pasted from a spreadsheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from county_portal.common.errors import Invalid
from county_portal.common.numbers import plain
from uplift.forms.rows import Cell, Row
from uplift.rules.text import PlanText, TargetLine

BLANK_ROWS = 3
MAX_PASTED = 60
_HEAD = "指标"
Choices = Mapping[str, tuple[str, str]]


@dataclass(slots=True)
class TargetsForm:
    """The whole table; `lines` is what it says once it has no fault."""

    text: PlanText
    indicators: Choices
    rows: list[Row] = field(default_factory=list)
    paste: Cell = field(default_factory=lambda: Cell("paste", "粘贴"))
    lines: list[TargetLine] = field(default_factory=list)

    @classmethod
    def of(cls, text: PlanText, indicators: Choices) -> "TargetsForm":
        """With what is stored, and some rows more."""
        form = cls(text, indicators)
        form.rows = [form._row(place, line) for place, line in enumerate(text.lines)]
        count = len(text.lines)
        form.rows += [form._row(count + place, None) for place in range(BLANK_ROWS)]
        return form

    @classmethod
    def read(cls, text: PlanText, indicators: Choices, data: Mapping[str, str]) -> "TargetsForm":
        """With what was typed; pasted rows come after, one of a name and year there already replaces it."""
        form = cls(text, indicators)
        count = sum(name.startswith("name-") for name in data)
        form.rows = [form._row(place, None).fill(data) for place in range(count)]
        form.paste.text = data.get("paste", "")
        lines = [form._read(row, place) for place, row in enumerate(form.rows) if not row.is_blank]
        pasted = form._pasted()
        merged = {line.key: line for line in lines if line}
        if len(merged) != len([line for line in lines if line]):
            form._blame_twice([line for line in lines if line])
        merged |= {line.key: line for line in pasted}
        form.lines = list(merged.values())
        return form

    @property
    def classes(self) -> Sequence[str]:
        """The classes that have targets: all but the lowest."""
        return self.text.heading.classes[:-1]

    @property
    def faults(self) -> list[Cell]:
        """Every cell with a fault, in table order."""
        found = [cell for row in self.rows for cell in row.faults]
        return [*found, self.paste] if self.paste.fault else found

    def edit(self, text: PlanText) -> PlanText:
        """The text with these targets."""
        return replace(text, lines=tuple(self.lines))

    def _row(self, place: int, line: TargetLine | None) -> Row:
        own = (("", "（计划自设指标）"),)
        choices = (*own, *((code, f"{code} {name}") for code, (name, _) in self.indicators.items()))
        year = str(line.data_year) if line else ""
        cells = {
            "name": Cell(f"name-{place}", "指标", line.name if line else ""),
            "unit": Cell(f"unit-{place}", "单位", line.unit if line else ""),
            "indicator": Cell(
                f"indicator-{place}",
                "对应指标",
                line.indicator if line else "",
                choices=choices,
            ),
            "year": Cell(f"year-{place}", "数据年度", year),
        }
        for name in self.classes:
            number = plain(line.targets.get(name)) if line else ""
            cells[f"t-{name}"] = Cell(f"t-{place}-{name}", f"{name}类县目标", number)
        return Row(cells)

    def _read(self, row: Row, place: int) -> TargetLine | None:
        name = row["name"].words(120, required=True)
        unit = row["unit"].words(20)
        year = row["year"].year()
        indicator = row["indicator"].choice()
        targets = {
            each: number
            for each in self.classes
            if (number := row[f"t-{each}"].number(unit, required=True)) is not None
        }
        if any(row.faults) or year is None:
            return None
        return TargetLine(name, unit, year, targets, indicator, self._sentence(name, year, place))

    def _sentence(self, name: str, year: int, place: int) -> str:
        """The source's sentence stays with a line as long as the line keeps its name or its place."""
        same = next((line for line in self.text.lines if line.key == (name, year)), None)
        if same is None and place < len(self.text.lines):
            same = self.text.lines[place]
        return same.sentence if same else ""

    def _pasted(self) -> list[TargetLine]:
        rows = [line for line in self.paste.text.splitlines() if line.strip()]
        if len(rows) > MAX_PASTED:
            self.paste.fault = f"一次最多粘贴{MAX_PASTED}行，请分次粘贴。"
            return []
        found = []
        for place, row in enumerate(rows, 1):
            parts = row.split("\t")
            if place == 1 and parts[0].strip() == _HEAD:
                continue  # The heading copied along.
            try:
                found.append(self._pasted_line(place, parts))
            except Invalid as refusal:
                self.paste.fault = refusal.sentence
                return []
        return found

    def _pasted_line(self, place: int, parts: Sequence[str]) -> TargetLine:
        """指标、单位、数据年度, then a number for each class, as columns copied from a spreadsheet."""
        heads = [_HEAD, "单位", "数据年度", *(f"{name}类县目标" for name in self.classes)]
        if len(parts) != len(heads):
            raise Invalid(
                "paste_columns",
                f"粘贴的第{place}行有{len(parts)}列，应为{len(heads)}列：{'、'.join(heads)}。请核对后重新粘贴。",
            )
        cells = [
            Cell("paste", f"粘贴的第{place}行第{column}列（{head}）", text)
            for column, (head, text) in enumerate(zip(heads, parts, strict=True), 1)
        ]
        name, unit = cells[0].words(120, required=True), cells[1].words(20)
        year = cells[2].year()
        numbers = [cell.number(unit, required=True) for cell in cells[3:]]
        for cell in cells:
            if cell.fault:
                raise Invalid("paste_cell", cell.fault)
        targets = dict(zip(self.classes, numbers, strict=True))
        known = {own: code for code, (own, _) in self.indicators.items()}
        kept = {name: number for name, number in targets.items() if isinstance(number, Decimal)}
        return TargetLine(name, unit, year or 0, kept, known.get(name, ""))

    def _blame_twice(self, lines: Sequence[TargetLine]) -> None:
        keys = [line.key for line in lines]
        for row in self.rows:
            key = (row["name"].text.strip(), row["year"].text.strip())
            if [(name, str(year)) for name, year in keys].count(key) > 1:
                row["name"].fault = f"“{key[0]}”{key[1]}年度的目标写了多行，请合并。"
