"""Changing what an account says of its person, and where the person works."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from county_portal.accounts.actions.people import require_post
from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import Permission, Role
from county_portal.accounts.selectors import get_user, stamp_of
from county_portal.audit.actions import Entry, record
from county_portal.common.errors import Invalid, NotAllowed, Stale


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What an account shall say; `stamp` is `stamp_of` the account as the page showed it."""

    display_name: str
    role: Role
    office: Office
    phone: str
    email: str
    stamp: str


@transaction.atomic
def edit_user(*, actor: User, public_id: UUID, change: PersonChange) -> User:
    """Change an account; another post or office ends its sessions.

    The record names phone and address as changed without repeating them. Raises Stale `account_changed`, and Invalid
    for a post that does not fit the office (`create_user`) or is one's own (`own_post`).
    """
    if not actor.holds(Permission.MANAGE_USERS):
        raise NotAllowed
    user = get_user(actor, public_id, lock=True)
    if stamp_of(user) != change.stamp:
        raise Stale(
            "account_changed",
            f"账号{user.login}在您打开本页之后已被改动，本次没有保存。请刷新页面核对后再办理。",
        )
    detail = _changes(user, change)
    if not detail:
        return user
    if {"role", "office"} & set(detail):
        if user.pk == actor.pk:
            raise Invalid(
                "own_post", "不能调整自己的岗位和单位，请由另一名系统管理员办理。", "role"
            )
        require_post(change.role, change.office)
        user.session_epoch += 1
    user.display_name, user.phone, user.email = change.display_name, change.phone, change.email
    user.role, user.office = change.role, change.office
    user.save(update_fields=["display_name", "phone", "email", "role", "office", "session_epoch"])
    record(actor, Entry("edit_user", "user", str(user.public_id), {"login": user.login, **detail}))
    return user


def _changes(user: User, change: PersonChange) -> dict[str, object]:
    detail: dict[str, object] = {}
    if user.display_name != change.display_name:
        detail["display_name"] = [user.display_name, change.display_name]
    if user.role != change.role:
        detail["role"] = [user.role, str(change.role)]
    if user.office_id != change.office.pk:
        detail["office"] = [user.office.name, change.office.name]
    for name in ("phone", "email"):
        if getattr(user, name) != getattr(change, name):
            detail[name] = "changed"
    return detail
