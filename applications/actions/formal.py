"""形式审查: the province looks whether what it received is whole, and says so item by item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction

from applications.actions.moving import Move, Wanted, move_application
from applications.actions.records import application_entry
from applications.enums import ApplicationAction, ApplicationState, FormalOutcome, SheetState
from applications.models import Application, FormalCheck, PanelScore
from applications.rules.formal import BY_HAND
from applications.selectors.applications import get_application
from applications.selectors.formal import check_formally
from applications.selectors.letters import valid_letter
from applications.selectors.selection import standing_list
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.steps import ensure_seen


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a person saw of one item."""

    is_met: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class FormalInput:
    """A check as entered: the items by hand by their keys, the words, the revision that was on the page."""

    by_hand: Mapping[str, ByHand]
    comment: str = ""
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What the county is to put right (补正), and by when."""

    comment: str
    due_on: date | None
    wanted: Sequence[Wanted] = field(default_factory=list)
    revision: int | None = None


@transaction.atomic
def pass_formally(*, actor: User, application_id: UUID, check: FormalInput) -> Application:
    """Find everything in order and admit it to the panel. Raises Invalid naming the first item that is not met."""
    application = _reviewed(actor, application_id)
    items = _items(application, check)
    failed = next((item for item in items if not item["is_met"]), None)
    if failed:
        raise Invalid(
            "formal_item_not_met",
            f"“{failed['item']}”不符合，不能通过形式审查，请退回补正，或写明原因后作出不通过的结论。",
            "by_hand",
        )
    _keep(actor, application, FormalOutcome.PASSED, items, check.comment)
    move = Move(ApplicationAction.ADMIT, check.revision, check.comment)
    return move_application(actor=actor, application_id=application_id, move=move)


@transaction.atomic
def fail_formally(*, actor: User, application_id: UUID, check: FormalInput) -> FormalCheck:
    """Find that it cannot take part; the decision on it is made with the list. Raises Invalid without words."""
    application = _reviewed(actor, application_id)
    ensure_seen("申报材料", seen=check.revision, revision=application.revision)
    if valid_letter(application) is None:
        raise Stale(
            "letter_missing",
            f"{application.region.full_name}没有有效的推荐函，不在本次形式审查之列。",
        )
    if not check.comment.strip():
        raise Invalid("comment_required", "形式审查不通过的，请在“审查意见”中写明原因。", "comment")
    items = _items(application, check)
    return _keep(actor, application, FormalOutcome.FAILED, items, check.comment)


@transaction.atomic
def send_back(*, actor: User, application_id: UUID, correction: Correction) -> Application:
    """Hand it back to the county (退回补正); the check and opinions on the former content fall away."""
    application = get_application(actor, application_id, lock=True)
    if not actor.holds(Permission.RUN_PILOTS):
        raise NotAllowed
    _refuse_decided(application)
    moved = move_application(
        actor=actor,
        application_id=application_id,
        move=Move(
            ApplicationAction.SEND_BACK,
            correction.revision,
            correction.comment,
            correction.wanted,
            correction.due_on,
        ),
    )
    FormalCheck.objects.filter(application=application).delete()
    _reopen_sheets(actor, application)
    return moved


def _reviewed(actor: User, application_id: UUID) -> Application:
    application = get_application(actor, application_id, lock=True)
    if not actor.holds(Permission.RUN_PILOTS):
        raise NotAllowed
    if application.state != ApplicationState.REVIEWED:
        raise Stale(
            "stale_state",
            f"{application.region.full_name}当前为“{application.get_state_display()}”，不在形式审查阶段。请刷新页面后再办理。",
        )
    _refuse_decided(application)
    return application


def _refuse_decided(application: Application) -> None:
    pilots = standing_list(application.round)
    if pilots is not None:
        raise Stale(
            "list_drafted",
            f"“{application.round.title}”的试点名单{pilots.get_state_display()}，不能再改变审查结论。确需改变的，请先撤回名单。",
        )


def _items(application: Application, check: FormalInput) -> list[dict[str, object]]:
    unknown = [item for item in BY_HAND if item.key not in check.by_hand]
    if unknown:
        raise Invalid(
            "formal_item_open", f"“{unknown[0].name}”还没有核对，请选择符合或不符合。", "by_hand"
        )
    computed = [
        {"item": each.item.name, "is_met": each.is_met, "note": each.words}
        for each in check_formally(application)
    ]
    seen = [
        {
            "item": item.name,
            "is_met": check.by_hand[item.key].is_met,
            "note": check.by_hand[item.key].note.strip(),
        }
        for item in BY_HAND
    ]
    return [*computed, *seen]


def _keep(
    actor: User,
    application: Application,
    outcome: FormalOutcome,
    items: Sequence[Mapping[str, object]],
    comment: str,
) -> FormalCheck:
    row, _ = FormalCheck.objects.update_or_create(
        application=application,
        defaults={
            "outcome": outcome,
            "items": list(items),
            "comment": comment.strip(),
            "checked_by": actor,
            "checked_at": clock.now(),
        },
    )
    detail = {"outcome": str(outcome), "items": list(items), "comment": comment.strip()}
    record(actor, application_entry("check_formally", application, detail))
    return row


def _reopen_sheets(actor: User, application: Application) -> None:
    """Opinions were on materials that will change: each expert is asked anew."""
    given = list(application.sheets.filter(state=SheetState.GIVEN).select_for_update())
    PanelScore.objects.filter(sheet__in=given).delete()
    for sheet in given:
        sheet.state, sheet.given_at, sheet.comment = SheetState.ASSIGNED, None, ""
        sheet.save(update_fields=["state", "given_at", "comment"])
    if given:
        detail = {"sheets": [str(sheet.public_id) for sheet in given]}
        record(actor, application_entry("reopen_sheets", application, detail))
