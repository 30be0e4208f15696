"""总结验收 (S0 三(三)): summary, records of defence and visit, experts, the conclusion."""

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from applications.enums import (
    AcceptanceAction,
    AcceptanceOutcome,
    AcceptanceState,
    RecordKind,
    SheetState,
)
from applications.models.pilots import Pilot, PilotTarget
from county_portal.accounts.jurisdiction import within_reach
from county_portal.accounts.roles import Permission
from county_portal.common.models import PublicIdModel, StepRecord
from county_portal.common.triggers import append_only
from county_portal.documents.models import Paper
from county_portal.files.models import NamedFile, StoredFile

if TYPE_CHECKING:
    from county_portal.accounts.models import User


class AcceptanceQuerySet(models.QuerySet["Acceptance"]):
    """Filters on acceptances."""

    def visible_to(self, user: "User") -> "AcceptanceQuerySet":
        """As the pilot is."""
        return self.filter(within_reach(user, Permission.VIEW_PILOTS, through="pilot__"))


class Acceptance(PublicIdModel):
    """One acceptance of a pilot; a second one follows a rectification."""

    pilot = models.ForeignKey(
        Pilot, models.PROTECT, related_name="acceptances", verbose_name="试点"
    )
    number = models.PositiveSmallIntegerField("次数", default=1)
    state = models.CharField(
        "状态", max_length=20, choices=AcceptanceState.choices, default=AcceptanceState.DRAFT
    )
    state_since = models.DateTimeField("自何时")
    revision = models.PositiveIntegerField("修订号", default=0)
    # 总结: work done, results, problems, plans.
    work = models.TextField("主要工作", blank=True)
    results = models.TextField("建设成效", blank=True)
    problems = models.TextField("存在问题", blank=True)
    outlook = models.TextField("下一步打算", blank=True)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="开始编制人"
    )
    begun_at = models.DateTimeField("开始编制时间")
    submitted_at = models.DateTimeField("报送时间", null=True)
    content_digest = models.CharField("内容摘要", max_length=64, blank=True)
    correction_due_on = models.DateField("改正期限", null=True)
    # Proposed by the manager, decided by another person.
    outcome = models.CharField("结论", max_length=10, choices=AcceptanceOutcome.choices, blank=True)
    reasons = models.TextField("结论理由", blank=True)
    rectify_by = models.DateField("整改期限", null=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="拟定人"
    )
    proposed_at = models.DateTimeField("拟定时间", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="决定人"
    )
    decided_at = models.DateTimeField("决定时间", null=True)
    paper = models.OneToOneField(
        Paper, models.PROTECT, null=True, related_name="+", verbose_name="公文"
    )

    objects = AcceptanceQuerySet.as_manager()

    class Meta:
        ordering = ["pilot", "number"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "number"], name="acceptance_number_unique"),
            models.UniqueConstraint(
                fields=["pilot"],
                condition=~Q(state="decided"),
                name="acceptance_one_under_way",
            ),
            models.CheckConstraint(
                condition=~Q(state="decided")
                | Q(decided_by__isnull=False, reasons__regex=r"\S") & ~Q(outcome=""),
                name="acceptance_decided_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="acceptance_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="rectify") | Q(rectify_by__isnull=False),
                name="acceptance_rectify_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pilot.region.full_name}总结验收（第{self.number}次）"

    @property
    def due_on(self) -> date:
        """Until when it is to be handed in: the day of a return, else the end of the term."""
        return self.correction_due_on or self.pilot.ends_on


class AcceptanceStep(StepRecord):
    """One move of an acceptance. Append-only."""

    append_only = True

    acceptance = models.ForeignKey(
        Acceptance, models.PROTECT, related_name="steps", verbose_name="验收"
    )
    action = models.CharField(
        "事项", max_length=20, choices=[(str(action), str(action)) for action in AcceptanceAction]
    )
    from_state = models.CharField("原状态", max_length=20, choices=AcceptanceState.choices)
    to_state = models.CharField("新状态", max_length=20, choices=AcceptanceState.choices)
    # Of a handing in: the canonical text of all of it, which later work on it leaves as it was. Blank where it was
    # handed in before the text was kept.
    content = models.TextField("报送内容", blank=True, default="")

    class Meta:
        ordering = ["at", "pk"]
        triggers = append_only()
        constraints = [
            models.CheckConstraint(
                condition=~Q(action="submit") | ~Q(content=""),
                name="acceptance_step_keeps_what_was_handed_in",
            ),
            models.CheckConstraint(
                condition=~Q(action__in=["return", "send_back"]) | Q(comment__regex=r"\S"),
                name="acceptance_step_has_comment",
            ),
        ]


class AcceptanceLine(models.Model):
    """What the county says it reached at the end, per assessed or watched indicator."""

    acceptance = models.ForeignKey(
        Acceptance, models.CASCADE, related_name="lines", verbose_name="验收"
    )
    target = models.ForeignKey(PilotTarget, models.PROTECT, related_name="+", verbose_name="指标")
    number = models.DecimalField("实际值", max_digits=20, decimal_places=6, null=True)
    words = models.TextField("说明", blank=True)

    class Meta:
        ordering = ["acceptance", "target__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["acceptance", "target"], name="acceptance_line_once_per_target"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target_id}: {self.number}"


class AcceptanceFile(NamedFile):
    """Evidence handed in with the summary."""

    acceptance = models.ForeignKey(
        Acceptance, models.CASCADE, related_name="files", verbose_name="验收"
    )

    class Meta:
        ordering = ["acceptance", "added_at", "pk"]


class AcceptanceRecord(PublicIdModel):
    """A defence held or a visit made: when, where, who, what was found."""

    acceptance = models.ForeignKey(
        Acceptance, models.PROTECT, related_name="records", verbose_name="验收"
    )
    kind = models.CharField("类别", max_length=10, choices=RecordKind.choices)
    held_on = models.DateField("日期")
    place = models.CharField("地点", max_length=120)
    participants = models.CharField("参加人员", max_length=500)
    findings = models.TextField("情况记录")
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="附件"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人"
    )
    recorded_at = models.DateTimeField("记录时间")

    class Meta:
        ordering = ["acceptance", "held_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(findings__regex=r"\S"), name="acceptance_record_has_findings"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class AcceptanceOpinion(PublicIdModel):
    """One expert's opinion on an acceptance; blind until given."""

    acceptance = models.ForeignKey(
        Acceptance, models.PROTECT, related_name="opinions", verbose_name="验收"
    )
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="专家"
    )
    state = models.CharField(
        "状态", max_length=12, choices=SheetState.choices, default=SheetState.ASSIGNED
    )
    conflict = models.CharField("回避原因", max_length=300, blank=True)
    outcome = models.CharField(
        "建议结论", max_length=10, choices=AcceptanceOutcome.choices, blank=True
    )
    comment = models.TextField("意见", blank=True)
    assigned_at = models.DateTimeField("分派时间")
    given_at = models.DateTimeField("评审时间", null=True)

    class Meta:
        ordering = ["acceptance", "expert"]
        constraints = [
            models.UniqueConstraint(
                fields=["acceptance", "expert"], name="acceptance_opinion_one_per_expert"
            ),
            models.CheckConstraint(
                condition=~Q(state="given") | Q(given_at__isnull=False) & ~Q(outcome=""),
                name="acceptance_opinion_given_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="conflicted") | Q(conflict__regex=r"\S"),
                name="acceptance_opinion_conflict_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.expert_id} → {self.acceptance_id}"
