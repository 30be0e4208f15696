"""A province's own ledgers and the offices its texts name, from `provinces/<key>/measures/`."""

import json
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from county_portal.accounts.models import Office, Region
from county_portal.accounts.roles import Level, OfficeKind
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.province_files import province_file
from measures.actions.keeping import LedgerInput, create_ledger_for
from measures.enums import DutyKind
from measures.models import Goal, Ledger
from measures.rules.collective import Naming, read_naming
from measures.rules.reading import ReadLedger, ReadUnit, read_measures

FOLDER = "measures"
# Responsible units stand behind the bureaus in every list of offices.
_FIRST_ORDER = 200


@transaction.atomic
def import_units(province: str) -> int:
    """Make the offices the texts name and every city's government, where they are not there yet; returns how many."""
    naming = read_naming(province)
    regions = {row.code: row for row in Region.objects.filter(valid_to__isnull=True)}
    wanted = [*_named(naming, regions), *_governments(naming, regions)]
    there = set(Office.objects.values_list("name", flat=True))
    made = Office.objects.bulk_create(each for each in wanted if each.name not in there)
    if made:
        detail = {"offices": [office.name for office in made]}
        record(None, Entry("import_units", "register", province, detail))
    return len(made)


def _named(naming: Naming, regions: Mapping[str, Region]) -> list[Office]:
    return [
        Office(
            name=row["name"],
            short_name=row["short_name"],
            level=row["level"],
            kind=OfficeKind.UNIT,
            region=regions[row["region"]],
            order=_FIRST_ORDER + place,
        )
        for place, row in enumerate(naming.offices)
        if row["region"] in regions
    ]


def _governments(naming: Naming, regions: Mapping[str, Region]) -> list[Office]:
    cities = [
        row
        for row in regions.values()
        if row.level == Level.CITY and row.code not in naming.without and not row.is_practice
    ]
    start = _FIRST_ORDER + len(naming.offices)
    return [
        Office(
            name=naming.government_name.format(region=region.name),
            short_name=naming.government_short.format(region=region.name),
            level=Level.CITY,
            kind=OfficeKind.UNIT,
            region=region,
            order=start + place,
        )
        for place, region in enumerate(sorted(cities, key=lambda row: row.code))
    ]


def read_source(spec: Mapping[str, Any], province: str) -> ReadLedger:
    """The text of one entry of ledgers.json, read."""
    text = province_file(f"{FOLDER}/{spec['text']}", province).read_text(encoding="utf-8")
    section = spec["section"]
    return read_measures(text, (section[0], section[1]) if section else None)


def read_plain(name: str, province: str) -> list[dict[str, Any]]:
    """ledgers.json or goals.json; nothing for a province without."""
    try:
        path = province_file(f"{FOLDER}/{name}.json", province)
    except FileNotFoundError:
        return []
    plain: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return plain


@transaction.atomic
def import_ledgers(province: str, *, only: Collection[str] = ()) -> list[Ledger]:
    """Make the ledgers whose keeping office is in the register and that are not there yet; units first.

    `only`: those with these keys.
    """
    import_units(province)
    offices = {office.name: office for office in Office.objects.select_related("region")}
    goals = read_plain("goals", province)
    made = []
    for spec in read_plain("ledgers", province):
        if only and spec["key"] not in only:
            continue
        office = offices.get(spec["office"])
        if office is None or Ledger.objects.filter(office=office, title=spec["title"]).exists():
            continue
        ledger = create_ledger_for(
            office=office, data=_input(spec), reading=read_source(spec, province), actor=None
        )
        _make_goals(ledger, [row for row in goals if row["ledger"] == spec["key"]])
        made.append(ledger)
    return made


def _input(spec: Mapping[str, Any]) -> LedgerInput:
    return LedgerInput(
        title=spec["title"],
        document_title=spec["document"],
        document_number=spec["document_number"],
        issued_on=_day(spec["issued_on"]),
        starts_on=_day(spec["starts_on"]) or clock.today(),
        ends_on=_day(spec["ends_on"]),
        supplements=spec["supplements"],
        aliases=spec["aliases"],
        default_units=[ReadUnit(words, DutyKind(kind)) for words, kind in spec["default_units"]],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _make_goals(ledger: Ledger, rows: list[dict[str, Any]]) -> None:
    """Raises ValueError for words the text does not say: the file is ours, and wrong."""
    measures = {measure.number: measure for measure in ledger.measures.all()}
    goals, places = [], dict.fromkeys(measures, 0)
    for row in rows:
        measure = measures[row["number"]]
        if row["wording"] not in measure.text:
            raise ValueError(f"{ledger}: measure {measure.number} does not say {row['wording']!r}")
        places[measure.number] += 1
        goals.append(
            Goal(
                measure=measure,
                order=places[measure.number],
                wording=row["wording"],
                name=row["name"],
                target=Decimal(row["target"]),
                unit=row["unit"],
                by=_day(row["by"]),
            )
        )
    Goal.objects.bulk_create(goals)
    for measure in measures.values():
        days = [goal.by for goal in goals if goal.measure_id == measure.pk]
        if days and all(days) and ledger.ends_on is None:
            measure.due_on = max(day for day in days if day)
            measure.save(update_fields=["due_on"])
