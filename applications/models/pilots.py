"""Pilots: their term, frozen targets, tasks, what happened to them, what they reached."""

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from applications.enums import (
    ASSESSED,
    BUILDING,
    ChangeState,
    KeyTask,
    PilotAct,
    PilotState,
    TargetKind,
)
from applications.models.applications import Application
from applications.models.rounds import PilotRound
from county_portal.accounts.jurisdiction import within_reach
from county_portal.accounts.models import Office, Region
from county_portal.accounts.roles import Permission
from county_portal.common.models import ActorRecord, PublicIdModel
from county_portal.common.triggers import append_only
from county_portal.files.models import StoredFile
from indicators.models import Indicator

if TYPE_CHECKING:
    from county_portal.accounts.models import User


class PilotQuerySet(models.QuerySet["Pilot"]):
    """Filters on pilots."""

    def visible_to(self, user: "User") -> "PilotQuerySet":
        """A county's own (its townships' too), a reviewing office's, all for the province."""
        return self.filter(within_reach(user, Permission.VIEW_PILOTS))


def state_follows_event() -> pgtrigger.Trigger:
    """State and end of a pilot change only to what its newest event says, whoever writes."""
    return pgtrigger.Trigger(
        name="state_follows_event",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        declare=[("newest", "RECORD")],
        func="""
            IF NEW.state = OLD.state AND NEW.ends_on = OLD.ends_on THEN
                RETURN NEW;
            END IF;
            SELECT act, until INTO newest FROM applications_pilotevent
                WHERE pilot_id = NEW.id ORDER BY id DESC LIMIT 1;
            IF NEW.ends_on <> OLD.ends_on
                AND (newest.act IS DISTINCT FROM 'extend' OR newest.until IS DISTINCT FROM NEW.ends_on) THEN
                RAISE EXCEPTION 'pilot_end_without_event: %', NEW.id;
            END IF;
            IF NEW.state <> OLD.state AND NEW.state IS DISTINCT FROM (CASE newest.act
                WHEN 'begin' THEN 'active' WHEN 'resume' THEN 'active' WHEN 'suspend' THEN 'suspended'
                WHEN 'withdraw' THEN 'withdrawn' WHEN 'rectify' THEN 'rectifying'
                WHEN 'accept' THEN 'accepted' WHEN 'fail' THEN 'failed' END) THEN
                RAISE EXCEPTION 'pilot_state_without_event: %', NEW.id;
            END IF;
            RETURN NEW;
        """,
    )


class Pilot(PublicIdModel):
    """A county (or township) that is or was a pilot, from a published list."""

    round = models.ForeignKey(
        PilotRound, models.PROTECT, related_name="pilots", verbose_name="批次"
    )
    application = models.OneToOneField(
        Application, models.PROTECT, related_name="pilot", verbose_name="申报材料"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="pilots", verbose_name="试点地区"
    )
    # A township's county, itself a pilot when the township became one.
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="townships", verbose_name="所属试点县"
    )
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="pilots", verbose_name="建设单位"
    )
    reviewing_office = models.ForeignKey(
        Office, models.PROTECT, related_name="reviewed_pilots", verbose_name="审核单位"
    )
    state = models.CharField(
        "状态", max_length=12, choices=PilotState.choices, default=PilotState.ACTIVE
    )
    state_since = models.DateTimeField("自何时")
    starts_on = models.DateField("建设期开始日期")
    # Moves with an extension; `planned_end` stays.
    ends_on = models.DateField("建设期结束日期")
    planned_end = models.DateField("原定结束日期")

    objects = PilotQuerySet.as_manager()

    class Meta:
        ordering = ["-round__year", "region__code"]
        triggers = [state_follows_event()]
        constraints = [
            models.UniqueConstraint(fields=["round", "region"], name="pilot_once_per_round"),
            models.CheckConstraint(
                condition=Q(starts_on__lt=F("ends_on")), name="pilot_term_in_order"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("planned_end")), name="pilot_end_only_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region.full_name}（{self.round.title}）"

    @property
    def is_building(self) -> bool:
        """Whether it reports and may ask for changes."""
        return self.state in BUILDING

    @property
    def stand(self) -> str:
        """What somebody who acts on its term has seen: state and end."""
        return f"{self.state} {self.ends_on.isoformat()}"

    @property
    def desks(self) -> str:
        """What somebody who gives it to other offices has seen."""
        return f"{self.office_id} {self.reviewing_office_id}"


class PilotTarget(PublicIdModel):
    """One indicator of a pilot, frozen from its application: why it counts, where it began."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="targets", verbose_name="试点")
    order = models.PositiveSmallIntegerField("序号")
    kind = models.CharField("类别", max_length=12, choices=TargetKind.choices)
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, related_name="+", verbose_name="指标"
    )
    name = models.CharField("名称", max_length=120)
    unit = models.CharField("单位", max_length=20, blank=True)
    lower_is_better = models.BooleanField("越低越好", default=False)
    is_qualitative = models.BooleanField("定性", default=False)
    baseline = models.DecimalField("基数", max_digits=20, decimal_places=6, null=True)
    baseline_year = models.PositiveSmallIntegerField("基数年份")
    words = models.TextField("定性目标", blank=True)

    class Meta:
        ordering = ["pilot", "order"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "order"], name="pilot_target_order_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_assessed(self) -> bool:
        """Whether it counts at acceptance; the others are only watched."""
        return self.kind in ASSESSED


def target_follows_approval() -> pgtrigger.Trigger:
    """A target changes only to what an approved request says; what was promised never, and nothing goes away."""
    return pgtrigger.Trigger(
        name="target_follows_approval",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF TG_OP = 'DELETE' THEN
                RAISE EXCEPTION 'year_target_frozen: %', OLD.id;
            END IF;
            IF NEW.promised <> OLD.promised OR NEW.year <> OLD.year OR NEW.target_id <> OLD.target_id THEN
                RAISE EXCEPTION 'year_target_frozen: %', OLD.id;
            END IF;
            IF NEW.number <> OLD.number AND NOT EXISTS (
                SELECT FROM applications_targetchange WHERE year_target_id = OLD.id
                AND state = 'approved' AND before = OLD.number AND after = NEW.number
            ) THEN
                RAISE EXCEPTION 'year_target_without_approval: %', OLD.id;
            END IF;
            RETURN NEW;
        """,
    )


