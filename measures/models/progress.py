"""What units report month by month, how a measure's standing changed and why, who was urged. All append-only."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from county_portal.common.models import PublicIdModel, StepRecord
from county_portal.common.triggers import append_only
from county_portal.files.models import StoredFile
from measures.enums import Standing
from measures.models.ledgers import Duty, Goal, Measure


class ProgressEntry(PublicIdModel):
    """What a unit did for a measure in a month. Said again it is a new entry; the newest of a month holds."""

    append_only = True

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="entries", verbose_name="分工")
    month = models.DateField("月份")  # its first day
    words = models.TextField("进展情况")
    next_steps = models.TextField("下步打算", blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填报人"
    )
    entered_at = models.DateTimeField("填报时间")

    class Meta:
        ordering = ["month", "pk"]
        triggers = append_only()
        indexes = [models.Index(fields=["duty", "month"], name="entry_of_month")]
        constraints = [
            models.CheckConstraint(condition=Q(words__regex=r"\S"), name="entry_has_words"),
            models.CheckConstraint(condition=Q(month__day=1), name="entry_month_is_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class GoalFigure(models.Model):
    """Where a goal stood at the end of an entry's month."""

    append_only = True

    entry = models.ForeignKey(
        ProgressEntry, models.PROTECT, related_name="figures", verbose_name="进展"
    )
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="figures", verbose_name="目标")
    number = models.DecimalField("数值", max_digits=20, decimal_places=6)

    class Meta:
        ordering = ["entry", "goal"]
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(fields=["entry", "goal"], name="goal_figure_once_per_entry"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class EntryFile(PublicIdModel):
    """A piece of evidence of an entry."""

    append_only = True

    entry = models.ForeignKey(
        ProgressEntry, models.PROTECT, related_name="files", verbose_name="进展"
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="佐证材料")

    class Meta:
        ordering = ["entry", "pk"]
        triggers = append_only()

    def __str__(self) -> str:
        return self.file.name


class StandingStep(StepRecord):
    """One change of a measure's standing."""

    append_only = True

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="steps", verbose_name="措施")
    action = models.CharField("操作", max_length=12)
    from_state = models.CharField("原状态", max_length=12, choices=Standing.choices)
    to_state = models.CharField("新状态", max_length=12, choices=Standing.choices)

    class Meta:
        ordering = ["at", "pk"]
        triggers = append_only()
        constraints = [
            models.CheckConstraint(
                condition=Q(action="begin") | Q(comment__regex=r"\S"),
                name="standing_step_has_reason",
            ),
        ]


class Urge(models.Model):
    """The units of a measure were urged, in these words."""

    append_only = True

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="urges", verbose_name="措施")
    words = models.TextField("催办意见")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="催办人"
    )
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["at", "pk"]
        triggers = append_only()
        constraints = [
            models.CheckConstraint(condition=Q(words__regex=r"\S"), name="urge_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"
