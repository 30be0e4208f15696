"""What the tests are given and what they say."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Pattern(StrEnum):
    """The tests; the values are stable and name the rates in `false_alarms.json`."""

    BUNCHING = "bunching"
    DIGITS = "digits"
    CUTS = "cuts"
    COPYING = "copying"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Pattern.BUNCHING: "恰好越过得分拐点",
    Pattern.DIGITS: "末位数字集中",
    Pattern.CUTS: "分母骤减",
    Pattern.COPYING: "文字说明雷同",
}


@dataclass(frozen=True, slots=True)
class Number:
    """One number as written by a county: `value` what the line amounts to, None where it has no figure."""

    county: str
    indicator: str
    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    last_denominator: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """What a county wrote beside a line."""

    county: str
    indicator: str
    text: str


@dataclass(frozen=True, slots=True)
class Knot:
    """Where an indicator's points change their slope; counties gain on the upper side, or on the lower."""

    indicator: str
    at: Decimal
    is_rising: bool


@dataclass(frozen=True, slots=True)
class Hint:
    """A question about one county; `indicators` are the cells to look at, `other` a second county concerned."""

    test: Pattern
    county: str
    indicators: tuple[str, ...]
    statistic: str
    threshold: str
    sentence: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one test found; `short` says where there was too little to test, in words."""

    test: Pattern
    hints: tuple[Hint, ...]
    tested: int
    short: tuple[str, ...] = ()
