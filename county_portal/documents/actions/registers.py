"""Registers: opened and switched off by those who sign; what gave a number keeps its name."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.documents.models import Register
from county_portal.documents.selectors.registers import get_register, is_used


@dataclass(frozen=True, slots=True)
class RegisterInput:
    """What is printed on the documents of a register, and whether it gives numbers."""

    prefix: str
    layout: str
    sender: str
    issuer: str
    printed_by: str
    is_active: bool = True


_FIELDS = ("prefix", "layout", "sender", "issuer", "printed_by", "is_active")


@transaction.atomic
def open_register(*, actor: User, wanted: RegisterInput) -> Register:
    """Open a register of the actor's office."""
    _require_keeper(actor)
    _require_free(wanted.prefix)
    register = Register(office=actor.office)
    _fill(register, wanted)
    register.save()
    detail = {name: getattr(register, name) for name in _FIELDS}
    record(actor, Entry("open_register", "register", str(register.public_id), detail))
    return register


@transaction.atomic
def change_register(*, actor: User, register_id: UUID, wanted: RegisterInput) -> Register:
    """Change a register; one that gave a number can only be switched on and off."""
    _require_keeper(actor)
    register = get_register(actor, register_id, lock=True)
    before = {name: getattr(register, name) for name in _FIELDS}
    changed = {
        name: [before[name], getattr(wanted, name)]
        for name in _FIELDS
        if before[name] != getattr(wanted, name)
    }
    if is_used(register) and set(changed) - {"is_active"}:
        raise Stale(
            "register_used",
            f"登记簿“{register.prefix}”已编过号，只能启用或停用。需要改变的，请另建登记簿并停用本簿。",
        )
    if "prefix" in changed:
        _require_free(wanted.prefix)
    _fill(register, wanted)
    register.save()
    if changed:
        record(actor, Entry("change_register", "register", str(register.public_id), changed))
    return register


def _fill(register: Register, wanted: RegisterInput) -> None:
    for name in _FIELDS:
        setattr(register, name, getattr(wanted, name))


def _require_keeper(actor: User) -> None:
    if not actor.holds(Permission.SIGN_DOCUMENT):
        raise NotAllowed


def _require_free(prefix: str) -> None:
    holder = Register.objects.filter(prefix=prefix).select_related("office").first()
    if holder:
        raise Invalid(
            "prefix_taken",
            f"代字“{prefix}”已由{holder.office.name}使用，代字全省唯一，请换用其他代字。",
            "mark",
        )
