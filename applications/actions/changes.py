"""A target changes only by request: asked by the county, supported by the city, approved by the province."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

from applications.actions.terms import kept, pilot_entry
from applications.enums import ChangeState
from applications.models import Pilot, TargetChange, YearTarget
from applications.pilot_notifications import tell_change
from applications.selectors.changes import get_change, is_held, is_reported
from applications.selectors.pilots import get_pilot, lock_pilot
from county_portal.accounts.hands import ensure_other_hands
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.numbers import NumberFormat, parse_number, plain

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from county_portal.files.models import StoredFile


@dataclass(frozen=True, slots=True)
class ChangeInput:
    """A request as entered; `year_target` is the row's primary key, `after` as typed."""

    year_target: int
    after: str
    reason: str
    file: "UploadedFile | StoredFile | None" = None


@transaction.atomic
def ask_change(*, actor: User, pilot_id: UUID, data: ChangeInput) -> TargetChange:
    """Ask for another target of one year.

    Raises Stale for a pilot that is not being built, an acceptance handed in, a year reported or over, a request
    open; Invalid for a number that is none, the same, or worse than where the county began.
    """
    pilot = get_pilot(actor, pilot_id, lock=True)
    if not actor.holds(Permission.APPLY):
        raise NotAllowed
    goal = _goal(pilot, data.year_target)
    _require_building(pilot)
    _require_free(pilot)
    if is_reported(goal):
        raise Stale(
            "year_reported",
            f"“{goal.target.name}”{goal.year}年已报送建设进展，该年目标不能再调整。请选择以后年度的目标。",
        )
    if goal.year < clock.today().year:
        raise Stale(
            "year_over",
            f"{goal.year}年已经结束，“{goal.target.name}”该年目标不能再调整。"
            "未达到的，请在进展报告中说明原因；需要调整的，请选择以后年度的目标。",
        )
    after = _number(goal, data.after)
    if not data.reason.strip():
        raise Invalid("reason_required", "请写明调整理由，再提出申请。", "reason")
    change = _insert(
        TargetChange(
            pilot=pilot,
            year_target=goal,
            before=goal.number,
            after=after,
            reason=data.reason.strip(),
            file=kept(actor, data.file),
            asked_by=actor,
            asked_at=clock.now(),
        )
    )
    _note(actor, "ask_target_change", change, change.reason)
    return change


@transaction.atomic
def take_back_change(*, actor: User, change_id: UUID) -> TargetChange:
    """Take a request back before it is decided."""
    change = _locked(actor, change_id, Permission.APPLY, ChangeState.ASKED, ChangeState.SUPPORTED)
    change.state = ChangeState.TAKEN_BACK
    change.save()
    _note(actor, "take_back_target_change", change, "")
    return change


@transaction.atomic
def review_change(*, actor: User, change_id: UUID, supports: bool, comment: str) -> TargetChange:
    """The city's opinion; without its support the request ends. Raises Invalid for a blank comment."""
    change = _locked(actor, change_id, Permission.RECOMMEND, ChangeState.ASKED)
    _refuse_own(actor, change)
    change.city_comment = _comment(comment, "审核意见")
    change.state = ChangeState.SUPPORTED if supports else ChangeState.REFUSED
    change.city_by, change.city_at = actor, clock.now()
    change.save()
    _note(actor, "review_target_change", change, change.city_comment)
    return change


@transaction.atomic
def decide_change(*, actor: User, change_id: UUID, approves: bool, comment: str) -> TargetChange:
    """The province's decision; approving writes the target. Raises Invalid for a blank comment."""
    change = _locked(actor, change_id, Permission.RUN_PILOTS, ChangeState.SUPPORTED)
    _refuse_own(actor, change)
    change.province_comment = _comment(comment, "审批意见")
    if approves:
        _require_building(change.pilot)
        _require_free(change.pilot)
        if is_reported(change.year_target):
            raise Stale(
                "year_reported",
                f"“{change.year_target.target.name}”{change.year_target.year}年的建设进展已经报送，不能再批准调整该年目标。"
                "请不予批准并说明原因。",
            )
    change.state = ChangeState.APPROVED if approves else ChangeState.REFUSED
    change.province_by, change.province_at = actor, clock.now()
    change.save()
    if approves:
        # After the request: the database lets the number move to nothing but what was approved.
        goal = YearTarget.objects.select_for_update().get(pk=change.year_target_id)
        goal.number = change.after
        goal.save(update_fields=["number"])
    _note(actor, "decide_target_change", change, change.province_comment)
    return change


