"""People of a workbook while their accounts are made, and until their slips were shown."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from county_portal.accounts.models import Office
from county_portal.accounts.roles import Role
from county_portal.common.models import PublicIdModel


class SlipBatch(PublicIdModel):
    """One workbook's accounts. Its rows are gone once the slips were shown, or lay too long."""

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人"
    )
    requested_at = models.DateTimeField("办理时间")
    count = models.PositiveIntegerField("人数")
    # By which passwords are sealed; what opens them is in the requester's browser alone (sealing.py).
    public_key = models.TextField("公钥")
    shown_at = models.DateTimeField("显示时间", null=True)

    class Meta:
        ordering = ["-requested_at"]

    def __str__(self) -> str:
        return f"批量建立{self.count}个账号"


class Newcomer(models.Model):
    """One of them: first hashed and sealed, then an account."""

    batch = models.ForeignKey(SlipBatch, models.CASCADE, related_name="newcomers")
    ordinal = models.PositiveIntegerField("序号")
    login = models.CharField("登录名", max_length=60)
    display_name = models.CharField("姓名", max_length=60)
    role = models.CharField("岗位", max_length=30, choices=Role.choices)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="单位")
    phone = models.CharField("电话", max_length=30, blank=True)
    email = models.EmailField("电子邮箱", blank=True)
    password_hash = models.CharField("密码摘要", max_length=128, blank=True)
    sealed = models.TextField("密封的初始密码", blank=True)

    class Meta:
        ordering = ["batch_id", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "login"], name="newcomer_once_per_batch"),
            models.CheckConstraint(
                condition=Q(password_hash="", sealed="") | ~Q(sealed=""),
                name="newcomer_hash_and_seal_together",
            ),
        ]

    def __str__(self) -> str:
        return self.login
