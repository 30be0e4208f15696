"""The golden cases that come with a province: a county's table as printed in a source, column by column.

Bazhou's (S3, annex): 32 cells have a printed figure. Three of them were scored by the officials from the unrounded
figure, which the case then holds. 18 cells were judged and print no figure; what they counted is reconstructed. One is
blank and carries the year before.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from county_portal.common.province_files import has_province_file, read_province_json
from scoring.engine.types import (
    Absence,
    Carried,
    CountyFigures,
    Figure,
    FigureStatus,
    Item,
    Measure,
)
from scoring.schemes.golden import Case, Expected

# A county's table as printed, or cases made up and reckoned by hand; both in one form.
FILES = ("source-figures.json", "golden-cases.json")
_RECONSTRUCTED = "原表未印出所依据的项目或评审情况，按所得分数还原。"
_CARRIED = "原表此格空白，沿用上年数据。"


def read_source_cases(province: str) -> list[Case]:
    """The cases of the province's scheme; none where it has none."""
    shipped = [name for name in FILES if has_province_file(name, province)]
    return [case for name in shipped for case in _cases(read_province_json(name, province))]


def _cases(table: Mapping[str, Any]) -> list[Case]:
    before: Mapping[str, Any] = {}
    cases = []
    for year in table["years"]:
        cases.append(_case(table, year, before))
        before = year
    return cases


def _case(table: Mapping[str, Any], year: Mapping[str, Any], before: Mapping[str, Any]) -> Case:
    figures = tuple(_figure(cell, year, before) for cell in year["figures"])
    lines = {cell["indicator"]: Decimal(cell["printed_score"]) for cell in year["figures"]}
    total = Decimal(year["printed_total"])
    return Case(
        f"{table['county']['name']}{year['column']}",
        f"{table['source']}，“{year['column']}”列",
        CountyFigures(table["county"]["code"], table["county"]["name"], figures),
        Expected(lines, total, "", {} if table.get("constructed") else dict(_notes(year))),
    )


def _notes(year: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for cell in year["figures"]:
        if "scored_from" in cell:
            yield cell["indicator"], f"{cell['scored_from']['reason']}。"
        elif cell["absence"]:
            yield cell["indicator"], _CARRIED
        elif cell["value"] is None:
            yield cell["indicator"], _RECONSTRUCTED


def _figure(cell: Mapping[str, Any], year: Mapping[str, Any], before: Mapping[str, Any]) -> Figure:
    code, carried = cell["indicator"], None
    if cell["absence"]:
        last = next(each for each in before["figures"] if each["indicator"] == code)
        carried = Carried(before["data_year"], _measure(last))
    absence = Absence(cell["absence"]) if cell["absence"] else None
    return Figure(code, _measure(cell), absence, carried, FigureStatus(year["status"]))


def _measure(cell: Mapping[str, Any]) -> Measure:
    basis = cell.get("scored_from", cell)
    return Measure(
        value=_number(basis.get("value")),
        numerator=_number(basis.get("numerator")),
        denominator=_number(basis.get("denominator")),
        factor=Decimal(basis.get("factor", "1")),
        items=tuple(Item(each["kind"], each["name"]) for each in cell["items"]),
        panel=tuple(Decimal(score) for score in cell["panel"]),
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
