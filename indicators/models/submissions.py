"""One county's answers: the sheet, its figures, its named items."""

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from county_portal.accounts.jurisdiction import within_reach
from county_portal.accounts.models import Office, Region
from county_portal.accounts.roles import Permission
from county_portal.common.models import PublicIdModel
from county_portal.files.models import StoredFile
from indicators.enums import (
    EDITABLE,
    Absence,
    CollectionState,
    SubmissionState,
    ValueStatus,
)
from indicators.models.collections import Collection
from indicators.models.systems import EvidenceKind, Indicator

if TYPE_CHECKING:
    from county_portal.accounts.models import User


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Filters on submissions."""

    def visible_to(self, user: "User") -> "SubmissionQuerySet":
        """A county's own, a reviewing office's counties, all for the province; nothing for anybody else."""
        seen = self.filter(within_reach(user, Permission.VIEW_SUBMISSIONS))
        # Whose eyes reach beyond one office never meet what somebody practises.
        return seen if user.is_practice else seen.filter(collection__is_practice=False)


class Submission(PublicIdModel):
    """One county's answers in one collection. The reviewing office is the one of that day."""

    collection = models.ForeignKey(
        Collection, models.PROTECT, related_name="submissions", verbose_name="采集任务"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="submissions", verbose_name="县（市、区）"
    )
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="submissions", verbose_name="填报单位"
    )
    reviewing_office = models.ForeignKey(
        Office, models.PROTECT, related_name="reviewed_submissions", verbose_name="审核单位"
    )
    state = models.CharField(
        "状态", max_length=20, choices=SubmissionState.choices, default=SubmissionState.DRAFT
    )
    state_since = models.DateTimeField("自何时")
    revision = models.PositiveIntegerField("修订号", default=0)
    submitted_at = models.DateTimeField("提交时间", null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提交人"
    )
    content_digest = models.CharField("内容摘要", max_length=64, blank=True)
    extended_to = models.DateField("延期至", null=True)
    extension_reason = models.CharField("延期原因", max_length=200, blank=True)
    # Until when what the sheet was returned for is to be put right; none while nothing is.
    correction_due_on = models.DateField("改正期限", null=True)
    # Until when this county may fill although the collection is closed; see LateOpening.
    late_until = models.DateField("补报至", null=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["collection", "region__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "region"], name="submission_one_per_county"
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | (Q(submitted_at__isnull=False) & ~Q(content_digest="")),
                name="submission_submitted_has_time_and_digest",
            ),
            models.CheckConstraint(
                condition=Q(extended_to__isnull=True) | ~Q(extension_reason=""),
                name="submission_extension_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region.full_name} {self.collection.title}"

    @property
    def is_editable(self) -> bool:
        """Whether the county may change figures, deadlines aside."""
        return self.state in EDITABLE

    @property
    def due_on(self) -> date:
        """Until when it is the present holder's turn."""
        return self.due_on_in(self.state)

    def due_on_in(self, state: str) -> date:
        """The day that holds in `state`: the county's for a first draft, the city's after that.

        What was returned has the day named in the return.
        """
        collection = self.collection
        is_draft = state == SubmissionState.DRAFT
        due_on = collection.county_due_on if is_draft else collection.city_due_on
        due_on = max(due_on, self.extended_to or due_on)
        if state in EDITABLE and self.correction_due_on:
            due_on = self.correction_due_on
        if self.late_until is None:
            return due_on
        # Of a closed collection the county has nothing left but the day it was given.
        is_all_it_has = collection.state == CollectionState.CLOSED and state in EDITABLE
        return self.late_until if is_all_it_has else max(due_on, self.late_until)


class Value(models.Model):
    """One indicator's figure: as typed, unrounded, with its parts; or one of three absences."""

    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="values", verbose_name="填报表"
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="values", verbose_name="指标"
    )
    text = models.CharField("填写原文", max_length=60, blank=True)
    number = models.DecimalField("数值", max_digits=20, decimal_places=6, null=True)
    numerator = models.DecimalField("分子", max_digits=20, decimal_places=6, null=True)
    denominator = models.DecimalField("分母", max_digits=20, decimal_places=6, null=True)
    absence = models.CharField("缺失类别", max_length=16, choices=Absence.choices, blank=True)
    note = models.TextField("说明", blank=True)
    status = models.CharField(
        "状态", max_length=10, choices=ValueStatus.choices, default=ValueStatus.SELF
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人"
    )
    updated_at = models.DateTimeField("填写时间")

    class Meta:
        ordering = ["indicator__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "indicator"], name="value_one_per_indicator"
            ),
            models.CheckConstraint(
                condition=Q(absence="")
                | Q(number__isnull=True, numerator__isnull=True, denominator__isnull=True),
                name="value_absent_has_no_figure",
            ),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(denominator__gt=0),
                name="value_denominator_positive",
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | Q(numerator__isnull=False, denominator__isnull=False),
                name="value_parts_come_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.text or self.absence}"


class EvidenceItem(PublicIdModel):
    """A named item with its approval and its file."""

    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="evidence", verbose_name="填报表"
    )
    kind = models.ForeignKey(
        EvidenceKind, models.PROTECT, related_name="items", verbose_name="类别"
    )
    name = models.CharField("名称", max_length=120)
    year = models.PositiveSmallIntegerField("认定年份", null=True)
    approval_number = models.CharField("批准文号", max_length=80, blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="证明材料"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人"
    )
    created_at = models.DateTimeField("填写时间")

    class Meta:
        ordering = ["kind__indicator__order", "kind__order", "created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "kind", "name"], name="evidence_item_named_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
