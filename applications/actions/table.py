"""The 31-row table: saved whole by its form, filled from facts; every change in the audit with what stood before."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from applications.actions.records import application_entry, count_revision, lock_for_editing
from applications.enums import Section
from applications.models import Application, TableFigure, TableRow
from applications.rules.table import designated_sentence
from applications.selectors.history import known_figures
from applications.selectors.table import TableLine, read_table
from county_portal.accounts.models import User
from county_portal.audit.actions import record
from county_portal.common.errors import Invalid
from county_portal.common.numbers import plain
from indicators.selectors.catalogue import catalogue_of


@dataclass(frozen=True, slots=True)
class FigureInput:
    """One cell as understood; `number` None is a blank cell."""

    text: str = ""
    number: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LineInput:
    """One row as it should read; figures by absolute year."""

    figures: Mapping[int, FigureInput]
    is_starred: bool = False
    words: str = ""
    reason: str = ""


@transaction.atomic
def save_table(
    *, actor: User, application_id: UUID, revision: int | None, lines: Mapping[int, LineInput]
) -> int:
    """Bring rows (by order) to what is entered, all or none; returns the table's revision.

    Nothing changed is no act. Raises Stale `section_changed`, Invalid for a ★ on a row that takes none.
    """
    application = lock_for_editing(actor, application_id, Section.TABLE, revision)
    table = read_table(application)
    changes: dict[str, object] = {}
    for line in table.lines:
        entered = lines.get(line.order)
        if entered is None:
            continue
        _refuse_star(line, entered)
        changed = _save_line(application, line, entered)
        if changed:
            changes[str(line.order)] = changed
    if not changes:
        return table.revision
    record(actor, application_entry("save_table", application, {"rows": changes}))
    return count_revision(actor, application, Section.TABLE).revision


def _refuse_star(line: TableLine, entered: LineInput) -> None:
    if entered.is_starred and line.row.is_designated:
        raise Invalid("star_on_designated", designated_sentence(line.row), f"star-{line.order}")
    if entered.is_starred and line.row.is_own:
        sentence = (
            f"“{line.row.name}”是本县自行提出的指标，本来就要考核，不占自选考核指标（★）名额。"
        )
        raise Invalid("star_on_own", sentence, f"star-{line.order}")


def _save_line(
    application: Application, line: TableLine, entered: LineInput
) -> dict[str, list[object]]:
    """What changed of the row, before and after; empty for nothing."""
    changed: dict[str, list[object]] = {}
    before: tuple[object, ...] = (line.row.is_starred, line.row.words, line.row.reason)
    after = (entered.is_starred, entered.words, entered.reason)
    for name, had, has in zip(("starred", "words", "reason"), before, after, strict=True):
        if had != has:
            changed[name] = [had, has]
    figures = {
        year: figure
        for year, figure in entered.figures.items()
        if year in line.years and _plain(figure) != _plain(_stored(line.figures.get(year)))
    }
    for year, figure in figures.items():
        changed[str(year)] = [_plain(_stored(line.figures.get(year))), _plain(figure)]
    if not changed:
        return {}
    row = line.stored or _new_row(application, line)
    row.is_starred, row.words, row.reason = after
    row.save()
    _save_figures(row, figures)
    return changed


def _new_row(application: Application, line: TableLine) -> TableRow:
    indicator = catalogue_of(application.round.version_id).indicators[line.row.code]
    return TableRow(application=application, indicator=indicator, order=line.order)


def _save_figures(row: TableRow, figures: Mapping[int, FigureInput]) -> None:
    blank = [year for year, figure in figures.items() if figure.number is None]
    if blank and row.pk:
        row.figures.filter(year__in=blank).delete()
    TableFigure.objects.bulk_create(
        [
            TableFigure(
                row=row,
                year=year,
                text=figure.text,
                number=figure.number,
                numerator=figure.numerator,
                denominator=figure.denominator,
            )
            for year, figure in figures.items()
            if figure.number is not None
        ],
        update_conflicts=True,
        unique_fields=["row", "year"],
        update_fields=["text", "number", "numerator", "denominator"],
    )


def _stored(figure: TableFigure | None) -> FigureInput:
    if figure is None:
        return FigureInput()
    return FigureInput(figure.text, figure.number, figure.numerator, figure.denominator)


def _plain(figure: FigureInput) -> list[str]:
    return [plain(figure.number), plain(figure.numerator), plain(figure.denominator)]


@transaction.atomic
def fill_from_facts(*, actor: User, application_id: UUID, revision: int | None) -> int:
    """Fill blank figures of last year from the register of facts; returns how many. Nothing typed is touched."""
    application = lock_for_editing(actor, application_id, Section.TABLE, revision)
    known = known_figures(application)
    year = application.round.last_year
    changes: dict[str, object] = {}
    for line in read_table(application).lines:
        figure = known.get(line.row.code)
        if figure is None or year in line.figures:
            continue
        text = "" if figure.numerator is not None else plain(figure.number)
        entered = FigureInput(text, figure.number, figure.numerator, figure.denominator)
        row = line.stored or _new_row(application, line)
        row.save()
        _save_figures(row, {year: entered})
        changes[str(line.order)] = {"figure": _plain(entered), "sources": list(figure.sources)}
    if changes:
        detail = {"year": year, "rows": changes}
        record(actor, application_entry("fill_table_from_facts", application, detail))
        count_revision(actor, application, Section.TABLE)
    return len(changes)
