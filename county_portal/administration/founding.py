"""The three administrators a new installation begins with; every later account is made by one of them."""

from dataclasses import dataclass

from django.db import transaction

from county_portal.accounts.models import Office, User
from county_portal.accounts.passwords import initial_password
from county_portal.accounts.roles import Level, OfficeKind, Role
from county_portal.audit.actions import Entry, record
from county_portal.common.errors import Invalid

_FIRST = {
    Role.SYSTEM_ADMIN: "sysadmin",
    Role.SECURITY_ADMIN: "secadmin",
    Role.AUDITOR: "auditor",
}


@dataclass(frozen=True, slots=True)
class Founded:
    """An account with the one-time password that is told once and kept nowhere."""

    user: User
    password: str


@transaction.atomic
def found_administrators() -> list[Founded]:
    """Make one of each, in the province's own bureau; by nobody, since nobody is there yet.

    Raises Invalid where an administrator exists, so that a shell on the server is no second way in, or where the
    register has no office of the province.
    """
    if User.objects.filter(role__in=list(_FIRST)).exists():
        raise Invalid(
            "administrators_exist",
            "已经有管理员账号，不能再用命令建立。忘记密码的，请由系统管理员在“账号”中重置。",
        )
    office = Office.objects.filter(level=Level.PROVINCE, kind=OfficeKind.BUREAU).first()
    if office is None:
        raise Invalid("register_empty", "还没有登记区划和单位，请先运行manage.py import_register。")
    return [_found(role, login, office) for role, login in _FIRST.items()]


def _found(role: Role, login: str, office: Office) -> Founded:
    password = initial_password()
    user = User(login=login, display_name=role.label, role=role, office=office)
    user.set_password(password)
    user.save()
    detail = {"login": login, "role": str(role), "office": office.name}
    record(None, Entry("found_administrator", "user", str(user.public_id), detail))
    return Founded(user, password)
