"""Drafts of official documents, until they are issued or discarded."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from county_portal.accounts.models import Office
from county_portal.common.models import ActorRecord, PublicIdModel
from county_portal.common.triggers import append_only
from county_portal.documents.enums import DraftAction, DraftState
from county_portal.documents.models.papers import Paper
from county_portal.documents.models.registers import Register


class Draft(PublicIdModel):
    """A document being written. What it says stands in fields; the paragraphs of `text` number themselves."""

    office = models.ForeignKey(
        Office, models.PROTECT, related_name="drafts", verbose_name="办文单位"
    )
    register = models.ForeignKey(
        Register, models.PROTECT, related_name="drafts", verbose_name="登记簿"
    )
    kind = models.CharField("文种", max_length=40)
    # What its kind composes from, for kinds that compose; asked again when the data has changed.
    subject = models.CharField("事项", max_length=64, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=DraftState.choices, default=DraftState.DRAFT
    )
    state_since = models.DateTimeField("状态起始时间")
    revision = models.PositiveIntegerField("修订", default=0)
    # Line ends are where the title breaks; one line is broken by meaning.
    title = models.CharField("标题", max_length=200)
    addressees = models.CharField("主送机关", max_length=500, blank=True)
    # Paragraphs with their own numbers 一、（一）1.（1）; a line 【表：name】 stands for one of `tables`.
    text = models.TextField("正文")
    # name → {"columns": [{"heading", "width", "align"}], "rows": [[…]]}
    tables = models.JSONField("表格", default=dict)
    # [{"title", "text"}], their text like the body's
    attachments = models.JSONField("附件", default=list)
    remark = models.CharField("附注", max_length=200, blank=True)
    copied_to = models.CharField("抄送机关", max_length=500, blank=True)
    dated_on = models.DateField("成文日期", null=True)  # none: the day of issue
    # [{"kind", "key", "label", "sha256"}]: the data it speaks of, as it was when drafted
    bound = models.JSONField("所依据数据", default=list)
    recipients = models.ManyToManyField(Office, related_name="+", verbose_name="发往单位")
    replaces = models.ForeignKey(
        Paper, models.PROTECT, null=True, related_name="successors", verbose_name="更正的公文"
    )
    replace_reason = models.CharField("更正原因", max_length=500, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟稿人"
    )
    # Keys of those who drafted before: their words are in it, so they neither check nor sign.
    former_drafters = models.JSONField("曾拟稿人", default=list)
    drafted_at = models.DateTimeField("拟稿时间")
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="核稿人"
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签发人"
    )
    paper = models.OneToOneField(
        Paper, models.PROTECT, null=True, related_name="draft", verbose_name="公文"
    )

    class Meta:
        ordering = ["-drafted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("drafted_by")),
                name="draft_checked_by_another",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("drafted_by")),
                name="draft_signed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="issued",
                    paper__isnull=False,
                    checked_by__isnull=False,
                    signed_by__isnull=False,
                )
                | (~Q(state="issued") & Q(paper__isnull=True, signed_by__isnull=True)),
                name="draft_issued_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, replace_reason="")
                | (Q(replaces__isnull=False) & ~Q(replace_reason="")),
                name="draft_replacing_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title.replace("\n", "")


class DraftStep(ActorRecord):
    """One act on a draft, for everybody who reads it later."""

    append_only = True

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="steps", verbose_name="文稿")
    action = models.CharField(
        "操作", max_length=12, choices=[(str(each), str(each)) for each in DraftAction]
    )
    label = models.CharField("名称", max_length=20)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人"
    )
    comment = models.CharField("意见", max_length=500, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["at", "pk"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.draft_id} {self.label}"
