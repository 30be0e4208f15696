"""How the province chooses: formal check, experts, layout tried out, the list with its public notice."""

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from applications.enums import FormalOutcome, ListState, SheetState
from applications.models.applications import Application
from applications.models.rounds import PilotRound
from county_portal.accounts.roles import Permission
from county_portal.common.models import PublicIdModel
from county_portal.common.triggers import no_truncate
from county_portal.documents.models import Paper
from county_portal.files.models import StoredFile

if TYPE_CHECKING:
    from county_portal.accounts.models import User


class FormalCheck(models.Model):
    """形式审查: the province's finding on the materials, item by item."""

    application = models.OneToOneField(
        Application, models.PROTECT, related_name="formal_check", verbose_name="申报材料"
    )
    outcome = models.CharField("结论", max_length=10, choices=FormalOutcome.choices)
    # [{"item": name, "is_met": bool, "note": words}] in the order of the rules.
    items = models.JSONField("逐项结论", default=list)
    comment = models.TextField("意见", blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="审查人"
    )
    checked_at = models.DateTimeField("审查时间")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="passed") | Q(comment__regex=r"\S"),
                name="formal_check_failed_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.get_outcome_display()


class Criterion(PublicIdModel):
    """What experts judge in a round: 基础条件, 带动作用 … with the most it can give."""

    round = models.ForeignKey(
        PilotRound, models.CASCADE, related_name="criteria", verbose_name="批次"
    )
    order = models.PositiveSmallIntegerField("序号")
    name = models.CharField("评审内容", max_length=60)
    explanation = models.CharField("说明", max_length=300, blank=True)
    maximum = models.DecimalField("满分", max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["round", "order"]
        constraints = [
            models.UniqueConstraint(fields=["round", "order"], name="criterion_order_unique"),
            models.CheckConstraint(condition=Q(maximum__gt=0), name="criterion_maximum_positive"),
        ]

    def __str__(self) -> str:
        return self.name


class PanelSheetQuerySet(models.QuerySet["PanelSheet"]):
    """Filters on experts' sheets."""

    def visible_to(self, user: "User") -> "PanelSheetQuerySet":
        """An expert's own; all for those who run and decide; nothing for anybody else."""
        if user.holds(Permission.JUDGE_PILOTS):
            return self.filter(expert=user)
        if user.holds(Permission.RUN_PILOTS) or user.holds(Permission.DECIDE_PILOTS):
            return self
        return self.none()


class PanelSheet(PublicIdModel):
    """One expert's opinion on one application; blind until given."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="sheets", verbose_name="申报材料"
    )
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="pilot_sheets", verbose_name="专家"
    )
    state = models.CharField(
        "状态", max_length=12, choices=SheetState.choices, default=SheetState.ASSIGNED
    )
    # 利益冲突: declared before the materials are opened, one way or the other.
    declared_at = models.DateTimeField("利益冲突声明时间", null=True)
    # Why the expert keeps away, who then gives no opinion.
    conflict = models.CharField("回避原因", max_length=300, blank=True)
    comment = models.TextField("评审意见", blank=True)
    assigned_at = models.DateTimeField("分派时间")
    given_at = models.DateTimeField("评审时间", null=True)

    objects = PanelSheetQuerySet.as_manager()

    class Meta:
        ordering = ["application", "expert"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "expert"], name="panel_sheet_one_per_expert"
            ),
            models.CheckConstraint(
                condition=~Q(state="conflicted") | Q(conflict__regex=r"\S"),
                name="panel_sheet_conflict_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="given") | Q(given_at__isnull=False, declared_at__isnull=False),
                name="panel_sheet_given_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.expert_id} → {self.application_id}"


class PanelScore(models.Model):
    """What one expert gives for one criterion."""

    sheet = models.ForeignKey(
        PanelSheet, models.CASCADE, related_name="scores", verbose_name="评审表"
    )
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, related_name="+", verbose_name="评审内容"
    )
    score = models.DecimalField("分值", max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["sheet", "criterion__order"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="panel_score_once"),
            models.CheckConstraint(
                condition=Q(score__gte=0), name="pilot_panel_score_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score}"


class LayoutTrial(PublicIdModel):
    """A selection tried out on the map before it is decided; never more than a thought."""

    round = models.ForeignKey(
        PilotRound, models.CASCADE, related_name="trials", verbose_name="批次"
    )
    name = models.CharField("方案名称", max_length=60)
    chosen = models.ManyToManyField(Application, related_name="+", verbose_name="拟入选")
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="保存人"
    )
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        ordering = ["round", "name"]
        constraints = [
            models.UniqueConstraint(fields=["round", "name"], name="layout_trial_named_once")
        ]

    def __str__(self) -> str:
        return self.name


class PilotList(PublicIdModel):
    """The list of pilots of a round: drawn up with reasons, put to public notice, published by another person."""

    round = models.ForeignKey(PilotRound, models.PROTECT, related_name="lists", verbose_name="批次")
    state = models.CharField(
        "状态", max_length=12, choices=ListState.choices, default=ListState.DRAFT
    )
    # Of rows and reasons, set when the notice begins.
    digest = models.CharField("摘要", max_length=64, blank=True)
    starts_on = models.DateField("建设期开始日期")
    ends_on = models.DateField("建设期结束日期")
    notice_from = models.DateField("公示开始日期", null=True)
    notice_until = models.DateField("公示结束日期", null=True)
    consent_on = models.DateField("厅务会审议日期", null=True)
    consent_number = models.CharField("审议文号", max_length=80, blank=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟定人"
    )
    prepared_at = models.DateTimeField("拟定时间")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="公布人"
    )
    published_at = models.DateTimeField("公布时间", null=True)
    paper = models.OneToOneField(
        Paper, models.PROTECT, null=True, related_name="+", verbose_name="公文"
    )
    withdrawal_reason = models.TextField("撤回原因", blank=True)

    class Meta:
        ordering = ["-prepared_at", "-pk"]
        triggers = [
            pgtrigger.Protect(
                name="published_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=ListState.PUBLISHED),
            ),
            no_truncate(),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["round"],
                condition=~Q(state="withdrawn"),
                name="pilot_list_one_standing_per_round",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__lt=F("ends_on")), name="pilot_list_term_in_order"
            ),
            models.CheckConstraint(
                condition=Q(notice_until__isnull=True) | Q(notice_until__gte=F("notice_from")),
                name="pilot_list_notice_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(published_by__isnull=False, paper__isnull=False) & ~Q(digest=""),
                name="pilot_list_published_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("prepared_by")),
                name="pilot_list_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["notice", "published"])
                | Q(
                    notice_from__isnull=False,
                    notice_until__isnull=False,
                    consent_on__isnull=False,
                ),
                name="pilot_list_announced_with_consent",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(withdrawal_reason__regex=r"\S"),
                name="pilot_list_withdrawn_says_why",
            ),
        ]

    def __str__(self) -> str:
        # Most rounds are named “…试点” themselves.
        return f"{self.round.title.removesuffix('试点')}试点名单"


def closed_after_draft() -> pgtrigger.Trigger:
    """Decisions belong to a draft; from the public notice on nobody adds, changes or removes one."""
    return pgtrigger.Trigger(
        name="frozen_from_notice_on",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("list_id", "bigint")],
        func="""
            IF TG_OP = 'DELETE' THEN
                list_id = OLD.pilot_list_id;
            ELSE
                list_id = NEW.pilot_list_id;
            END IF;
            IF EXISTS (SELECT 1 FROM public.applications_pilotlist
                       WHERE id = list_id AND state <> 'draft') THEN
                RAISE EXCEPTION 'decisions are frozen: % on %', TG_OP, TG_TABLE_NAME;
            END IF;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        """,
    )


class Decision(models.Model):
    """One application on a list: chosen or not, with the reasons either way."""

    pilot_list = models.ForeignKey(
        PilotList, models.CASCADE, related_name="decisions", verbose_name="名单"
    )
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="decisions", verbose_name="申报材料"
    )
    is_selected = models.BooleanField("入选")
    reasons = models.TextField("理由")

    class Meta:
        ordering = ["pilot_list", "application__region__code"]
        triggers = [closed_after_draft(), no_truncate()]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot_list", "application"], name="decision_once_per_list"
            ),
            models.CheckConstraint(condition=Q(reasons__regex=r"\S"), name="decision_has_reasons"),
        ]

    def __str__(self) -> str:
        return "入选" if self.is_selected else "未入选"


class Objection(PublicIdModel):
    """异议: raised by anybody during the public notice, answered before publication."""

    pilot_list = models.ForeignKey(
        PilotList, models.PROTECT, related_name="objections", verbose_name="名单"
    )
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, related_name="+", verbose_name="所涉地区"
    )
    raised_by = models.CharField("异议人", max_length=60)
    contact = models.CharField("联系方式", max_length=120)
    text = models.TextField("异议内容")
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="附件"
    )
    received_on = models.DateField("收到日期")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间")
    answer = models.TextField("处理意见", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="处理人"
    )
    answered_at = models.DateTimeField("处理时间", null=True)

    class Meta:
        ordering = ["pilot_list", "recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answer__regex=r"\S"),
                name="objection_answered_in_words",
            ),
        ]

    def __str__(self) -> str:
        return self.raised_by
