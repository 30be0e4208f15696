"""More time for everybody a call was announced to (申报批次, 采集任务): its two days move later, never earlier."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from county_portal.common import clock
from county_portal.common.errors import Invalid
from county_portal.common.models import Postponement
from county_portal.common.text import chinese_date


class Call(Protocol):
    """What is due from counties by one day, from their reviewing offices by another."""

    county_due_on: date
    city_due_on: date


@dataclass(frozen=True, slots=True)
class Days:
    """The days wanted; one that shall not move is the call's own."""

    county_due_on: date
    city_due_on: date


def ensure_later(call: Call, days: Days) -> None:
    """Raise Invalid, beside the day it is about, unless the days give time and stay in order."""
    for name, words, before, after in (
        ("county_due_on", "县级截止日期", call.county_due_on, days.county_due_on),
        ("city_due_on", "市级截止日期", call.city_due_on, days.city_due_on),
    ):
        if after != before and (after < before or after < clock.today()):
            raise Invalid(
                "not_an_extension",
                f"现行{words}为{chinese_date(before)}，只能延后，且不早于今天；不延长的请保持原日期。",
                name,
            )
    if days.county_due_on > days.city_due_on:
        raise Invalid(
            "dates_out_of_order",
            f"市级截止日期不能早于县级截止日期（{chinese_date(days.county_due_on)}），请一并延后。",
            "city_due_on",
        )
    if days == Days(call.county_due_on, call.city_due_on):
        raise Invalid("same_days", "两个日期都与现行期限相同，请至少延后一个。", "county_due_on")


def moved(call: Call, days: Days) -> dict[str, date]:
    """The days before and after, by the names of a Postponement's fields."""
    return {
        "county_due_from": call.county_due_on,
        "county_due_to": days.county_due_on,
        "city_due_from": call.city_due_on,
        "city_due_to": days.city_due_on,
    }


def recorded(made: Postponement) -> Mapping[str, object]:
    """What the audit log keeps of it."""
    return {
        "county_due_on": [made.county_due_from.isoformat(), made.county_due_to.isoformat()],
        "city_due_on": [made.city_due_from.isoformat(), made.city_due_to.isoformat()],
        "reason": made.reason,
    }


def later_words(made: Postponement) -> str:
    """县级截止延至2026年5月10日，市级截止延至2026年6月10日; of one that did not move, nothing."""
    days = (
        ("县级", made.moves_county, made.county_due_to),
        ("市级", made.moves_city, made.city_due_to),
    )
    return "，".join(f"{level}截止延至{chinese_date(day)}" for level, moves, day in days if moves)
