"""Who in the county answers for what: division of labour, the county government's approval."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from county_portal.accounts.models import Office
from county_portal.common.models import PublicIdModel
from county_portal.files.models import StoredFile
from indicators.models.submissions import Submission
from indicators.models.systems import Indicator


class Assignment(PublicIdModel):
    """One indicator given to a data provider, with a day of its own and the provider's signature."""

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="assignments", verbose_name="填报表"
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="assignments", verbose_name="指标"
    )
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="assignments", verbose_name="数据提供单位"
    )
    due_on = models.DateField("部门截止日期")
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="分工人"
    )
    assigned_at = models.DateTimeField("分工时间")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签字人"
    )
    signed_at = models.DateTimeField("签字时间", null=True)
    # Fingerprint of the figure that was signed: another figure needs another signature.
    signed_figure = models.CharField("签字数值摘要", max_length=64, blank=True)
    urged_at = models.DateTimeField("催办时间", null=True)

    class Meta:
        ordering = ["submission", "indicator__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "indicator"], name="assignment_one_per_indicator"
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True, signed_figure="")
                | Q(signed_at__isnull=False, signed_by__isnull=False) & ~Q(signed_figure=""),
                name="assignment_signature_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} → {self.office_id}"


class GovernmentApproval(PublicIdModel):
    """县政府审定: the date, the number and the scan that a submission cannot do without."""

    submission = models.OneToOneField(
        Submission, models.PROTECT, related_name="approval", verbose_name="填报表"
    )
    approved_on = models.DateField("审定日期")
    document_number = models.CharField("文号", max_length=80)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="+", verbose_name="审定材料扫描件"
    )
    # Digest of the sheet as it was approved, so that later changes are seen.
    content_digest = models.CharField("审定内容摘要", max_length=64)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间")

    def __str__(self) -> str:
        return self.document_number
