"""From totals to classes, ranks and movement; limits are the scheme's, never the code's."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from scoring.engine.numbers import rounded
from scoring.engine.types import GradeClass, IndicatorScore, Scheme, TotalRule


class Movement(StrEnum):
    """How a county's class moved against an earlier list (跃升, 退档)."""

    RISE = "rise"
    FALL = "fall"
    SAME = "same"
    NEW = "new"


def class_of(total: Decimal, classes: Sequence[GradeClass]) -> str:
    """The best class whose limit the total reaches; the last class takes everybody else."""
    for grade in classes:
        if total >= grade.at_least:
            return grade.name
    return classes[-1].name


def total_of(lines: Sequence[IndicatorScore], scheme: Scheme) -> Decimal:
    """A county's total as the scheme adds it: of what its lines print (S3), or rounded once at the end."""
    if scheme.total is TotalRule.SUM_OF_ROUNDED:
        return sum((line.score for line in lines), Decimal(0))
    exact = sum((line.derivation.exact for line in lines), Fraction(0))
    return rounded(exact, scheme.places, scheme.mode)


def standing(
    total: Decimal, lines: Sequence[IndicatorScore], scheme: Scheme
) -> tuple[Decimal, ...]:
    """What counties are ranked by, higher first: the total, then the lines that part equal totals."""
    scores = {line.indicator: line.score for line in lines} if scheme.then_by else {}
    return total, *(scores[code] for code in scheme.then_by)


def shared_ranks(totals: Sequence[object]) -> list[int]:
    """Ranks of standings that come from highest to lowest: equal ones share a rank (1, 2, 2, 4)."""
    ranks: list[int] = []
    for position, total in enumerate(totals):
        tied = position > 0 and total == totals[position - 1]
        ranks.append(ranks[-1] if tied else position + 1)
    return ranks


def class_movement(classes: Sequence[GradeClass], before: str | None, now: str) -> Movement:
    """Compare two classes of one scheme; a class the scheme does not know counts as no class."""
    order = [grade.name for grade in classes]
    if before not in order or now not in order:
        return Movement.NEW
    difference = order.index(now) - order.index(before)
    if difference == 0:
        return Movement.SAME
    return Movement.RISE if difference < 0 else Movement.FALL
