"""Indicator systems and their versions."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from county_portal.common.models import PublicIdModel
from indicators.enums import IndicatorKind, MonthlyKind, SystemPurpose, VersionState
from indicators.models.facts import FactMeaning


class IndicatorSystem(PublicIdModel):
    """An indicator system, of which versions are in force for years."""

    code = models.SlugField("代码", max_length=60, unique=True)
    name = models.CharField("名称", max_length=120)
    purpose = models.CharField(
        "用途",
        max_length=12,
        choices=SystemPurpose.choices,
        default=SystemPurpose.EVALUATION,
    )

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
    factor = models.DecimalField("倍数", max_digits=12, decimal_places=4, default=Decimal(1))
    # 指定考核指标 of a pilot table (S0 annex 2-1, marked *): every county is assessed by it.
    is_designated = models.BooleanField("指定考核", default=False)
    # Of a share in a pilot table: the numerator is no part of the denominator (a fund beside the GDP, what a zone
    # earns), so that more than 100 % is possible.
    may_exceed_hundred = models.BooleanField("可超过100%", default=False)
    # Which facts the figure and its parts state; none where nobody else asks for them.
    fact = models.ForeignKey(
        FactMeaning, models.PROTECT, null=True, related_name="+", verbose_name="数值含义"
    )
    numerator_fact = models.ForeignKey(
        FactMeaning, models.PROTECT, null=True, related_name="+", verbose_name="分子含义"
    )
    denominator_fact = models.ForeignKey(
        FactMeaning, models.PROTECT, null=True, related_name="+", verbose_name="分母含义"
    )
    monthly = models.CharField("月报方式", max_length=10, choices=MonthlyKind.choices, blank=True)
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
    # A title counts for so many years from its approval; none: for good.
    valid_years = models.PositiveSmallIntegerField("有效年限", null=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "code"], name="evidence_kind_code_unique")
        ]

    def __str__(self) -> str:
        return self.name
