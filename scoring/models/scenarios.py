"""What-if scenarios of a county: saved by name, never submitted."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from county_portal.accounts.models import Region
from county_portal.accounts.roles import Permission
from county_portal.common.models import PublicIdModel
from indicators.models import Submission
from scoring.models.runs import GradingRun

if TYPE_CHECKING:
    from county_portal.accounts.models import User


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    """Filters on scenarios."""

    def visible_to(self, user: "User") -> "ScenarioQuerySet":
        """Those of one's own county; the city above and the province do not look into them."""
        if not user.holds(Permission.PLAN_AHEAD):
            return self.none()
        return self.filter(region=user.office.region_id)


class Scenario(PublicIdModel):
    """Changed figures over a result or over a sheet being filled; the arithmetic is done when it is read."""

    region = models.ForeignKey(
        Region, models.PROTECT, related_name="scenarios", verbose_name="县（市、区）"
    )
    run = models.ForeignKey(
        GradingRun, models.PROTECT, null=True, related_name="+", verbose_name="所依据的评价"
    )
    submission = models.ForeignKey(
        Submission, models.PROTECT, null=True, related_name="+", verbose_name="所依据的填报表"
    )
    name = models.CharField("名称", max_length=60)
    # By indicator code: what is different, as texts (value, numerator, denominator, counts of items by kind).
    changes = models.JSONField("改动", default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="建立人"
    )
    updated_at = models.DateTimeField("更新时间")
    revision = models.PositiveIntegerField("修订号", default=0)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "run", "submission", "name"],
                nulls_distinct=False,
                name="scenario_name_once",
            ),
            models.CheckConstraint(
                condition=Q(run__isnull=False, submission__isnull=True)
                | Q(run__isnull=True, submission__isnull=False),
                name="scenario_has_one_basis",
            ),
        ]

    def __str__(self) -> str:
        return self.name
