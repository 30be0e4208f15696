"""Stages as typed: counts by class, and the named counties in lines like “B→A：桥西区、赵县”."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from county_portal.accounts.models import fold_variants
from county_portal.common.numbers import plain
from uplift.forms.rows import Cell, Row
from uplift.rules.text import Move, PlanText, Stage

BLANK_ROWS = 1
_LINE = re.compile(r"^\s*(\w+)\s*(?:(?:→|->|—>|至)\s*(\w+))?\s*[：:]\s*(.+)$")
_BETWEEN = re.compile(r"[、，,；;\s]+")


@dataclass(slots=True)
class StagesForm:
    """All stages; `stages` is what they say once there is no fault."""

    text: PlanText
    counties: Mapping[str, str]
    rows: list[Row] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)

    @classmethod
    def of(cls, text: PlanText, counties: Mapping[str, str]) -> "StagesForm":
        """With what is stored, and one stage more."""
        form = cls(text, counties)
        form.rows = [form._row(place, stage) for place, stage in enumerate(text.stages)]
        form.rows += [form._row(len(form.rows) + place, None) for place in range(BLANK_ROWS)]
        return form

    @classmethod
    def read(
        cls, text: PlanText, counties: Mapping[str, str], data: Mapping[str, str]
    ) -> "StagesForm":
        """With what was typed; stages without anything in them are left out."""
        form = cls(text, counties)
        count = sum(name.startswith("name-") for name in data)
        form.rows = [form._row(place, None).fill(data) for place in range(count)]
        read = [form._read(row) for row in form.rows if not row.is_blank]
        form.stages = [stage for stage in read if stage]
        return form

    @property
    def faults(self) -> list[Cell]:
        """Every cell with a fault."""
        return [cell for row in self.rows for cell in row.faults]

    def edit(self, text: PlanText) -> PlanText:
        """The text with these stages."""
        return replace(text, stages=tuple(self.stages))

    def _row(self, place: int, stage: Stage | None) -> Row:
        cells = {
            "name": Cell(f"name-{place}", "阶段名称", stage.name if stage else ""),
            "year": Cell(f"year-{place}", "数据年度", str(stage.data_year) if stage else ""),
            "publication": Cell(
                f"publication-{place}",
                "公布年份",
                str(stage.publication_year or "") if stage else "",
            ),
            "moves": Cell(
                f"moves-{place}", "列名的县（市、区）", self._moves_text(stage) if stage else ""
            ),
            "sentence": Cell(f"sentence-{place}", "原文", stage.sentence if stage else ""),
        }
        for name in self.text.heading.classes:
            count = stage.counts.get(name) if stage else None
            cells[f"c-{name}"] = Cell(
                f"c-{place}-{name}", f"{name}类县数", "" if count is None else str(count)
            )
        return Row(cells)

    def _moves_text(self, stage: Stage) -> str:
        ways: dict[str, list[str]] = {}
        for move in stage.moves:
            way = move.before if move.stays else f"{move.before}→{move.after}"
            ways.setdefault(way, []).append(self.counties.get(move.county, move.county))
        return "\n".join(f"{way}：{'、'.join(names)}" for way, names in ways.items())

    def _read(self, row: Row) -> Stage | None:
        counts = {
            name: row[f"c-{name}"].number(required=True, integer=True)
            for name in self.text.heading.classes
        }
        stage = Stage(
            name=row["name"].words(60, required=True),
            data_year=row["year"].year() or 0,
            publication_year=row["publication"].year(required=False),
            counts={name: int(plain(count)) for name, count in counts.items() if count is not None},
            moves=tuple(self._moves(row["moves"])),
            sentence=row["sentence"].words(2000),
        )
        return None if any(row.faults) else stage

    def _moves(self, cell: Cell) -> list[Move]:
        codes = {fold_variants(name): code for code, name in self.counties.items()}
        found = []
        for number, line in enumerate(cell.words(4000).splitlines(), 1):
            if not line.strip():
                continue
            match = _LINE.match(line)
            if not match:
                cell.fault = (
                    f"第{number}行“{line[:20]}”不能识别，请写成“B→A：某某县、某某县”；"
                    "保持原类别的写成“C：某某县”。"
                )
                return []
            before, after = match[1], match[2] or match[1]
            for name in filter(None, _BETWEEN.split(match[3])):
                code = codes.get(fold_variants(name))
                if code is None:
                    cell.fault = (
                        f"第{number}行的“{name[:20]}”不是本单位所属的县（市、区），请核对。"
                    )
                    return []
                found.append(Move(code, before, after))
        return found
