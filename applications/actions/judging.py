"""The province examines an acceptance: defence and visit on record, experts' opinions, the proposal."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from applications.actions.accepting import acceptance_entry
from applications.actions.terms import kept
from applications.enums import AcceptanceOutcome, AcceptanceState, RecordKind, SheetState
from applications.models import Acceptance, AcceptanceOpinion, AcceptanceRecord
from applications.pilot_notifications import tell_declined, tell_experts
from applications.selectors.acceptances import get_acceptance, get_opinion, list_free_experts
from applications.selectors.examining import list_lacking
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.steps import ensure_seen
from county_portal.common.text import chinese_date
from county_portal.files.models import StoredFile


@dataclass(frozen=True, slots=True)
class RecordInput:
    """A defence or a visit as entered."""

    kind: RecordKind
    held_on: date
    place: str
    participants: str
    findings: str
    file: UploadedFile | StoredFile | None = None


@dataclass(frozen=True, slots=True)
class OpinionInput:
    """What an expert says."""

    outcome: AcceptanceOutcome
    comment: str


@dataclass(frozen=True, slots=True)
class ProposalInput:
    """The conclusion proposed; `rectify_by` with 限期整改 alone."""

    revision: int | None
    outcome: AcceptanceOutcome
    reasons: str
    rectify_by: date | None = None


@transaction.atomic
def record_meeting(*, actor: User, acceptance_id: UUID, data: RecordInput) -> AcceptanceRecord:
    """Put a defence or a visit on record. Raises Invalid for blanks, a day to come or before it began."""
    acceptance = _at_province(actor, acceptance_id)
    _require_words(data)
    if data.held_on > clock.today():
        raise Invalid("day_in_future", "日期晚于今天，请在答辩或核查之后登记。", "held_on")
    begun = clock.day_of(acceptance.begun_at)
    if data.held_on < begun:
        words = f"日期早于总结验收开始日期（{chinese_date(begun)}），请核对。"
        raise Invalid("day_before_beginning", words, "held_on")
    made = AcceptanceRecord.objects.create(
        acceptance=acceptance,
        kind=data.kind,
        held_on=data.held_on,
        place=data.place.strip(),
        participants=data.participants.strip(),
        findings=data.findings.strip(),
        file=kept(actor, data.file),
        recorded_by=actor,
        recorded_at=clock.now(),
    )
    detail = {"kind": made.kind, "on": made.held_on.isoformat(), "place": made.place}
    record(actor, acceptance_entry("record_acceptance_meeting", acceptance, detail))
    return made


_LABELS = {"place": "地点", "participants": "参加人员", "findings": "情况记录"}


def _require_words(data: RecordInput) -> None:
    for name, label in _LABELS.items():
        if not getattr(data, name).strip():
            raise Invalid("words_required", f"请填写{label}。", name)


@transaction.atomic
def assign_experts(*, actor: User, acceptance_id: UUID, experts: list[UUID]) -> int:
    """Ask experts for their opinion; those asked already are passed over. Raises Invalid for nobody."""
    acceptance = _at_province(actor, acceptance_id)
    chosen = [each for each in list_free_experts(acceptance) if each.public_id in set(experts)]
    if not chosen:
        raise Invalid("experts_required", "请至少选择一名专家。", "experts")
    opinions = AcceptanceOpinion.objects.bulk_create(
        AcceptanceOpinion(acceptance=acceptance, expert=expert, assigned_at=clock.now())
        for expert in chosen
    )
    detail = {"experts": [expert.login for expert in chosen]}
    record(actor, acceptance_entry("assign_acceptance_experts", acceptance, detail))
    tell_experts(opinions)
    return len(chosen)


@transaction.atomic
def give_opinion(*, actor: User, opinion_id: UUID, opinion: OpinionInput) -> AcceptanceOpinion:
    """An expert's opinion, once and for good. Raises Stale when given or declined, Invalid for blank words."""
    row = _own(actor, opinion_id)
    if not opinion.comment.strip():
        raise Invalid("comment_required", "请填写评议意见，写明理由。", "comment")
    row.outcome, row.comment = opinion.outcome, opinion.comment.strip()
    row.state, row.given_at = SheetState.GIVEN, clock.now()
    row.save()
    detail = {"outcome": str(row.outcome)}
    record(actor, acceptance_entry("give_acceptance_opinion", row.acceptance, detail))
    return row


@transaction.atomic
def declare_conflict(*, actor: User, opinion_id: UUID, why: str) -> AcceptanceOpinion:
    """回避: the expert gives no opinion, and says why. Raises Invalid for blank words."""
    row = _own(actor, opinion_id)
    if not why.strip():
        raise Invalid("conflict_required", "请写明回避原因。", "conflict")
    row.state, row.conflict = SheetState.CONFLICTED, why.strip()
    row.save()
    record(actor, acceptance_entry("decline_acceptance_opinion", row.acceptance, {"why": why}))
    return row


