"""Grading runs with their results; complete ones never change."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from county_portal.accounts.models import Region
from county_portal.common.models import PublicIdModel
from county_portal.common.triggers import append_only, no_truncate
from county_portal.jobs.models import Job
from indicators.models import Collection, Submission
from scoring.enums import RunState
from scoring.models.schemes import SchemeVersion


def closed_when_complete(runs_of_new_rows: str) -> pgtrigger.Trigger:
    """A complete run takes no further rows; the argument is SQL for the ids of the runs of `new_rows`.

    Asked once a statement, since a run writes thousands of lines at a time. Tables are named by their
    schema: a temporary table of the same name would be found first.
    """
    return pgtrigger.Trigger(
        name="complete_run_is_closed",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_rows"),  # type: ignore[no-untyped-call]  # its authors left it so
        func=f"""
            IF EXISTS (SELECT 1 FROM public.scoring_gradingrun
                       WHERE id IN ({runs_of_new_rows}) AND state = 'complete') THEN
                RAISE EXCEPTION 'complete run is closed: % on %', TG_OP, TG_TABLE_NAME;
            END IF;
            RETURN NULL;
        """,  # noqa: S608 -- the expression is this module's own
    )


class GradingRun(PublicIdModel):
    """One grading: frozen inputs, scheme and engine version, results. Complete runs never change."""

    collection = models.ForeignKey(
        Collection, models.PROTECT, related_name="runs", verbose_name="采集任务"
    )
    scheme_version = models.ForeignKey(
        SchemeVersion, models.PROTECT, related_name="runs", verbose_name="评分方案"
    )
    number = models.PositiveIntegerField("序号")
    state = models.CharField(
        "状态", max_length=10, choices=RunState.choices, default=RunState.QUEUED
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发起人"
    )
    created_at = models.DateTimeField("发起时间")
    completed_at = models.DateTimeField("完成时间", null=True)
    left_out = ArrayField(models.CharField(max_length=12), verbose_name="未参评区划", default=list)
    exception_reason = models.CharField("例外说明", max_length=500, blank=True)
    engine_version = models.CharField("引擎版本", max_length=20, blank=True)
    inputs = models.TextField("冻结输入", blank=True)
    inputs_sha256 = models.CharField("输入摘要", max_length=64, blank=True)
    results_sha256 = models.CharField("结果摘要", max_length=64, blank=True)
    digest = models.CharField("运行摘要", max_length=64, blank=True)
    # Where inputs, scheme and engine equal those of an earlier run: nothing is written a second time.
    same_as = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name="结果相同的评价"
    )
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+", verbose_name="任务")

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "number"], name="grading_run_number_unique"
            ),
            models.UniqueConstraint(
                fields=["collection"], condition=Q(state="queued"), name="grading_run_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(left_out=[]) | ~Q(exception_reason=""),
                name="grading_run_exception_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="complete")
                | (Q(completed_at__isnull=False) & ~Q(inputs_sha256="") & ~Q(digest="")),
                name="grading_run_complete_is_frozen",
            ),
            models.CheckConstraint(
                condition=Q(state="unchanged", same_as__isnull=False)
                | (~Q(state="unchanged") & Q(same_as__isnull=True)),
                name="grading_run_unchanged_names_the_earlier",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="complete_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=RunState.COMPLETE),
            ),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return f"{self.collection.title} 第{self.number}次评价"


class Result(models.Model):
    """A county's outcome in a run."""

    append_only = True

    run = models.ForeignKey(
        GradingRun, models.PROTECT, related_name="results", verbose_name="评价运行"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="results", verbose_name="县（市、区）"
    )
    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="results", verbose_name="填报表"
    )
    total = models.DecimalField("总分", max_digits=7, decimal_places=2)
    class_name = models.CharField("分档", max_length=10)
    rank = models.PositiveIntegerField("位次")
    flags = ArrayField(models.CharField(max_length=30), verbose_name="标记", default=list)

    class Meta:
        ordering = ["rank", "region__code"]
        constraints = [
            models.UniqueConstraint(fields=["run", "region"], name="result_one_per_county")
        ]
        triggers = [*append_only(), closed_when_complete("SELECT run_id FROM new_rows")]

    def __str__(self) -> str:
        return f"{self.region_id}: {self.total} {self.class_name}"


class ResultLine(models.Model):
    """One indicator's points with their derivation."""

    append_only = True

    result = models.ForeignKey(Result, models.PROTECT, related_name="lines", verbose_name="结果")
    indicator_code = models.CharField("指标", max_length=20)
    order = models.PositiveSmallIntegerField("序号")
    score = models.DecimalField("得分", max_digits=7, decimal_places=2)
    flags = ArrayField(models.CharField(max_length=30), verbose_name="标记", default=list)
    derivation = models.TextField("计算过程")
    steps = models.JSONField("计算步骤", default=list)
    # Who stated and who confirmed the figure, as it stood when it was frozen; see scoring.origins.
    origin = models.JSONField("数据来历", default=dict)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["result", "indicator_code"], name="result_line_unique")
        ]
        triggers = [
            *append_only(),
            closed_when_complete(
                "SELECT run_id FROM public.scoring_result JOIN new_rows ON result_id = scoring_result.id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_code}: {self.score}"
