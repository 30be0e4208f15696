"""The 31-row table (S0 annex 2-1) and the table of basics (annex 2-2) as a county fills them."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.enums import EDITABLE
from applications.models.applications import Application
from county_portal.common.models import PublicIdModel
from county_portal.files.models import NamedFile
from indicators.models import FactMeaning, Indicator


def closed_while_considered(application: str) -> pgtrigger.Trigger:
    """The table changes only while its county may change it; `application` is SQL for the application of `{line}`.

    Asked of the row as it was and as it shall be, so that none is moved out of a closed table either; one whose
    application goes with it is let go. Tables are named by their schema: a temporary table of the same name would
    be found first.
    """
    ids = ", ".join(f"({application.format(line=line)})" for line in ("OLD", "NEW"))
    return pgtrigger.Trigger(
        name="closed_while_considered",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF EXISTS (SELECT 1 FROM public.applications_application
                       WHERE id IN ({ids}) AND state NOT IN ({_OPEN})) THEN
                RAISE EXCEPTION 'closed_while_considered: % on %', TG_OP, TG_TABLE_NAME
                    USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        """,  # noqa: S608 -- the expressions are this module's own
    )


_OPEN = ", ".join(f"'{state}'" for state in EDITABLE)
_OF_ROW = "SELECT application_id FROM public.applications_tablerow WHERE id = {line}.row_id"


class TableRow(PublicIdModel):
    """One row: an indicator of the round's version, or one the county proposes itself (row 31)."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="rows", verbose_name="申报材料"
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, related_name="+", verbose_name="指标"
    )
    order = models.PositiveSmallIntegerField("序号")
    # Of the county's own rows alone.
    own_name = models.CharField("自行提出的指标", max_length=120, blank=True)
    own_unit = models.CharField("单位", max_length=20, blank=True)
    own_lower_is_better = models.BooleanField("越低越好", default=False)
    own_definition = models.CharField("口径", max_length=500, blank=True)
    is_starred = models.BooleanField("自选考核", default=False)
    # 定性评价 (rows 29, 30).
    words = models.TextField("定性说明", blank=True)
    # Why targets leave what the past makes plausible.
    reason = models.CharField("原因说明", max_length=500, blank=True)

    class Meta:
        ordering = ["application", "order", "pk"]
        triggers = [closed_while_considered("{line}.application_id")]
        constraints = [
            models.UniqueConstraint(fields=["application", "order"], name="table_row_order_unique"),
            models.UniqueConstraint(
                fields=["application", "indicator"], name="table_row_once_per_indicator"
            ),
            models.UniqueConstraint(
                fields=["application", "own_name"],
                condition=~Q(own_name=""),
                name="table_row_own_named_once",
            ),
            models.CheckConstraint(
                condition=Q(indicator__isnull=False, own_name="")
                | Q(indicator__isnull=True) & ~Q(own_name=""),
                name="table_row_is_given_or_own",
            ),
            # The county's own are assessed anyway; S0 counts the ten among the given rows.
            models.CheckConstraint(
                condition=Q(is_starred=False) | Q(indicator__isnull=False),
                name="table_row_own_is_not_starred",
            ),
        ]

    def __str__(self) -> str:
        return self.own_name or f"{self.indicator_id}"


class TableFigure(models.Model):
    """One cell: the number of an absolute year; of the year before the round's, with its parts."""

    row = models.ForeignKey(TableRow, models.CASCADE, related_name="figures", verbose_name="行")
    year = models.PositiveSmallIntegerField("年份")
    text = models.CharField("填写原文", max_length=60, blank=True)
    number = models.DecimalField("数值", max_digits=20, decimal_places=6)
    # As typed or taken from facts: the number is what they make.
    numerator = models.DecimalField("分子", max_digits=20, decimal_places=6, null=True)
    denominator = models.DecimalField("分母", max_digits=20, decimal_places=6, null=True)

    class Meta:
        ordering = ["row", "year"]
        triggers = [closed_while_considered(_OF_ROW)]
        constraints = [
            models.UniqueConstraint(fields=["row", "year"], name="table_figure_once_per_year"),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(denominator__gt=0),
                name="table_figure_denominator_positive",
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | Q(numerator__isnull=False, denominator__isnull=False),
                name="table_figure_parts_come_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.number}"


class RowEvidence(NamedFile):
    """证明材料 of a row: what it is, and the file."""

    row = models.ForeignKey(TableRow, models.CASCADE, related_name="evidence", verbose_name="行")
    document_number = models.CharField("文号", max_length=80, blank=True)

    class Meta:
        ordering = ["row", "added_at", "pk"]
        triggers = [closed_while_considered(_OF_ROW)]


class BasicsFigure(models.Model):
    """One line of 基本情况表: the raw number of the year before the round's, behind a ratio or a count."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="basics", verbose_name="申报材料"
    )
    meaning = models.ForeignKey(FactMeaning, models.PROTECT, related_name="+", verbose_name="含义")
    text = models.CharField("填写原文", max_length=60, blank=True)
    number = models.DecimalField("数值", max_digits=20, decimal_places=6, null=True)
    is_absent = models.BooleanField("没有此项数据", default=False)
    note = models.CharField("说明", max_length=500, blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人"
    )
    saved_at = models.DateTimeField("填写时间")

    class Meta:
        ordering = ["application", "meaning__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "meaning"], name="basics_once_per_meaning"
            ),
            models.CheckConstraint(
                condition=Q(is_absent=False) | Q(number__isnull=True) & ~Q(note=""),
                name="basics_absent_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meaning_id}: {self.number}"
