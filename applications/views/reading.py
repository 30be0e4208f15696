"""The materials laid out for whoever reads them whole. No rows, no request."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from applications.enums import PLAN_SECTIONS, KeyTask
from applications.rules.materials import Materials, Row, Task


@dataclass(frozen=True, slots=True)
class ShownMaterials:
    """Rows with their numbers by year, written sections and tasks by their names."""

    materials: Materials
    rows: Sequence[tuple[Row, Sequence[Decimal | None]]]
    texts: Sequence[tuple[str, str]]
    tasks: Sequence[tuple[str, Task]]


def shown(materials: Materials) -> ShownMaterials:
    """Everything `applications/_materials.html` draws."""
    years = [materials.last_year, *materials.target_years]
    return ShownMaterials(
        materials,
        [
            (row, [row.cells[year].number if year in row.cells else None for year in years])
            for row in materials.rows
        ],
        [
            (str(section.label), materials.texts[section])
            for section in PLAN_SECTIONS
            if materials.texts.get(section)
        ],
        [(str(KeyTask(task.kind).label), task) for task in materials.tasks],
    )
