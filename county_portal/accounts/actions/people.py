"""Writes on accounts: each re-authorises, records, and returns what the administrator must pass on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from axes.utils import reset as reset_attempts
from django.db import IntegrityError, transaction
from django.utils import timezone

from county_portal.accounts.models import Office, User, canonical_login
from county_portal.accounts.passwords import initial_password
from county_portal.accounts.roles import ROLE_KIND, ROLE_LEVEL, Level, OfficeKind, Permission, Role
from county_portal.accounts.selectors import get_user
from county_portal.audit.actions import Entry, record
from county_portal.common.errors import Invalid, NotAllowed


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an account is made from."""

    login: str
    display_name: str
    role: Role
    office: Office
    phone: str = ""
    email: str = ""


def _require(actor: User, permission: Permission) -> None:
    if not actor.holds(permission):
        raise NotAllowed


def _entry(act: str, user: User, **detail: object) -> Entry:
    return Entry(
        act=act, kind="user", object_id=str(user.public_id), detail={"login": user.login, **detail}
    )


def require_post(role: Role, office: Office) -> None:
    """Refuse a post that is none of this office's, or an office that is closed.

    Raises Invalid `role_level_mismatch`, `role_office_mismatch` or `office_closed`.
    """
    if ROLE_LEVEL[role] != office.level:
        raise Invalid(
            "role_level_mismatch",
            f"“{role.label}”不是{office.get_level_display()}单位的岗位，请重新选择岗位或单位。",
            "role",
        )
    if ROLE_KIND.get(role, OfficeKind.BUREAU) != office.kind:
        raise Invalid(
            "role_office_mismatch",
            f"“{role.label}”不是{office.get_kind_display()}的岗位，请重新选择岗位或单位。",
            "role",
        )
    if office.closed_on is not None:
        raise Invalid(
            "office_closed", f"“{office.name}”已经撤销，不能再设人员，请选择其他单位。", "office"
        )


@transaction.atomic
def create_user(*, actor: User, account: NewAccount) -> tuple[User, str]:
    """Make an account with a one-time password, which is returned once and never stored in clear.

    Raises Invalid if the login exists or the role does not belong to the office's level.
    """
    user, password = _prepared(actor, account)
    return _kept(actor, user), password


def _prepared(actor: User, account: NewAccount) -> tuple[User, str]:
    """The account and its password, not kept yet: hashing takes long, and waits for no lock and holds none."""
    user, password = _unhashed(actor, account), initial_password()
    user.set_password(password)
    return user, password


def _unhashed(actor: User, account: NewAccount) -> User:
    _require(actor, Permission.MANAGE_USERS)
    require_post(account.role, account.office)
    return User(
        login=canonical_login(account.login),
        display_name=account.display_name,
        role=account.role,
        office=account.office,
        phone=account.phone,
        email=account.email,
    )


def _kept(actor: User, user: User) -> User:
    _insert(user)
    record(actor, _entry("create_user", user, role=user.role, office=user.office.name))
    return user


@transaction.atomic
def create_hashed(*, actor: User, hashed: Sequence[tuple[NewAccount, str]]) -> list[User]:
    """All of these accounts or none, each with the hash of a one-time password.

    Hashing is the caller's: many take long, and the record's lock must not be held meanwhile.
    Raises Invalid like `create_user`, for the first that cannot be made.
    """
    made = []
    for account, password_hash in hashed:
        user = _unhashed(actor, account)
        user.password = password_hash
        made.append(_kept(actor, user))
    return made


@transaction.atomic
def create_provider(*, actor: User, account: NewAccount, department: str) -> tuple[User, str]:
    """Make a department that provides data, in the county of the office given, and its first account.

    Raises Invalid unless that office is a county's and the post is the department's.
    """
    _require(actor, Permission.MANAGE_USERS)
    region = account.office.region
    if region is None or account.office.level != Level.COUNTY:
        raise Invalid(
            "provider_not_county", "数据提供部门只能设在县（市、区），请选择该县科技局。", "office"
        )
    name = f"{region.full_name}{department}"
    if Office.objects.filter(name=name, closed_on__isnull=True).exists():
        raise Invalid("office_exists", f"“{name}”已经建立，请直接在“单位”中选择。", "department")
    office = Office.objects.create(
        name=name,
        short_name=department,
        level=Level.COUNTY,
        kind=OfficeKind.PROVIDER,
        region=region,
        order=account.office.order,
    )
    entry = Entry("create_office", "office", str(office.public_id), {"name": name})
    record(actor, entry)
    return create_user(actor=actor, account=replace(account, office=office))


def _insert(user: User) -> None:
    """Let the database say whether the login is free: asking first would leave a gap."""
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise Invalid(
            "login_taken", f"登录名“{user.login}”已被使用，请换一个。", "login"
        ) from error


@transaction.atomic
def change_own_password(*, actor: User, new_password: str) -> None:
    """Replace the actor's password; other sessions end because their key no longer fits."""
    user = User.objects.select_for_update().get(pk=actor.pk)
    if user.check_password(new_password):
        raise Invalid("password_unchanged", "新密码不能与原密码相同，请另设密码。", "new_password")
    user.set_password(new_password)
    user.must_change_password = False
    user.password_changed_at = timezone.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    record(user, _entry("change_password", user))


@transaction.atomic
def change_own_email(*, actor: User, email: str) -> None:
    """Set the address of the actor's own mail; the record names that it changed, not the address."""
    user = User.objects.select_for_update().get(pk=actor.pk)
    if user.email == email:
        return
    had, user.email = bool(user.email), email
    user.save(update_fields=["email"])
    actor.email = email
    record(user, _entry("change_email", user, has_email=[had, bool(email)]))


@transaction.atomic
def reset_password(*, actor: User, public_id: UUID) -> tuple[User, str]:
    """Give an account a new one-time password and end its sessions."""
    _require(actor, Permission.MANAGE_USERS)
    user = get_user(actor, public_id, lock=True)
    password = initial_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    record(actor, _entry("reset_password", user))
    return user, password


@transaction.atomic
def set_active(*, actor: User, public_id: UUID, active: bool) -> User:
    """Enable or disable an account; its rights end with its next request."""
    _require(actor, Permission.MANAGE_SECURITY)
    user = get_user(actor, public_id, lock=True)
    if user.pk == actor.pk and not active:
        raise Invalid("own_account", "不能停用自己的账号，请由另一名安全管理员办理。", "active")
    before, user.is_active = user.is_active, active
    user.save(update_fields=["is_active"])
    record(actor, _entry("set_active", user, active=[before, active]))
    return user


@transaction.atomic
def unlock(*, actor: User, public_id: UUID) -> User:
    """Forget failed logins of an account."""
    _require(actor, Permission.MANAGE_SECURITY)
    user = get_user(actor, public_id, lock=True)
    reset_attempts(username=user.login)
    record(actor, _entry("unlock_user", user))
    return user


@transaction.atomic
def record_login(*, user: User, address: str) -> None:
    """Record a login; failed ones are counted by axes."""
    record(user, _entry("login", user, address=address))
