"""Workbooks that left the portal and workbooks that came back."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from county_portal.common.models import PublicIdModel
from county_portal.files.models import StoredFile
from indicators.enums import WorkbookState
from indicators.models.submissions import Submission


class WorkbookCopy(PublicIdModel):
    """A workbook as it was downloaded; `base` is what a later upload is merged against."""

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="workbook_copies", verbose_name="填报表"
    )
    # Indicator code -> the cell as typed then: text, numerator, denominator, mode, note.
    base = models.JSONField("下载时内容")
    template_digest = models.CharField("模板摘要", max_length=64)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="下载人"
    )
    made_at = models.DateTimeField("下载时间")

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.made_at:%Y-%m-%d %H:%M}"


class WorkbookUpload(PublicIdModel):
    """A workbook that came back: kept as it was, shown cell by cell, written only when confirmed."""

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="workbook_uploads", verbose_name="填报表"
    )
    copy = models.ForeignKey(
        WorkbookCopy, models.PROTECT, null=True, related_name="uploads", verbose_name="下载件"
    )
    file = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="+", verbose_name="上传的文件"
    )
    state = models.CharField(
        "状态", max_length=10, choices=WorkbookState.choices, default=WorkbookState.PREVIEW
    )
    # Indicator code -> the cell as typed in the file.
    cells = models.JSONField("文件内容", default=dict)
    # [{cell, field, problem, remedy, code}], in the order of the sheet.
    problems = models.JSONField("问题", default=list)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间")
    settled_at = models.DateTimeField("办结时间", null=True)
    # Indicator code -> what became of it: file, server, same.
    outcome = models.JSONField("处理结果", default=dict)

    class Meta:
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="preview", settled_at__isnull=True)
                | ~Q(state="preview") & Q(settled_at__isnull=False),
                name="workbook_upload_settled_has_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.uploaded_at:%Y-%m-%d %H:%M}"
