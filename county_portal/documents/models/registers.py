"""Registers that give numbers, and the published keys that receipts are checked with."""

import pgtrigger
from django.db import models

from county_portal.accounts.models import Office
from county_portal.common.models import PublicIdModel
from county_portal.common.triggers import no_truncate
from county_portal.documents.enums import Layout


class Register(PublicIdModel):
    """发文登记簿: one 发文机关代字 of an office, with the letterhead that belongs to it."""

    office = models.ForeignKey(
        Office, models.PROTECT, related_name="registers", verbose_name="办文单位"
    )
    prefix = models.CharField("发文机关代字", max_length=20, unique=True)
    layout = models.CharField("格式", max_length=10, choices=Layout.choices)
    # As it stands in red: 科技创新工作领导小组文件; in a letter without 文件.
    sender = models.CharField("发文机关标志", max_length=60)
    # As it stands under the text.
    issuer = models.CharField("发文机关署名", max_length=60)
    printed_by = models.CharField("印发机关", max_length=60)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        ordering = ["office", "prefix"]

    def __str__(self) -> str:
        return self.prefix


class RegisterYear(models.Model):
    """The last number a register gave in a year; it only ever rises by one, so that no number is left out."""

    register = models.ForeignKey(
        Register, models.PROTECT, related_name="years", verbose_name="登记簿"
    )
    year = models.PositiveSmallIntegerField("年份")
    last_serial = models.PositiveIntegerField("末号", default=0)

    class Meta:
        ordering = ["register", "year"]
        constraints = [
            models.UniqueConstraint(fields=["register", "year"], name="register_year_unique"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="rises_by_one",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF TG_OP = 'UPDATE' AND NEW.register_id = OLD.register_id AND NEW.year = OLD.year
                       AND NEW.last_serial = OLD.last_serial + 1 THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'document numbers are gapless: % on %', TG_OP, TG_TABLE_NAME;
                """,
            ),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return f"{self.register_id} {self.year}: {self.last_serial}"


class VerificationKey(models.Model):
    """A published Ed25519 key: the public half only, kept for ever so that old receipts stay verifiable."""

    kid = models.CharField("密钥编号", max_length=32, unique=True)
    public_pem = models.TextField("公钥")
    created_at = models.DateTimeField("启用时间")
    retired_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.kid
