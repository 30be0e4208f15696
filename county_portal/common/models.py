"""Abstract models of the kernel."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from county_portal.common.text import name_in_stead
from county_portal.common.triggers import append_only


class PublicIdModel(models.Model):
    """A row that URLs name by an unguessable id."""

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class ActorRecord(models.Model):
    """What somebody did, kept with whom he stood in for. The `actor` is the heirs'."""

    # As named then; blank for an act of the actor's own post.
    stood_in_for = models.CharField("代", max_length=60, blank=True, default="")

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Note, with the act, whom its actor stands in for."""
        actor: Any = getattr(self, "actor", None)
        absent = actor.acts_for if self._state.adding and actor else None
        if absent:
            self.stood_in_for = absent.display_name
        super().save(*args, **kwargs)

    @property
    def actor_name(self) -> str:
        """Who did it, as pages print it: 李某, or 李某（代王某）."""
        actor: Any = getattr(self, "actor", None)
        return name_in_stead(actor.display_name, self.stood_in_for) if actor else ""


class StepRecord(ActorRecord):
    """One move through a workflow: who, when, with which words. The owner, action and states are the heirs'."""

    label = models.CharField("事项名称", max_length=30)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人"
    )
    comment = models.TextField("意见", blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.label} {self.at:%Y-%m-%d %H:%M}"


class SnapshotRecord(models.Model):
    """Something as it was at a step, in the canonical form the digest is of. Of what, and which step, is the heirs'."""

    number = models.PositiveIntegerField("版次")
    content = models.TextField("内容")
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"第{self.number}版"


class Postponement(ActorRecord):
    """Later days of something announced to counties and their reviewing offices; those before stay to be read.

    Append-only; of what is the heirs'.
    """

    append_only = True

    county_due_from = models.DateField("原县级截止日期")
    county_due_to = models.DateField("县级截止日期")
    city_due_from = models.DateField("原市级截止日期")
    city_due_to = models.DateField("市级截止日期")
    # Read by everybody who reads the days.
    reason = models.CharField("延期原因", max_length=200)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人"
    )
    at = models.DateTimeField("时间")

    class Meta:
        abstract = True
        ordering = ["at", "pk"]
        triggers = append_only()
        constraints = [
            models.CheckConstraint(
                condition=Q(county_due_to__gte=F("county_due_from"))
                & Q(city_due_to__gte=F("city_due_from"))
                & (
                    Q(county_due_to__gt=F("county_due_from"))
                    | Q(city_due_to__gt=F("city_due_from"))
                ),
                name="%(class)s_gives_time",
            ),
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="%(class)s_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.county_due_to}、{self.city_due_to}"

    @property
    def moves_county(self) -> bool:
        """Whether counties have longer."""
        return self.county_due_to != self.county_due_from

    @property
    def moves_city(self) -> bool:
        """Whether the reviewing offices have longer."""
        return self.city_due_to != self.city_due_from