class YearTarget(models.Model):
    """The number a pilot promised for one year; `promised` is what the application said and never changes."""

    target = models.ForeignKey(
        PilotTarget, models.PROTECT, related_name="years", verbose_name="指标"
    )
    year = models.PositiveSmallIntegerField("年份")
    number = models.DecimalField("目标", max_digits=20, decimal_places=6)
    promised = models.DecimalField("原定目标", max_digits=20, decimal_places=6)

    class Meta:
        ordering = ["target", "year"]
        triggers = [target_follows_approval()]
        constraints = [
            models.UniqueConstraint(fields=["target", "year"], name="year_target_once"),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.number}"


class TargetChange(PublicIdModel):
    """A request to change one year's target: asked by the county, supported by the city, approved or not."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="changes", verbose_name="试点")
    year_target = models.ForeignKey(
        YearTarget, models.PROTECT, related_name="changes", verbose_name="目标"
    )
    before = models.DecimalField("原目标", max_digits=20, decimal_places=6)
    after = models.DecimalField("调整后", max_digits=20, decimal_places=6)
    reason = models.TextField("调整理由")
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="依据材料"
    )
    state = models.CharField(
        "状态", max_length=12, choices=ChangeState.choices, default=ChangeState.ASKED
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人"
    )
    asked_at = models.DateTimeField("申请时间")
    city_comment = models.TextField("市级意见", blank=True)
    city_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="市级审核人",
    )
    city_at = models.DateTimeField("市级审核时间", null=True)
    province_comment = models.TextField("省级意见", blank=True)
    province_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="省级审批人",
    )
    province_at = models.DateTimeField("省级审批时间", null=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year_target"],
                condition=Q(state__in=["asked", "supported"]),
                name="target_change_one_open",
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"), name="target_change_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(province_by__isnull=False),
                name="target_change_approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class PilotEvent(ActorRecord):
    """What happened to a pilot: begun, extended, suspended, withdrawn … with the reason. Append-only."""

    append_only = True

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="events", verbose_name="试点")
    act = models.CharField("事项", max_length=10, choices=PilotAct.choices)
    on = models.DateField("日期")
    until = models.DateField("至", null=True)
    reason = models.TextField("原因", blank=True)
    document_number = models.CharField("文号", max_length=80, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人"
    )
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["at", "pk"]
        triggers = append_only()
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=["begin", "accept"]) | Q(reason__regex=r"\S"),
                name="pilot_event_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.get_act_display()


class PilotTask(PublicIdModel):
    """A key task of a pilot, frozen from its plan."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="tasks", verbose_name="试点")
    order = models.PositiveSmallIntegerField("序号")
    kind = models.CharField("重点任务", max_length=2, choices=KeyTask.choices)
    goal = models.TextField("目标")
    units = ArrayField(models.CharField(max_length=60), verbose_name="责任单位", default=list)
    # [{"name", "starts_on", "ends_on"}] as the plan had them.
    steps = models.JSONField("进度安排", default=list)

    class Meta:
        ordering = ["pilot", "order"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "kind"], name="pilot_task_once"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class TaskProgress(models.Model):
    """How far a task had come at a time: per cent done, and in words. Append-only: the newest holds."""

    append_only = True

    task = models.ForeignKey(
        PilotTask, models.PROTECT, related_name="progress", verbose_name="重点任务"
    )
    done = models.PositiveSmallIntegerField("完成百分比")
    words = models.TextField("进展情况")
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人"
    )
    noted_at = models.DateTimeField("填写时间")

    class Meta:
        ordering = ["task", "-noted_at", "-pk"]
        triggers = append_only()
        constraints = [
            models.CheckConstraint(condition=Q(done__lte=100), name="task_progress_up_to_hundred"),
            models.CheckConstraint(condition=Q(words__regex=r"\S"), name="task_progress_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.done}%"


class Reached(models.Model):
    """What a pilot reached in a year, as the province received it; public once that year's summary is."""

    target = models.ForeignKey(
        PilotTarget, models.PROTECT, related_name="reached", verbose_name="指标"
    )
    year = models.PositiveSmallIntegerField("年份")
    number = models.DecimalField("实际值", max_digits=20, decimal_places=6, null=True)
    words = models.TextField("定性说明", blank=True)
    recorded_at = models.DateTimeField("记录时间")
    published_at = models.DateTimeField("公布时间", null=True)

    class Meta:
        ordering = ["target", "year"]
        constraints = [
            models.UniqueConstraint(fields=["target", "year"], name="reached_once_per_year"),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.number}"
