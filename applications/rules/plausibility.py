"""What the past and the direction of an indicator make implausible: asked about, and passed with a reason.

P1  a target worse than last year's figure, by the row's direction
P2  a target worse than that of the year before
P3  a change from one year to the next beyond what the past years showed, or beyond a half where no past is known
P4  a ratio above 100 % that may be above it

Bounds are supplemented: S0 names none. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from applications.rules.materials import Row
from county_portal.common.numbers import plain

# Figures of years before last year, by indicator code and year.
History = Mapping[str, Mapping[int, Decimal]]

HUNDRED, TENTH = Decimal(100), Decimal("0.1")
# Per cent from one year to the next that needs no reason where nothing is known of the past.
USUAL = Decimal(50)
# Where the past is known: so many times the largest change of it, and no less than this per cent.
TIMES, LEAST = Decimal(3), Decimal(20)
# Changes of the past that must be known to be held against.
KNOWN_CHANGES = 2
# A count that grows by no more than this is no jump, whatever that is in per cent: one laboratory becomes two.
FEW = Decimal(5)
COUNTED = frozenset({"个", "家", "人", "项", "件"})


def is_part_of_whole(row: Row) -> bool:
    """Whether the row is a share that cannot exceed 100 %; of the county's own rows nobody knows."""
    return row.unit == "%" and not row.is_own and not row.may_exceed_hundred


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing to be explained."""

    code: str
    sentence: str


def doubts_of(row: Row, years: Sequence[int], past: Mapping[int, Decimal]) -> list[Doubt]:
    """What needs a reason; `years` are last year and the target years, `past` figures before them.

    Silent on cells that are blank: those are missing, not doubtful.
    """
    figures = [(year, row.cells[year].number) for year in years if year in row.cells]
    return [
        Doubt(code, f"{sentence}请核对，确实如此的在“原因说明”中写明原因。")
        for code, sentence in (
            *_worse(row, years, figures),
            *_jumps(row, figures, past),
            *_over_hundred(row, figures),
        )
    ]


Figures = Sequence[tuple[int, Decimal]]


def _worse(row: Row, years: Sequence[int], figures: Figures) -> Iterable[tuple[str, str]]:
    sign = -1 if row.lower_is_better else 1
    way = "高于" if row.lower_is_better else "低于"
    direction = "（越低越好）" if row.lower_is_better else ""
    known = dict(figures)
    baseline = known.get(years[0])
    below = [
        (year, number)
        for year, number in figures
        if baseline is not None and (number - baseline) * sign < 0
    ]
    if below and baseline is not None:
        targets = "、".join(f"{year}年目标{plain(number)}" for year, number in below)
        yield (
            "target_worse_than_baseline",
            f"“{row.name}”{direction}的{targets}{way}{years[0]}年数值{plain(baseline)}，目标不如现状。",
        )
    targets_alone = [pair for pair in figures if pair[0] != years[0]]
    for (before, had), (year, number) in pairwise(targets_alone):
        if (number - had) * sign < 0:
            yield (
                "target_not_monotone",
                f"“{row.name}”{direction}的{year}年目标{plain(number)}{way}{before}年目标{plain(had)}，"
                "目标逐年倒退。",
            )


def _jumps(row: Row, figures: Figures, past: Mapping[int, Decimal]) -> Iterable[tuple[str, str]]:
    bound, because = _bound(past)
    for (before, had), (year, number) in pairwise(figures):
        if year != before + 1 or had <= 0:
            continue
        if row.unit in COUNTED and abs(number - had) <= FEW:
            continue
        percent = _percent(number, had)
        if abs(percent) > bound:
            way = "上升" if percent > 0 else "下降"
            yield (
                "jump",
                f"“{row.name}”的{year}年目标{plain(number)}比{before}年的{plain(had)}{way}"
                f"{plain(abs(percent))}%，{because}。",
            )


def _bound(past: Mapping[int, Decimal]) -> tuple[Decimal, str]:
    changes = [
        abs(_percent(past[year], past[year - 1]))
        for year in past
        if past.get(year - 1, Decimal(0)) > 0
    ]
    if len(changes) < KNOWN_CHANGES:
        return USUAL, f"超过{plain(USUAL)}%"
    largest = max(changes)
    bound = max(largest * TIMES, LEAST)
    return (
        bound,
        f"而近年每年变动最大为{plain(largest)}%（超过{plain(bound)}%须说明）",
    )


def _over_hundred(row: Row, figures: Figures) -> Iterable[tuple[str, str]]:
    over = [f"{year}年{plain(number)}%" for year, number in figures if number > HUNDRED]
    if row.unit == "%" and over and not is_part_of_whole(row):
        yield "share_over_hundred", f"“{row.name}”超过100%（{'、'.join(over)}）。"


def _percent(now: Decimal, before: Decimal) -> Decimal:
    return ((now - before) / before * HUNDRED).quantize(TENTH, ROUND_HALF_UP)
