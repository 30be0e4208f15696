"""The responsibility table 责任分工表: who answers for an indicator in one county, and who provides its figure."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from county_portal.accounts.models import Region
from indicators.models.systems import Indicator


class Duty(models.Model):
    """One line of a county's own table; where there is none, the indicator system's words hold.

    Units are names, as S3 prints them: one that answers for an indicator need not work in the portal.
    """

    region = models.ForeignKey(
        Region, models.PROTECT, related_name="duties", verbose_name="县（市、区）"
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="duties", verbose_name="指标"
    )
    responsible = ArrayField(models.CharField(max_length=60), verbose_name="责任单位")
    providers = ArrayField(models.CharField(max_length=60), verbose_name="数据提供单位")
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人"
    )
    kept_at = models.DateTimeField("填写时间")

    class Meta:
        ordering = ["region", "indicator__order"]
        constraints = [
            models.UniqueConstraint(fields=["region", "indicator"], name="duty_once"),
            models.CheckConstraint(
                condition=Q(responsible__len__gt=0, providers__len__gt=0),
                name="duty_names_both_units",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {'、'.join(self.responsible)}"
