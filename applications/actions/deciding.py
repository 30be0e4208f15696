"""The list of pilots before it is published: drafted with reasons, put to public notice, withdrawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from applications.enums import ListState, Stage
from applications.models import Decision, PilotList, PilotRound
from applications.rules.deciding import end_of_term, notice_length
from applications.selectors.applications import get_round
from applications.selectors.deciding import (
    digest_of_list,
    get_pilot_list,
    mark_of,
    obstacles_to_draft,
    obstacles_to_list,
    to_decide,
    why_not_closed,
)
from applications.selectors.selection import Candidate, list_candidates, standing_list
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.text import chinese_date
from county_portal.documents.numbers import standard_year


@dataclass(frozen=True, slots=True)
class DecisionInput:
    """What is decided on one application, and why."""

    is_selected: bool
    reasons: str


@dataclass(frozen=True, slots=True)
class DraftInput:
    """A list as entered: a decision for each candidate by its application's id, the first day of the term.

    `seen` is the mark of the list that was on the page; None: drawn up without one.
    """

    decisions: Mapping[UUID, DecisionInput]
    starts_on: date
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeInput:
    """The consent of the department's meeting, and from when until when the list is on notice."""

    consent_on: date
    consent_number: str
    notice_from: date
    notice_until: date


@transaction.atomic
def draft_pilot_list(*, actor: User, round_id: UUID, data: DraftInput) -> PilotList:
    """Draw up the round's list, or the draft there is anew.

    Raises Stale for what stands in the way, Invalid for a county without decision or reasons.
    """
    call = get_round(actor, round_id, lock=True)
    if not actor.holds(Permission.RUN_PILOTS):
        raise NotAllowed
    draft = _draft_of(actor, call)
    if data.seen is not None and data.seen != mark_of(draft):
        raise _saved_meanwhile(draft)
    candidates = list_candidates(call)
    _raise_first(obstacles_to_draft(call, candidates))
    rows = _decided(to_decide(candidates), data)
    if draft is not None:
        draft.decisions.all().delete()
    pilots = draft or PilotList(round=call)
    pilots.starts_on = data.starts_on
    pilots.ends_on = end_of_term(data.starts_on, call.term_years)
    pilots.prepared_by, pilots.prepared_at = actor, clock.now()
    pilots.save()
    for row in rows:
        row.pilot_list = pilots
    Decision.objects.bulk_create(rows)
    detail = {
        "digest": digest_of_list(pilots),
        "selected": [row.application.region.code for row in rows if row.is_selected],
        "refused": [row.application.region.code for row in rows if not row.is_selected],
        "term": [pilots.starts_on.isoformat(), pilots.ends_on.isoformat()],
    }
    record(actor, list_entry("draft_pilot_list", pilots, detail))
    return pilots


def _draft_of(actor: User, call: PilotRound) -> PilotList | None:
    standing = standing_list(call)
    if standing is not None:
        # Its notice may begin at the same moment.
        standing = get_pilot_list(actor, standing.public_id, lock=True)
    if standing is not None and standing.state != ListState.DRAFT:
        raise Stale(
            "list_standing",
            f"“{call.title}”的试点名单{standing.get_state_display()}，不能另行拟定。",
        )
    refusal = why_not_closed(call)
    if refusal:
        raise refusal
    return standing


def _saved_meanwhile(draft: PilotList | None) -> Stale:
    if draft is None:
        sentence = "名单在您打开本页之后已被撤回，本次保存未执行。请核对后再保存。"
    else:
        at = draft.prepared_at.astimezone(clock.BEIJING)
        sentence = (
            f"{draft.prepared_by.display_name}在您打开本页之后（{at:%H:%M}）保存过名单，本次保存未执行。"
            "您填写的内容保留在下方，请对照已保存的内容核对后再保存。"
        )
    return Stale("list_saved_meanwhile", sentence)


def _decided(candidates: Sequence[Candidate], data: DraftInput) -> list[Decision]:
    known = {each.application.public_id for each in candidates}
    if set(data.decisions) - known:
        raise Stale(
            "candidates_changed", "候选县（市、区）在您打开页面之后有变化，请刷新页面核对后再办理。"
        )
    rows = [_decision(each, data) for each in candidates]
    if not any(row.is_selected for row in rows):
        raise Invalid(
            "nobody_selected", "名单中没有入选的县（市、区），请至少选择一个。", "decisions"
        )
    return rows


