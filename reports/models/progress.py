"""Annual progress reports of pilots (年度建设进展报告, S0 三(二)) and the province's summary of a year."""

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.enums import PilotState
from applications.models import Pilot, PilotTarget
from county_portal.accounts.jurisdiction import within_reach
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.models import PublicIdModel, StepRecord
from county_portal.common.province import words
from county_portal.common.triggers import append_only
from county_portal.documents.models import Paper
from county_portal.files.models import NamedFile, StoredFile
from reports.enums import ProgressAction, ProgressState

if TYPE_CHECKING:
    from county_portal.accounts.models import User


# States of a pilot in which nothing falls due.
HALTED = (PilotState.SUSPENDED, PilotState.WITHDRAWN)


class ProgressReportQuerySet(models.QuerySet["ProgressReport"]):
    """Filters on progress reports."""

    def visible_to(self, user: "User") -> "ProgressReportQuerySet":
        """As the pilot is."""
        return self.filter(within_reach(user, Permission.VIEW_PILOTS, through="pilot__"))


class ProgressReport(PublicIdModel):
    """A pilot's report on one year, due on 31 March of the next (S0 三(二))."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="reports", verbose_name="试点")
    year = models.PositiveSmallIntegerField("报告年度")
    due_on = models.DateField("报送期限")
    state = models.CharField(
        "状态", max_length=20, choices=ProgressState.choices, default=ProgressState.DRAFT
    )
    state_since = models.DateTimeField("自何时")
    revision = models.PositiveIntegerField("修订号", default=0)
    # 采取的措施, 经验做法, 存在问题, 下一步打算.
    measures = models.TextField("采取的措施", blank=True)
    experience = models.TextField("经验做法", blank=True)
    problems = models.TextField("存在问题", blank=True)
    outlook = models.TextField("下一步打算", blank=True)
    # The first handing in that was not taken back: what is returned and comes again is not late for it.
    submitted_at = models.DateTimeField("报送时间", null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="报送人"
    )
    content_digest = models.CharField("内容摘要", max_length=64, blank=True)
    correction_due_on = models.DateField("改正期限", null=True)
    received_at = models.DateTimeField("接收时间", null=True)
    province_comment = models.TextField("省级意见", blank=True)

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "pilot__region__code"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "year"], name="progress_report_once_a_year"),
            models.CheckConstraint(
                condition=Q(state="draft")
                | (Q(submitted_at__isnull=False) & ~Q(content_digest="")),
                name="progress_report_submitted_has_time_and_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pilot.region.full_name}{self.year}年度建设进展报告"

    @property
    def is_late(self) -> bool:
        """Whether it was first handed in after its day, or is not yet and the day has passed."""
        return self.is_missing or (
            self.submitted_at is not None and self.first_submitted_on > self.due_on
        )

    @property
    def is_missing(self) -> bool:
        """Whether its day has passed without it; a pilot that stands still or left owes nothing from that day on."""
        day = clock.today()
        if self.pilot.state in HALTED:
            day = clock.day_of(self.pilot.state_since)
        return self.submitted_at is None and day > self.due_on

    @property
    def first_submitted_on(self) -> date:
        """The day it was first handed in; today's where it was not yet."""
        return clock.day_of(self.submitted_at or clock.now())


class ProgressStep(StepRecord):
    """One move of a progress report. Append-only."""

    append_only = True

    report = models.ForeignKey(
        ProgressReport, models.PROTECT, related_name="steps", verbose_name="进展报告"
    )
    action = models.CharField(
        "事项", max_length=20, choices=[(str(action), str(action)) for action in ProgressAction]
    )
    from_state = models.CharField("原状态", max_length=20, choices=ProgressState.choices)
    to_state = models.CharField("新状态", max_length=20, choices=ProgressState.choices)
    revision = models.PositiveIntegerField("修订号")
    # Of a handing in: the report's canonical text, which later work on it leaves as it was.
    content = models.TextField("报送内容", blank=True)

    class Meta:
        ordering = ["at", "pk"]
        triggers = append_only()
        constraints = [
            models.CheckConstraint(
                condition=~Q(action="submit") | ~Q(content=""),
                name="progress_step_keeps_what_was_handed_in",
            ),
            models.CheckConstraint(
                condition=~Q(action__in=["return", "send_back"]) | Q(comment__regex=r"\S"),
                name="progress_step_has_comment",
            ),
        ]


class ProgressLine(models.Model):
    """One indicator in a report: what was reached that year, against the target frozen with the pilot."""

    report = models.ForeignKey(
        ProgressReport, models.CASCADE, related_name="lines", verbose_name="进展报告"
    )
    target = models.ForeignKey(PilotTarget, models.PROTECT, related_name="+", verbose_name="指标")
    text = models.CharField("填写原文", max_length=60, blank=True)
    number = models.DecimalField("实际值", max_digits=20, decimal_places=6, null=True)
    numerator = models.DecimalField("分子", max_digits=20, decimal_places=6, null=True)
    denominator = models.DecimalField("分母", max_digits=20, decimal_places=6, null=True)
    words = models.TextField("说明", blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人"
    )
    saved_at = models.DateTimeField("填写时间")

    class Meta:
        ordering = ["report", "target__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "target"], name="progress_line_once_per_target"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target_id}: {self.number}"


class ProgressFile(NamedFile):
    """Evidence of a report, of one indicator or of the whole."""

    report = models.ForeignKey(
        ProgressReport, models.CASCADE, related_name="files", verbose_name="进展报告"
    )
    target = models.ForeignKey(
        PilotTarget, models.PROTECT, null=True, related_name="+", verbose_name="指标"
    )

    class Meta:
        ordering = ["report", "added_at", "pk"]


class ProgressSummary(PublicIdModel):
    """The province's summary of one year: from here on what pilots reached may be read by everybody."""

    year = models.PositiveSmallIntegerField("报告年度", unique=True)
    text = models.TextField("总体情况")
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟定人"
    )
    prepared_at = models.DateTimeField("拟定时间")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="公布人"
    )
    published_at = models.DateTimeField("公布时间", null=True)

    class Meta:
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"{self.year}年度{words().pilot_kind}建设进展情况"


class ProgressPdf(models.Model):
    """A rendered report; the same content is rendered once. Append-only."""

    append_only = True

    report = models.ForeignKey(
        ProgressReport, models.PROTECT, related_name="pdfs", verbose_name="进展报告"
    )
    digest = models.CharField("内容摘要", max_length=64)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    paper = models.OneToOneField(
        Paper, models.PROTECT, null=True, related_name="+", verbose_name="公文"
    )
    rendered_at = models.DateTimeField("生成时间")

    class Meta:
        ordering = ["report", "-rendered_at"]
        triggers = append_only()

    def __str__(self) -> str:
        return self.digest[:12]
