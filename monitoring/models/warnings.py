"""Warnings (预警) and what was done about each."""

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from county_portal.accounts.jurisdiction import within_reach
from county_portal.accounts.models import Office, Region
from county_portal.accounts.roles import Permission
from county_portal.common.models import PublicIdModel, StepRecord
from county_portal.common.triggers import append_only, no_truncate
from indicators.models import Indicator, MonthlyCall
from monitoring.enums import OPEN_STATES, Severity, Stage, WarningAction, WarningKind, WarningState

if TYPE_CHECKING:
    from county_portal.accounts.models import User

_OPEN = [str(state) for state in OPEN_STATES]


class WarningQuerySet(models.QuerySet["Warning"]):
    """Filters on warnings."""

    def visible_to(self, user: "User") -> "WarningQuerySet":
        """Its county's, those of the city's counties, all to the province."""
        return self.filter(within_reach(user, Permission.VIEW_WARNINGS))

    def open(self) -> "WarningQuerySet":
        """Those not settled."""
        return self.filter(state__in=_OPEN)


class Warning(PublicIdModel):  # noqa: A001 -- the word of the field; nothing here warns of Python
    """One thing that is off in a county's year; unique while open by county, indicator and kind."""

    call = models.ForeignKey(
        MonthlyCall, models.PROTECT, related_name="warnings", verbose_name="月报"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="warnings", verbose_name="县（市、区）"
    )
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="县级单位")
    # Copied when it is raised, since a county may change hands.
    reviewing_office = models.ForeignKey(
        Office, models.PROTECT, related_name="+", verbose_name="市级单位"
    )
    # None where it concerns the county as a whole: months missing, the class.
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, related_name="warnings", verbose_name="指标"
    )
    kind = models.CharField("种类", max_length=12, choices=WarningKind.choices)
    severity = models.CharField("程度", max_length=10, choices=Severity.choices)
    state = models.CharField(
        "状态", max_length=10, choices=WarningState.choices, default=WarningState.RAISED
    )
    stage = models.CharField("办理层级", max_length=10, choices=Stage.choices, default=Stage.COUNTY)
    stage_since = models.DateTimeField("自何时")
    due_on = models.DateField("至何时", null=True)
    month = models.PositiveSmallIntegerField("依据月份")
    cause = models.TextField("情况")
    facts = models.JSONField("依据数据", default=dict)
    responsible = models.JSONField("责任单位", default=list)
    raised_at = models.DateTimeField("发出时间")
    # What the county says: why, what it does, until when.
    answer_cause = models.TextField("原因说明", blank=True)
    answer_steps = models.TextField("整改措施", blank=True)
    promised_on = models.DateField("承诺日期", null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="说明人"
    )
    closed_at = models.DateTimeField("解除时间", null=True)
    # None where the figures themselves closed it.
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="解除人"
    )
    closing_words = models.TextField("解除说明", blank=True)

    objects = WarningQuerySet.as_manager()

    class Meta:
        ordering = ["-severity", "-raised_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "region", "indicator", "kind"],
                condition=Q(state__in=_OPEN),
                nulls_distinct=False,
                name="warning_one_open_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(month__gte=0, month__lte=12), name="warning_month_exists"
            ),
            models.CheckConstraint(
                condition=Q(state__in=_OPEN, closed_at__isnull=True)
                | Q(state="closed", closed_at__isnull=False, closing_words__regex=r"\S"),
                name="warning_closed_with_words",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered")
                | Q(
                    answered_by__isnull=False,
                    promised_on__isnull=False,
                    answer_cause__regex=r"\S",
                    answer_steps__regex=r"\S",
                ),
                name="warning_answered_in_full",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="warning_waiting")]
        triggers = [
            pgtrigger.Protect(
                name="closed_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=WarningState.CLOSED),
            ),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return f"{self.region.full_name}：{self.subject}{self.get_kind_display()}"

    @property
    def where(self) -> str:
        """Where it stands in words: what went on to city or province no longer waits for the county."""
        if self.state == WarningState.CLOSED or self.stage == Stage.COUNTY:
            return WarningState(self.state).label
        return f"待{Stage(self.stage).label}督办"

    @property
    def subject(self) -> str:
        """The indicator, blank for the county as a whole."""
        return f"“{self.indicator.name}”" if self.indicator else ""

    @property
    def is_open(self) -> bool:
        """Whether something is left to do."""
        return self.state in OPEN_STATES


class WarningStep(StepRecord):
    """What happened to a warning; `actor` None where the portal did it by the figures or the timetable."""

    append_only = True

    actor = models.ForeignKey(  # type: ignore[assignment]  # the portal acts too
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办理人"
    )
    warning = models.ForeignKey(Warning, models.PROTECT, related_name="steps", verbose_name="预警")
    action = models.CharField("事项", max_length=12, choices=[(a, a) for a in WarningAction])
    source = models.CharField("原状态", max_length=12, blank=True)
    target = models.CharField("新状态", max_length=12)
    severity = models.CharField("程度", max_length=10, choices=Severity.choices)
    stage = models.CharField("办理层级", max_length=10, choices=Stage.choices)

    class Meta:
        ordering = ["warning", "at", "pk"]
        triggers = append_only()