def _locked(
    actor: User, change_id: UUID, permission: Permission, *states: ChangeState
) -> TargetChange:
    # The pilot first, as whoever withdraws it does, and whoever hands its acceptance in.
    lock_pilot(get_change(actor, change_id).pilot)
    change = get_change(actor, change_id, lock=True)
    if not actor.holds(permission):
        raise NotAllowed
    if change.state not in states:
        raise Stale(
            "stale_state",
            f"此项申请现为“{change.get_state_display()}”，本次操作未执行。请刷新页面查看最新状态。",
        )
    return change


def _refuse_own(actor: User, change: TargetChange) -> None:
    """People move from county to city and from city to province; their requests wait for somebody else."""
    refusal = NotAllowed(
        "own_change",
        f"“{change.year_target.target.name}”的目标调整此前由您本人申请或审核，须由另一人办理，请转请其办理。",
    )
    ensure_other_hands(actor, [change.asked_by_id, change.city_by_id], refusal)


def _goal(pilot: Pilot, key: int) -> YearTarget:
    goals = YearTarget.objects.select_related("target").filter(target__pilot=pilot)
    goal = goals.filter(pk=key).first()
    if goal is None:
        raise Invalid("target_unknown", "所选目标不属于本试点，请重新选择。", "year_target")
    return goal


def _require_building(pilot: Pilot) -> None:
    if not pilot.is_building:
        raise Stale(
            "pilot_not_active",
            f"{pilot.region.full_name}试点现为“{pilot.get_state_display()}”，不能调整目标。请先核对试点状态。",
        )


def _require_free(pilot: Pilot) -> None:
    if is_held(pilot):
        raise Stale(
            "acceptance_under_way",
            f"{pilot.region.full_name}的总结验收材料已经报送，验收以报送时的目标为准，不能再调整目标。"
            "请按原目标办理验收；确需调整的，须待验收材料退回县级改正时提出。",
        )


def _number(goal: YearTarget, typed: str) -> Decimal:
    target = goal.target
    try:
        after = parse_number(typed, NumberFormat(unit=target.unit), target.name)
    except Invalid as refusal:
        raise Invalid(refusal.code, refusal.sentence, "after") from refusal
    if after is None:
        raise Invalid("number_required", f"请填写“{target.name}”调整后的目标。", "after")
    if after == goal.number:
        raise Invalid(
            "target_unchanged",
            f"调整后的目标与现定目标（{plain(after)}）相同，不需要申请。",
            "after",
        )
    worse = target.baseline is not None and (
        after > target.baseline if target.lower_is_better else after < target.baseline
    )
    if worse:
        bound = "高" if target.lower_is_better else "低"
        raise Invalid(
            "target_worse_than_baseline",
            f"“{target.name}”调整后的目标{plain(after)}{bound}于基数{plain(target.baseline)}，不能申请。请核对数值。",
            "after",
        )
    return after


def _insert(change: TargetChange) -> TargetChange:
    """Let the database say whether a request is open already: asking first would leave a gap."""
    try:
        with transaction.atomic():
            change.save(force_insert=True)
    except IntegrityError as error:
        name, year = change.year_target.target.name, change.year_target.year
        raise Stale(
            "change_open",
            f"“{name}”{year}年目标已有一项申请正在办理，不能重复申请。请等待办理完毕，或撤回原申请。",
        ) from error
    return change


def _comment(comment: str, label: str) -> str:
    if not comment.strip():
        raise Invalid("comment_required", f"请填写{label}，写明理由后再办理。", "comment")
    return comment.strip()


def _note(actor: User, act: str, change: TargetChange, words: str) -> None:
    goal = change.year_target
    detail: dict[str, object] = {
        "target": goal.target.name,
        "year": goal.year,
        "number": [plain(change.before), plain(change.after)],
        "state": change.state,
        "words": words,
    }
    record(actor, pilot_entry(act, change.pilot, detail))
    tell_change(change, actor, words)
