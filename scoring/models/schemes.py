"""Schemes and their versions."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from county_portal.common.models import PublicIdModel
from county_portal.common.triggers import no_truncate
from indicators.models import IndicatorSystem
from scoring.enums import SchemeState


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
    """One version as its JSON, canonical once it is sound; a locked one never changes.

    A draft may be unsound while it is edited: `document` is then what was last saved, `sha256` its digest.
    """

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="versions", verbose_name="方案")
    number = models.PositiveIntegerField("版本")
    state = models.CharField(
        "状态", max_length=10, choices=SchemeState.choices, default=SchemeState.DRAFT
    )
    document = models.TextField("方案内容")
    sha256 = models.CharField("摘要", max_length=64)
    note = models.CharField("修订说明", max_length=500, blank=True)
    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name="所依据的版本"
    )
    # Counts changes of the draft, so that a stale page cannot overwrite a newer text.
    revision = models.PositiveIntegerField("修订号", default=0)
    # Versions that came with the product have neither author nor locker.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="拟定人"
    )
    created_at = models.DateTimeField("拟定时间", null=True)
    tested_at = models.DateTimeField("验证时间", null=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="锁定人"
    )
    locked_at = models.DateTimeField("锁定时间", null=True)

    class Meta:
        ordering = ["scheme", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "number"], name="scheme_version_number_unique"
            ),
            models.UniqueConstraint(
                fields=["scheme"],
                condition=Q(state__in=["draft", "tested"]),
                name="scheme_version_one_in_preparation",
            ),
            models.CheckConstraint(
                condition=Q(locked_by__isnull=True) | ~Q(locked_by=models.F("created_by")),
                name="scheme_version_locked_by_second_person",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="locked_only_when_tested",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__state=SchemeState.LOCKED)
                & ~pgtrigger.Q(old__state=SchemeState.TESTED),
            ),
            pgtrigger.Protect(
                name="locked_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=SchemeState.LOCKED),
            ),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return f"{self.scheme.name}（第{self.number}版）"


class GoldenCase(PublicIdModel):
    """Figures of one county whose points are known beforehand; all must come out before a version is locked.

    `figures` and `expected` are texts: the engine's county document, and its points by indicator, total and class.
    """

    version = models.ForeignKey(
        SchemeVersion, models.CASCADE, related_name="golden_cases", verbose_name="方案版本"
    )
    order = models.PositiveSmallIntegerField("序号")
    name = models.CharField("名称", max_length=120)
    source = models.CharField("出处", max_length=300, blank=True)
    figures = models.TextField("数据")
    expected = models.TextField("应得结果")

    class Meta:
        ordering = ["version", "order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "order"], name="golden_case_order_unique"),
            models.UniqueConstraint(fields=["version", "name"], name="golden_case_name_unique"),
        ]
        triggers = [
            # The cases of a locked version are as closed as its text.
            pgtrigger.Trigger(
                name="locked_cases_are_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (SELECT 1 FROM public.scoring_schemeversion
                               WHERE id = OLD.version_id AND state = 'locked') THEN
                        RAISE EXCEPTION 'cases of a locked scheme never change: %', TG_OP;
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return self.name
