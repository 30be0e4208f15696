"""Evidence packs (一键证据包): everything about a pilot in one archive, with its index and hashes."""

from django.conf import settings
from django.db import models

from applications.models import Pilot
from county_portal.common.models import PublicIdModel
from county_portal.common.triggers import append_only
from county_portal.files.models import StoredFile


class EvidencePack(PublicIdModel):
    """One archive as it was built; the same content is built once. Append-only."""

    append_only = True

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="packs", verbose_name="试点")
    digest = models.CharField("内容摘要", max_length=64)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    entries = models.PositiveIntegerField("文件数")
    built_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="生成人"
    )
    built_at = models.DateTimeField("生成时间")

    class Meta:
        ordering = ["pilot", "-built_at"]
        triggers = append_only()

    def __str__(self) -> str:
        return self.digest[:12]
