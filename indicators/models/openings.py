"""Time given to one county beyond the days of all."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from county_portal.common.models import PublicIdModel
from county_portal.common.triggers import append_only
from indicators.models.submissions import Submission


class LateOpening(PublicIdModel):
    """A county may fill once more: by whom, why, until when. Append-only; the newest one holds."""

    append_only = True

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="late_openings", verbose_name="填报表"
    )
    until = models.DateField("开放至")
    reason = models.CharField("原因", max_length=200)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="批准人"
    )
    granted_at = models.DateTimeField("批准时间")

    class Meta:
        ordering = ["submission", "-granted_at", "-pk"]
        triggers = append_only()
        constraints = [
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="late_opening_has_reason")
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.until}"
