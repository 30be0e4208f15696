"""What experts give."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from county_portal.common.triggers import append_only
from indicators.models import Submission


class PanelScore(models.Model):
    """One expert's score for one qualitative indicator of one county."""

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="panel_scores", verbose_name="填报表"
    )
    indicator_code = models.CharField("指标", max_length=20)
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="专家"
    )
    score = models.DecimalField("得分", max_digits=6, decimal_places=2)
    given_at = models.DateTimeField("评分时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "indicator_code", "expert"],
                name="panel_score_once_per_expert",
            ),
            models.CheckConstraint(condition=Q(score__gte=0), name="panel_score_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_code}: {self.score}"


class AgreedScore(models.Model):
    """The one score a panel agreed on after its members had scored blind; the newest row holds."""

    append_only = True

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="agreed_scores", verbose_name="填报表"
    )
    indicator_code = models.CharField("指标", max_length=20)
    score = models.DecimalField("议定得分", max_digits=6, decimal_places=2)
    minutes = models.CharField("评议纪要", max_length=500)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["submission", "indicator_code", "recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=0), name="agreed_score_not_negative"),
            models.CheckConstraint(
                condition=Q(minutes__regex=r"\S"), name="agreed_score_has_minutes"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.indicator_code}: {self.score}"
