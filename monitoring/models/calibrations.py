"""What past years taught, kept so that no page learns it anew."""

from django.db import models

from indicators.models import MonthlyCall


class Calibration(models.Model):
    """Courses, bands and back-test by which the figures of one call are projected; numbers as texts in JSON.

    Nothing here is a score or a figure of a county: it can be thrown away and learned again.
    """

    call = models.OneToOneField(
        MonthlyCall, models.PROTECT, related_name="calibration", verbose_name="月报"
    )
    made_at = models.DateTimeField("测算时间")
    # County-years it rests on, and their years.
    samples = models.PositiveIntegerField("样本数")
    years = models.JSONField("样本年度", default=list)
    content = models.JSONField("内容")

    class Meta:
        verbose_name = "预测参数"

    def __str__(self) -> str:
        return f"{self.call}预测参数"
