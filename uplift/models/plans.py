"""A plan of an office, and its versions: one is in force, at most one in preparation."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from county_portal.accounts.models import Office
from county_portal.common.models import PublicIdModel, StepRecord
from county_portal.common.triggers import append_only
from indicators.models import SystemVersion
from uplift.enums import IN_PREPARATION, PlanAction, VersionState


class Plan(PublicIdModel):
    """A plan as a matter of its office; what it says stands in its versions."""

    office = models.ForeignKey(
        Office, models.PROTECT, related_name="uplift_plans", verbose_name="制定单位"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="建立人"
    )
    created_at = models.DateTimeField("建立时间")

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.office_id}: {self.public_id}"


class PlanVersion(PublicIdModel):
    """One version of a plan; what it says is frozen once it is handed in."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions", verbose_name="跃升计划")
    number = models.PositiveSmallIntegerField("版次")
    state = models.CharField(
        "状态", max_length=10, choices=VersionState.choices, default=VersionState.DRAFTED
    )
    state_since = models.DateTimeField("状态起始")
    # Counts savings of the draft, by which a form knows that nobody wrote meanwhile.
    revision = models.PositiveIntegerField("修改次数", default=0)
    system_version = models.ForeignKey(
        SystemVersion, models.PROTECT, related_name="+", verbose_name="指标体系版本"
    )
    title = models.CharField("名称", max_length=120)
    document_number = models.CharField("文号", max_length=80, blank=True)
    base_year = models.PositiveSmallIntegerField("基期数据年度")
    from_year = models.PositiveSmallIntegerField("起始年")
    to_year = models.PositiveSmallIntegerField("终止年")
    # Best first; the last has no targets.
    classes = ArrayField(models.CharField(max_length=10), verbose_name="类别")
    base_counts = models.JSONField("基期各类县数", default=dict)
    sentence = models.TextField("基期原文", blank=True)
    amendment_reason = models.CharField("修订原因", max_length=500, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟定人"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="送审人"
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审定人"
    )
    settled_at = models.DateTimeField("审定时间", null=True)
    digest = models.CharField("文本摘要", max_length=64, blank=True)

    class Meta:
        ordering = ["plan", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="uplift_version_number_unique"),
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(state__in=IN_PREPARATION),
                name="uplift_version_one_in_preparation",
            ),
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(state=VersionState.SETTLED),
                name="uplift_version_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(to_year__gte=F("from_year"), to_year__gt=F("base_year")),
                name="uplift_version_years_in_order",
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True)
                | (~Q(settled_by=F("drafted_by")) & ~Q(settled_by=F("submitted_by"))),
                name="uplift_version_settled_by_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["settled", "replaced", "closed"])
                | (Q(settled_by__isnull=False, settled_at__isnull=False) & ~Q(digest="")),
                name="uplift_version_settled_is_sealed",
            ),
            models.CheckConstraint(
                condition=Q(number=1, amendment_reason="")
                | (Q(number__gt=1) & Q(amendment_reason__regex=r"\S")),
                name="uplift_version_amended_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title if self.number == 1 else f"{self.title}（第{self.number}版）"

    @property
    def is_in_preparation(self) -> bool:
        """Whether it may still become the one in force."""
        return self.state in IN_PREPARATION


class VersionStep(StepRecord):
    """One move of a version through its life."""

    version = models.ForeignKey(
        PlanVersion, models.PROTECT, related_name="steps", verbose_name="版本"
    )
    action = models.CharField(
        "办理", max_length=10, choices=[(each.value, each.value) for each in PlanAction]
    )
    from_state = models.CharField("原状态", max_length=10, choices=VersionState.choices)
    to_state = models.CharField("新状态", max_length=10, choices=VersionState.choices)

    class Meta:
        ordering = ["-at", "-pk"]
        triggers = append_only()


def only_in_a_draft(version_sql: str) -> list[pgtrigger.Trigger]:
    """What a version says may be written only while it is drawn up; `version_sql` gives its id from ROW.

    Tables are named by their schema: a temporary table of the same name would be found first.
    """
    old, new = version_sql.replace("ROW", "OLD"), version_sql.replace("ROW", "NEW")
    func = f"""
        IF TG_OP <> 'INSERT' AND EXISTS (SELECT 1 FROM public.uplift_planversion
                WHERE id = ({old}) AND state <> 'drafted') THEN
            RAISE EXCEPTION 'plan text is frozen: % on %', TG_OP, TG_TABLE_NAME;
        END IF;
        IF TG_OP <> 'DELETE' AND EXISTS (SELECT 1 FROM public.uplift_planversion
                WHERE id = ({new}) AND state <> 'drafted') THEN
            RAISE EXCEPTION 'plan text is frozen: % on %', TG_OP, TG_TABLE_NAME;
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    """  # noqa: S608 -- the expressions are the models' own
    return [
        pgtrigger.Trigger(
            name="frozen_once_handed_in",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            func=func,
        )
    ]
