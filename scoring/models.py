"""Schemes, expert scores, grading runs with their results, and lists."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from county_portal.accounts.models import Region
from county_portal.common.models import PublicIdModel
from county_portal.common.triggers import append_only, no_truncate
from county_portal.documents.models import Paper
from county_portal.files.models import StoredFile
from county_portal.jobs.models import Job
from indicators.models import Collection, IndicatorSystem, Submission
from scoring.enums import ListFileKind, ListState, Movement, RunState, SchemeState


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


class Scheme(PublicIdModel):
    """A scoring scheme for an indicator system."""

    code = models.SlugField("代码", max_length=60, unique=True)
    name = models.CharField("名称", max_length=120)
    system = models.ForeignKey(
        IndicatorSystem, models.PROTECT, related_name="schemes", verbose_name="指标体系"
    )

    def __str__(self) -> str:
        return self.name


class SchemeVersion(PublicIdModel):
    """One version as its canonical JSON; a locked one never changes."""

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="versions", verbose_name="方案")
    number = models.PositiveIntegerField("版本")
    state = models.CharField(
        "状态", max_length=10, choices=SchemeState.choices, default=SchemeState.DRAFT
    )
    document = models.TextField("方案内容")
    sha256 = models.CharField("摘要", max_length=64)

    class Meta:
        ordering = ["scheme", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "number"], name="scheme_version_number_unique"
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="locked_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=SchemeState.LOCKED),
            ),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return f"{self.scheme.name}（第{self.number}版）"


class PanelScore(models.Model):
    """One expert's score for one qualitative indicator of one county."""

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="panel_scores", verbose_name="填报表"
    )
    indicator_code = models.CharField("指标", max_length=20)
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="专家"
    )
    score = models.DecimalField("得分", max_digits=6, decimal_places=2)
    given_at = models.DateTimeField("评分时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "indicator_code", "expert"],
                name="panel_score_once_per_expert",
            ),
            models.CheckConstraint(condition=Q(score__gte=0), name="panel_score_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_code}: {self.score}"


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


class PublishedList(PublicIdModel):
    """A list between draft and public; once published its row and its set of counties are frozen."""

    run = models.ForeignKey(
        GradingRun, models.PROTECT, related_name="lists", verbose_name="评价运行"
    )
    collection = models.ForeignKey(
        Collection, models.PROTECT, related_name="lists", verbose_name="采集任务"
    )
    version = models.PositiveIntegerField("版次")
    state = models.CharField(
        "状态", max_length=10, choices=ListState.choices, default=ListState.DRAFT
    )
    # Both come with publication; a list published before lists were papers has none.
    document_number = models.CharField("发文字号", max_length=80, blank=True)
    paper = models.OneToOneField(Paper, models.PROTECT, null=True, verbose_name="公文")
    publish_on = models.DateField("公布日期")
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="corrections", verbose_name="更正的名单"
    )
    correction_reason = models.CharField("更正原因", max_length=500, blank=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟定人"
    )
    prepared_at = models.DateTimeField("拟定时间")
    consent_on = models.DateField("同意日期", null=True)
    consent_number = models.CharField("同意文号", max_length=80, blank=True)
    consent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="公布人"
    )
    published_at = models.DateTimeField("公布时间", null=True)
    withdrawal_reason = models.CharField("撤回原因", max_length=500, blank=True)
    row_count = models.PositiveIntegerField("县数", default=0)
    digest = models.CharField("名单摘要", max_length=64, blank=True)

    class Meta:
        ordering = ["-publish_on", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "version"],
                condition=~Q(state="withdrawn"),
                name="list_version_unique",
            ),
            models.UniqueConstraint(
                fields=["collection"],
                condition=Q(state__in=["draft", "consented"]),
                name="list_one_in_preparation",
            ),
            models.UniqueConstraint(
                fields=["document_number"],
                condition=Q(state="published"),
                name="list_document_number_unique",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("prepared_by")),
                name="list_published_by_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["consented", "published"])
                | (Q(consent_on__isnull=False, consent_by__isnull=False) & ~Q(consent_number="")),
                name="list_consent_has_date_and_number",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | (
                    Q(published_by__isnull=False, published_at__isnull=False, row_count__gt=0)
                    & ~(Q(digest="") | Q(document_number=""))
                ),
                name="list_published_is_sealed",
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True, correction_reason="")
                | (Q(supersedes__isnull=False) & ~Q(correction_reason="")),
                name="list_correction_has_reason",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=ListState.PUBLISHED),
            ),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return f"{self.collection.data_year}年度名单（第{self.version}版）"


class ListRow(models.Model):
    """One county on a list, in score order, without its score."""

    published_list = models.ForeignKey(
        PublishedList, models.PROTECT, related_name="rows", verbose_name="名单"
    )
    order = models.PositiveIntegerField("序号")
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="list_rows", verbose_name="县（市、区）"
    )
    code = models.CharField("区划代码", max_length=12)
    name = models.CharField("名称", max_length=60)
    city = models.CharField("所属", max_length=60)
    class_name = models.CharField("分档", max_length=10)
    rank = models.PositiveIntegerField("位次")
    previous_class = models.CharField("上年分档", max_length=10, blank=True)
    previous_rank = models.PositiveIntegerField("上年位次", null=True)
    best_rank = models.PositiveIntegerField("历史最好位次")
    movement = models.CharField("升降", max_length=10, choices=Movement.choices)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["published_list", "order"], name="list_row_order_unique"
            ),
            models.UniqueConstraint(
                fields=["published_list", "region"], name="list_row_county_once"
            ),
        ]
        triggers = [
            # The set of rows is frozen too: not only each row, but adding one to a published list.
            pgtrigger.Trigger(
                name="published_set_is_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("before_id", "BIGINT"), ("after_id", "BIGINT")],
                # Tables by their schema: a temporary table of the same name would be found first.
                # The lock waits for whoever is just publishing; the look afterwards sees what they did.
                func="""
                    IF TG_OP <> 'INSERT' THEN before_id := OLD.published_list_id; END IF;
                    IF TG_OP <> 'DELETE' THEN after_id := NEW.published_list_id; END IF;
                    PERFORM 1 FROM public.scoring_publishedlist
                        WHERE id IN (before_id, after_id) FOR SHARE;
                    IF EXISTS (SELECT 1 FROM public.scoring_publishedlist
                               WHERE id IN (before_id, after_id) AND state = 'published') THEN
                        RAISE EXCEPTION 'published list is immutable: % on %', TG_OP, TG_TABLE_NAME;
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.city}{self.name}"


class ListFile(models.Model):
    """A file of a published list, made once."""

    append_only = True

    published_list = models.ForeignKey(
        PublishedList, models.PROTECT, related_name="files", verbose_name="名单"
    )
    kind = models.CharField("种类", max_length=6, choices=ListFileKind.choices)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["published_list", "kind"], name="list_file_once_per_kind"
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.published_list_id} {self.kind}"
