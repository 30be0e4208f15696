"""Candidates held against each other, row by row of the table. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median


@dataclass(frozen=True, slots=True)
class Compared:
    """One candidate's number in a row and its place among all, best first; places are shared by equal numbers."""

    number: Decimal | None
    place: int | None

    @property
    def is_best(self) -> bool:
        """Whether nobody's is better."""
        return self.place == 1


def compare(numbers: Sequence[Decimal | None], *, lower_is_better: bool) -> list[Compared]:
    """In the order given. What is not filled has no place, and a single number is the best of nobody."""
    known = sorted((each for each in numbers if each is not None), reverse=not lower_is_better)
    if len(known) <= 1:
        return [Compared(each, None) for each in numbers]
    return [Compared(each, known.index(each) + 1 if each is not None else None) for each in numbers]


def median_of(numbers: Sequence[Decimal | None]) -> Decimal | None:
    """Of those that are filled; None without any."""
    known = [each for each in numbers if each is not None]
    return median(known) if known else None
