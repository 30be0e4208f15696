"""What became of offices and regions: names they bore, merges, moves, each with its date and document."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from county_portal.accounts.models.regions import Office, Region
from county_portal.common.models import PublicIdModel
from county_portal.common.triggers import append_only


class OfficeName(models.Model):
    """A name an office bore until a day."""

    append_only = True

    office = models.ForeignKey(
        Office, models.PROTECT, related_name="former_names", verbose_name="单位"
    )
    name = models.CharField("原名称", max_length=120)
    short_name = models.CharField("原简称", max_length=60)
    until = models.DateField("用至")
    basis = models.CharField("依据", max_length=200)

    class Meta:
        ordering = ["until", "pk"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.name}（至{self.until:%Y-%m-%d}）"


class RegionChangeKind(models.TextChoices):
    """What may become of a region."""

    CREATE = "create", "设立"
    RENAME = "rename", "更名或改制"
    MERGE = "merge", "并入"
    SPLIT = "split", "分设"
    REVIEWER = "reviewer", "调整审核单位"


class RegionChangeState(models.TextChoices):
    """Decided for a day to come, done, or taken back before its day."""

    PLANNED = "planned", "待生效"
    DONE = "done", "已生效"
    WITHDRAWN = "withdrawn", "已撤回"


class RegionChange(PublicIdModel):
    """One decision on a region: since when, by which document; `detail` holds what it needs, in plain values."""

    kind = models.CharField("事项", max_length=10, choices=RegionChangeKind.choices)
    state = models.CharField(
        "状态",
        max_length=10,
        choices=RegionChangeState.choices,
        default=RegionChangeState.PLANNED,
    )
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="changes", verbose_name="区划", null=True
    )
    # The region it continues in, or is merged into; the first of its parts, whose `split_from` names it.
    result = models.ForeignKey(
        Region, models.PROTECT, related_name="made_by", verbose_name="变动后", null=True
    )
    effective_on = models.DateField("生效日期")
    document_number = models.CharField("批准文号", max_length=80)
    detail = models.JSONField("内容", default=dict)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人"
    )
    decided_at = models.DateTimeField("办理时间")
    done_at = models.DateTimeField("生效时间", null=True)

    class Meta:
        ordering = ["-effective_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_at__isnull=False), name="region_change_done_at"
            ),
            models.CheckConstraint(
                condition=~Q(document_number=""), name="region_change_has_document"
            ),
            models.UniqueConstraint(
                fields=["region"],
                condition=Q(state="planned"),
                name="region_change_one_planned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.effective_on:%Y-%m-%d}"
