"""Regions and offices from the data files of a province."""

import csv
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from pypinyin import lazy_pinyin

from county_portal.accounts.models import Office, Region, fold_variants
from county_portal.accounts.roles import Level
from county_portal.audit.actions import Entry, record
from county_portal.common.province import Province, read_province
from county_portal.common.province_checks import require_sound
from county_portal.common.province_files import province_file

# Prefecture-level names precede a county's in its full name; the province's do not.
_PREFIXING = {Level.CITY}


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows were made."""

    regions: int
    offices: int


@transaction.atomic
def import_province(province: str) -> Imported:
    """Load `regions.csv` and `offices.csv` of the province's folder into an empty register.

    Every county gets the office of its science bureau. Returns zeros if the register is not empty. Raises Invalid with
    every fault of the folder, before anything is written.
    """
    if Region.objects.exists():
        return Imported(0, 0)
    require_sound(province)
    rows = _read("regions.csv", province)
    upper = [row for row in rows if row["level"] != Level.COUNTY]
    counties = [row for row in rows if row["level"] == Level.COUNTY]
    regions = _make_upper_regions(upper)
    offices = _make_offices(_read("offices.csv", province))
    made = _make_counties(counties, regions, offices)
    _link_offices(_read("offices.csv", province), offices, regions | made)
    bureaus = _make_bureaus(made, read_province(province))
    result = Imported(Region.objects.count(), len(offices) + len(bureaus))
    record(
        None,
        Entry(
            "import_province",
            "register",
            province,
            {"regions": result.regions, "offices": result.offices},
        ),
    )
    return result


def _read(name: str, province: str) -> list[dict[str, str]]:
    with province_file(name, province).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _region(row: dict[str, str], parent: Region | None) -> Region:
    prefix = parent.name if parent and parent.level in _PREFIXING else ""
    full_name = prefix + row["name"]
    return Region(
        code=row["code"],
        name=row["name"],
        full_name=full_name,
        level=row["level"],
        parent=parent,
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        search_name=fold_variants(full_name),
        pinyin="".join(lazy_pinyin(row["name"])),
    )


def _make_upper_regions(rows: list[dict[str, str]]) -> dict[str, Region]:
    regions: dict[str, Region] = {}
    for row in rows:
        region = _region(row, regions.get(row["parent"]))
        region.save(force_insert=True)
        regions[row["code"]] = region
    return regions


def _make_offices(rows: list[dict[str, str]]) -> dict[str, Office]:
    made = {
        row["key"]: Office(
            name=row["name"],
            short_name=row["short_name"],
            level=row["level"],
            order=int(row["order"]),
        )
        for row in rows
    }
    Office.objects.bulk_create(made.values())
    return made


def _make_counties(
    rows: list[dict[str, str]], upper: dict[str, Region], offices: dict[str, Office]
) -> dict[str, Region]:
    """Counties alive today first, so that the ended ones can name their successor."""
    made: dict[str, Region] = {}
    for row in sorted(rows, key=lambda row: bool(row["valid_to"])):
        region = _region(row, upper[row["parent"]])
        region.reviewing_office = offices[row["reviewing_office"]]
        if row["valid_to"]:
            region.successor = made[row["successor"]]
            made[f"{row['code']}@{row['valid_from']}"] = region
        else:
            made[row["code"]] = region
        region.save(force_insert=True)
    return made


def _link_offices(
    rows: list[dict[str, str]], offices: dict[str, Office], regions: dict[str, Region]
) -> None:
    for row in rows:
        offices[row["key"]].region = regions[row["region"]]
    Office.objects.bulk_update(offices.values(), ["region"])


def _make_bureaus(counties: dict[str, Region], told: Province) -> list[Office]:
    bureaus = [
        Office(
            name=told.bureau.format(full_name=region.full_name),
            short_name=told.bureau_short.format(name=region.name),
            level=Level.COUNTY,
            region=region,
        )
        for region in counties.values()
    ]
    return Office.objects.bulk_create(bureaus)
