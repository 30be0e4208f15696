"""A year's call for figures."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from county_portal.common.models import Postponement, PublicIdModel
from indicators.enums import CollectionState
from indicators.models.systems import SystemVersion


def remind_days() -> list[int]:
    """A week, three days and a day before."""
    return [7, 3, 1]


def escalate_days() -> list[int]:
    """County's head after a day, city after three, province after seven."""
    return [1, 3, 7]


class RealCollections(models.Manager["Collection"]):
    """Every collection but those people practise in: what lists, counts, grades and exports begin with."""

    def get_queryset(self) -> models.QuerySet["Collection"]:
        """Without practice."""
        return super().get_queryset().filter(is_practice=False)


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
    # Days before a deadline on which its holder is reminded, and days after it on which the county's
    # head, the city and the province are told.
    remind_before = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name="提前几天提醒", default=remind_days
    )
    escalate_after = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name="逾期几天上报",
        default=escalate_days,
        size=3,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟定人"
    )
    opened_at = models.DateTimeField("开放时间", null=True)
    closed_at = models.DateTimeField("截止时间", null=True)
    is_practice = models.BooleanField("试填", default=False)

    objects = RealCollections()
    with_practice = models.Manager["Collection"]()

    class Meta:
        ordering = ["-data_year", "-opens_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "data_year", "is_practice"], name="collection_year_unique"
            ),
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


class CollectionPostponement(Postponement):
    """Later days of a collection that counties fill."""

    collection = models.ForeignKey(
        Collection, models.PROTECT, related_name="postponements", verbose_name="采集任务"
    )
