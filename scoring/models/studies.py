"""What the province looks at before it decides: robustness of a run, rehearsals of a draft scheme."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from county_portal.accounts.models import Region
from county_portal.common.models import PublicIdModel
from county_portal.common.triggers import append_only
from county_portal.jobs.models import Job
from scoring.enums import StudyState
from scoring.models.runs import GradingRun
from scoring.models.schemes import SchemeVersion


class Study(PublicIdModel):
    """Long work whose outcome is one report, kept as canonical JSON with its digest."""

    state = models.CharField(
        "状态", max_length=10, choices=StudyState.choices, default=StudyState.QUEUED
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发起人"
    )
    created_at = models.DateTimeField("发起时间")
    completed_at = models.DateTimeField("完成时间", null=True)
    settings = models.JSONField("设定", default=dict)
    report = models.TextField("报告", blank=True)
    digest = models.CharField("报告摘要", max_length=64, blank=True)
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+", verbose_name="任务")

    class Meta:
        abstract = True
        ordering = ["-created_at"]


class RobustnessStudy(Study):
    """How firmly the classes of a run stand: margins, and classes under many small disturbances."""

    run = models.ForeignKey(
        GradingRun, models.PROTECT, related_name="robustness_studies", verbose_name="评价运行"
    )
    seed = models.PositiveBigIntegerField("随机种子")
    draws = models.PositiveIntegerField("抽样次数")

    class Meta(Study.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["run"], condition=Q(state="queued"), name="robustness_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="complete") | (Q(completed_at__isnull=False) & ~Q(digest="")),
                name="robustness_complete_has_report",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run} 稳健性分析"

    @property
    def percents(self) -> dict[str, str]:
        """The settings that are shares, in percent."""
        return {
            name: format((Decimal(text) * 100).normalize(), "f")
            for name, text in self.settings.items()
            if name != "epsilon"
        }


class BoundaryCase(models.Model):
    """A county of a study whose class hangs on little; publication waits for a word on each."""

    append_only = True

    study = models.ForeignKey(
        RobustnessStudy, models.PROTECT, related_name="cases", verbose_name="稳健性分析"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="+", verbose_name="县（市、区）"
    )
    limit_class = models.CharField("临界档次", max_length=10)
    distance = models.DecimalField("距分档线", max_digits=7, decimal_places=2)
    change_probability = models.DecimalField("换档概率", max_digits=7, decimal_places=6)
    best_rank = models.PositiveIntegerField("最好位次")
    worst_rank = models.PositiveIntegerField("最差位次")
    reasons = ArrayField(models.CharField(max_length=200), verbose_name="缘由", default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "region"], name="boundary_case_once")
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.region_id}: {self.distance}"

    @property
    def percent(self) -> Decimal:
        """The chance of another class in percent."""
        return self.change_probability * 100


class BoundaryReview(models.Model):
    """已复核 with a word, for one county of one run; the newest row holds."""

    append_only = True

    run = models.ForeignKey(
        GradingRun, models.PROTECT, related_name="boundary_reviews", verbose_name="评价运行"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="+", verbose_name="县（市、区）"
    )
    word = models.CharField("复核意见", max_length=500)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="复核人"
    )
    reviewed_at = models.DateTimeField("复核时间")

    class Meta:
        ordering = ["run", "region", "reviewed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(word__regex=r"\S"), name="boundary_review_has_a_word"
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return self.word


class Rehearsal(Study):
    """A scheme version, draft or not, tried on frozen inputs of past runs."""

    version = models.ForeignKey(
        SchemeVersion, models.CASCADE, related_name="rehearsals", verbose_name="方案版本"
    )
    # The text that was tried, since a draft moves on.
    scheme_sha256 = models.CharField("方案摘要", max_length=64)
    runs = models.ManyToManyField(GradingRun, related_name="+", verbose_name="往年评价")

    class Meta(Study.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="complete") | (Q(completed_at__isnull=False) & ~Q(digest="")),
                name="rehearsal_complete_has_report",
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} 试算"
