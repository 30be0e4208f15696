"""One system of facts: a figure is kept once, by region, meaning and data year."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from county_portal.accounts.models import Region
from county_portal.common.models import PublicIdModel


class FactMeaning(models.Model):
    """What a figure means, whoever asks for it: 工商注册企业数, 地方财政科技支出 …"""

    code = models.SlugField("代码", max_length=60, unique=True)
    order = models.PositiveSmallIntegerField("序号")
    name = models.CharField("名称", max_length=120)
    unit = models.CharField("单位", max_length=20, blank=True)
    is_integer = models.BooleanField("取整数", default=False)
    department = models.CharField("数据提供单位", max_length=60, blank=True)
    definition = models.TextField("口径", blank=True)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class Fact(PublicIdModel):
    """The standing figure of a region, meaning and year; `place` is where it was first stated."""

    region = models.ForeignKey(
        Region, models.PROTECT, related_name="facts", verbose_name="县（市、区）"
    )
    meaning = models.ForeignKey(
        FactMeaning, models.PROTECT, related_name="facts", verbose_name="含义"
    )
    data_year = models.PositiveSmallIntegerField("数据年度")
    number = models.DecimalField("数值", max_digits=20, decimal_places=6)
    place = models.CharField("出处", max_length=160)
    place_label = models.CharField("出处名称", max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人"
    )
    recorded_at = models.DateTimeField("填写时间")

    class Meta:
        ordering = ["region", "meaning__order", "data_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "meaning", "data_year"], name="fact_kept_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meaning_id} {self.data_year}: {self.number}"


class FactClaim(models.Model):
    """A place that states or uses a fact. One that differs from the fact must be explained."""

    fact = models.ForeignKey(Fact, models.CASCADE, related_name="claims", verbose_name="数据")
    place = models.CharField("出处", max_length=160)
    place_label = models.CharField("出处名称", max_length=200)
    number = models.DecimalField("数值", max_digits=20, decimal_places=6)
    is_reused = models.BooleanField("沿用已有数据", default=False)
    reason = models.CharField("不一致原因", max_length=500, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人"
    )
    claimed_at = models.DateTimeField("填写时间")

    class Meta:
        ordering = ["fact", "claimed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["fact", "place"], name="fact_claim_once_per_place"),
            models.CheckConstraint(
                condition=Q(reason="") | Q(reason__regex=r"\S"), name="fact_claim_reason_has_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.number}"
