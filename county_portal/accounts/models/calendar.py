"""Days off and working days that differ from the week."""

from django.db import models


class DayKind(models.TextChoices):
    """What such a day is."""

    OFF = "off", "放假"
    WORK = "work", "调休上班"


class CalendarDay(models.Model):
    """A day that is not what its place in the week says, by the State Council's yearly notice (国办发明电)."""

    day = models.DateField("日期", unique=True)
    kind = models.CharField("类别", max_length=4, choices=DayKind.choices)
    name = models.CharField("名称", max_length=40)
    source = models.CharField("依据", max_length=120)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=DayKind.values), name="calendar_day_kind_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.get_kind_display()}"
