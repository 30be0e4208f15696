"""测算责任分工表 as S3's annex prints it: indicators with their units, two years as they were, one to come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from county_portal.common.numbers import plain
from county_portal.common.province import words


class ColumnKind(StrEnum):
    """What a year's pair of columns holds."""

    GRADED = "graded"
    FORECAST = "forecast"
    TARGET = "target"


_HEADINGS = {
    ColumnKind.GRADED: ("{year}年情况", "{year}年评价指标得分"),
    ColumnKind.FORECAST: ("{year}年情况", "{year}年评价指标得分预测"),
    ColumnKind.TARGET: ("{year}年工作目标", "{year}年目标得分"),
}


@dataclass(frozen=True, slots=True)
class DutyCell:
    """One indicator in one year; no score where nothing is known, `is_carried` where last year's stands in."""

    value: str = ""
    score: Decimal | None = None
    is_carried: bool = False


_NOTHING = DutyCell()


@dataclass(frozen=True, slots=True)
class YearColumn:
    """One year's pair of columns."""

    year: int
    kind: ColumnKind
    cells: Mapping[str, DutyCell]  # by indicator code
    total: Decimal | None = None

    @property
    def headings(self) -> tuple[str, str]:
        """Of the figure and of the points, in S3's words."""
        figure, points = _HEADINGS[self.kind]
        return figure.format(year=self.year), points.format(year=self.year)

    @property
    def carried(self) -> int:
        """Lines whose points are last year's, there being no target."""
        return sum(cell.is_carried for cell in self.cells.values())


@dataclass(frozen=True, slots=True)
class DutyEntry:
    """One indicator as the annex prints it, without the years."""

    code: str
    group: str
    name: str
    weight: Decimal
    rubric: str
    responsible: tuple[str, ...]
    providers: tuple[str, ...]

    @property
    def rubric_lines(self) -> tuple[str, ...]:
        """The rubric without its empty lines."""
        return tuple(line.strip() for line in self.rubric.splitlines() if line.strip())

    @property
    def units(self) -> tuple[str, ...]:
        """Responsible units; providers that are not among them are named as such (数据提供单位)."""
        others = tuple(name for name in self.providers if name not in self.responsible)
        return self.responsible + ((f"数据提供：{'、'.join(others)}",) if others else ())


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A line of the table: the first of its group says how many lines the group spans."""

    entry: DutyEntry
    group_label: str
    group_span: int
    cells: tuple[DutyCell, ...]


@dataclass(frozen=True, slots=True)
class DutyTable:
    """The whole annex of one county."""

    region_name: str
    entries: Sequence[DutyEntry]
    columns: Sequence[YearColumn]

    @property
    def title(self) -> str:
        """《霸州市科技创新能力监测评价指标测算责任分工表》."""
        return f"{self.region_name}{words().assessed}{words().assessing}指标测算责任分工表"

    @property
    def rows(self) -> list[PrintedRow]:
        """Line by line, groups drawn together."""
        printed = []
        for name, found in groupby(self.entries, key=lambda entry: entry.group):
            group = list(found)
            label = f"{name}（{plain(sum((entry.weight for entry in group), Decimal(0)))}分）"
            for place, entry in enumerate(group):
                cells = tuple(column.cells.get(entry.code, _NOTHING) for column in self.columns)
                printed.append(PrintedRow(entry, label, 0 if place else len(group), cells))
        return printed

    @property
    def carried_words(self) -> str:
        """What the reader must know of targets that were not set; blank where all were."""
        missing = [
            f"{column.year}年有{column.carried}项未定目标，目标得分沿用上一年度得分，以*标出。"
            for column in self.columns
            if column.carried
        ]
        return "".join(missing)
