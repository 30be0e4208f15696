"""Tokens of the systems of offices, and what was pushed with them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from county_portal.common import clock
from county_portal.common.models import PublicIdModel
from opendata.enums import Scope


class ApiToken(PublicIdModel):
    """A token as the portal knows it: its text was shown once, only its digest is kept."""

    name = models.CharField("用途", max_length=80)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="api_tokens", verbose_name="所属账号"
    )
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices), verbose_name="范围")
    # The part by which people recognise a token; it opens nothing.
    prefix = models.CharField("识别码", max_length=16, unique=True)
    digest = models.CharField("摘要", max_length=64, unique=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="签发人"
    )
    issued_at = models.DateTimeField("签发时间")
    # The last day on which it opens anything.
    expires_on = models.DateField("有效期至")
    last_used_at = models.DateTimeField("最近使用", null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="停用人"
    )
    revoked_at = models.DateTimeField("停用时间", null=True)
    revoked_reason = models.CharField("停用原因", max_length=200, blank=True)

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(scopes=[]), name="api_token_has_scopes"),
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("issued_at__date")),
                name="api_token_expires_after_issue",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True, revoked_reason="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoked_reason="")),
                name="api_token_revoked_by_somebody_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.prefix}）"

    @property
    def is_revoked(self) -> bool:
        """Whether somebody stopped it."""
        return self.revoked_at is not None

    @property
    def is_expired(self) -> bool:
        """Whether its last day is over."""
        return clock.today() > self.expires_on

    @property
    def scope_labels(self) -> list[str]:
        """What it opens, in words."""
        return [str(Scope(scope).label) for scope in self.scopes]


class PushedRequest(models.Model):
    """A push that was carried out, by the key its sender gave it: the same again is answered, not done."""

    token = models.ForeignKey(ApiToken, models.PROTECT, related_name="pushes", verbose_name="令牌")
    key = models.CharField("幂等键", max_length=80)
    # Of path and body: another content under the same key is a mistake of the sender.
    digest = models.CharField("内容摘要", max_length=64)
    answer = models.JSONField("应答", null=True)
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["token", "key"], name="pushed_request_once_per_key")
        ]

    def __str__(self) -> str:
        return self.key
