from decimal import Decimal

import pytest

from scoring.engine.grading import Movement, class_movement, class_of, shared_ranks
from tests.scoring.engine.builders import hebei_scheme

CLASSES = hebei_scheme().classes


@pytest.mark.parametrize(
    ("total", "name"),
    [
        ("100", "A"),
        ("80.01", "A"),
        ("80.00", "A"),
        ("79.99", "B"),
        ("60.01", "B"),
        ("60.00", "B"),
        ("59.99", "C"),
        ("0", "C"),
    ],
)
def test_class_begins_exactly_at_its_limit(total, name):
    assert class_of(Decimal(total), CLASSES) == name


def test_total_below_every_limit_falls_into_the_last_class():
    assert class_of(Decimal(-1), CLASSES) == "C"


@pytest.mark.parametrize(
    ("totals", "ranks"),
    [
        ([], []),
        (["9"], [1]),
        (["9", "8", "7"], [1, 2, 3]),
        (["9", "8", "8", "7"], [1, 2, 2, 4]),
        (["9", "9", "9", "7", "7", "1"], [1, 1, 1, 4, 4, 6]),
        (["9.00", "9"], [1, 1]),
    ],
)
def test_equal_totals_share_a_rank_and_the_next_is_skipped(totals, ranks):
    assert shared_ranks([Decimal(total) for total in totals]) == ranks


@pytest.mark.parametrize(
    ("before", "now", "movement"),
    [
        ("C", "B", Movement.RISE),
        ("C", "A", Movement.RISE),
        ("B", "A", Movement.RISE),
        ("A", "B", Movement.FALL),
        ("B", "C", Movement.FALL),
        ("B", "B", Movement.SAME),
        (None, "B", Movement.NEW),
        ("特等", "B", Movement.NEW),
        ("B", "特等", Movement.NEW),
    ],
)
def test_movement_compares_two_classes(before, now, movement):
    assert class_movement(CLASSES, before, now) is movement
