from dataclasses import replace
from decimal import Decimal

import pytest

from scoring.engine.batch import score_indicator
from scoring.engine.errors import ScoringError
from scoring.engine.types import (
    Absence,
    AbsencePolicy,
    AbsenceTreatment,
    Carried,
    Figure,
    FigureStatus,
    Flag,
    Item,
    Measure,
    Step,
)
from tests.scoring.engine.builders import indicator

EARLIER = Carried(2018, Measure(value=Decimal(28)))
CARRY = AbsenceTreatment.CARRY_FORWARD
ZERO = AbsenceTreatment.ZERO


def score(absence, policy, carried=None, measure=None):
    rule = replace(indicator("04"), absence=policy)
    return score_indicator(rule, Figure("04", measure or Measure(), absence, carried))


@pytest.mark.parametrize(
    ("absence", "flag", "label"),
    [
        (Absence.MISSING, Flag.MISSING, "缺报"),
        (Absence.NOT_APPLICABLE, Flag.NOT_APPLICABLE, "不适用"),
        (Absence.QUALITATIVE, Flag.QUALITATIVE, "定性"),
    ],
)
def test_absence_scored_as_zero_says_which_absence_it_was(absence, flag, label):
    line = score(absence, AbsencePolicy(ZERO, ZERO, ZERO), EARLIER)

    assert (line.score, line.flags) == (Decimal("0.00"), (flag,))
    assert line.derivation.text == f"{label}，按0分计，得0.00分"
    assert line.derivation.steps == (
        Step("absence", "缺数说明", f"{label}，按0分计"),
        Step("rounded", "得分", "0.00"),
    )


@pytest.mark.parametrize("absence", list(Absence))
def test_absence_carried_forward_is_scored_from_the_earlier_year(absence):
    line = score(absence, AbsencePolicy(CARRY, CARRY, CARRY), EARLIER)

    assert line.score == Decimal("6.80")
    assert line.flags == (Flag(absence), Flag.CARRIED_FORWARD)
    assert line.derivation.text.endswith("，沿用2018年数据：8 − (40 − 28) ÷ (40 − 10) × 3 = 6.80")
    assert [step.name for step in line.derivation.steps] == [
        "absence",
        "value",
        "band",
        "arithmetic",
        "rounded",
    ]


def test_each_absence_has_its_own_treatment():
    policy = AbsencePolicy(missing=CARRY, not_applicable=ZERO, qualitative=CARRY)

    scores = [score(absence, policy, EARLIER).score for absence in Absence]

    assert scores == [Decimal("6.80"), Decimal("0.00"), Decimal("6.80")]


def test_nothing_to_carry_forward_is_zero_and_flagged():
    line = score(Absence.MISSING, AbsencePolicy(missing=CARRY))

    assert (line.score, line.flags) == (
        Decimal("0.00"),
        (Flag.MISSING, Flag.NOTHING_TO_CARRY),
    )


def test_flags_of_the_carried_score_are_kept():
    rule = replace(indicator("09"), absence=AbsencePolicy(missing=CARRY))
    items = tuple(Item("high-tech-zone-national", f"高新区{i}") for i in range(3))
    figure = Figure(
        "09",
        Measure(),
        Absence.MISSING,
        Carried(2018, Measure(items=items)),
        FigureStatus.FORECAST,
    )

    line = score_indicator(rule, figure)

    assert line.flags == (Flag.MISSING, Flag.CARRIED_FORWARD, Flag.CAPPED, Flag.FORECAST)


@pytest.mark.parametrize(
    "measure",
    [
        Measure(value=Decimal(0)),
        Measure(numerator=Decimal(1), denominator=Decimal(2)),
        Measure(items=(Item("project-national", "某项目"),)),
        Measure(panel=(Decimal(3),)),
    ],
)
def test_absence_beside_content_is_refused(measure):
    with pytest.raises(ScoringError) as refusal:
        score(Absence.MISSING, AbsencePolicy(), measure=measure)

    assert refusal.value.code == "figure-contradictory"
    assert refusal.value.sentence == (
        "“高新技术企业数量”：既有填报内容，又注明缺报、不适用或定性。"
    )


def test_lone_denominator_beside_an_absence_is_no_contradiction():
    line = score(Absence.MISSING, AbsencePolicy(), measure=Measure(denominator=Decimal(16625)))

    assert line.score == Decimal("0.00")


def test_carried_figure_is_left_alone_where_there_is_a_figure():
    line = score(None, AbsencePolicy(missing=CARRY), EARLIER, Measure(value=Decimal(100)))

    assert (line.score, line.flags) == (Decimal("10.00"), ())
