"""What a version says: targets by class, growth, stages with named counties, goals, the special fund."""

from django.db import models
from django.db.models import Q

from county_portal.accounts.models import Region
from indicators.models import FactMeaning, Indicator
from uplift.enums import GrowthMode
from uplift.models.plans import PlanVersion, only_in_a_draft

_OWN = "ROW.version_id"


class TargetLine(models.Model):
    """An indicator with targets by class for a data year; without `indicator` it is the plan's own."""

    version = models.ForeignKey(
        PlanVersion, models.CASCADE, related_name="lines", verbose_name="版本"
    )
    order = models.PositiveSmallIntegerField("序号")
    name = models.CharField("指标", max_length=120)
    unit = models.CharField("单位", max_length=20, blank=True)
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, related_name="+", verbose_name="对应指标"
    )
    data_year = models.PositiveSmallIntegerField("数据年度")
    sentence = models.TextField("原文", blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "name", "data_year"], name="uplift_line_once_a_year"
            )
        ]
        triggers = only_in_a_draft(_OWN)

    def __str__(self) -> str:
        return self.name


class ClassTarget(models.Model):
    """The number a county of a class is to reach."""

    line = models.ForeignKey(
        TargetLine, models.CASCADE, related_name="targets", verbose_name="指标"
    )
    class_name = models.CharField("类别", max_length=10)
    number = models.DecimalField("目标", max_digits=20, decimal_places=6)

    class Meta:
        ordering = ["line", "class_name"]
        constraints = [
            models.UniqueConstraint(fields=["line", "class_name"], name="uplift_target_once"),
            models.CheckConstraint(condition=Q(number__gte=0), name="uplift_target_not_negative"),
        ]
        triggers = only_in_a_draft(
            "SELECT version_id FROM public.uplift_targetline WHERE id = ROW.line_id"
        )

    def __str__(self) -> str:
        return f"{self.class_name}: {self.number}"


class GrowthRule(models.Model):
    """A figure that must grow by at least so many per cent a year."""

    version = models.ForeignKey(
        PlanVersion, models.CASCADE, related_name="growth_rules", verbose_name="版本"
    )
    order = models.PositiveSmallIntegerField("序号")
    meaning = models.ForeignKey(
        FactMeaning, models.PROTECT, related_name="+", verbose_name="数值含义"
    )
    percent = models.DecimalField("不低于（%）", max_digits=9, decimal_places=4)
    mode = models.CharField("方式", max_length=10, choices=GrowthMode.choices)
    sentence = models.TextField("原文", blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "meaning"], name="uplift_growth_once"),
            models.CheckConstraint(condition=Q(percent__gt=0), name="uplift_growth_positive"),
        ]
        triggers = only_in_a_draft(_OWN)

    def __str__(self) -> str:
        return f"{self.meaning_id} ≥ {self.percent}%"


class Stage(models.Model):
    """Where the plan wants to stand with the figures of a data year."""

    version = models.ForeignKey(
        PlanVersion, models.CASCADE, related_name="stages", verbose_name="版本"
    )
    order = models.PositiveSmallIntegerField("序号")
    name = models.CharField("阶段", max_length=60)
    data_year = models.PositiveSmallIntegerField("数据年度")
    publication_year = models.PositiveSmallIntegerField("公布年份", null=True)
    counts = models.JSONField("各类县数", default=dict)
    sentence = models.TextField("原文", blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "order"], name="uplift_stage_order_unique")
        ]
        triggers = only_in_a_draft(_OWN)

    def __str__(self) -> str:
        return self.name


class StageCounty(models.Model):
    """A county named in a stage; before and after are the same where it is named as staying."""

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="counties", verbose_name="阶段")
    order = models.PositiveSmallIntegerField("序号")
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="+", verbose_name="县（市、区）"
    )
    before = models.CharField("原类别", max_length=10)
    after = models.CharField("目标类别", max_length=10)

    class Meta:
        ordering = ["stage", "order"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "region"], name="uplift_stage_county_once")
        ]
        triggers = only_in_a_draft(
            "SELECT version_id FROM public.uplift_stage WHERE id = ROW.stage_id"
        )

    def __str__(self) -> str:
        return f"{self.region_id}: {self.before}→{self.after}"


class Goal(models.Model):
    """A class count promised outside the stages."""

    version = models.ForeignKey(
        PlanVersion, models.CASCADE, related_name="goals", verbose_name="版本"
    )
    order = models.PositiveSmallIntegerField("序号")
    year = models.PositiveSmallIntegerField("年份")
    counts = models.JSONField("各类县数", default=dict)
    sentence = models.TextField("原文")

    class Meta:
        ordering = ["order"]
        triggers = only_in_a_draft(_OWN)

    def __str__(self) -> str:
        return f"{self.year}: {self.counts}"


class FundYear(models.Model):
    """The special fund of a year, in yuan."""

    version = models.ForeignKey(
        PlanVersion, models.CASCADE, related_name="fund_years", verbose_name="版本"
    )
    year = models.PositiveSmallIntegerField("年度")
    amount = models.DecimalField("金额（元）", max_digits=16, decimal_places=2)
    uses = models.TextField("用途", blank=True)

    class Meta:
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["version", "year"], name="uplift_fund_year_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="uplift_fund_positive"),
        ]
        triggers = only_in_a_draft(_OWN)

    def __str__(self) -> str:
        return f"{self.year}: {self.amount}"
