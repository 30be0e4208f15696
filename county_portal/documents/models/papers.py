"""Issued documents: what was said, under which number and code, and whether it still holds."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from county_portal.accounts.models import Office
from county_portal.common.models import PublicIdModel
from county_portal.common.text import name_in_stead
from county_portal.common.triggers import append_only, no_truncate
from county_portal.documents.enums import Layout, PaperFileKind, PaperStatus
from county_portal.documents.models.registers import Register
from county_portal.files.models import StoredFile


class Paper(PublicIdModel):
    """An issued document as anybody holding it may verify it; only its standing ever changes, and once.

    `content` is the canonical text of what it says (`documents.content`), enough to set it again at any time.
    """

    kind = models.CharField("文种", max_length=40)
    layout = models.CharField("格式", max_length=10, choices=Layout.choices, blank=True)
    title = models.CharField("标题", max_length=200)
    issuer = models.CharField("发文机关", max_length=120)
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="papers", verbose_name="办文单位"
    )
    register = models.ForeignKey(
        Register, models.PROTECT, null=True, related_name="papers", verbose_name="登记簿"
    )
    year = models.PositiveSmallIntegerField("年份", null=True)
    serial = models.PositiveIntegerField("序号", null=True)
    number = models.CharField("发文字号", max_length=80)
    issued_on = models.DateField("成文日期")
    issued_at = models.DateTimeField("签发时间")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="签发人"
    )
    # Whom the signer stood in for, as named then; blank where the own post signed.
    issued_for = models.CharField("代何人签发", max_length=60, blank=True, default="")
    content = models.TextField("内容")
    content_sha256 = models.CharField("内容摘要", max_length=64)
    code = models.CharField("核验码", max_length=16, unique=True)
    status = models.CharField(
        "效力", max_length=10, choices=PaperStatus.choices, default=PaperStatus.VALID
    )
    status_reason = models.CharField("原因", max_length=500, blank=True)
    status_at = models.DateTimeField("变更时间", null=True)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="replaces", verbose_name="由何件更正"
    )

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "year", "serial"], name="paper_number_given_once"
            ),
            models.CheckConstraint(
                condition=Q(register__isnull=True, year__isnull=True, serial__isnull=True)
                | Q(register__isnull=False, year__isnull=False, serial__gte=1),
                name="paper_number_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(status="valid", status_at__isnull=True, status_reason="")
                | (~Q(status="valid") & Q(status_at__isnull=False) & ~Q(status_reason="")),
                name="paper_not_valid_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(status="replaced", replaced_by__isnull=False)
                | (~Q(status="replaced") & Q(replaced_by__isnull=True)),
                name="paper_replaced_names_successor",
            ),
        ]
        indexes = [models.Index(fields=["office", "-issued_at"], name="paper_of_office")]
        triggers = [
            pgtrigger.Trigger(
                name="only_standing_changes",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                declare=[
                    (
                        "standing",
                        "TEXT[] := ARRAY['status', 'status_reason', 'status_at', 'replaced_by_id']",
                    )
                ],
                func="""
                    IF TG_OP = 'UPDATE' AND OLD.status = 'valid'
                       AND to_jsonb(NEW) - standing = to_jsonb(OLD) - standing THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'issued documents are immutable: % on %', TG_OP, TG_TABLE_NAME;
                """,
            ),
            no_truncate(),
        ]

    @property
    def signer_name(self) -> str:
        """Who signed it, as pages print it; with whom he stood in for."""
        return name_in_stead(self.issued_by.display_name, self.issued_for)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_valid(self) -> bool:
        """Whether a verifier is told that it holds."""
        return self.status == PaperStatus.VALID


class PaperFile(models.Model):
    """A file of an issued document, made once; `receipt` is the signed statement about exactly these bytes."""

    append_only = True

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="files", verbose_name="公文")
    kind = models.CharField("种类", max_length=6, choices=PaperFileKind.choices)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    pages = models.PositiveSmallIntegerField("页数")
    is_signed = models.BooleanField("已加盖电子印章", default=False)
    receipt = models.TextField("核验凭据", blank=True)
    made_at = models.DateTimeField("生成时间")

    class Meta:
        ordering = ["paper", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "kind"], name="paper_file_once_per_kind"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.paper_id} {self.kind}"


class Binding(models.Model):
    """What data an issued document speaks of, by the digest it had; when the data changes the document lapses."""

    append_only = True

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="bindings", verbose_name="公文")
    kind = models.CharField("数据种类", max_length=40)
    key = models.CharField("数据编号", max_length=64)
    label = models.CharField("数据名称", max_length=200)
    sha256 = models.CharField("数据摘要", max_length=64)

    class Meta:
        ordering = ["paper", "kind", "label"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "kind", "key"], name="binding_once"),
        ]
        indexes = [models.Index(fields=["kind", "key"], name="binding_of_data")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Delivery(models.Model):
    """收文: an issued document in the inbox of an office it was sent to."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="deliveries", verbose_name="公文")
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="deliveries", verbose_name="收文单位"
    )
    opened_at = models.DateTimeField("签收时间", null=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签收人"
    )

    class Meta:
        ordering = ["-paper", "office"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "office"], name="delivery_once_per_office"),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} → {self.office_id}"
