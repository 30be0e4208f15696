"""Acts that reach across the apps."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from county_portal.accounts.actions import set_active
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.accounts.selectors import get_user, list_colleagues
from county_portal.audit.actions import Entry, record
from county_portal.common.errors import Invalid, NotAllowed
from county_portal.documents.actions.handing_on import HandedOn, hand_on_drafts
from county_portal.notices.actions import pass_on_unread


@dataclass(frozen=True, slots=True)
class Handover:
    """Which of a person's own things go to whom, why, and whether the account is closed with it."""

    successor: UUID | None
    reason: str
    drafts: bool = False
    unread: bool = False
    disable: bool = False


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of it."""

    drafts: HandedOn
    unread: int


@transaction.atomic
def hand_over(*, actor: User, public_id: UUID, handover: Handover) -> Handed:
    """Give a person's work to a colleague of the same office and post, and close the account where asked.

    Closing takes the security administrator (三员分立). Raises Invalid `reason_missing`, `nothing_chosen`,
    `successor_missing` or `successor_unfit`; then nothing of it was done.
    """
    if not (actor.holds(Permission.MANAGE_USERS) or actor.holds(Permission.MANAGE_SECURITY)):
        raise NotAllowed
    person = get_user(actor, public_id, lock=True)
    _require_sense(handover)
    drafts, unread = HandedOn(0, 0), 0
    successor = None
    if handover.drafts or handover.unread:
        successor = _successor(person, handover)
        if handover.drafts:
            drafts = hand_on_drafts(
                actor=actor, person=person, successor=successor, reason=handover.reason
            )
        if handover.unread:
            unread = pass_on_unread(person=person, successor=successor)
    detail = {
        "login": person.login,
        "to": successor.login if successor else None,
        "drafts": drafts.handed,
        "drafts_kept": drafts.kept,
        "notices": unread,
        "disabled": handover.disable,
        "reason": handover.reason,
    }
    record(actor, Entry("hand_over", "user", str(person.public_id), detail))
    if handover.disable:
        set_active(actor=actor, public_id=public_id, active=False)
    return Handed(drafts, unread)


def _require_sense(handover: Handover) -> None:
    if not handover.reason.strip():
        raise Invalid("reason_missing", "请写明移交原因，例如：调离。", "reason")
    if not (handover.drafts or handover.unread or handover.disable):
        raise Invalid("nothing_chosen", "没有选择要移交的事项，请至少选择一项。")


def _successor(person: User, handover: Handover) -> User:
    if handover.successor is None:
        raise Invalid("successor_missing", "请选择接手人。", "successor")
    successor = list_colleagues(person).filter(public_id=handover.successor).first()
    if successor is None:
        raise Invalid(
            "successor_unfit",
            f"接手人须是{person.office.name}{person.get_role_display()}岗位上启用的人员，请重新选择；"
            "没有这样的人员，请先建立账号。",
            "successor",
        )
    return successor
