"""The people in the offices."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from county_portal.accounts.deputies import lent_permissions
from county_portal.accounts.models.regions import Office
from county_portal.accounts.roles import (
    PRACTICE_PERMISSIONS,
    ROLE_LEVEL,
    ROLE_PERMISSIONS,
    Level,
    Permission,
    Role,
)
from county_portal.common.models import PublicIdModel

if TYPE_CHECKING:
    from county_portal.accounts.models.deputyships import Deputyship


def canonical_login(typed: str) -> str:
    """The one spelling of a login name.

    Failed logins are counted by it: were each way of writing it counted apart, a lock-out would stop nobody.
    """
    return typed.strip().lower()


class UserManager(BaseUserManager["User"]):
    """Finds users by login name; accounts are made by actions only."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this login name; the login form has brought it into its one spelling."""
        return self.get(login=canonical_login(username or ""))


class _Held(frozenset[Permission]):
    """What a deputy holds. Whoever asks for one permission is about to rely on it, and the deputy remembers which."""

    person: "User"

    def __contains__(self, permission: object) -> bool:
        is_held = super().__contains__(permission)
        if is_held:
            self.person.relied_on = Permission(str(permission))
        return is_held


class User(PublicIdModel, AbstractBaseUser):
    """A person in an office, with one post (一人一号一岗)."""

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    login = models.CharField("登录名", max_length=60, unique=True)
    display_name = models.CharField("姓名", max_length=60)
    role = models.CharField("岗位", max_length=30, choices=Role.choices)
    office = models.ForeignKey(Office, models.PROTECT, related_name="users", verbose_name="单位")
    phone = models.CharField("电话", max_length=30, blank=True)
    email = models.EmailField("电子邮箱", blank=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须修改初始密码", default=True)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    # Somebody's second self in a practice county: no password, hardly any permissions, gone by the next morning.
    is_practice = models.BooleanField("试填", default=False)
    # Raised whenever the person's rights become others: sessions from before end with their next request.
    session_epoch = models.PositiveIntegerField("会话代次", default=0)

    # The last deputyship in which the person was named the deputy, running or not; none costs no query.
    deputyship = models.ForeignKey(
        "accounts.Deputyship",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="代办",
    )

    # The permission asked for last, of somebody who stands in for a colleague: the record wants to know.
    relied_on: Permission | None = None

    objects = UserManager()

    class Meta:
        ordering = ["login"]
        constraints = [models.UniqueConstraint(Lower("login"), name="user_login_unique_any_case")]

    def __str__(self) -> str:
        return f"{self.display_name}（{self.get_role_display()}）"

    def get_session_auth_hash(self) -> str:
        """What a session must carry to go on: it ends when password or post change."""
        return f"{super().get_session_auth_hash()}-{self.session_epoch}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under earlier secret keys."""
        for digest in super().get_session_auth_fallback_hash():
            yield f"{digest}-{self.session_epoch}"

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the role permits, and what a running deputyship adds; nothing for a disabled account."""
        own, lent = self.own_permissions, self.lent_permissions
        if not lent:
            return own
        held = _Held(own | lent)
        held.person = self
        return held

    @property
    def own_permissions(self) -> frozenset[Permission]:
        """What the role permits by itself, without any deputyship."""
        if not self.is_active:
            return frozenset()
        held = ROLE_PERMISSIONS[Role(self.role)]
        return held & PRACTICE_PERMISSIONS if self.is_practice else held

    @property
    def lent_permissions(self) -> frozenset[Permission]:
        """What comes over from the colleague the person stands in for today."""
        running = self.running_deputyship
        if running is None:
            return frozenset()
        return lent_permissions(Role(self.role), Role(running.absent_role)) - self.own_permissions

    @property
    def running_deputyship(self) -> "Deputyship | None":
        """The deputyship in which the person stands in for a colleague today.

        No query without one; it lapses by itself when either of the two is disabled or moves on.
        """
        if self.deputyship_id is None or self.is_practice or not self.is_active:
            return None
        found: Any = self.deputyship
        return found if found.runs_for(self) else None

    @property
    def acts_for(self) -> "User | None":
        """The colleague by whose permission the person acts now; None where the own post was enough.

        What counts is the permission last asked for: an act asks for its own on the locked row, then records.
        """
        if self.relied_on is None or self.relied_on not in self.lent_permissions:
            return None
        running = self.running_deputyship
        return running.absent if running else None

    def holds(self, permission: str) -> bool:
        """Whether the role permits this, or a running deputyship."""
        return permission in self.permissions

    def holds_any(self, *permissions: str) -> bool:
        """Whether any of these; what the own post permits is not done for somebody else."""
        own = [each for each in permissions if each in self.own_permissions]
        return any(map(self.holds, own or permissions))

    @property
    def level(self) -> Level:
        """The level the role belongs to."""
        return ROLE_LEVEL[Role(self.role)]

    @property
    def office_name(self) -> str:
        """The office's name, for the audit record."""
        return self.office.name
