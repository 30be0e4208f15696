"""Monthly figures 月报, and the year's targets they are held against."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from county_portal.accounts.models import Region
from county_portal.common.models import PublicIdModel
from indicators.models.systems import Indicator, SystemVersion


class MonthlyCall(PublicIdModel):
    """The province asks for the monthly indicators of a year; each month is due on a day of the next."""

    version = models.ForeignKey(
        SystemVersion, models.PROTECT, related_name="monthly_calls", verbose_name="指标体系版本"
    )
    year = models.PositiveSmallIntegerField("年度")
    due_day = models.PositiveSmallIntegerField("次月几日前", default=10)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="布置人"
    )
    opened_at = models.DateTimeField("布置时间")

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["version", "year"], name="monthly_call_year_unique"),
            models.CheckConstraint(
                condition=Q(due_day__gte=1, due_day__lte=28), name="monthly_call_day_exists"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年月报"


class MonthlyTarget(models.Model):
    """What a county means to reach by the end of the year."""

    call = models.ForeignKey(
        MonthlyCall, models.PROTECT, related_name="targets", verbose_name="月报"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="monthly_targets", verbose_name="县（市、区）"
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="monthly_targets", verbose_name="指标"
    )
    baseline = models.DecimalField("上年数值", max_digits=20, decimal_places=6, null=True)
    number = models.DecimalField("年度目标", max_digits=20, decimal_places=6)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人"
    )
    set_at = models.DateTimeField("填写时间")

    class Meta:
        ordering = ["region", "indicator__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "region", "indicator"], name="monthly_target_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.number}"


class MonthlyFigure(models.Model):
    """One indicator's figure at the end of a month: a stock as it stands, a flow since January."""

    call = models.ForeignKey(
        MonthlyCall, models.PROTECT, related_name="figures", verbose_name="月报"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="monthly_figures", verbose_name="县（市、区）"
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="monthly_figures", verbose_name="指标"
    )
    month = models.PositiveSmallIntegerField("月份")
    number = models.DecimalField("数值", max_digits=20, decimal_places=6)
    note = models.CharField("说明", max_length=500, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人"
    )
    reported_at = models.DateTimeField("填写时间")

    class Meta:
        ordering = ["region", "indicator__order", "month"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "region", "indicator", "month"], name="monthly_figure_once"
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12), name="monthly_figure_month_exists"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.month}月: {self.number}"
