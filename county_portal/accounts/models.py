"""Regions as they were and are, the offices in them, and the people in the offices."""

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from county_portal.accounts.roles import (
    PRACTICE_PERMISSIONS,
    ROLE_LEVEL,
    ROLE_PERMISSIONS,
    Level,
    OfficeKind,
    Permission,
    Role,
)
from county_portal.common.models import PublicIdModel


class RegionQuerySet(models.QuerySet["Region"]):
    """Filters on regions."""

    def alive_on(self, day: date) -> "RegionQuerySet":
        """Regions that existed on `day`."""
        return self.filter(valid_from__lte=day).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day)
        )

    def counties(self) -> "RegionQuerySet":
        """County-level units only, and only real ones."""
        return self.filter(level=Level.COUNTY, is_practice=False)

    def named(self, text: str) -> "RegionQuerySet":
        """Real regions whose name, code or pinyin begins as typed; variant characters find their region."""
        text = fold_variants(text.strip())
        return self.filter(is_practice=False).filter(
            Q(search_name__contains=text)
            | Q(code__startswith=text)
            | Q(pinyin__startswith=text.lower())
        )


# The sources write 井陘 where the register of the Ministry of Civil Affairs writes 井陉.
_VARIANTS = str.maketrans({"陘": "陉", "縣": "县", "區": "区"})


def fold_variants(name: str) -> str:
    """The name with variant characters replaced by the register's."""
    return name.translate(_VARIANTS)


class Region(PublicIdModel):
    """A region as it was from `valid_from` until before `valid_to`; a merged one names its successor.

    Joined on `code`, never on name: 桥西区 and 新华区 each exist twice. The reviewing office is a field,
    never derived from the code: 定州 and 辛集 are directly under the province, 雄安 has no code of its own.
    """

    code = models.CharField("区划代码", max_length=12)
    name = models.CharField("名称", max_length=60)
    full_name = models.CharField("全称", max_length=120)
    level = models.CharField("层级", max_length=10, choices=Level.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级区划",
    )
    reviewing_office = models.ForeignKey(
        "Office",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviewed_regions",
        verbose_name="审核单位",
    )
    valid_from = models.DateField("设立日期")
    valid_to = models.DateField("撤销日期", null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name="并入",
    )
    # 试填县: people practise there; it is in no collection but its own, in no grading and in no count.
    is_practice = models.BooleanField("试填", default=False)
    search_name = models.CharField("检索名", max_length=120, db_index=True)
    pinyin = models.CharField("拼音", max_length=120, db_index=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["code", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="region_code_from_unique"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to__isnull=True), name="region_code_alive_unique"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="region_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(valid_to__isnull=False),
                name="region_with_successor_has_ended",
            ),
            models.CheckConstraint(
                condition=~Q(level="county") | Q(reviewing_office__isnull=False),
                name="region_county_has_reviewing_office",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def is_alive(self) -> bool:
        """Whether the region still exists."""
        return self.valid_to is None


class Office(PublicIdModel):
    """An office of a region: a county's 科技局, a reviewing city bureau, the province's department."""

    name = models.CharField("单位名称", max_length=120)
    short_name = models.CharField("简称", max_length=60)
    level = models.CharField("层级", max_length=10, choices=Level.choices)
    kind = models.CharField(
        "类别", max_length=10, choices=OfficeKind.choices, default=OfficeKind.BUREAU
    )
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="offices",
        verbose_name="所属区划",
        null=True,
        blank=True,
    )
    order = models.PositiveIntegerField("排序", default=0)

    class Meta:
        ordering = ["level", "order", "name"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="office_name_unique"),
            models.CheckConstraint(
                condition=~Q(level="county") | Q(region__isnull=False),
                name="office_county_has_region",
            ),
            models.UniqueConstraint(
                fields=["region"],
                condition=Q(level="county", kind="bureau"),
                name="office_one_bureau_per_county",
            ),
        ]

    def __str__(self) -> str:
        return self.name


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

    objects = UserManager()

    class Meta:
        ordering = ["login"]
        constraints = [models.UniqueConstraint(Lower("login"), name="user_login_unique_any_case")]

    def __str__(self) -> str:
        return f"{self.display_name}（{self.get_role_display()}）"

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the role permits; nothing for a disabled account."""
        if not self.is_active:
            return frozenset()
        held = ROLE_PERMISSIONS[Role(self.role)]
        return held & PRACTICE_PERMISSIONS if self.is_practice else held

    def holds(self, permission: str) -> bool:
        """Whether the role permits this."""
        return permission in self.permissions

    @property
    def level(self) -> Level:
        """The level the role belongs to."""
        return ROLE_LEVEL[Role(self.role)]

    @property
    def office_name(self) -> str:
        """The office's name, for the audit record."""
        return self.office.name
