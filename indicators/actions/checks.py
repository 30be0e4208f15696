"""Reasons for what the rules warn of; the refusals that follow from findings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.audit.actions import record_all
from county_portal.common import clock
from county_portal.common.errors import Invalid, Stale
from county_portal.common.text import clean_text
from indicators.actions.filling import lock_for_filling
from indicators.actions.records import submission_entry
from indicators.models import Explanation, Submission
from indicators.rules import Finding
from indicators.selectors.checks import evaluate

MAX_REASON = 500


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a warned figure stands."""

    indicator: str
    rule: str
    words: str


@transaction.atomic
def explain(*, actor: User, submission_id: UUID, indicator: str, rule: str, reason: str) -> Finding:
    """Give the reason of one warning; returns the finding with it.

    Raises Stale `finding_gone` when nothing (or something that no reason helps) is found any more.
    """
    reasons = [Reason(indicator, rule, reason)]
    return explain_all(actor=actor, submission_id=submission_id, reasons=reasons)[0]


@transaction.atomic
def explain_all(*, actor: User, submission_id: UUID, reasons: Sequence[Reason]) -> list[Finding]:
    """Give several reasons at once, all or none; the last of two for one finding counts."""
    submission = lock_for_filling(actor, submission_id)
    found = {(each.indicator, each.rule): each for each in evaluate(submission)}
    findings = [_found(found, reason) for reason in reasons]
    words = [_words(reason.words) for reason in reasons]
    _explain(actor, submission, dict(zip(findings, words, strict=True)))
    return findings


@transaction.atomic
def explain_owed(
    *, actor: User, submission_id: UUID, words: Callable[[Finding], str]
) -> list[Finding]:
    """Give `words` of each warning that lacks its reason; returns what was explained."""
    submission = lock_for_filling(actor, submission_id)
    owed = [finding for finding in evaluate(submission) if finding.lacks_reason]
    _explain(actor, submission, {finding: _words(words(finding)) for finding in owed})
    return owed


def _explain(actor: User, submission: Submission, words: Mapping[Finding, str]) -> None:
    if not words:
        return
    now = clock.now()
    rows = {
        (finding.indicator, finding.rule): Explanation(
            submission=submission,
            indicator_code=finding.indicator,
            rule_code=finding.rule,
            finding_digest=finding.digest,
            reason=text,
            given_by=actor,
            given_at=now,
        )
        for finding, text in words.items()
    }
    Explanation.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["submission", "indicator_code", "rule_code"],
        update_fields=["finding_digest", "reason", "given_by", "given_at"],
    )
    bump(submission)
    details = [
        {"indicator": row.indicator_code, "rule": row.rule_code, "reason": row.reason}
        for row in rows.values()
    ]
    record_all(actor, [submission_entry("explain_finding", submission, each) for each in details])


def _found(found: dict[tuple[str, str], Finding], reason: Reason) -> Finding:
    finding = found.get((reason.indicator, reason.rule))
    if finding is None:
        raise Stale(
            "finding_gone", "这处提示已不存在，数值可能已经改动，无需说明。请刷新页面后核对。"
        )
    if finding.is_block:
        raise Invalid(
            "finding_blocks", f"{finding.sentence}此项必须改正，不能以说明原因代替。", "reason"
        )
    return finding


def _words(text: str) -> str:
    try:
        words = clean_text(text)
    except ValueError as error:
        raise Invalid(
            "text_control_character", f"原因含有不可见的控制字符（{error}），请重新输入。", "reason"
        ) from error
    if not words:
        raise Invalid("reason_required", "请写明数值属实的原因，不能为空。", "reason")
    if len(words) > MAX_REASON:
        sentence = f"原因有{len(words)}字，最多{MAX_REASON}字，请精简。"
        raise Invalid("text_too_long", sentence, "reason")
    return words


@transaction.atomic
def withdraw_explanation(*, actor: User, submission_id: UUID, indicator: str, rule: str) -> None:
    """Take a reason back; none there is no error."""
    submission = lock_for_filling(actor, submission_id)
    given = submission.explanations.filter(indicator_code=indicator, rule_code=rule)
    if not given.delete()[0]:
        return
    bump(submission)
    detail = {"indicator": indicator, "rule": rule}
    record_all(actor, [submission_entry("withdraw_explanation", submission, detail)])


def bump(submission: Submission) -> None:
    """Count one revision: who reviews must know that the content moved."""
    submission.revision += 1
    submission.save(update_fields=["revision"])


def refuse_blocked(findings: Sequence[Finding], label: str) -> None:
    """Raise Invalid `check_blocks` naming the first finding that no reason helps."""
    blocks = [finding for finding in findings if finding.is_block]
    if blocks:
        raise Invalid(
            "check_blocks",
            f"有{len(blocks)}处必须改正，不能{label}：{blocks[0].sentence}",
            "values",
        )


def refuse_findings(findings: Sequence[Finding]) -> None:
    """What keeps a county from submitting: a block, or a warning without its reason; names the first."""
    refuse_blocked(findings, "提交")
    owed = [finding for finding in findings if finding.lacks_reason]
    if owed:
        raise Invalid(
            "reasons_missing",
            f"有{len(owed)}处提示须先说明原因或改正，才能提交：{owed[0].sentence}",
            "values",
        )
