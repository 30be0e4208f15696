"""What passed between county, city and province over a sheet."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from county_portal.common.models import PublicIdModel, SnapshotRecord, StepRecord
from county_portal.common.triggers import append_only
from indicators.enums import ReturnReason, SubmissionAction, SubmissionState
from indicators.models.submissions import Submission


class ReviewStep(StepRecord):
    """One move of a submission, from where to where. Append-only."""

    append_only = True

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="steps", verbose_name="填报表"
    )
    action = models.CharField(
        "事项", max_length=20, choices=[(str(action), str(action)) for action in SubmissionAction]
    )
    from_state = models.CharField("原状态", max_length=20, choices=SubmissionState.choices)
    to_state = models.CharField("新状态", max_length=20, choices=SubmissionState.choices)
    flagged = ArrayField(models.CharField(max_length=20), verbose_name="涉及指标", default=list)
    revision = models.PositiveIntegerField("修订号")

    class Meta:
        ordering = ["at", "pk"]
        triggers = append_only()
        constraints = [
            models.CheckConstraint(
                condition=~Q(action__in=["return", "send_back", "reopen"])
                | Q(comment__regex=r"\S"),
                name="review_step_return_has_comment",
            ),
        ]


class Snapshot(SnapshotRecord):
    """A sheet as it was when a step was taken, in the canonical form the digest is of. Append-only."""

    append_only = True

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="snapshots", verbose_name="填报表"
    )
    step = models.OneToOneField(
        ReviewStep, models.PROTECT, related_name="snapshot", verbose_name="事项"
    )

    class Meta:
        ordering = ["submission", "number"]
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="snapshot_number_unique")
        ]


class ReturnPacket(PublicIdModel):
    """One return: what is to be put right, and until when."""

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="return_packets", verbose_name="填报表"
    )
    step = models.OneToOneField(
        ReviewStep, models.PROTECT, related_name="packet", verbose_name="事项"
    )
    due_on = models.DateField("改正期限")
    answered_at = models.DateTimeField("答复时间", null=True)

    class Meta:
        ordering = ["step"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(answered_at__isnull=True),
                name="return_packet_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.due_on}"


class ReturnItem(PublicIdModel):
    """One field of a return: the reason, what is wanted, and the county's answer."""

    packet = models.ForeignKey(
        ReturnPacket, models.CASCADE, related_name="items", verbose_name="退回单"
    )
    # Blank: the county government's approval, which is no indicator.
    indicator_code = models.CharField("指标", max_length=20, blank=True)
    reason = models.CharField("原因", max_length=30, choices=ReturnReason.choices)
    words = models.CharField("说明", max_length=500, blank=True)
    evidence_wanted = models.CharField("须补材料", max_length=200, blank=True)
    answer = models.CharField("县级答复", max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )
    answered_at = models.DateTimeField("答复时间", null=True)

    class Meta:
        ordering = ["packet", "indicator_code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["packet", "indicator_code"], name="return_item_one_per_field"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator_code} {self.reason}"


class CellComment(PublicIdModel):
    """A remark on one line, open until somebody calls it settled."""

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="comments", verbose_name="填报表"
    )
    indicator_code = models.CharField("指标", max_length=20)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="批注人"
    )
    text = models.CharField("批注", max_length=1000)
    written_at = models.DateTimeField("时间")
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办结人"
    )
    resolved_at = models.DateTimeField("办结时间", null=True)

    class Meta:
        ordering = ["submission", "indicator_code", "written_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(text__regex=r"\S"), name="cell_comment_has_words"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="cell_comment_resolved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.text
