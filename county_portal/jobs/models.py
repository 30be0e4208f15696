"""The ledger of long work: its rows are the truth about a job; the queue only wakes workers."""

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import Count, Q

from county_portal.common.models import PublicIdModel
from county_portal.files.models import StoredFile
from county_portal.jobs.enums import UNFINISHED, JobState, UnitState


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of a job's units."""

    expected: int
    done: int
    failed: int

    @property
    def pending(self) -> int:
        """Units still to do."""
        return self.expected - self.done - self.failed


class Job(PublicIdModel):
    """One piece of long work. `subject` makes a second start while one is unfinished impossible."""

    kind = models.CharField("种类", max_length=40)
    title = models.CharField("名称", max_length=120)
    subject = models.CharField("对象", max_length=100)
    params = models.JSONField("参数", default=dict)
    state = models.CharField(
        "状态", max_length=10, choices=JobState.choices, default=JobState.QUEUED
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发起人"
    )
    created_at = models.DateTimeField("发起时间", auto_now_add=True)
    started_at = models.DateTimeField("开始时间", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)
    expected = models.PositiveIntegerField("单元数")
    digest = models.CharField("结果摘要", max_length=64, blank=True)
    result_file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="结果文件"
    )
    error = models.TextField("未完成原因", blank=True)
    closings = models.PositiveSmallIntegerField("汇总次数", default=0)
    closing_at = models.DateTimeField("汇总时间", null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(state__in=[str(state) for state in UNFINISHED]),
                name="job_one_unfinished_per_subject",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[str(state) for state in UNFINISHED], finished_at__isnull=True
                )
                | Q(
                    state__in=[str(JobState.DONE), str(JobState.FAILED)], finished_at__isnull=False
                ),
                name="job_finished_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_unfinished(self) -> bool:
        """Whether work remains."""
        return self.state in UNFINISHED

    @property
    def progress(self) -> Progress:
        """Counts read from the units, one query."""
        counts = self.units.aggregate(
            done=Count("pk", filter=Q(state=UnitState.DONE)),
            failed=Count("pk", filter=Q(state=UnitState.FAILED)),
        )
        return Progress(self.expected, counts["done"], counts["failed"])


class JobUnit(models.Model):
    """One unit: its result and its state commit together."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="units", verbose_name="任务")
    ordinal = models.PositiveIntegerField("序号")
    key = models.CharField("单元", max_length=100)
    state = models.CharField(
        "状态", max_length=10, choices=UnitState.choices, default=UnitState.PENDING
    )
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    claimed_at = models.DateTimeField("领取时间", null=True)
    finished_at = models.DateTimeField("完成时间", null=True)
    result = models.JSONField("结果", default=dict)
    error = models.TextField("失败原因", blank=True)

    class Meta:
        # By the key's value: ordering by the job itself would join, and lock, its row.
        ordering = ["job_id", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["job", "key"], name="job_unit_key_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.key}"
