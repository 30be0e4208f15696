"""Applications: one of a county (or township) in a round, with what was recorded about it."""

from datetime import date
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.enums import EDITABLE, ApplicationState, Section
from applications.models.rounds import PilotRound
from county_portal.accounts.jurisdiction import within_reach
from county_portal.accounts.models import Office, Region
from county_portal.accounts.roles import Permission
from county_portal.common.models import PublicIdModel
from county_portal.files.models import StoredFile

if TYPE_CHECKING:
    from county_portal.accounts.models import User


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Filters on applications."""

    def visible_to(self, user: "User") -> "ApplicationQuerySet":
        """A county's own, a reviewing office's counties, all for the province; nothing for anybody else.

        Experts reach applications through their own sheets alone.
        """
        return self.filter(within_reach(user, Permission.VIEW_PILOTS))


def finished_with_stars() -> pgtrigger.Trigger:
    """What goes to the county government has exactly the round's ★, none on a designated row (S0 annex 2-1, note)."""
    return pgtrigger.Trigger(
        name="finished_with_stars",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(new__state=ApplicationState.GOVERNMENT)
        & ~pgtrigger.Q(old__state=ApplicationState.GOVERNMENT),
        declare=[("wanted", "INTEGER"), ("chosen", "INTEGER"), ("wrong", "INTEGER")],
        func="""
            SELECT stars INTO wanted FROM public.applications_pilotround
            WHERE id = NEW.round_id AND 'table' = ANY(materials);
            IF NOT FOUND THEN
                RETURN NEW;
            END IF;
            SELECT COUNT(*), COUNT(*) FILTER (WHERE given.is_designated) INTO chosen, wrong
            FROM public.applications_tablerow AS line
            LEFT JOIN public.indicators_indicator AS given ON given.id = line.indicator_id
            WHERE line.application_id = NEW.id AND line.is_starred;
            IF chosen <> wanted OR wrong > 0 THEN
                RAISE EXCEPTION 'finished_with_stars: % chosen, % of them designated, % wanted',
                    chosen, wrong, wanted USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


class Application(PublicIdModel):
    """One unit's application in a round. The reviewing office is the one of the day it was begun."""

    round = models.ForeignKey(
        PilotRound, models.PROTECT, related_name="applications", verbose_name="批次"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="applications", verbose_name="申报地区"
    )
    # The county's bureau; a township's too is drawn up by its county's.
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="applications", verbose_name="编制单位"
    )
    reviewing_office = models.ForeignKey(
        Office, models.PROTECT, related_name="reviewed_applications", verbose_name="审核单位"
    )
    state = models.CharField(
        "状态", max_length=20, choices=ApplicationState.choices, default=ApplicationState.DRAFT
    )
    state_since = models.DateTimeField("自何时")
    # Counts every change of the materials, whatever the section.
    revision = models.PositiveIntegerField("修订号", default=0)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="开始编制人"
    )
    begun_at = models.DateTimeField("开始编制时间")
    submitted_at = models.DateTimeField("报送时间", null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="报送人"
    )
    # Of the canonical text of the materials, set when they are finished and again when handed in.
    content_digest = models.CharField("内容摘要", max_length=64, blank=True)
    extended_to = models.DateField("延期至", null=True)
    extension_reason = models.CharField("延期原因", max_length=200, blank=True)
    correction_due_on = models.DateField("改正期限", null=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["round", "region__code"]
        triggers = [finished_with_stars()]
        constraints = [
            models.UniqueConstraint(fields=["round", "region"], name="application_one_per_region"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "government", "ready"])
                | (Q(submitted_at__isnull=False) & ~Q(content_digest="")),
                name="application_submitted_has_time_and_digest",
            ),
            models.CheckConstraint(
                condition=Q(extended_to__isnull=True) | ~Q(extension_reason=""),
                name="application_extension_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region.full_name}{self.round.title}申报材料"

    @property
    def is_editable(self) -> bool:
        """Whether the county may change the materials, deadlines aside."""
        return self.state in EDITABLE

    @property
    def due_on(self) -> date:
        """Until when the county's materials are due: the day of a return, a deferral, the round's."""
        if self.state == ApplicationState.RETURNED and self.correction_due_on:
            return self.correction_due_on
        due_on = self.round.county_due_on
        return max(due_on, self.extended_to or due_on, self.correction_due_on or due_on)


class SectionMark(models.Model):
    """When a section was last saved, by whom, for people who work on several at once."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="marks", verbose_name="申报材料"
    )
    section = models.CharField("部分", max_length=12, choices=Section.choices)
    revision = models.PositiveIntegerField("修订号", default=0)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="保存人"
    )
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "section"], name="section_mark_once_per_section"
            )
        ]

    def __str__(self) -> str:
        return f"{self.section}: {self.revision}"


class GovernmentDocument(models.Model):
    """县政府申报文件 (S0 三, 材料1)."""

    application = models.OneToOneField(
        Application, models.CASCADE, related_name="government_document", verbose_name="申报材料"
    )
    title = models.CharField("文件名称", max_length=120)
    document_number = models.CharField("文号", max_length=80)
    issued_on = models.DateField("成文日期")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="扫描件")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间")

    def __str__(self) -> str:
        return self.document_number


class CountyApproval(models.Model):
    """县政府审议通过 (S0 三(一)): of the content with this digest and no other."""

    application = models.OneToOneField(
        Application, models.CASCADE, related_name="county_approval", verbose_name="申报材料"
    )
    meeting = models.CharField("会议名称", max_length=120)
    met_on = models.DateField("审议日期")
    document_number = models.CharField("文号或纪要编号", max_length=80)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="扫描件")
    content_digest = models.CharField("审议内容摘要", max_length=64)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间")

    def __str__(self) -> str:
        return self.document_number
