"""Regions as they were and are, and the offices in them."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from county_portal.accounts.roles import Level, OfficeKind
from county_portal.common import clock
from county_portal.common.models import PublicIdModel


class RegionQuerySet(models.QuerySet["Region"]):
    """Filters on regions."""

    def alive_on(self, day: date) -> "RegionQuerySet":
        """Regions that existed on `day`."""
        return self.filter(valid_from__lte=day).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day)
        )

    def counties(self) -> "RegionQuerySet":
        """County-level units only, and only real ones."""
        return self.filter(level=Level.COUNTY, is_practice=False)

    def named(self, text: str) -> "RegionQuerySet":
        """Real regions whose name, code or pinyin begins as typed; variant characters find their region."""
        text = fold_variants(text.strip())
        return self.filter(is_practice=False).filter(
            Q(search_name__contains=text)
            | Q(code__startswith=text)
            | Q(pinyin__startswith=text.lower())
        )


# The sources write 井陘 where the register of the Ministry of Civil Affairs writes 井陉.
_VARIANTS = str.maketrans({"陘": "陉", "縣": "县", "區": "区"})


def fold_variants(name: str) -> str:
    """The name with variant characters replaced by the register's."""
    return name.translate(_VARIANTS)


class Region(PublicIdModel):
    """A region as it was from `valid_from` until before `valid_to`; a merged one names its successor.

    Joined on `code`, never on name: 桥西区 and 新华区 each exist twice. The reviewing office is a field,
    never derived from the code: 定州 and 辛集 are directly under the province, 雄安 has no code of its own.
    """

    code = models.CharField("区划代码", max_length=12)
    name = models.CharField("名称", max_length=60)
    full_name = models.CharField("全称", max_length=120)
    level = models.CharField("层级", max_length=10, choices=Level.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级区划",
    )
    reviewing_office = models.ForeignKey(
        "Office",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviewed_regions",
        verbose_name="审核单位",
    )
    valid_from = models.DateField("设立日期")
    valid_to = models.DateField("撤销日期", null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name="并入",
    )
    # 撤县分设: the region it was a part of. The whole's past is not the part's: `lineages` stops here.
    split_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name="由何区划分设",
    )
    # 试填县: people practise there; it is in no collection but its own, in no grading and in no count.
    is_practice = models.BooleanField("试填", default=False)
    search_name = models.CharField("检索名", max_length=120, db_index=True)
    pinyin = models.CharField("拼音", max_length=120, db_index=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["code", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="region_code_from_unique"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to__isnull=True), name="region_code_alive_unique"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="region_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(valid_to__isnull=False),
                name="region_with_successor_has_ended",
            ),
            models.CheckConstraint(
                condition=Q(split_from__isnull=True) | ~Q(split_from=F("pk")),
                name="region_is_no_part_of_itself",
            ),
            models.CheckConstraint(
                condition=~Q(level="county") | Q(reviewing_office__isnull=False),
                name="region_county_has_reviewing_office",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def is_alive(self) -> bool:
        """Whether the region still exists."""
        return self.valid_to is None

    @property
    def ended_on(self) -> date | None:
        """The day it ceased to be, from that day on; None before, though the end may be known."""
        return self.valid_to if self.valid_to and self.valid_to <= clock.today() else None


class Office(PublicIdModel):
    """An office of a region: a county's 科技局, a reviewing city bureau, the province's department."""

    name = models.CharField("单位名称", max_length=120)
    short_name = models.CharField("简称", max_length=60)
    level = models.CharField("层级", max_length=10, choices=Level.choices)
    kind = models.CharField(
        "类别", max_length=10, choices=OfficeKind.choices, default=OfficeKind.BUREAU
    )
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="offices",
        verbose_name="所属区划",
        null=True,
        blank=True,
    )
    order = models.PositiveIntegerField("排序", default=0)
    closed_on = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        ordering = ["level", "order", "name"]
        constraints = [
            # A name, and a county's bureau, are free again once the office is closed.
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(closed_on__isnull=True),
                name="office_name_standing_unique",
            ),
            models.CheckConstraint(
                condition=~Q(level="county") | Q(region__isnull=False),
                name="office_county_has_region",
            ),
            models.UniqueConstraint(
                fields=["region"],
                condition=Q(level="county", kind="bureau", closed_on__isnull=True),
                name="office_one_standing_bureau_per_county",
            ),
        ]

    def __str__(self) -> str:
        return self.name
