"""Indicator systems, collections, submissions, values, evidence."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from county_portal.accounts.models import Office, Region
from county_portal.accounts.roles import Level, Permission
from county_portal.common.models import PublicIdModel
from county_portal.common.triggers import append_only
from county_portal.files.models import StoredFile
from indicators.enums import (
    EDITABLE,
    Absence,
    CollectionState,
    IndicatorKind,
    SubmissionAction,
    SubmissionState,
    ValueStatus,
    VersionState,
)

if TYPE_CHECKING:
    from county_portal.accounts.models import User


class IndicatorSystem(PublicIdModel):
    """An indicator system, of which versions are in force for years."""

    code = models.SlugField("代码", max_length=60, unique=True)
    name = models.CharField("名称", max_length=120)

    def __str__(self) -> str:
        return self.name


class SystemVersion(PublicIdModel):
    """One version; once locked it never changes."""

    system = models.ForeignKey(
        IndicatorSystem, models.PROTECT, related_name="versions", verbose_name="指标体系"
    )
    number = models.PositiveIntegerField("版本")
    state = models.CharField(
        "状态", max_length=10, choices=VersionState.choices, default=VersionState.DRAFT
    )
    source = models.CharField("依据", max_length=200)
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        ordering = ["system", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["system", "number"], name="system_version_number_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.system.name}（第{self.number}版）"


class IndicatorGroup(models.Model):
    """First-level heading 一级指标."""

    version = models.ForeignKey(
        SystemVersion, models.CASCADE, related_name="groups", verbose_name="版本"
    )
    order = models.PositiveSmallIntegerField("序号")
    name = models.CharField("名称", max_length=60)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "order"], name="indicator_group_order_unique"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Indicator(models.Model):
    """One second-level indicator 二级指标."""

    version = models.ForeignKey(
        SystemVersion, models.CASCADE, related_name="indicators", verbose_name="版本"
    )
    group = models.ForeignKey(
        IndicatorGroup, models.CASCADE, related_name="indicators", verbose_name="一级指标"
    )
    code = models.CharField("代码", max_length=20)
    order = models.PositiveSmallIntegerField("序号")
    name = models.CharField("名称", max_length=120)
    unit = models.CharField("单位", max_length=20, blank=True)
    kind = models.CharField("类型", max_length=12, choices=IndicatorKind.choices)
    lower_is_better = models.BooleanField("越低越好", default=False)
    is_integer = models.BooleanField("取整数", default=False)
    numerator_label = models.CharField("分子", max_length=80, blank=True)
    numerator_unit = models.CharField("分子单位", max_length=20, blank=True)
    denominator_label = models.CharField("分母", max_length=80, blank=True)
    denominator_unit = models.CharField("分母单位", max_length=20, blank=True)
    factor = models.DecimalField("倍数", max_digits=12, decimal_places=2, default=Decimal(1))
    providers = ArrayField(
        models.CharField(max_length=60), verbose_name="数据提供单位", default=list
    )
    responsible = ArrayField(models.CharField(max_length=60), verbose_name="责任单位", default=list)
    definition = models.TextField("指标解释", blank=True)
    rubric = models.TextField("评分标准", blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="indicator_code_unique"),
            models.CheckConstraint(
                condition=~Q(kind="rate") | (~Q(numerator_label="") & ~Q(denominator_label="")),
                name="indicator_rate_names_its_parts",
            ),
            models.CheckConstraint(condition=Q(factor__gt=0), name="indicator_factor_positive"),
        ]

    def __str__(self) -> str:
        return self.name


class EvidenceKind(models.Model):
    """A kind of named item an itemised indicator counts."""

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="evidence_kinds", verbose_name="指标"
    )
    code = models.CharField("代码", max_length=60)
    order = models.PositiveSmallIntegerField("序号")
    name = models.CharField("名称", max_length=80)
    level = models.CharField("级别", max_length=20, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "code"], name="evidence_kind_code_unique")
        ]

    def __str__(self) -> str:
        return self.name


class Collection(PublicIdModel):
    """One year's call for figures. The data year, the evaluation year and the dates are three things."""

    version = models.ForeignKey(
        SystemVersion, models.PROTECT, related_name="collections", verbose_name="指标体系版本"
    )
    title = models.CharField("名称", max_length=120)
    data_year = models.PositiveSmallIntegerField("数据年度")
    evaluation_year = models.PositiveSmallIntegerField("评价年度")
    opens_on = models.DateField("开始日期")
    county_due_on = models.DateField("县级截止日期")
    city_due_on = models.DateField("市级截止日期")
    state = models.CharField(
        "状态", max_length=10, choices=CollectionState.choices, default=CollectionState.DRAFT
    )
    notes = models.TextField("填报说明", blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟定人"
    )
    opened_at = models.DateTimeField("开放时间", null=True)
    closed_at = models.DateTimeField("截止时间", null=True)

    class Meta:
        ordering = ["-data_year", "-opens_on"]
        constraints = [
            models.UniqueConstraint(fields=["version", "data_year"], name="collection_year_unique"),
            models.CheckConstraint(
                condition=Q(opens_on__lte=F("county_due_on"))
                & Q(county_due_on__lte=F("city_due_on")),
                name="collection_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(data_year__lt=F("evaluation_year")),
                name="collection_evaluates_a_past_year",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(opened_at__isnull=False),
                name="collection_opened_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Filters on submissions."""

    def visible_to(self, user: "User") -> "SubmissionQuerySet":
        """A county's own, a reviewing office's counties, all for the province; nothing for anybody else."""
        if not user.holds(Permission.VIEW_SUBMISSIONS):
            return self.none()
        if user.level == Level.COUNTY:
            return self.filter(office=user.office_id)
        if user.level == Level.CITY:
            return self.filter(reviewing_office=user.office_id)
        return self


class Submission(PublicIdModel):
    """One county's answers in one collection. The reviewing office is the one of that day."""

    collection = models.ForeignKey(
        Collection, models.PROTECT, related_name="submissions", verbose_name="采集任务"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="submissions", verbose_name="县（市、区）"
    )
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="submissions", verbose_name="填报单位"
    )
    reviewing_office = models.ForeignKey(
        Office, models.PROTECT, related_name="reviewed_submissions", verbose_name="审核单位"
    )
    state = models.CharField(
        "状态", max_length=20, choices=SubmissionState.choices, default=SubmissionState.DRAFT
    )
    state_since = models.DateTimeField("自何时")
    revision = models.PositiveIntegerField("修订号", default=0)
    submitted_at = models.DateTimeField("提交时间", null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提交人"
    )
    content_digest = models.CharField("内容摘要", max_length=64, blank=True)
    extended_to = models.DateField("延期至", null=True)
    extension_reason = models.CharField("延期原因", max_length=200, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["collection", "region__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "region"], name="submission_one_per_county"
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | (Q(submitted_at__isnull=False) & ~Q(content_digest="")),
                name="submission_submitted_has_time_and_digest",
            ),
            models.CheckConstraint(
                condition=Q(extended_to__isnull=True) | ~Q(extension_reason=""),
                name="submission_extension_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region.full_name} {self.collection.title}"

    @property
    def is_editable(self) -> bool:
        """Whether the county may change figures, deadlines aside."""
        return self.state in EDITABLE

    @property
    def due_on(self) -> date:
        """Until when it is the present holder's turn."""
        return self.due_on_in(self.state)

    def due_on_in(self, state: str) -> date:
        """The day that holds in `state`: the county's for a first draft, the city's after that."""
        collection = self.collection
        is_draft = state == SubmissionState.DRAFT
        due_on = collection.county_due_on if is_draft else collection.city_due_on
        return max(due_on, self.extended_to or due_on)


class Value(models.Model):
    """One indicator's figure: as typed, unrounded, with its parts; or one of three absences."""

    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="values", verbose_name="填报表"
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="values", verbose_name="指标"
    )
    text = models.CharField("填写原文", max_length=60, blank=True)
    number = models.DecimalField("数值", max_digits=20, decimal_places=6, null=True)
    numerator = models.DecimalField("分子", max_digits=20, decimal_places=6, null=True)
    denominator = models.DecimalField("分母", max_digits=20, decimal_places=6, null=True)
    absence = models.CharField("缺失类别", max_length=16, choices=Absence.choices, blank=True)
    note = models.TextField("说明", blank=True)
    status = models.CharField(
        "状态", max_length=10, choices=ValueStatus.choices, default=ValueStatus.SELF
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人"
    )
    updated_at = models.DateTimeField("填写时间")

    class Meta:
        ordering = ["indicator__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "indicator"], name="value_one_per_indicator"
            ),
            models.CheckConstraint(
                condition=Q(absence="")
                | Q(number__isnull=True, numerator__isnull=True, denominator__isnull=True),
                name="value_absent_has_no_figure",
            ),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(denominator__gt=0),
                name="value_denominator_positive",
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | Q(numerator__isnull=False, denominator__isnull=False),
                name="value_parts_come_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.text or self.absence}"


class EvidenceItem(PublicIdModel):
    """A named item with its approval and its file."""

    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="evidence", verbose_name="填报表"
    )
    kind = models.ForeignKey(
        EvidenceKind, models.PROTECT, related_name="items", verbose_name="类别"
    )
    name = models.CharField("名称", max_length=120)
    year = models.PositiveSmallIntegerField("认定年份", null=True)
    approval_number = models.CharField("批准文号", max_length=80, blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="证明材料"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人"
    )
    created_at = models.DateTimeField("填写时间")

    class Meta:
        ordering = ["kind__indicator__order", "kind__order", "created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "kind", "name"], name="evidence_item_named_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReviewStep(models.Model):
    """One move of a submission: who, when, from where to where, with which words. Append-only."""

    append_only = True

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="steps", verbose_name="填报表"
    )
    action = models.CharField(
        "事项", max_length=20, choices=[(str(action), str(action)) for action in SubmissionAction]
    )
    from_state = models.CharField("原状态", max_length=20, choices=SubmissionState.choices)
    to_state = models.CharField("新状态", max_length=20, choices=SubmissionState.choices)
    label = models.CharField("事项名称", max_length=30)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人"
    )
    comment = models.TextField("意见", blank=True)
    flagged = ArrayField(models.CharField(max_length=20), verbose_name="涉及指标", default=list)
    revision = models.PositiveIntegerField("修订号")
    at = models.DateTimeField("时间")

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

    def __str__(self) -> str:
        return f"{self.label} {self.at:%Y-%m-%d %H:%M}"
