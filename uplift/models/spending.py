"""What the special fund was used for."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from county_portal.accounts.models import Region
from county_portal.common.models import PublicIdModel
from uplift.models.plans import Plan


class Spending(PublicIdModel):
    """One use of the fund, in yuan; taken back it stays, with the reason."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="spending", verbose_name="跃升计划")
    year = models.PositiveSmallIntegerField("资金年度")
    amount = models.DecimalField("金额（元）", max_digits=16, decimal_places=2)
    use = models.CharField("用途", max_length=200)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, related_name="+", verbose_name="使用县（市、区）"
    )
    document_number = models.CharField("文号", max_length=80)
    spent_on = models.DateField("下达日期")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    entered_at = models.DateTimeField("登记时间")
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="撤销人"
    )
    revoked_at = models.DateTimeField("撤销时间", null=True)
    revoke_reason = models.CharField("撤销原因", max_length=500, blank=True)

    class Meta:
        ordering = ["year", "spent_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="uplift_spending_positive"),
            models.CheckConstraint(
                condition=~Q(document_number="") & ~Q(use=""), name="uplift_spending_is_documented"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True, revoke_reason="")
                | Q(
                    revoked_at__isnull=False,
                    revoked_by__isnull=False,
                    revoke_reason__regex=r"\S",
                ),
                name="uplift_spending_revoked_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.amount}"
