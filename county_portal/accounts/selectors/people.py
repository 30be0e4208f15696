"""Reads of people's accounts and of their signing in."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import Office, SignIn, User
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.text import fingerprint


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which accounts are looked for; `state` is a key of STATES, `level` and `role` theirs."""

    text: str = ""
    role: str = ""
    level: str = ""
    state: str = ""
    office: Office | None = None


STATES = {
    "active": ("启用", Q(is_active=True)),
    "disabled": ("已停用", Q(is_active=False)),
    "initial": ("待改初始密码", Q(is_active=True, must_change_password=True)),
    "never": ("从未登录", Q(last_login__isnull=True)),
}


def list_users(actor: User, text: str = "") -> QuerySet[User]:
    """Accounts the administrators may see, by name, login or office; nobody else sees any."""
    if not (actor.holds(Permission.MANAGE_USERS) or actor.holds(Permission.MANAGE_SECURITY)):
        return User.objects.none()
    users = (
        User.objects.filter(is_practice=False)
        .select_related("office", "office__region")
        .order_by("login")
    )
    if text:
        users = users.filter(
            Q(login__icontains=text)
            | Q(display_name__icontains=text)
            | Q(office__name__icontains=text)
        )
    return users


def find_users(actor: User, wanted: Wanted) -> QuerySet[User]:
    """The accounts of `list_users` that are looked for."""
    users = list_users(actor, wanted.text)
    if wanted.role:
        users = users.filter(role=wanted.role)
    if wanted.level:
        users = users.filter(office__level=wanted.level)
    if wanted.office:
        users = users.filter(office=wanted.office)
    if wanted.state in STATES:
        users = users.filter(STATES[wanted.state][1])
    return users


def get_user(actor: User, public_id: UUID, *, lock: bool = False) -> User:
    """One account an administrator may see; 404 otherwise."""
    users = list_users(actor)
    if lock:
        users = users.select_for_update(of=("self",))
    return get_object_or_404(users, public_id=public_id)


def stamp_of(user: User) -> str:
    """What an account says, in a word: a page that shows another is out of date."""
    return fingerprint([user.display_name, user.role, user.office_id, user.phone, user.email])


def logins_in_use(logins: set[str]) -> set[str]:
    """Those of the login names that an account bears; one query."""
    return set(User.objects.filter(login__in=logins).values_list("login", flat=True))


def list_colleagues(person: User) -> QuerySet[User]:
    """Those who could take over the person's work: of the same office and post, enabled."""
    return (
        User.objects.filter(office=person.office_id, role=person.role, is_active=True)
        .exclude(pk=person.pk)
        .order_by("login")
    )


@dataclass(frozen=True, slots=True)
class SignInsWanted:
    """Which events at the door are looked for; both days are included."""

    text: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None


def list_sign_ins(actor: User, wanted: SignInsWanted | None = None) -> QuerySet[SignIn]:
    """The log of sign-ins, newest first, for the auditor; nobody else sees any."""
    if not actor.holds(Permission.VIEW_SIGN_INS):
        return SignIn.objects.none()
    found = SignIn.objects.select_related("person__office", "tally").order_by("-at", "-pk")
    if wanted is None:
        return found
    if wanted.text:
        found = found.filter(
            Q(person__login__icontains=wanted.text)
            | Q(person__display_name__icontains=wanted.text)
            | Q(person__office__name__icontains=wanted.text)
            | Q(address__startswith=wanted.text)
        )
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.since:
        found = found.filter(at__gte=_beginning(wanted.since))
    if wanted.until:
        found = found.filter(at__lt=_beginning(wanted.until + timedelta(days=1)))
    return found


def _beginning(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.BEIJING)


def list_own_sign_ins(person: User, count: int = 10) -> list[SignIn]:
    """The person's own last events at the door, newest first."""
    return list(SignIn.objects.filter(person=person).order_by("-at", "-pk")[:count])
