"""Appeals (申诉) against a line of a published result, and the corrections they lead to."""

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from county_portal.accounts.jurisdiction import within_reach
from county_portal.accounts.models import Office, Region
from county_portal.accounts.roles import Permission
from county_portal.common.models import PublicIdModel, StepRecord
from county_portal.common.triggers import append_only, no_truncate
from county_portal.files.models import StoredFile
from indicators.models import Collection
from scoring.enums import AppealAction, AppealState
from scoring.models.lists import PublishedList
from scoring.models.runs import GradingRun, Result, closed_when_complete

if TYPE_CHECKING:
    from county_portal.accounts.models import User


class AppealQuerySet(models.QuerySet["Appeal"]):
    """Filters on appeals."""

    def visible_to(self, user: "User") -> "AppealQuerySet":
        """Its county's, those of the city's counties, all to the province."""
        return self.filter(within_reach(user, Permission.VIEW_APPEALS))


class Appeal(PublicIdModel):
    """A county's objection to one scored line of its result; one under way per line."""

    published_list = models.ForeignKey(
        PublishedList, models.PROTECT, related_name="appeals", verbose_name="名单"
    )
    result = models.ForeignKey(
        Result, models.PROTECT, related_name="appeals", verbose_name="评价结果"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="appeals", verbose_name="县（市、区）"
    )
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="申诉单位")
    # Who gives the opinion; copied when it is filed, since a county may change hands.
    reviewing_office = models.ForeignKey(
        Office, models.PROTECT, related_name="+", verbose_name="审核单位"
    )
    indicator_code = models.CharField("指标", max_length=20)
    state = models.CharField(
        "状态", max_length=12, choices=AppealState.choices, default=AppealState.FILED
    )
    state_since = models.DateTimeField("自何时")
    claim = models.TextField("申诉理由")
    # The engine's figure document: as scored, as claimed, as the province would correct it.
    scored_figure = models.JSONField("计分所用数据")
    claimed_figure = models.JSONField("主张的数据", null=True)
    proposed_figure = models.JSONField("拟更正的数据", null=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申诉人"
    )
    filed_at = models.DateTimeField("申诉时间")
    city_supports = models.BooleanField("市级是否支持", null=True)
    city_opinion = models.TextField("市级意见", blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="省级复查人",
    )
    proposes_correction = models.BooleanField("拟否更正", null=True)
    review_words = models.TextField("复查意见", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="决定人"
    )
    decided_at = models.DateTimeField("决定时间", null=True)
    decision_words = models.TextField("决定", blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["-filed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["result", "indicator_code"],
                condition=Q(state__in=["filed", "opined", "reviewed"]),
                name="appeal_one_under_way_per_line",
            ),
            models.CheckConstraint(condition=Q(claim__regex=r"\S"), name="appeal_has_a_claim"),
            models.CheckConstraint(
                condition=~Q(state__in=["upheld", "rejected"])
                | (
                    Q(decided_by__isnull=False, decided_at__isnull=False)
                    & Q(reviewed_by__isnull=False)
                    & Q(decision_words__regex=r"\S")
                ),
                name="appeal_decided_with_words",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("reviewed_by")),
                name="appeal_decided_by_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="upheld") | Q(proposed_figure__isnull=False),
                name="appeal_upheld_has_a_figure",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="decided_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=[AppealState.UPHELD, AppealState.REJECTED]),
            ),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return f"{self.region.full_name}的申诉"


class AppealFile(PublicIdModel):
    """Evidence that came with an appeal."""

    append_only = True

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="files", verbose_name="申诉")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    name = models.CharField("材料名称", max_length=120)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    added_at = models.DateTimeField("上传时间")

    class Meta:
        ordering = ["appeal", "added_at", "pk"]
        triggers = append_only()

    def __str__(self) -> str:
        return self.name


class AppealStep(StepRecord):
    """One move of an appeal."""

    append_only = True

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="steps", verbose_name="申诉")
    action = models.CharField("事项", max_length=12, choices=[(a, a) for a in AppealAction])
    source = models.CharField("原状态", max_length=12, blank=True)
    target = models.CharField("新状态", max_length=12)

    class Meta:
        ordering = ["appeal", "at", "pk"]
        triggers = append_only()


class FigureCorrection(models.Model):
    """A figure as decided on an appeal: every later run of the collection is graded from it.

    The county's sheet keeps what the county stated and the city confirmed; this says what counts instead.
    """

    append_only = True

    appeal = models.OneToOneField(
        Appeal, models.PROTECT, related_name="correction", verbose_name="申诉"
    )
    collection = models.ForeignKey(
        Collection, models.PROTECT, related_name="figure_corrections", verbose_name="采集任务"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="figure_corrections", verbose_name="县（市、区）"
    )
    indicator_code = models.CharField("指标", max_length=20)
    figure = models.JSONField("更正后的数据")
    made_at = models.DateTimeField("更正时间")

    class Meta:
        ordering = ["collection", "region", "indicator_code", "made_at", "pk"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.region_id} {self.indicator_code}"


class AppliedCorrection(models.Model):
    """A correction that a run's inputs were overlaid with; written with the run, in its transaction."""

    append_only = True

    run = models.ForeignKey(
        GradingRun, models.PROTECT, related_name="applied_corrections", verbose_name="评价运行"
    )
    correction = models.ForeignKey(
        FigureCorrection, models.PROTECT, related_name="applications", verbose_name="更正"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "correction"], name="applied_correction_once_a_run"
            )
        ]
        triggers = [*append_only(), closed_when_complete("SELECT run_id FROM new_rows")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.correction_id}"
