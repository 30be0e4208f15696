"""Who came in, who was kept out, and from where."""

from django.conf import settings
from django.db import models

from county_portal.common.triggers import append_only


class SignInKind(models.TextChoices):
    """What happened at the door."""

    SUCCESS = "success", "登录成功"
    FAILURE = "failure", "登录失败"
    LOCKED = "locked", "已锁定，未予登录"
    SIGN_OUT = "sign_out", "退出"


class StrangerTally(models.Model):
    """How often names that no account bears were tried from one address within one hour.

    Whoever tries a million of them leaves one row an hour in the log, with their number, not a million.
    """

    hour = models.DateTimeField("时段")
    address = models.CharField("地址", max_length=45, blank=True)
    count = models.PositiveIntegerField("次数", default=0)

    class Meta:
        ordering = ["-hour", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["hour", "address"], name="stranger_tally_once_an_hour")
        ]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H} {self.address} {self.count}"


class SignIn(models.Model):
    """One event at the door, kept for the auditor.

    A name that no account bears is not kept: people type their password where the name belongs. Such attempts are
    one event an hour and address, counted in `tally`. The address is kept as `SIGN_IN_ADDRESS` says (settings), the
    browser by its family alone.
    """

    append_only = True

    at = models.DateTimeField("时间")
    kind = models.CharField("情形", max_length=10, choices=SignInKind.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="sign_ins",
        verbose_name="人员",
    )
    tally = models.OneToOneField(
        StrangerTally, models.PROTECT, null=True, related_name="event", verbose_name="次数"
    )
    address = models.CharField("地址", max_length=45, blank=True)
    browser = models.CharField("浏览器", max_length=40, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["failure", "locked"]) | models.Q(person__isnull=False),
                name="sign_in_somebody_came_in",
            ),
            models.CheckConstraint(
                condition=models.Q(tally__isnull=True) | models.Q(person__isnull=True),
                name="sign_in_tally_of_strangers",
            ),
        ]
        indexes = [models.Index(fields=["person", "-at"], name="sign_in_of_person")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_kind_display()}"