def _decision(each: Candidate, data: DraftInput) -> Decision:
    application = each.application
    name, key = application.region.full_name, application.public_id
    decision = data.decisions.get(key)
    if decision is None:
        raise Invalid(
            "decision_missing", f"{name}还没有作出决定，请选择是否入选。", f"reasons-{key}"
        )
    if not decision.reasons.strip():
        word = "入选" if decision.is_selected else "不入选"
        raise Invalid("reasons_required", f"请填写{name}{word}的理由。", f"reasons-{key}")
    if decision.is_selected and each.stage == Stage.FAILED:
        raise Invalid(
            "failed_selected", f"{name}形式审查不通过，不能入选，请改为不入选。", f"reasons-{key}"
        )
    region = application.region
    if decision.is_selected and region.ended_on:
        ended = chinese_date(region.ended_on)
        raise Stale("region_ended", f"{name}已于{ended}撤销，不能列为试点，请改为不入选。")
    return Decision(
        application=application,
        is_selected=decision.is_selected,
        reasons=decision.reasons.strip(),
    )


@transaction.atomic
def start_notice(*, actor: User, list_id: UUID, notice: NoticeInput) -> PilotList:
    """Put a draft to public notice (公示): from now on rows and reasons cannot change."""
    pilots = _lock(actor, list_id, Permission.RUN_PILOTS)
    _require(pilots, ListState.DRAFT)
    _check_notice(pilots, notice)
    _raise_first(obstacles_to_list(pilots))
    pilots.digest = digest_of_list(pilots)
    pilots.consent_on = notice.consent_on
    pilots.consent_number = standard_year("".join(notice.consent_number.split()))
    pilots.notice_from, pilots.notice_until = notice.notice_from, notice.notice_until
    pilots.state = ListState.NOTICE
    pilots.save()
    detail = {
        "digest": pilots.digest,
        "consent": [notice.consent_on.isoformat(), pilots.consent_number],
        "notice": [notice.notice_from.isoformat(), notice.notice_until.isoformat()],
    }
    record(actor, list_entry("start_notice", pilots, detail))
    return pilots


def _check_notice(pilots: PilotList, notice: NoticeInput) -> None:
    if not notice.consent_number.strip():
        raise Invalid(
            "consent_number_required", "请填写厅务会的文号或会议纪要编号。", "consent_number"
        )
    if notice.consent_on > clock.today():
        raise Invalid("date_in_the_future", "审议日期不能晚于今天，请核对。", "consent_on")
    if notice.notice_from < clock.today():
        raise Invalid("notice_in_the_past", "公示开始日期不能早于今天，请核对。", "notice_from")
    days = pilots.round.notice_days
    if notice_length(notice.notice_from, notice.notice_until) < days:
        raise Invalid(
            "notice_too_short",
            f"公示期不少于{days}天（含首尾两日），请推迟公示结束日期。",
            "notice_until",
        )


@transaction.atomic
def withdraw_pilot_list(*, actor: User, list_id: UUID, reason: str) -> PilotList:
    """Take back a draft, or a list on notice; it stays on record with the reason."""
    pilots = _lock(actor, list_id, Permission.RUN_PILOTS, Permission.DECIDE_PILOTS)
    if pilots.state not in {ListState.DRAFT, ListState.NOTICE}:
        raise _stale(pilots)
    if not reason.strip():
        raise Invalid("reason_required", "请填写撤回原因。", "reason")
    before = pilots.state
    pilots.state, pilots.withdrawal_reason = ListState.WITHDRAWN, reason.strip()
    pilots.save(update_fields=["state", "withdrawal_reason"])
    detail = {"state": [before, str(ListState.WITHDRAWN)], "reason": reason.strip()}
    record(actor, list_entry("withdraw_pilot_list", pilots, detail))
    return pilots


def list_entry(act: str, pilots: PilotList, detail: Mapping[str, object]) -> Entry:
    """An audit entry about a list of pilots."""
    return Entry(act, "pilot_list", str(pilots.public_id), detail)


def _lock(actor: User, list_id: UUID, *permissions: Permission) -> PilotList:
    pilots = get_pilot_list(actor, list_id, lock=True)
    if not actor.holds_any(*permissions):
        raise NotAllowed
    return pilots


def _require(pilots: PilotList, state: ListState) -> None:
    if pilots.state != state:
        raise _stale(pilots)


def _stale(pilots: PilotList) -> Stale:
    return Stale(
        "stale_state",
        f"“{pilots}”现为“{pilots.get_state_display()}”，本次操作未执行。请刷新页面后再办理。",
    )


def _raise_first(obstacles: Sequence[Stale]) -> None:
    if obstacles:
        raise obstacles[0]
