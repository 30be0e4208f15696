"""分派建议: applications shared out evenly among experts, for a person to look over. Pure."""

from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from typing import TypeVar

Row = TypeVar("Row", bound=Hashable)
Expert = TypeVar("Expert", bound=Hashable)


def share_out(
    rows: Sequence[Row],
    experts: Sequence[Expert],
    *,
    each: int,
    standing: Collection[tuple[Row, Expert]],
    barred: Collection[tuple[Row, Expert]],
) -> set[tuple[Row, Expert]]:
    """What stands, and for every row as many experts more as it lacks to `each`, whoever has least to do first.

    Who is barred from a row gets none of it, and whatever stands of his there does not count. Nobody is taken away.
    A row with too few experts left gets those there are. The same input gives the same answer.
    """
    held = {pair for pair in standing if pair not in barred}
    load = Counter(expert for _, expert in held)
    order = {expert: place for place, expert in enumerate(experts)}
    for row in rows:
        free = [one for one in experts if (row, one) not in held and (row, one) not in barred]
        free.sort(key=lambda one: (load[one], order[one]))
        lacking = max(0, each - sum(1 for other, _ in held if other == row))
        for one in free[:lacking]:
            held.add((row, one))
            load[one] += 1
    return held
