from dataclasses import replace
from decimal import Decimal

import pytest

from scoring.engine.batch import score_indicator
from scoring.engine.errors import ScoringError
from scoring.engine.types import (
    Absence,
    Figure,
    Flag,
    Measure,
    PanelMethod,
    PanelRule,
    Step,
)
from tests.scoring.engine.builders import indicator

MEAN = indicator("17")
AGREED = replace(MEAN, rule=PanelRule(PanelMethod.AGREED, Decimal(5)))


def panel(*scores, absence=None):
    return Figure("17", Measure(panel=tuple(map(Decimal, scores))), absence)


def test_single_score_stands_as_it_is():
    line = score_indicator(MEAN, panel("2.2"))

    assert line.score == Decimal("2.20")
    assert line.derivation.text == "评审得分2.20"


def test_mean_of_several_scores_is_rounded_half_up_in_any_order():
    line = score_indicator(MEAN, panel("4", "3.5", "3"))

    assert line.score == Decimal("3.50")
    assert line.derivation.text == "(3 + 3.5 + 4) ÷ 3 = 3.50"
    assert line == score_indicator(MEAN, panel("3", "4", "3.5"))


def test_mean_that_does_not_end_is_written_as_about():
    line = score_indicator(MEAN, panel("3", "3", "4"))

    assert line.derivation.text == "(3 + 3 + 4) ÷ 3 ≈ 3.33"
    assert line.derivation.steps == (
        Step("panel", "评审打分", "3、3、4"),
        Step("arithmetic", "平均", "3.333333…"),
        Step("rounded", "得分", "3.33"),
    )


def test_agreed_score_is_taken_as_it_is():
    assert score_indicator(AGREED, panel("4.5")).score == Decimal("4.50")


def test_qualitative_answer_with_panel_scores_is_scored_and_not_absent():
    line = score_indicator(MEAN, panel("3.5", absence=Absence.QUALITATIVE))

    assert (line.score, line.flags) == (Decimal("3.50"), ())


def test_qualitative_answer_without_panel_scores_is_absent():
    line = score_indicator(MEAN, panel(absence=Absence.QUALITATIVE))

    assert (line.score, line.flags) == (Decimal("0.00"), (Flag.QUALITATIVE,))


@pytest.mark.parametrize(
    ("rule", "scores", "code", "reason"),
    [
        (MEAN, [], "panel-blank", "没有评审打分，也没有注明缺报、不适用或定性"),
        (MEAN, ["5.1"], "panel-out-of-range", "评审打分必须在0至5分之间"),
        (MEAN, ["-1", "3"], "panel-out-of-range", "评审打分必须在0至5分之间"),
        (MEAN, ["NaN"], "panel-not-a-number", "评审打分不是数字"),
        (AGREED, ["3", "4"], "panel-not-agreed", "应当只有一个议定得分，却有2个"),
    ],
)
def test_unsound_panel_scores_are_refused_with_a_sentence(rule, scores, code, reason):
    with pytest.raises(ScoringError) as refusal:
        score_indicator(rule, panel(*scores))

    assert refusal.value.code == code
    assert refusal.value.sentence == f"“科技管理创新情况”：{reason}。"
