"""Rounds of applications (申报批次)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from applications.enums import Material, RoundState, all_materials
from county_portal.accounts.models import Office
from county_portal.accounts.roles import Level, Permission
from county_portal.common.models import Postponement, PublicIdModel
from county_portal.files.models import StoredFile
from indicators.models import SystemVersion

if TYPE_CHECKING:
    from county_portal.accounts.models import User

# S0 annex 2-1, note: 再自选10项指标; S0 三(二): 试点建设期限原则上为3年.
STARS, TERM_YEARS, TARGET_YEARS = 10, 3, 3


class PilotRoundQuerySet(models.QuerySet["PilotRound"]):
    """Filters on rounds."""

    def visible_to(self, user: "User") -> "PilotRoundQuerySet":
        """All for the province; what was opened for counties and cities; nothing for anybody else."""
        if user.holds(Permission.RUN_PILOTS):
            return self
        if user.holds(Permission.VIEW_PILOTS) or user.holds(Permission.JUDGE_PILOTS):
            return self.exclude(state=RoundState.DRAFT)
        return self.none()

    def announced(self) -> "PilotRoundQuerySet":
        """What everybody may read."""
        return self.exclude(state=RoundState.DRAFT)


class PilotRound(PublicIdModel):
    """One call for pilots. `year` is 今年: the table's columns are the absolute years year-1 … year+2."""

    title = models.CharField("名称", max_length=120)
    year = models.PositiveSmallIntegerField("年度")
    # Counties, or townships under a county that is a pilot (S4).
    unit_level = models.CharField(
        "申报层级",
        max_length=10,
        choices=[(Level.COUNTY, "县（市、区）"), (Level.TOWNSHIP, "乡镇（街道）")],
        default=Level.COUNTY,
    )
    version = models.ForeignKey(
        SystemVersion, models.PROTECT, related_name="rounds", verbose_name="指标体系表版本"
    )
    basis = models.CharField("依据文件", max_length=200)
    # Everybody may read it once the round is announced.
    basis_file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="依据文件全文"
    )
    notes = models.TextField("申报说明", blank=True)
    materials = ArrayField(
        models.CharField(max_length=12, choices=Material.choices),
        verbose_name="申报材料",
        default=all_materials,
    )
    stars = models.PositiveSmallIntegerField("自选考核指标数", default=STARS)
    term_years = models.PositiveSmallIntegerField("建设期限（年）", default=TERM_YEARS)
    opens_on = models.DateField("开始日期")
    county_due_on = models.DateField("县级报送截止日期")
    city_due_on = models.DateField("市级推荐截止日期")
    notice_days = models.PositiveSmallIntegerField("公示天数", default=7)
    state = models.CharField(
        "状态", max_length=10, choices=RoundState.choices, default=RoundState.DRAFT
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟定人"
    )
    opened_at = models.DateTimeField("开放时间", null=True)
    closed_at = models.DateTimeField("截止时间", null=True)

    objects = PilotRoundQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-opens_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["title"], name="pilot_round_title_unique"),
            models.CheckConstraint(
                condition=Q(opens_on__lte=F("county_due_on"))
                & Q(county_due_on__lte=F("city_due_on")),
                name="pilot_round_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(opened_at__isnull=False),
                name="pilot_round_opened_has_time",
            ),
            models.CheckConstraint(
                condition=Q(term_years__gte=1), name="pilot_round_term_is_a_year_at_least"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def last_year(self) -> int:
        """上年: the year of the table's first column."""
        return self.year - 1

    @property
    def target_years(self) -> list[int]:
        """今年, 明年, 后年."""
        return [self.year + offset for offset in range(TARGET_YEARS)]


class RoundQuota(models.Model):
    """How many counties a city may recommend in a round."""

    round = models.ForeignKey(
        PilotRound, models.CASCADE, related_name="quotas", verbose_name="批次"
    )
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="推荐单位")
    places = models.PositiveSmallIntegerField("推荐名额")

    class Meta:
        ordering = ["round", "office__order", "office"]
        constraints = [
            models.UniqueConstraint(fields=["round", "office"], name="round_quota_once_per_office")
        ]

    def __str__(self) -> str:
        return f"{self.office}：{self.places}"


class RoundPostponement(Postponement):
    """Later days of a round that had been announced."""

    round = models.ForeignKey(
        PilotRound, models.PROTECT, related_name="postponements", verbose_name="批次"
    )
