"""A county fills 基本情况表; its numbers are facts like any other, and may be taken over into the 31-row table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from applications.actions.records import application_entry, count_revision, lock_for_editing
from applications.enums import Section
from applications.models import Application, BasicsFigure, TableFigure, TableRow
from applications.rules.basics import Ratio, ratios_of
from applications.selectors.basics import (
    differing_meanings,
    fact_form,
    fact_label,
    known_facts,
)
from applications.selectors.materials import basics_meanings, read_materials
from county_portal.accounts.models import User
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid
from county_portal.common.numbers import plain
from indicators.actions.claims import explain_told, keep_told
from indicators.models import FactMeaning
from indicators.rules.facts import Told
from indicators.selectors import list_indicators


@dataclass(frozen=True, slots=True)
class BasicInput:
    """A line as understood; all blank takes it away."""

    text: str = ""
    number: Decimal | None = None
    is_absent: bool = False
    note: str = ""


@transaction.atomic
def save_basics(
    *,
    actor: User,
    application_id: UUID,
    revision: int | None,
    lines: Mapping[str, BasicInput],
) -> Application:
    """Keep the lines that differ from what is stored, and what they state as facts; codes are the meanings'.

    A note beside a figure that differs from a known fact is its reason.
    Raises Invalid for an absence without a reason, or one with a figure.
    """
    application = lock_for_editing(actor, application_id, Section.BASICS, revision)
    meanings = {each.code: each for each in _meanings(application)}
    wanted = {meanings[code]: line for code, line in lines.items() if code in meanings}
    for meaning, line in wanted.items():
        _refuse_line(meaning, line)
    _write(actor, application, wanted)
    return application


def _meanings(application: Application) -> Iterable[FactMeaning]:
    indicators = list(list_indicators(application.round.version))
    return FactMeaning.objects.filter(pk__in=basics_meanings(indicators)).order_by("order")


def _refuse_line(meaning: FactMeaning, line: BasicInput) -> None:
    if line.is_absent and line.number is not None:
        sentence = f"“{meaning.name}”填了数值又选择了“没有”，请清空数值或取消勾选。"
        raise Invalid("absent_with_figure", sentence, f"n-{meaning.code}")
    if line.is_absent and not line.note.strip():
        sentence = f"“{meaning.name}”没有数据的，请说明原因。"
        raise Invalid("absence_reason_required", sentence, f"r-{meaning.code}")


def _write(actor: User, application: Application, wanted: Mapping[FactMeaning, BasicInput]) -> bool:
    """Write what differs; says whether anything did."""
    stored = {each.meaning_id: each for each in application.basics.all()}
    changed = {
        meaning: line for meaning, line in wanted.items() if _of(stored.get(meaning.pk)) != line
    }
    if changed:
        _store(actor, application, changed)
        form = fact_form(application)
        told = [
            Told(f"{form.prefix}{each.code}", fact_label(application, each), each.pk, line.number)
            for each, line in changed.items()
        ]
        keep_told(form, actor, told)
    # A fact that moved elsewhere took the reason along; saving the same note gives it again.
    explained = _explain(application, wanted)
    if not changed and not explained:
        return False
    count_revision(actor, application, Section.BASICS)
    detail = {
        each.code: [plain(line.number), "无" if line.is_absent else "", line.note]
        for each, line in changed.items()
    }
    record(actor, application_entry("save_basics", application, detail))
    return True


def _of(row: BasicsFigure | None) -> BasicInput:
    return BasicInput(row.text, row.number, row.is_absent, row.note) if row else BasicInput()


def _store(
    actor: User, application: Application, changed: Mapping[FactMeaning, BasicInput]
) -> None:
    blank = [meaning.pk for meaning, line in changed.items() if line == BasicInput()]
    application.basics.filter(meaning__in=blank).delete()
    BasicsFigure.objects.bulk_create(
        [
            BasicsFigure(
                application=application,
                meaning=meaning,
                text=line.text,
                number=line.number,
                is_absent=line.is_absent,
                note=line.note,
                saved_by=actor,
                saved_at=clock.now(),
            )
            for meaning, line in changed.items()
            if line != BasicInput()
        ],
        update_conflicts=True,
        unique_fields=["application", "meaning"],
        update_fields=["text", "number", "is_absent", "note", "saved_by", "saved_at"],
    )


def _explain(application: Application, wanted: Mapping[FactMeaning, BasicInput]) -> int:
    """Give the notes of differing figures as the reasons of their claims; one query where none differs."""
    differing = differing_meanings(application)
    form = fact_form(application)
    return sum(
        explain_told(form, each.code, line.note, each)
        for each, line in wanted.items()
        if each.pk in differing
    )


@transaction.atomic
def adopt_known(*, actor: User, application_id: UUID, revision: int | None) -> int:
    """Fill blank lines from facts that are known; returns how many were filled."""
    application = lock_for_editing(actor, application_id, Section.BASICS, revision)
    known = known_facts(application)
    stored = set(application.basics.values_list("meaning", flat=True))
    wanted = {
        each: BasicInput(plain(known[each.pk].number), known[each.pk].number)
        for each in _meanings(application)
        if each.pk in known and each.pk not in stored
    }
    _write(actor, application, wanted)
    return len(wanted)


@transaction.atomic
def take_over(*, actor: User, application_id: UUID, revision: int | None) -> int:
    """Write what the basics come to, with its parts, as 上年数值 of the table; returns how many rows changed.

    `revision` is the table's. A row whose basics are incomplete stays as it is.
    """
    application = lock_for_editing(actor, application_id, Section.TABLE, revision)
    materials = read_materials(application)
    ratios = [
        each
        for each in ratios_of(materials)
        if each.rounded is not None and not _is_taken_over(each, materials.last_year)
    ]
    if not ratios:
        return 0
    rows = _rows(application, ratios)
    TableFigure.objects.bulk_create(
        [_figure(rows[each.row.code], materials.last_year, each) for each in ratios],
        update_conflicts=True,
        unique_fields=["row", "year"],
        update_fields=["text", "number", "numerator", "denominator"],
    )
    count_revision(actor, application, Section.TABLE)
    detail = {each.row.code: [plain(each.stated), plain(each.rounded)] for each in ratios}
    record(actor, application_entry("take_over_basics", application, detail))
    return len(ratios)


def _is_taken_over(ratio: Ratio, year: int) -> bool:
    cell = ratio.row.cells.get(year)
    parts = (ratio.numerator.number, ratio.denominator.number) if ratio.denominator else (None,) * 2
    return cell is not None and (cell.number, cell.numerator, cell.denominator) == (
        ratio.rounded,
        *parts,
    )


def _rows(application: Application, ratios: Iterable[Ratio]) -> dict[str, TableRow]:
    """Rows of the table by code, made where nobody touched them yet."""
    wanted = {each.row.code for each in ratios}
    indicators = [
        each for each in list_indicators(application.round.version) if each.code in wanted
    ]
    TableRow.objects.bulk_create(
        [
            TableRow(application=application, indicator=each, order=each.order)
            for each in indicators
        ],
        ignore_conflicts=True,
    )
    rows = application.rows.filter(indicator__in=indicators).select_related("indicator")
    return {row.indicator.code: row for row in rows if row.indicator}


def _figure(row: TableRow, year: int, ratio: Ratio) -> TableFigure:
    is_rate = ratio.denominator is not None
    assert ratio.rounded is not None  # noqa: S101 -- incomplete ones were left out
    return TableFigure(
        row=row,
        year=year,
        text=plain(ratio.rounded),
        number=ratio.rounded,
        numerator=ratio.numerator.number if is_rate else None,
        denominator=ratio.denominator.number if ratio.denominator else None,
    )
