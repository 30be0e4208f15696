"""A stored file: its content lives outside the web root under its digest."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from county_portal.common.models import PublicIdModel
from county_portal.common.triggers import append_only


class StoredFile(PublicIdModel):
    """One file as somebody gave it or the portal made it; equal contents share one blob."""

    append_only = True

    sha256 = models.CharField("摘要", max_length=64, db_index=True)
    size = models.BigIntegerField("字节数")
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("类型", max_length=100)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        triggers = append_only()
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="stored_file_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name


class NamedFile(PublicIdModel):
    """A stored file as evidence of something: what the paper is called, and who added it. Of what is the heirs'."""

    name = models.CharField("材料名称", max_length=120)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="添加人"
    )
    added_at = models.DateTimeField("添加时间")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name
