"""A ledger (台账) of an official text: its parts and measures word for word, their goals, who answers for them."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from county_portal.accounts.models import Office, Region
from county_portal.accounts.roles import Level, OfficeKind, Permission
from county_portal.common.models import PublicIdModel
from measures.enums import DutyKind, Standing

if TYPE_CHECKING:
    from county_portal.accounts.models import User

_NOBODYS = Q(pk__in=())


class LedgerQuerySet(models.QuerySet["Ledger"]):
    """Filters on ledgers."""

    def visible_to(self, user: "User") -> "LedgerQuerySet":
        """All for the province's bureau; else one's own, those below one, those one's office answers in."""
        if not user.holds(Permission.VIEW_MEASURES):
            return self.filter(_NOBODYS)
        if user.level == Level.PROVINCE and user.office.kind == OfficeKind.BUREAU:
            return self
        answers = Duty.objects.filter(office_id=user.office_id).values("measure__ledger")
        return self.filter(
            Q(office_id=user.office_id)
            | Q(office__level=Level.COUNTY, office__region__reviewing_office=user.office_id)
            | Q(pk__in=answers)
        )


class Ledger(PublicIdModel):
    """One official text as a ledger; `office` keeps it."""

    office = models.ForeignKey(
        Office, models.PROTECT, related_name="ledgers", verbose_name="管理单位"
    )
    title = models.CharField("名称", max_length=200)
    document_title = models.CharField("来源文件", max_length=200)
    document_number = models.CharField("文号", max_length=80, blank=True)
    issued_on = models.DateField("成文日期", null=True)
    # The words before the first part, as the text has them.
    preamble = models.TextField("原文开头", blank=True)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True)  # none: until it is finished
    # A month's progress is due on this day of the next month; the days before it on which units are reminded.
    due_day = models.PositiveSmallIntegerField("每月填报截止日", default=5)
    remind_before = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name="提前提醒天数", default=list
    )
    # What the portal adds to the text, said wherever the ledger is shown.
    supplements = ArrayField(models.TextField(), verbose_name="补充说明", default=list)
    # Units that go by another name in the register: the text's words → the office's name.
    aliases = models.JSONField("单位对应", default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="建立人"
    )
    created_at = models.DateTimeField("建立时间")

    objects = LedgerQuerySet.as_manager()

    class Meta:
        ordering = ["office__level", "office__order", "-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["office", "title"], name="ledger_title_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="ledger_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(due_day__gte=1, due_day__lte=28), name="ledger_due_day_in_month"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Part(models.Model):
    """A part of the text; `head` is its number as written."""

    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="parts", verbose_name="台账")
    order = models.PositiveSmallIntegerField("序号")
    head = models.CharField("原文序号", max_length=12)
    title = models.CharField("标题", max_length=300)

    class Meta:
        ordering = ["ledger", "order"]
        constraints = [
            models.UniqueConstraint(fields=["ledger", "order"], name="part_order_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.head}{self.title}"


class Measure(PublicIdModel):
    """One measure, its text to the character; `state` says how it stands."""

    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="measures", verbose_name="台账")
    part = models.ForeignKey(Part, models.PROTECT, related_name="measures", verbose_name="部分")
    order = models.PositiveSmallIntegerField("次序")
    number = models.PositiveSmallIntegerField("序号")
    head = models.CharField("原文序号", max_length=12)
    text = models.TextField("原文")
    # The bracket that names the units, as written: （责任单位：省科技厅）.
    closing = models.TextField("原文所列单位", blank=True)
    due_on = models.DateField("完成时限", null=True)  # none: the ledger's, or none at all
    state = models.CharField(
        "状态", max_length=12, choices=Standing.choices, default=Standing.NOT_STARTED
    )
    state_since = models.DateTimeField("状态起始时间")

    class Meta:
        ordering = ["ledger", "order"]
        constraints = [
            models.UniqueConstraint(fields=["ledger", "order"], name="measure_order_unique"),
            models.CheckConstraint(condition=Q(text__regex=r"\S"), name="measure_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.head}{self.text}"

    @property
    def heading(self) -> str:
        """Its number and first clause, as lists call it."""
        first = self.text.split("。", 1)[0].split("，", 1)[0].split(",", 1)[0]
        return f"{self.number}.{first if len(first) <= _HEADING else first[:_HEADING] + '…'}"


_HEADING = 30


class Goal(PublicIdModel):
    """A quantified goal: the words of the text that set it, and what they mean as a number."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="goals", verbose_name="措施")
    order = models.PositiveSmallIntegerField("序号")
    wording = models.TextField("原文")
    name = models.CharField("名称", max_length=120)
    target = models.DecimalField("目标值", max_digits=20, decimal_places=6)
    unit = models.CharField("单位", max_length=20, blank=True)
    by = models.DateField("时限", null=True)
    lower_is_better = models.BooleanField("越低越好", default=False)

    class Meta:
        ordering = ["measure", "order"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "order"], name="goal_order_unique"),
            models.UniqueConstraint(fields=["measure", "name"], name="goal_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Duty(PublicIdModel):
    """A unit's part in a measure. Expanded from `source_words` where they mean many (各市政府)."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="duties", verbose_name="措施")
    order = models.PositiveSmallIntegerField("序号")
    kind = models.CharField("分工", max_length=8, choices=DutyKind.choices)
    name = models.CharField("单位", max_length=120)
    source_words = models.CharField("原文", max_length=120)
    # The office whose people report; none: whoever keeps the ledger reports for it.
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, related_name="duties", verbose_name="单位（账号）"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, related_name="+", verbose_name="地区"
    )
    is_supplement = models.BooleanField("补充", default=False)  # not in the text
    begins_on = models.DateField("起")
    ended_on = models.DateField("止", null=True)

    class Meta:
        ordering = ["measure", "order"]
        indexes = [models.Index(fields=["office", "ended_on"], name="duty_of_office")]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "name"],
                condition=Q(ended_on__isnull=True),
                name="duty_one_per_unit",
            ),
        ]

    def __str__(self) -> str:
        return self.name
