"""Decisions on the division of labour: what a signature covers, who is late."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from county_portal.common.numbers import plain
from indicators.rules.cells import CellFigure

# What the bureau calls itself among the providers a system names.
OWN_BUREAU = "科技局"


def signed_digest(figure: CellFigure) -> str:
    """What a signature is of: figure, parts, absence and note; another of these is another figure."""
    content = [
        plain(figure.number),
        plain(figure.numerator),
        plain(figure.denominator),
        str(figure.absence),
        figure.note,
        figure.is_forecast,
    ]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_answered(figure: CellFigure | None) -> bool:
    """Whether there is anything to sign."""
    return figure is not None and bool(
        figure.absence or figure.number is not None or figure.numerator is not None
    )


@dataclass(frozen=True, slots=True)
class Department:
    """A data provider by the names a system may call it."""

    key: int
    name: str
    short_name: str


def department_for(
    providers: Iterable[str], departments: Iterable[Department]
) -> Department | None:
    """The first department the system names for an indicator; none where the bureau itself is named first.

    A system writes 财政局 where the register writes 廊坊市霸州市财政局.
    """
    known = list(departments)
    for provider in providers:
        if provider.endswith(OWN_BUREAU):
            return None
        for department in known:
            if department.short_name == provider or department.name.endswith(provider):
                return department
    return None


def is_late(due_on: date, today: date, *, is_signed: bool) -> bool:
    """Whether a department's day has passed without its signature."""
    return not is_signed and due_on < today
