"""Announcements: what the province's department tells many at once."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from county_portal.accounts.models import User
from county_portal.accounts.roles import Level, Role
from county_portal.common import clock
from county_portal.common.models import PublicIdModel
from county_portal.common.triggers import append_only
from county_portal.files.models import StoredFile


class AnnouncementState(models.TextChoices):
    """Where an announcement stands; a published one is never changed, only followed by a new version."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已撤回"
    REPLACED = "replaced", "已有新版"


class Audience(models.TextChoices):
    """To whom an announcement is addressed."""

    EVERYONE = "everyone", "全体用户"
    LEVELS = "levels", "按层级"
    POSTS = "posts", "按岗位"
    PUBLIC = "public", "公开（含网站首页）"


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    """Filters on announcements."""

    def told(self) -> "AnnouncementQuerySet":
        """Those that were ever published."""
        return self.exclude(state=AnnouncementState.DRAFT)

    def standing_on(self, day: date) -> "AnnouncementQuerySet":
        """Published ones that hold on `day`."""
        return self.filter(state=AnnouncementState.PUBLISHED, from_on__lte=day).filter(
            Q(until_on__isnull=True) | Q(until_on__gte=day)
        )

    def addressed_to(self, user: User) -> "AnnouncementQuerySet":
        """Those a person is meant by."""
        return self.filter(
            Q(audience__in=[Audience.EVERYONE, Audience.PUBLIC])
            | Q(levels__contains=[user.level])
            | Q(roles__contains=[user.role])
        )

    def for_all(self) -> "AnnouncementQuerySet":
        """Those anybody may read."""
        return self.filter(audience=Audience.PUBLIC)


class Announcement(PublicIdModel):
    """One version of an announcement; the text is plain paragraphs, a line each."""

    title = models.CharField("标题", max_length=120)
    text = models.TextField("正文")
    audience = models.CharField("发布范围", max_length=10, choices=Audience.choices)
    levels = ArrayField(
        models.CharField(max_length=10, choices=Level.choices), default=list, blank=True
    )
    roles = ArrayField(
        models.CharField(max_length=30, choices=Role.choices), default=list, blank=True
    )
    from_on = models.DateField("自")
    until_on = models.DateField("至", null=True, blank=True)
    is_pinned = models.BooleanField("置顶", default=False)
    state = models.CharField("状态", max_length=10, choices=AnnouncementState.choices)
    version = models.PositiveIntegerField("版次", default=1)
    previous = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="following", verbose_name="原版"
    )
    # Raised by every saving of a draft: a page opened before it is stale.
    revision = models.PositiveIntegerField("修改次数", default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("拟稿时间")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField("发布时间", null=True)
    ended_at = models.DateTimeField("撤回或换版时间", null=True)
    reason = models.CharField("撤回原因", max_length=200, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        ordering = ["-is_pinned", "-published_at", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="announcement_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(audience="levels", levels__len__gt=0)
                | (~Q(audience="levels") & Q(levels__len=0)),
                name="announcement_levels_named",
            ),
            models.CheckConstraint(
                condition=Q(audience="posts", roles__len__gt=0)
                | (~Q(audience="posts") & Q(roles__len=0)),
                name="announcement_posts_named",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True)
                | (
                    ~Q(state="draft")
                    & Q(published_at__isnull=False)
                    & Q(published_by__isnull=False)
                ),
                name="announcement_published_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | (~Q(reason="") & Q(ended_at__isnull=False)),
                name="announcement_withdrawn_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def paragraphs(self) -> list[str]:
        """The text, a paragraph each."""
        return [line.strip() for line in self.text.splitlines() if line.strip()]

    @property
    def standing_words(self) -> str:
        """What to call it today: a published one may be over, or wait for its first day."""
        today = clock.today()
        if self.state != AnnouncementState.PUBLISHED:
            return self.get_state_display()
        if self.until_on is not None and self.until_on < today:
            return "已到期"
        return "待生效" if self.from_on > today else "发布中"

    @property
    def audience_words(self) -> str:
        """To whom, in words."""
        if self.audience == Audience.LEVELS:
            return "、".join(Level(each).label for each in self.levels) + "用户"
        if self.audience == Audience.POSTS:
            return "、".join(role.label for role in Role if role in self.roles)
        return self.get_audience_display()


class AnnouncementFile(PublicIdModel):
    """A file attached; a new version carries the old one's along."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "file"], name="announcement_file_attached_once"
            )
        ]

    def __str__(self) -> str:
        return self.file.name


class Receipt(models.Model):
    """That somebody opened an announcement, and when first."""

    append_only = True

    announcement = models.ForeignKey(Announcement, models.PROTECT, related_name="receipts")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("阅读时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "reader"], name="announcement_read_first_once"
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.reader_id} {self.at:%Y-%m-%d %H:%M}"
