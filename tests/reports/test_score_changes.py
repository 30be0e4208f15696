"""What moved a total: parts that sum to the whole, whatever the lines are."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from reports.card_charts import change_bars
from reports.card_facts import Movement
from reports.card_words import reason_sentence
from reports.score_changes import what_moved
from tests.documents.card_samples import report_card

D = Decimal


def moved_of(card, previous):
    return what_moved(card.lines, card.result.total, previous)


@pytest.mark.parametrize("seed", range(40))
def test_the_parts_sum_to_the_change_of_the_total(seed):
    chance = random.Random(seed)
    cents = lambda: D(chance.randint(0, 800)) / 100  # noqa: E731
    card = report_card()
    lines = tuple(
        replace(line, score=cents(), previous_score=chance.choice([None, line.score, cents()]))
        for line in card.lines
    )
    total = sum((line.score for line in lines), D(0))
    gone = chance.choice([D(0), cents()])
    previous = gone + sum((line.previous_score or D(0) for line in lines), D(0))

    moved = what_moved(lines, total, previous)

    assert sum((row.points for row in moved.rows), D(0)) == total - previous == moved.points
    assert all(row.points > 0 for row in moved.gains)
    assert all(row.points < 0 for row in moved.losses)
    assert len(moved.gains) <= 5
    assert len(moved.losses) <= 5
    assert [row.points for row in moved.gains] == sorted(
        (row.points for row in moved.gains), reverse=True
    )


def test_what_s3_gained_and_lost():
    card = report_card()
    moved = moved_of(card, sum((line.previous_score for line in card.lines), D(0)))
    worst = moved.losses[0]
    assert (worst.label, worst.points) == (
        "规上工业企业R&D经费支出占主营业务收入的比重",
        D("-1.69"),
    )
    assert (worst.previous_text, worst.value_text) == ("0.56%", "0.32%")


def test_points_of_an_indicator_no_longer_scored_have_a_row():
    card = report_card()
    known = sum((line.previous_score for line in card.lines), D(0))
    moved = moved_of(card, known + 8)
    assert ("上年度有、本年度不再计分的指标", D(-8)) in [
        (row.label, row.points) for row in moved.losses
    ]


def test_a_first_year_has_nothing_to_compare_with():
    card = report_card()
    assert moved_of(card, None) is None
    assert reason_sentence(card.result, None) == "首次参评，没有上年度得分可比。"


@pytest.mark.parametrize(
    "movement, before, words",
    [
        (Movement.RISE, "C", "由C类升入B类"),
        (Movement.FALL, "A", "由A类退至B类"),
        (Movement.HOLD, "B", "仍为B类"),
    ],
)
def test_the_reason_is_one_sentence_of_figures(movement, before, words):
    card = report_card()
    result = replace(card.result, movement=movement, previous_class=before)
    previous = sum((line.previous_score for line in card.lines), D(0))

    sentence = reason_sentence(result, moved_of(card, previous))

    assert sentence.startswith(f"总分较上年度增加{card.result.total - previous:.2f}分，{words}，")
    assert "减分较多的是规上工业企业R&D经费支出占主营业务收入的比重（−1.69）" in sentence
    assert sentence.count("。") == 1


def test_gains_losses_and_the_rest_are_told_apart_without_colour():
    """Side, filling and sign differ; the rest has a broken frame."""
    card = report_card()
    moved = moved_of(card, sum((line.previous_score for line in card.lines), D(0)))
    drawn = change_bars(moved)

    gains = [bar for bar in drawn.bars if bar.is_gain and not bar.is_rest]
    losses = [bar for bar in drawn.bars if not bar.is_gain and not bar.is_rest]
    assert gains
    assert losses
    assert all(bar.x == drawn.axis and not bar.hatching and bar.label[0] == "+" for bar in gains)
    assert all(bar.x < drawn.axis and bar.hatching and bar.label[0] == "−" for bar in losses)
    assert [bar.is_rest for bar in drawn.bars].count(True) <= 1
    assert all(bar.x >= 0 and bar.x + bar.length <= drawn.width - 100 for bar in drawn.bars)
