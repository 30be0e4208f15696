"""Reasons, blocks, the province's rules: through the acts, on the database."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from indicators.actions.checks import (
    RuleChange,
    change_rule,
    explain,
    explain_owed,
    withdraw_explanation,
)
from indicators.actions.records import content_digest, content_document
from indicators.actions.reviewing import Move, move_submission
from indicators.enums import Severity, SubmissionAction
from indicators.models import Explanation
from indicators.rules import CellFigure, CellInput
from indicators.selectors import read_content, read_sheet
from indicators.selectors.checks import evaluate, evaluate_all, read_rule_table
from indicators.selectors.findings import spreads_of
from tests.factories.sheets import (
    approve,
    explain_warnings,
    fill,
    fill_whole,
    fresh,
    move,
    open_for_all,
    submission_of,
    submit,
)


def rule(version, code):
    return version.checks.get(code=code)


def hand_in(people, submission):
    """The bare act, without the reasons that the factory gives."""
    return move_submission(
        actor=people.lead,
        submission_id=submission.public_id,
        move=Move(SubmissionAction.SUBMIT),
    )


def owed(submission):
    return [(each.indicator, each.rule) for each in evaluate(submission) if each.lacks_reason]


def test_submitting_waits_for_every_reason_and_names_the_first(submission, people):
    fill_whole(people.filler, submission)
    assert owed(submission) == [("03", "share_below_one"), ("03", "rate_without_parts")]

    with pytest.raises(Invalid) as refused:
        hand_in(people, submission)
    assert refused.value.code == "reasons_missing"
    assert "有2处提示须先说明原因或改正，才能提交：“规上工业企业R&D" in refused.value.sentence

    for code in ("share_below_one", "rate_without_parts"):
        explain(
            actor=people.filler,
            submission_id=submission.public_id,
            indicator="03",
            rule=code,
            reason="统计局只提供比率。",
        )
    assert owed(submission) == []
    assert hand_in(people, submission).state == "submitted"


def test_a_reason_falls_with_its_sentence_and_rises_with_it(submission, people):
    fill_whole(people.filler, submission)
    explain_warnings(submission)

    fill(people.filler, submission, {"03": CellInput("0.33")})
    assert owed(submission) == [("03", "share_below_one")]
    fill(people.filler, submission, {"03": CellInput("0.32")})
    assert owed(submission) == []


def test_a_reason_needs_words_and_a_finding(submission, people):
    fill_whole(people.filler, submission)
    about = {"actor": people.filler, "submission_id": submission.public_id, "indicator": "03"}

    for words, code in [
        ("  ", "reason_required"),
        ("x" * 501, "text_too_long"),
        ("\x07", "text_control_character"),
    ]:
        with pytest.raises(Invalid) as refused:
            explain(**about, rule="share_below_one", reason=words)
        assert (refused.value.code, refused.value.field) == (code, "reason")
    with pytest.raises(Stale) as stale:
        explain(**about, rule="share_above_whole", reason="属实")
    assert stale.value.code == "finding_gone"
    with pytest.raises(NotAllowed):
        explain(**{**about, "actor": people.reviewer}, rule="share_below_one", reason="属实")
    assert not Explanation.objects.exists()


def test_a_block_stops_whatever_is_said(submission, people):
    fill_whole(people.filler, submission, i11=CellInput("", "404", "403"))
    explain_owed(
        actor=people.filler, submission_id=submission.public_id, answer=lambda finding: "属实"
    )

    with pytest.raises(Invalid) as refused:
        hand_in(people, submission)
    assert refused.value.code == "check_blocks"
    with pytest.raises(Invalid) as refused:
        explain(
            actor=people.filler,
            submission_id=submission.public_id,
            indicator="11",
            rule="share_above_whole",
            reason="属实",
        )
    assert refused.value.code == "finding_blocks"


def test_a_reason_is_taken_back_and_both_are_on_record(submission, people):
    fill_whole(people.filler, submission)
    explain_warnings(submission)
    about = {"actor": people.filler, "submission_id": submission.public_id, "indicator": "03"}

    withdraw_explanation(**about, rule="share_below_one")
    withdraw_explanation(**about, rule="share_below_one")

    assert owed(submission) == [("03", "share_below_one")]
    acts = list(Event.objects.order_by("serial").values_list("act", flat=True))
    assert acts[-2:] == ["explain_findings", "withdraw_explanation"]
    assert fresh(submission).revision == 3


def test_a_reason_for_two_figures_is_in_the_register_too(submission, people):
    fill_whole(people.filler, submission, i05=CellInput("", "49", "16625"))
    explain_warnings(submission)

    claims = submission.region.facts.get(meaning__code="high-tech-enterprises").claims
    claim = claims.get(place__endswith=":05:numerator")
    assert claim.reason == "已核对，数值属实。"
    withdraw_explanation(
        actor=people.filler,
        submission_id=submission.public_id,
        indicator="05",
        rule="facts_disagree",
    )
    claim.refresh_from_db()
    assert claim.reason == ""


def test_a_rule_made_a_block_meanwhile_stops_review_in_words(submission, people, version):
    submit(people.lead, submission)
    strict = RuleChange("block", [], {})
    change_rule(
        actor=people.manager, rule_id=rule(version, "rate_without_parts").public_id, change=strict
    )

    with pytest.raises(Invalid) as refused:
        move(people.reviewer, submission, SubmissionAction.APPROVE)

    assert refused.value.code == "check_blocks"
    assert refused.value.sentence.startswith("有1处必须改正，不能审核通过：")
    assert fresh(submission).state == "city_review"


def test_the_province_too_is_stopped_by_a_block(submission, people, version):
    approve(people.lead, people.reviewer, submission)
    strict = RuleChange("block", [], {})
    change_rule(
        actor=people.manager, rule_id=rule(version, "rate_without_parts").public_id, change=strict
    )

    with pytest.raises(Invalid) as refused:
        move(people.manager, submission, SubmissionAction.RECEIVE)
    assert "不能接收" in refused.value.sentence


def test_unsaved_figures_are_judged_as_saved_ones(submission, people):
    fill_whole(people.filler, submission)

    over = evaluate(submission, {"04": CellFigure("51", Decimal(51))})

    assert ("05", "facts_disagree") in [(each.indicator, each.rule) for each in over]
    assert ("05", "facts_disagree") not in owed(submission)


def test_reasons_are_part_of_what_is_handed_in(submission, people):
    fill_whole(people.filler, submission)
    bare = content_document(read_content(submission))
    explain_warnings(submission)
    explained = read_content(submission)

    assert '"explanations":[]' in bare
    assert "已核对，数值属实。" in content_document(explained)
    assert content_digest(explained) == submit(people.lead, submission).content_digest


def test_one_sheet_and_many_say_the_same(collection, submission, people):
    fill_whole(people.filler, submission, i05=CellInput("", "49", "16625"))
    other = submission_of(collection, "130102")
    fill(people.changan_lead, other, {"02": CellInput("0.5")})
    rows = list(collection.submissions.select_related("collection", "region"))

    found = evaluate_all(collection, rows)

    for row in rows:
        assert found[row.pk] == evaluate(row)
        assert found[row.pk] == read_sheet(row).warnings


def test_a_fuller_province_asks_no_more_questions(collection, submission, people):
    def asked():
        rows = list(collection.submissions.select_related("collection", "region"))
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            evaluate_all(collection, rows)
        return len(queries)

    fill(people.filler, submission, {"02": CellInput("0.5")})
    few = asked()
    fill_whole(people.filler, submission)
    for code, lead in (("130102", people.changan_lead), ("130121", people.jingxing_lead)):
        fill_whole(lead, submission_of(collection, code))

    assert asked() == few


def test_the_other_counties_changes_are_measured(people, version):
    with clock.playing(clock.now() - timedelta(days=365)):
        last = open_for_all(people.manager, version)
        for code, lead, reviewer in (
            ("131081", people.lead, people.reviewer),
            ("130102", people.changan_lead, people.shijiazhuang_reviewer),
        ):
            approve(lead, reviewer, submission_of(last, code))
    now = open_for_all(people.manager, version)
    fill_whole(people.filler, submission_of(now, "131081"), i04=CellInput("100"))
    fill_whole(people.changan_lead, submission_of(now, "130102"), i04=CellInput("25"))
    fill_whole(people.jingxing_lead, submission_of(now, "130121"))
    cache.clear()

    spread = spreads_of(now)["04"]

    assert spread.sample == 2
    assert abs(spread.median) < Decimal("1e-20")
    assert abs(spread.mad - Decimal(2).ln()) < Decimal("1e-20")


def test_the_province_sets_a_rule_and_it_is_on_record(version, people, submission):
    row = rule(version, "share_below_one")

    change_rule(
        actor=people.manager,
        rule_id=row.public_id,
        change=RuleChange("warn", ["02"], {"below": "2"}),
    )

    row.refresh_from_db()
    assert (row.indicators, row.params) == (["02"], {"below": "2"})
    event = Event.objects.order_by("serial").last()
    assert (event.act, event.detail["params"]) == (
        "change_check_rule",
        [{"below": "1"}, {"below": "2"}],
    )
    fill(people.filler, submission, {"02": CellInput("1.5"), "03": CellInput("0.5")})
    small = [each.indicator for each in evaluate(submission) if each.rule == "share_below_one"]
    assert small == ["02"]


@pytest.mark.parametrize(
    "code, change, field",
    [
        ("share_below_one", RuleChange("loud", [], {"below": "1"}), "severity"),
        ("share_below_one", RuleChange("warn", ["04"], {"below": "1"}), "indicators"),
        ("share_below_one", RuleChange("warn", ["99"], {"below": "1"}), "indicators"),
        ("share_below_one", RuleChange("warn", [], {"below": "x"}), "below"),
        ("no_whole_denominator", RuleChange("warn", [], {}), "indicators"),
        (
            "industry_within_registered",
            RuleChange("warn", ["11"], {"left": "99数值", "operator": "<=", "right": "01数值"}),
            "left",
        ),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(version, people, code, change, field):
    row = rule(version, code)
    before = (row.severity, row.indicators, row.params)

    with pytest.raises(Invalid) as refused:
        change_rule(actor=people.manager, rule_id=row.public_id, change=change)

    row.refresh_from_db()
    assert refused.value.field == field
    assert (row.severity, row.indicators, row.params) == before


def test_only_the_province_sets_rules(version, people):
    row = rule(version, "share_below_one")

    for actor in (people.lead, people.reviewer, people.checker, people.system_admin):
        with pytest.raises(NotAllowed):
            change_rule(
                actor=actor, rule_id=row.public_id, change=RuleChange("ignore", [], {"below": "1"})
            )


def test_a_trial_counts_what_each_rule_hits_now_even_switched_off(version, people, submission):
    rule(version, "share_below_one")
    version.checks.filter(code="share_below_one").update(severity=Severity.IGNORE)
    fill(people.filler, submission, {"02": CellInput("0.5"), "03": CellInput("0.5")})

    table = read_rule_table(version, is_trial=True)

    counts = {each.row.code: (each.counties, each.cells) for each in table.rows}
    assert (table.submissions, counts["share_below_one"]) == (4, (1, 2))
    assert counts["item_twice"] == (0, 0)
    assert read_rule_table(version).rows[0].counties is None
