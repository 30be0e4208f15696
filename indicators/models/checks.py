"""Rules as data, and the reasons counties give where one warns."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from county_portal.common.models import PublicIdModel
from indicators.enums import CheckKind, Severity
from indicators.models.submissions import Submission
from indicators.models.systems import SystemVersion


class CheckRule(PublicIdModel):
    """One rule of a version; the province sets what it asks and how severe it is."""

    version = models.ForeignKey(
        SystemVersion, models.CASCADE, related_name="checks", verbose_name="指标体系版本"
    )
    code = models.SlugField("代码", max_length=60)
    order = models.PositiveSmallIntegerField("序号")
    kind = models.CharField("种类", max_length=30, choices=CheckKind.choices)
    name = models.CharField("名称", max_length=120)
    # Blank: every indicator the kind applies to.
    indicators = ArrayField(
        models.CharField(max_length=20), verbose_name="适用指标", default=list, blank=True
    )
    params = models.JSONField("参数", default=dict)
    severity = models.CharField("处理方式", max_length=10, choices=Severity.choices)
    source = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="check_rule_code_unique")
        ]

    def __str__(self) -> str:
        return self.name


class Explanation(models.Model):
    """Why a warned figure stands. It speaks of one finding and falls with it."""

    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="explanations", verbose_name="填报表"
    )
    indicator_code = models.CharField("指标", max_length=20)
    rule_code = models.CharField("规则", max_length=60)
    # Of the finding's sentence: another figure gives another sentence, which needs its own reason.
    finding_digest = models.CharField("提示摘要", max_length=64)
    reason = models.CharField("原因", max_length=500)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人"
    )
    given_at = models.DateTimeField("填写时间")

    class Meta:
        ordering = ["indicator_code", "rule_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "indicator_code", "rule_code"],
                name="explanation_one_per_finding",
            ),
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="explanation_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_code} {self.rule_code}"
