"""The 31-row table with what its pages need beyond the materials: what was typed, ids, files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.shortcuts import get_object_or_404

from applications.enums import Section
from applications.models import Application, RowEvidence, TableFigure, TableRow
from applications.rules.materials import Materials, Row
from applications.selectors.applications import list_applications
from applications.selectors.materials import read_materials
from applications.selectors.sections import revision_of
from county_portal.accounts.models import User
from indicators.models import Indicator
from indicators.selectors.catalogue import catalogue_of


@dataclass(frozen=True, slots=True)
class TableLine:
    """A row as the rules see it (`row`) and as it is stored; `stored` is None for one nobody touched."""

    row: Row
    years: Sequence[int]
    stored: TableRow | None
    indicator: Indicator | None
    figures: Mapping[int, TableFigure]
    evidence: Sequence[RowEvidence]

    @property
    def order(self) -> int:
        """By which pages and forms name the row."""
        return self.row.order

    @property
    def number(self) -> str:
        """As S0 numbers it."""
        return self.row.number


@dataclass(frozen=True, slots=True)
class Table:
    """All rows, at one revision of the table."""

    materials: Materials
    lines: Sequence[TableLine]
    revision: int

    @property
    def starred(self) -> int:
        """How many ★ there are."""
        return sum(line.row.is_starred for line in self.lines)


def read_table(application: Application, materials: Materials | None = None) -> Table:
    """The table of an application; a constant number of queries."""
    revision = revision_of(application, Section.TABLE)
    materials = materials or read_materials(application)
    rows = application.rows.prefetch_related("figures", "evidence__file", "evidence__added_by")
    stored = {row.order: row for row in rows}
    indicators = catalogue_of(application.round.version_id).indicators
    years = (materials.last_year, *materials.target_years)
    lines = [
        _line(row, years, stored.get(row.order), indicators.get(row.code)) for row in materials.rows
    ]
    return Table(materials, lines, revision)


def _line(
    row: Row, years: Sequence[int], stored: TableRow | None, indicator: Indicator | None
) -> TableLine:
    figures = {figure.year: figure for figure in stored.figures.all()} if stored else {}
    evidence = list(stored.evidence.all()) if stored else []
    return TableLine(row, years, stored, indicator, figures, evidence)


def get_own_row(user: User, public_id: UUID) -> TableRow:
    """A row a county proposed itself, of an application somebody may see; 404 otherwise."""
    rows = TableRow.objects.filter(application__in=list_applications(user), indicator__isnull=True)
    return get_object_or_404(rows.select_related("application"), public_id=public_id)


def get_evidence(user: User, public_id: UUID) -> RowEvidence:
    """A file of a row of an application somebody may see; 404 otherwise."""
    rows = RowEvidence.objects.filter(row__application__in=list_applications(user))
    related = ("row__indicator", "row__application__region", "file")
    return get_object_or_404(rows.select_related(*related), public_id=public_id)
