"""The materials of an application as one document: what it says. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from applications.enums import PLAN_SECTIONS, KeyTask, Section
from applications.rules.materials import Document, Materials, Row
from applications.rules.plan import section_title
from applications.rules.schedule import Schedule, draw_schedule
from county_portal.common.numbers import plain
from county_portal.documents.blocks import Block, Heading, Paragraph
from county_portal.documents.numbers import chinese_ordinal
from county_portal.documents.wording import read_blocks
from indicators.enums import IndicatorKind

QUALITATIVE = "定性评价"
# S0 annex 2-1.
TABLE_NOTE = (
    "注：表中加注*的{designated}项指标为指定考核指标，除此之外，再自选{stars}项指标作为本县（市、区）自选考核指标，"
    "填报时加★标注；其他指标仅作为监测指标填报，不列入最终考核内容。“上年数值”指上一统计年度数值。"
)


@dataclass(frozen=True, slots=True)
class Front:
    """What stands on the cover and at the foot of every page."""

    title: str
    region: str
    city: str
    office: str
    round_name: str
    basis: str
    standing: str  # 未定稿 … while it may still change; blank else
    revision: int
    saved_at: datetime  # when the materials last changed, or were begun


@dataclass(frozen=True, slots=True)
class Approval:
    """县政府审议通过."""

    meeting: str
    met_on: date
    document_number: str


@dataclass(frozen=True, slots=True)
class TableLine:
    """A row of annex 2-1 as it is printed: four numbers, or words."""

    number: str
    name: str  # with its unit and its mark * or ★
    cells: Sequence[str]
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class BasicsPrint:
    """A line of 基本情况表 as it is printed."""

    number: int
    name: str
    unit: str
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """A line of the list of attachments."""

    number: int
    belongs_to: str
    name: str
    document_number: str
    file_name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section of the plan."""

    section: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class MaterialsDocument:
    """All of it."""

    front: Front
    digest: (
        str  # of the materials, as the county government approved and the city's letter names it
    )
    years: Sequence[int]  # last year and the three targets
    document: Document | None
    approval: Approval | None
    lines: Sequence[TableLine]
    own_lines: Sequence[TableLine]
    note: str
    basics: Sequence[BasicsPrint]
    chapters: Sequence[Chapter]
    plan_file: str  # name of an uploaded plan
    schedule: Schedule
    attachments: Sequence[AttachmentLine]

    @property
    def all_lines(self) -> list[TableLine]:
        """The guideline's rows, then the county's own."""
        return [*self.lines, *self.own_lines]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the materials themselves do not hold."""

    front: Front
    digest: str
    approval: Approval | None
    stars: int
    attachments: Sequence[AttachmentLine]
    plan_file: str


def compose_document(materials: Materials, around: Surroundings) -> MaterialsDocument:
    """The document of these materials."""
    years = [materials.last_year, *materials.target_years]
    designated = sum(row.is_designated for row in materials.rows)
    return MaterialsDocument(
        front=around.front,
        digest=around.digest,
        years=years,
        document=materials.document,
        approval=around.approval,
        lines=[_line(row, years) for row in materials.rows if not row.is_own],
        own_lines=[_line(row, years) for row in materials.rows if row.is_own],
        note=TABLE_NOTE.format(designated=designated, stars=around.stars),
        basics=list(_basics(materials)),
        chapters=list(_chapters(materials)),
        plan_file=around.plan_file,
        schedule=draw_schedule(materials),
        attachments=around.attachments,
    )


def _line(row: Row, years: Sequence[int]) -> TableLine:
    mark = "*" if row.is_designated else "★" if row.is_starred else ""
    unit = f"（{row.unit}）" if row.unit else ""
    is_words = row.kind == IndicatorKind.QUALITATIVE
    cells = [] if is_words else [_number(row, year) for year in years]
    words = (row.words or QUALITATIVE) if is_words else row.definition if row.is_own else ""
    return TableLine(row.number, f"{row.name}{unit}{mark}", cells, words, row.reason)


def _number(row: Row, year: int) -> str:
    cell = row.cells.get(year)
    return plain(cell.number) if cell else ""


def _basics(materials: Materials) -> Iterator[BasicsPrint]:
    for number, each in enumerate(materials.basics, 1):
        text = "无" if each.is_absent else _grouped(each.number)
        yield BasicsPrint(number, each.name, each.unit, text, each.note)


def _grouped(number: Decimal | None) -> str:
    return "" if number is None else f"{Decimal(plain(number)):,f}"


def _chapters(materials: Materials) -> Iterator[Chapter]:
    for section in PLAN_SECTIONS:
        blocks: tuple[Block, ...] = ()
        if section == Section.TASKS:
            blocks = tuple(_tasks(materials))
        elif section != Section.SCHEDULE and not materials.plan_file:
            blocks = read_blocks(materials.texts.get(section, ""), {})
        yield Chapter(section, section_title(section), blocks)


def _tasks(materials: Materials) -> Iterator[Block]:
    for number, task in enumerate(materials.tasks, 1):
        yield Heading(2, f"（{chinese_ordinal(number)}）{KeyTask(task.kind).label}")
        yield from (Paragraph(line) for line in task.goal.splitlines() if line.strip())
        if task.units:
            yield Paragraph(f"责任单位：{'、'.join(task.units)}。")
