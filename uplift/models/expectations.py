"""What a county made of an expectation: adopted it, aims higher, or lower for a reason."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from county_portal.accounts.models import Region
from indicators.models import Indicator, MonthlyCall
from uplift.models.plans import PlanVersion


class Expectation(models.Model):
    """A county's answer to one target of its class; the number it set itself stands in its monthly table."""

    version = models.ForeignKey(
        PlanVersion, models.PROTECT, related_name="expectations", verbose_name="计划版本"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="+", verbose_name="县（市、区）"
    )
    call = models.ForeignKey(MonthlyCall, models.PROTECT, related_name="+", verbose_name="月报")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name="指标")
    expected = models.DecimalField("计划目标", max_digits=20, decimal_places=6)
    adopted = models.DecimalField("本县目标", max_digits=20, decimal_places=6)
    is_below = models.BooleanField("低于计划", default=False)
    reason = models.CharField("原因", max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人"
    )
    answered_at = models.DateTimeField("填写时间")

    class Meta:
        ordering = ["region", "indicator__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "region", "call", "indicator"], name="uplift_expectation_once"
            ),
            models.CheckConstraint(
                condition=Q(is_below=False) | Q(reason__regex=r"\S"),
                name="uplift_expectation_below_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.indicator_id}: {self.adopted}"
