"""What each county answers in each year, under the name it bore then."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from county_portal.accounts.models import Region
from county_portal.demo.chance import between, stream
from county_portal.demo.evidence import EvidenceItem
from county_portal.demo.figures import Answer, CountyYear, generate
from county_portal.demo.shapes import Row, load_shapes
from county_portal.demo.story import STORY

LAST_YEAR = 2020
# A county merged away has no figures of its own: it answers like this neighbour, a little smaller.
_NEIGHBOUR: str = STORY["merged_like"]
_SMALLER = Decimal("0.93")
# Figures of each year after the last invented one grow by so many per cent, a county's own number.
_SLOWEST, _FASTEST = 1, 5
# Approval numbers set aside for one county's items of a year.
_PAGES = 20
_YEAR_AND_SERIAL = re.compile(r"〔\d{4}〕\d+号")


@cache
def _generated() -> Mapping[tuple[str, int], CountyYear]:
    return {(year.code, year.data_year): year for year in generate()}


def answers_of(region: Region, data_year: int) -> CountyYear:
    """A region's answers; those of an ended one are its successor's, or a neighbour's if it was merged.

    A year after the last invented one continues it.
    """
    known = min(data_year, LAST_YEAR)
    year = _generated().get((region.code, known))
    if year is None and region.successor and region.successor.code != region.code:
        heir = _generated().get((region.successor.code, known))
        year = heir if heir and _is_alone(region) else None
    if year is None:
        year = _scaled(_generated()[_NEIGHBOUR, known], _SMALLER)
    if data_year > known:
        grown = _scaled(year, _growth(region.code, data_year))
        answers = tuple(_brought_forward(each, grown.code, data_year) for each in grown.answers)
        year = replace(grown, answers=answers)
    return _renamed(year, region, data_year)


def _brought_forward(answer: Answer, code: str, data_year: int) -> Answer:
    """As a county would type it that year: rates from their parts, yearly items of the year itself."""
    row = _rows()[answer.indicator]
    if row.yearly:
        first = _register().index(code) * _PAGES + 1
        items = enumerate(answer.items, first)
        return replace(answer, items=tuple(_of_year(item, data_year, n) for n, item in items))
    if not (answer.numerator and answer.denominator):
        return answer
    rate = Decimal(answer.numerator) * row.factor / Decimal(answer.denominator)
    places = Decimal(1).scaleb(-row.decimals)
    return replace(answer, text=format(rate.quantize(places, ROUND_HALF_UP), "f"))


def _of_year(item: EvidenceItem, data_year: int, serial: int) -> EvidenceItem:
    """A project or an award of that year; what the sources print without a year stays so.

    No two counties' numbers are alike: such a hint must be worth a look.
    """
    if item.year is None:
        return item
    number = _YEAR_AND_SERIAL.sub(f"〔{data_year}〕{serial}号", item.approval_number)
    return replace(item, year=data_year, approval_number=number)


@cache
def _register() -> Sequence[str]:
    return sorted({code for code, _ in _generated()})


@cache
def _rows() -> Mapping[str, Row]:
    return {row.code: row for row in load_shapes().rows}


def _growth(code: str, data_year: int) -> Decimal:
    """By what the figures of the last invented year have grown until `data_year`."""
    grown = Decimal(1)
    for later in range(LAST_YEAR + 1, data_year + 1):
        grown *= 1 + Decimal(between(stream(later, int(code)), _SLOWEST, _FASTEST)) / 100
    return grown


def _is_alone(region: Region) -> bool:
    """Whether the region's successor continues it alone, under another code."""
    return region.successor is not None and region.successor.predecessors.count() == 1


def _renamed(year: CountyYear, region: Region, data_year: int) -> CountyYear:
    if year.name == region.name:
        return replace(year, data_year=data_year)
    answers = tuple(
        replace(
            answer,
            note=answer.note.replace(year.name, region.name),
            items=tuple(
                replace(
                    item,
                    name=item.name.replace(year.name, region.name),
                    approval_number=item.approval_number.replace(year.name, region.name),
                )
                for item in answer.items
            ),
        )
        for answer in year.answers
    )
    return CountyYear(region.code, region.name, data_year, answers)


def _scaled(year: CountyYear, by: Decimal) -> CountyYear:
    """Counts and the counts above a line grow alike, so that what is typed twice stays the same."""
    return replace(year, answers=tuple(_scaled_answer(answer, by) for answer in year.answers))


def _scaled_answer(answer: Answer, by: Decimal) -> Answer:
    if answer.items:
        return answer
    if answer.numerator:
        before, below = Decimal(answer.numerator), Decimal(answer.denominator)
        after = before * by // 1
        if before <= below:
            # What was a part of it does not outgrow it.
            after = min(after, below)
        rate = (Decimal(answer.text) * after / before if before else before).quantize(
            Decimal("0.01")
        )
        return replace(answer, text=str(rate), numerator=str(after))
    if answer.text.isdigit():
        return replace(answer, text=str(Decimal(answer.text) * by // 1))
    return answer
