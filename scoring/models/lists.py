"""Lists between draft and public, and what belongs to one."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from county_portal.accounts.models import Region
from county_portal.common.models import PublicIdModel
from county_portal.common.triggers import append_only, no_truncate
from county_portal.documents.models import Paper
from county_portal.files.models import StoredFile
from indicators.models import Collection
from scoring.enums import ListFileKind, ListState, Movement
from scoring.models.runs import GradingRun


class PublishedList(PublicIdModel):
    """A list between draft and public; once published its row and its set of counties are frozen."""

    run = models.ForeignKey(
        GradingRun, models.PROTECT, related_name="lists", verbose_name="评价运行"
    )
    collection = models.ForeignKey(
        Collection, models.PROTECT, related_name="lists", verbose_name="采集任务"
    )
    version = models.PositiveIntegerField("版次")
    state = models.CharField(
        "状态", max_length=10, choices=ListState.choices, default=ListState.DRAFT
    )
    # Both come with publication; a list published before lists were papers has none.
    document_number = models.CharField("发文字号", max_length=80, blank=True)
    paper = models.OneToOneField(Paper, models.PROTECT, null=True, verbose_name="公文")
    publish_on = models.DateField("公布日期")
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="corrections", verbose_name="更正的名单"
    )
    correction_reason = models.CharField("更正原因", max_length=500, blank=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟定人"
    )
    prepared_at = models.DateTimeField("拟定时间")
    consent_on = models.DateField("同意日期", null=True)
    consent_number = models.CharField("同意文号", max_length=80, blank=True)
    consent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="公布人"
    )
    published_at = models.DateTimeField("公布时间", null=True)
    # The last day on which a county may appeal; set with publication, see scoring.rules.
    appeals_until = models.DateField("申诉截止日期", null=True)
    withdrawal_reason = models.CharField("撤回原因", max_length=500, blank=True)
    row_count = models.PositiveIntegerField("县数", default=0)
    digest = models.CharField("名单摘要", max_length=64, blank=True)

    class Meta:
        ordering = ["-publish_on", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "version"],
                condition=~Q(state="withdrawn"),
                name="list_version_unique",
            ),
            models.UniqueConstraint(
                fields=["collection"],
                condition=Q(state__in=["draft", "consented"]),
                name="list_one_in_preparation",
            ),
            models.UniqueConstraint(
                fields=["document_number"],
                condition=Q(state="published"),
                name="list_document_number_unique",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("prepared_by")),
                name="list_published_by_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["consented", "published"])
                | (Q(consent_on__isnull=False, consent_by__isnull=False) & ~Q(consent_number="")),
                name="list_consent_has_date_and_number",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | (
                    Q(published_by__isnull=False, published_at__isnull=False, row_count__gt=0)
                    & ~(Q(digest="") | Q(document_number=""))
                ),
                name="list_published_is_sealed",
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True, correction_reason="")
                | (Q(supersedes__isnull=False) & ~Q(correction_reason="")),
                name="list_correction_has_reason",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=ListState.PUBLISHED),
            ),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return f"{self.collection.data_year}年度名单（第{self.version}版）"

    @property
    def is_in_preparation(self) -> bool:
        """Whether it may still be published."""
        return self.state in {ListState.DRAFT, ListState.CONSENTED}


class ListRow(models.Model):
    """One county on a list, in score order, without its score."""

    published_list = models.ForeignKey(
        PublishedList, models.PROTECT, related_name="rows", verbose_name="名单"
    )
    order = models.PositiveIntegerField("序号")
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="list_rows", verbose_name="县（市、区）"
    )
    code = models.CharField("区划代码", max_length=12)
    name = models.CharField("名称", max_length=60)
    city = models.CharField("所属", max_length=60)
    class_name = models.CharField("分档", max_length=10)
    rank = models.PositiveIntegerField("位次")
    previous_class = models.CharField("上年分档", max_length=10, blank=True)
    previous_rank = models.PositiveIntegerField("上年位次", null=True)
    best_rank = models.PositiveIntegerField("历史最好位次")
    movement = models.CharField("升降", max_length=10, choices=Movement.choices)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["published_list", "order"], name="list_row_order_unique"
            ),
            models.UniqueConstraint(
                fields=["published_list", "region"], name="list_row_county_once"
            ),
        ]
        triggers = [
            # The set of rows is frozen too: not only each row, but adding one to a published list.
            pgtrigger.Trigger(
                name="published_set_is_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("before_id", "BIGINT"), ("after_id", "BIGINT")],
                # Tables by their schema: a temporary table of the same name would be found first.
                # The lock waits for whoever is just publishing; the look afterwards sees what they did.
                func="""
                    IF TG_OP <> 'INSERT' THEN before_id := OLD.published_list_id; END IF;
                    IF TG_OP <> 'DELETE' THEN after_id := NEW.published_list_id; END IF;
                    PERFORM 1 FROM public.scoring_publishedlist
                        WHERE id IN (before_id, after_id) FOR SHARE;
                    IF EXISTS (SELECT 1 FROM public.scoring_publishedlist
                               WHERE id IN (before_id, after_id) AND state = 'published') THEN
                        RAISE EXCEPTION 'published list is immutable: % on %', TG_OP, TG_TABLE_NAME;
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.city}{self.name}"


class ListFile(models.Model):
    """A file of a published list, made once."""

    append_only = True

    published_list = models.ForeignKey(
        PublishedList, models.PROTECT, related_name="files", verbose_name="名单"
    )
    kind = models.CharField("种类", max_length=6, choices=ListFileKind.choices)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["published_list", "kind"], name="list_file_once_per_kind"
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.published_list_id} {self.kind}"
