"""What passed between county, city and province over an application."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.enums import ApplicationAction, ApplicationState, Section
from applications.models.applications import Application
from county_portal.common.models import PublicIdModel, SnapshotRecord, StepRecord
from county_portal.common.triggers import append_only


class ApplicationStep(StepRecord):
    """One move of an application. Append-only."""

    append_only = True

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="steps", verbose_name="申报材料"
    )
    action = models.CharField(
        "事项", max_length=20, choices=[(str(action), str(action)) for action in ApplicationAction]
    )
    from_state = models.CharField("原状态", max_length=20, choices=ApplicationState.choices)
    to_state = models.CharField("新状态", max_length=20, choices=ApplicationState.choices)
    revision = models.PositiveIntegerField("修订号")

    class Meta:
        ordering = ["at", "pk"]
        triggers = append_only()
        constraints = [
            models.CheckConstraint(
                condition=~Q(action__in=["return", "send_back", "leave_out", "refuse"])
                | Q(comment__regex=r"\S"),
                name="application_step_has_comment",
            ),
        ]


class ApplicationSnapshot(SnapshotRecord):
    """The materials as they were at a step, in the canonical form the digest is of. Append-only."""

    append_only = True

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="snapshots", verbose_name="申报材料"
    )
    step = models.OneToOneField(
        ApplicationStep, models.PROTECT, related_name="snapshot", verbose_name="事项"
    )

    class Meta:
        ordering = ["application", "number"]
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(
                fields=["application", "number"], name="application_snapshot_number_unique"
            )
        ]


class Request(PublicIdModel):
    """One thing a return asks for (退回要求), and the county's answer."""

    step = models.ForeignKey(
        ApplicationStep, models.PROTECT, related_name="requests", verbose_name="事项"
    )
    section = models.CharField("部分", max_length=12, choices=Section.choices)
    # The row's order in the table, or blank for the whole section.
    row = models.PositiveSmallIntegerField("行", null=True)
    wanted = models.CharField("要求", max_length=500)
    answer = models.CharField("县级答复", max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )
    answered_at = models.DateTimeField("答复时间", null=True)

    class Meta:
        ordering = ["step", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(wanted__regex=r"\S"), name="request_has_words"),
        ]

    def __str__(self) -> str:
        return self.wanted


class Guidance(PublicIdModel):
    """指导意见: a remark on a section while it is being written, open until somebody calls it settled."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="guidance", verbose_name="申报材料"
    )
    section = models.CharField("部分", max_length=12, choices=Section.choices)
    text = models.CharField("意见", max_length=1000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人"
    )
    written_at = models.DateTimeField("时间")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办结人"
    )
    settled_at = models.DateTimeField("办结时间", null=True)

    class Meta:
        ordering = ["application", "section", "written_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(text__regex=r"\S"), name="guidance_has_words"),
        ]

    def __str__(self) -> str:
        return self.text


class CityOpinion(models.Model):
    """推荐意见: the place a city gives a county among its own, and why it is recommended."""

    application = models.OneToOneField(
        Application, models.PROTECT, related_name="city_opinion", verbose_name="申报材料"
    )
    place = models.PositiveSmallIntegerField("推荐次序", null=True)
    reasons = models.TextField("推荐理由", blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人"
    )
    given_at = models.DateTimeField("填写时间")

    def __str__(self) -> str:
        return f"{self.place}"


class RoundOpinion(models.Model):
    """A city's opinion on all it recommends in a round: the last part of its letter."""

    round = models.ForeignKey(
        "applications.PilotRound", models.PROTECT, related_name="opinions", verbose_name="批次"
    )
    office = models.ForeignKey(
        "accounts.Office", models.PROTECT, related_name="+", verbose_name="推荐单位"
    )
    text = models.TextField("推荐意见")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人"
    )
    given_at = models.DateTimeField("填写时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "office"], name="round_opinion_once")
        ]

    def __str__(self) -> str:
        return self.text
