"""What people are told: in the portal always, by e-mail once a day at most."""

from django.conf import settings
from django.db import models

from county_portal.common.models import PublicIdModel


class Notice(PublicIdModel):
    """One thing one person is told. `key` makes telling it twice impossible."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name="收件人"
    )
    key = models.CharField("键", max_length=200)
    kind = models.CharField("类别", max_length=40)
    title = models.CharField("标题", max_length=200)
    body = models.TextField("内容", blank=True)
    # A path within the portal.
    path = models.CharField("页面", max_length=300, blank=True)
    created_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("阅读时间", null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="notice_told_once")
        ]
        indexes = [
            models.Index(fields=["recipient", "read_at"], name="notice_unread"),
            # The calendar asks by key and by how keys begin.
            models.Index(fields=["key"], name="notice_key", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.title


class MailDigest(models.Model):
    """The one mail a person may get on a day."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_digests", verbose_name="收件人"
    )
    on = models.DateField("日期")
    notices = models.PositiveIntegerField("条数")
    sent_at = models.DateTimeField("发送时间", null=True)
    error = models.CharField("未发送原因", max_length=300, blank=True)

    class Meta:
        ordering = ["-on", "recipient"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "on"], name="mail_digest_one_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.on}"


class MailOptOut(models.Model):
    """Somebody who wants no mail; the portal's own inbox cannot be switched off."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_opt_out", verbose_name="人员"
    )
    since = models.DateTimeField("自何时")

    def __str__(self) -> str:
        return str(self.person_id)
