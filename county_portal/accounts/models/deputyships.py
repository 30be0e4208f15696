"""代办: somebody of the office stands in for an absent colleague for some days, under his own name."""

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from county_portal.accounts.deputies import DeputyshipStanding
from county_portal.accounts.models.regions import Office
from county_portal.accounts.roles import Role
from county_portal.common import clock
from county_portal.common.models import PublicIdModel

if TYPE_CHECKING:
    from county_portal.accounts.models.people import User


class DeputyshipQuerySet(models.QuerySet["Deputyship"]):
    """Deputyships by day and by who may see them."""

    def open_on(self, day: date) -> "DeputyshipQuerySet":
        """Not ended by anybody and not past their last day: pending, ahead or running."""
        return self.filter(ended_at__isnull=True, to_day__gte=day)

    def waiting_first(self) -> "DeputyshipQuerySet":
        """Those nobody confirmed yet, then the newest."""
        waiting = Q(confirmed_at__isnull=True, ended_at__isnull=True, to_day__gte=clock.today())
        return self.order_by(
            models.Case(models.When(waiting, then=0), default=1), "-from_day", "-pk"
        )

    def in_effect(self, day: date) -> "DeputyshipQuerySet":
        """Confirmed, within their days, and both people still as they were when it was made."""
        return self.open_on(day).filter(
            Q(deputy__deputyship=F("pk")),
            confirmed_at__isnull=False,
            from_day__lte=day,
            absent__is_active=True,
            deputy__is_active=True,
            absent__role=F("absent_role"),
            deputy__role=F("deputy_role"),
            absent__office=F("office"),
            deputy__office=F("office"),
        )


def _days_of(field: str) -> list[tuple[Func, str]]:
    """That person (as a range of one, which needs no extension of the database) on any of those days."""
    one = Func(F(field), F(field), Value("[]"), function="int8range")
    days = Func(
        "from_day", "to_day", Value("[]"), function="daterange", output_field=DateRangeField()
    )
    return [(one, RangeOperators.OVERLAPS), (days, RangeOperators.OVERLAPS)]


class Deputyship(PublicIdModel):
    """Who stands in for whom, from when until when (both included), why, named and confirmed by whom.

    Posts and office are those it was made for: it counts only while both people still have them.
    """

    absent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="covered_by", verbose_name="被代办人"
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="covers", verbose_name="代办人"
    )
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="单位")
    absent_role = models.CharField("被代办岗位", max_length=30, choices=Role.choices)
    deputy_role = models.CharField("代办人岗位", max_length=30, choices=Role.choices)
    from_day = models.DateField("自")
    to_day = models.DateField("至")
    reason = models.CharField("原因", max_length=200)
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="指定人"
    )
    named_at = models.DateTimeField("指定时间")
    # Named by the absent person it holds at once; else when the security administrator says so.
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="确认人"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="结束人"
    )
    ended_at = models.DateTimeField("结束时间", null=True)

    objects = DeputyshipQuerySet.as_manager()

    class Meta:
        ordering = ["-from_day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(deputy=F("absent")), name="deputyship_another_person"
            ),
            models.CheckConstraint(
                condition=Q(from_day__lte=F("to_day")), name="deputyship_days_in_order"
            ),
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="deputyship_has_reason"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="deputyship_confirmed_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, ended_at__isnull=True)
                | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="deputyship_ended_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | Q(named_by=F("absent"))
                | ~Q(confirmed_by=F("named_by")),
                name="deputyship_two_administrators",
            ),
            ExclusionConstraint(
                name="deputyship_one_for_an_absent",
                expressions=_days_of("absent"),
                condition=Q(ended_at__isnull=True),
            ),
            ExclusionConstraint(
                name="deputyship_one_of_a_deputy",
                expressions=_days_of("deputy"),
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy_id} for {self.absent_id} {self.from_day} to {self.to_day}"

    def runs_for(self, deputy: "User") -> bool:
        """Whether it gives this person anything today. The reverse of `DeputyshipQuerySet.in_effect`."""
        return (
            self.deputy_id == deputy.pk
            and self.is_in_time
            and self.ended_at is None
            and self.confirmed_at is not None
            and self.are_unmoved(deputy)
        )

    @property
    def is_in_time(self) -> bool:
        """Whether today is one of its days."""
        return self.from_day <= clock.today() <= self.to_day

    def are_unmoved(self, deputy: "User") -> bool:
        """Whether both are enabled, in the office and post it was made for."""
        return all(
            person.is_active and person.role == role and person.office_id == self.office_id
            for person, role in ((self.absent, self.absent_role), (deputy, self.deputy_role))
        )

    @property
    def standing(self) -> DeputyshipStanding:
        """How it stands today."""
        if self.ended_at is not None:
            return DeputyshipStanding.ENDED
        if self.to_day < clock.today():
            return DeputyshipStanding.OVER
        if not self.are_unmoved(self.deputy):
            return DeputyshipStanding.LAPSED
        if self.confirmed_at is None:
            return DeputyshipStanding.PENDING
        if self.from_day > clock.today():
            return DeputyshipStanding.AHEAD
        return DeputyshipStanding.RUNNING
