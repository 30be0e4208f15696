"""Reasons for what the rules warn of; the refusals that follow from findings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from indicators.actions.claims import explain_claims
from indicators.actions.filling import lock_for_filling
from indicators.actions.records import submission_entry
from indicators.actions.revisions import count_revision
from indicators.actions.wording import read_reason
from indicators.enums import CheckKind, Severity
from indicators.models import CheckRule, Explanation, Submission
from indicators.rules import Finding
from indicators.rules.checks import CHECKS, read_params
from indicators.rules.checks.values import stored_params
from indicators.selectors.checks import evaluate, get_rule


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
    pairs = [(_found(found, reason), read_reason(reason.words)) for reason in reasons]
    return _keep(actor, submission, pairs)


@transaction.atomic
def explain_owed(
    *, actor: User, submission_id: UUID, answer: Callable[[Finding], str]
) -> list[Finding]:
    """Give the reason `answer` finds for each warning that still lacks one."""
    submission = lock_for_filling(actor, submission_id)
    owed = [finding for finding in evaluate(submission) if finding.lacks_reason]
    return _keep(actor, submission, [(finding, read_reason(answer(finding))) for finding in owed])


def _keep(
    actor: User, submission: Submission, pairs: Sequence[tuple[Finding, str]]
) -> list[Finding]:
    if not pairs:
        return []
    now = clock.now()
    rows = {
        (finding.indicator, finding.rule): Explanation(
            submission=submission,
            indicator_code=finding.indicator,
            rule_code=finding.rule,
            finding_digest=finding.digest,
            reason=words,
            given_by=actor,
            given_at=now,
        )
        for finding, words in pairs
    }
    Explanation.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["submission", "indicator_code", "rule_code"],
        update_fields=["finding_digest", "reason", "given_by", "given_at"],
    )
    for finding, words in pairs:
        if finding.kind == CheckKind.FACTS_AGREE:
            # What is said of two figures for one fact is said in the register of facts too.
            explain_claims(submission, finding.indicator, words)
    count_revision(actor, submission)
    detail = {"reasons": [[row.indicator_code, row.rule_code, row.reason] for row in rows.values()]}
    record(actor, submission_entry("explain_findings", submission, detail))
    return [replace(finding, reason=words) for finding, words in pairs]


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


@transaction.atomic
def withdraw_explanation(*, actor: User, submission_id: UUID, indicator: str, rule: str) -> None:
    """Take a reason back; none there is no error."""
    submission = lock_for_filling(actor, submission_id)
    given = submission.explanations.filter(indicator_code=indicator, rule_code=rule)
    is_withdrawn = bool(given.delete()[0])
    rules = submission.collection.version.checks.filter(code=rule)
    if rules.filter(kind=CheckKind.FACTS_AGREE).exists():
        is_withdrawn |= bool(explain_claims(submission, indicator, ""))
    if not is_withdrawn:
        return
    count_revision(actor, submission)
    detail = {"indicator": indicator, "rule": rule}
    record(actor, submission_entry("withdraw_explanation", submission, detail))


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


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What the province sets of a rule; parameters as typed."""

    severity: str
    indicators: Sequence[str]
    params: Mapping[str, Any]


@transaction.atomic
def change_rule(*, actor: User, rule_id: UUID, change: RuleChange) -> CheckRule:
    """Set a rule's severity, lines and parameters; from now on everybody is held against it.

    Raises Invalid with the field that is wrong; nothing is changed then.
    """
    if not actor.holds(Permission.COLLECT):
        raise NotAllowed
    rule = get_rule(actor, rule_id, lock=True)
    after = _checked(rule, change)
    before = {"severity": rule.severity, "indicators": rule.indicators, "params": rule.params}
    if after == before:
        return rule
    rule.severity, rule.indicators = after["severity"], after["indicators"]
    rule.params = after["params"]
    rule.save(update_fields=["severity", "indicators", "params"])
    detail = {"code": rule.code} | {
        key: [before[key], after[key]] for key in after if before[key] != after[key]
    }
    record(actor, Entry("change_check_rule", "check_rule", str(rule.public_id), detail))
    return rule


def _checked(rule: CheckRule, change: RuleChange) -> dict[str, Any]:
    check = CHECKS[rule.kind]
    if change.severity not in Severity.values:
        raise Invalid("severity_unknown", "处理方式无效，请重新选择。", "severity")
    params = stored_params(check.params, read_params(check.params, change.params))
    known = dict(rule.version.indicators.order_by("order").values_list("code", "kind"))
    fit = [code for code, kind in known.items() if kind in check.lines]
    strange = set(change.indicators) - set(fit)
    if strange:
        raise Invalid(
            "indicator_unfit",
            f"指标{min(strange)}不在本版本中，或不适用“{rule.get_kind_display()}”，请取消勾选。",
            "indicators",
        )
    if check.names_lines and not change.indicators:
        raise Invalid("indicators_required", "请至少勾选一个适用指标。", "indicators")
    for terms in (params.get("left", []), params.get("right", [])):
        for term in terms:
            if term["indicator"] not in known:
                sentence = f"本版本没有代码为{term['indicator']}的指标，请改正。"
                raise Invalid("indicator_unknown", sentence, "left")
    indicators = [code for code in fit if code in change.indicators]
    return {"severity": str(change.severity), "indicators": indicators, "params": params}
