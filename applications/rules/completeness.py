"""What is still missing: one list the clerk can click, the same that stops an application from being finished."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from applications.enums import Material, Section
from applications.rules.basics import missing_basics
from applications.rules.document import missing_document
from applications.rules.gaps import Gap
from applications.rules.materials import Materials
from applications.rules.plan import missing_plan
from applications.rules.plausibility import History
from applications.rules.table import missing_table


@dataclass(frozen=True, slots=True)
class Demands:
    """What a round asks of an application."""

    materials: Collection[str]  # of Material
    stars: int
    # What is known of years before the table's, by indicator code.
    history: History = field(default_factory=dict)


def stops_finishing(gap: Gap) -> bool:
    """Whether a gap keeps the materials from the county government: its own document it issues afterwards."""
    return gap.section != Section.DOCUMENT


def missing_of(materials: Materials, demands: Demands) -> Sequence[Gap]:
    """Everything that stops, in the order of the materials; empty for a complete application."""
    gaps: list[Gap] = []
    if Material.DOCUMENT in demands.materials:
        gaps.extend(missing_document(materials.document))
    if Material.TABLE in demands.materials:
        gaps.extend(missing_table(materials, demands.stars, demands.history))
    if Material.BASICS in demands.materials:
        gaps.extend(missing_basics(materials))
    if Material.PLAN in demands.materials:
        gaps.extend(missing_plan(materials))
    return gaps