@transaction.atomic
def propose_outcome(*, actor: User, acceptance_id: UUID, data: ProposalInput) -> Acceptance:
    """Propose the conclusion; another person decides it. A new proposal takes the place of the last.

    Raises Stale without the records and opinions the province wants, Invalid for blank reasons or a wrong day.
    """
    acceptance = _at_province(actor, acceptance_id)
    ensure_seen("验收材料", seen=data.revision, revision=acceptance.revision)
    require_examined(acceptance)
    if not data.reasons.strip():
        raise Invalid("reasons_required", "请填写结论理由。", "reasons")
    is_rectify = data.outcome == AcceptanceOutcome.RECTIFY
    if is_rectify and (data.rectify_by is None or data.rectify_by <= clock.today()):
        raise Invalid("rectify_by_required", "限期整改须选择整改期限，并晚于今天。", "rectify_by")
    acceptance.outcome, acceptance.reasons = data.outcome, data.reasons.strip()
    acceptance.rectify_by = data.rectify_by if is_rectify else None
    acceptance.proposed_by, acceptance.proposed_at = actor, clock.now()
    # Whoever decides has seen this proposal and no other.
    acceptance.revision += 1
    acceptance.save()
    detail = {"outcome": str(acceptance.outcome), "reasons": acceptance.reasons}
    record(actor, acceptance_entry("propose_acceptance", acceptance, detail))
    return acceptance


@transaction.atomic
def decline_proposal(
    *, actor: User, acceptance_id: UUID, revision: int | None, comment: str
) -> Acceptance:
    """Whoever decides does not follow the proposal: it falls, and is to be made anew.

    Raises Stale where there is none or another than was seen, Invalid for a blank comment.
    """
    acceptance = _at_province(actor, acceptance_id, Permission.DECIDE_PILOTS)
    if acceptance.proposed_by is None or revision not in {None, acceptance.revision}:
        raise Stale("content_changed", "拟定的结论在您查看之后有变化，请刷新页面核对后再办理。")
    if not comment.strip():
        raise Invalid("comment_required", "请填写退回重拟的意见。", "comment")
    proposer = acceptance.proposed_by
    clear_proposal(acceptance)
    acceptance.save()
    detail = {"comment": comment.strip()}
    record(actor, acceptance_entry("decline_acceptance_proposal", acceptance, detail))
    tell_declined(acceptance, proposer, comment.strip())
    return acceptance


def clear_proposal(acceptance: Acceptance) -> None:
    """Take the proposal off a locked acceptance, and count it: nobody decides on what he saw before."""
    acceptance.outcome, acceptance.reasons, acceptance.rectify_by = "", "", None
    acceptance.proposed_by, acceptance.proposed_at = None, None
    acceptance.revision += 1


def require_examined(acceptance: Acceptance) -> None:
    """Raise Stale unless everything is there that the province wants on record (`acceptance.json`)."""
    lacking = list_lacking(acceptance)
    if lacking:
        raise Stale(
            "examination_incomplete",
            f"{acceptance.pilot.region.full_name}的总结验收还不能拟定结论：{'；'.join(lacking)}。"
            "请先登记情况，分派专家并等待评议。",
        )


def _at_province(
    actor: User, acceptance_id: UUID, permission: Permission = Permission.RUN_PILOTS
) -> Acceptance:
    acceptance = get_acceptance(actor, acceptance_id, lock=True)
    if not actor.holds(permission):
        raise NotAllowed
    if acceptance.state != AcceptanceState.PROVINCE_REVIEW:
        raise Stale(
            "stale_state",
            f"验收材料现为“{acceptance.get_state_display()}”，本次操作未执行。请刷新页面查看最新状态。",
        )
    return acceptance


def _own(actor: User, opinion_id: UUID) -> AcceptanceOpinion:
    row = get_opinion(actor, opinion_id, lock=True)
    if not actor.holds(Permission.JUDGE_PILOTS):
        raise NotAllowed
    if row.state != SheetState.ASSIGNED:
        raise Stale(
            "opinion_given",
            f"您的评议现为“{row.get_state_display()}”，不能再次办理。请刷新页面查看。",
        )
    if row.acceptance.state != AcceptanceState.PROVINCE_REVIEW:
        raise Stale(
            "stale_state",
            f"验收材料现为“{row.acceptance.get_state_display()}”，不能评议。请刷新页面查看最新状态。",
        )
    return row
