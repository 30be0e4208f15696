"""Report cards as rendered files, each of an issued paper that anybody may verify."""

from django.db import models

from county_portal.accounts.models import Region
from county_portal.common.models import PublicIdModel
from county_portal.common.triggers import append_only
from county_portal.documents.models import Paper
from county_portal.files.models import StoredFile
from scoring.models import PublishedList


class CardFile(PublicIdModel):
    """A rendered report card; the same content is rendered once while its paper holds."""

    append_only = True

    published_list = models.ForeignKey(
        PublishedList, models.PROTECT, related_name="card_files", verbose_name="名单"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="card_files", verbose_name="县（市、区）"
    )
    digest = models.CharField("内容摘要", max_length=64)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    pages = models.PositiveSmallIntegerField("页数")
    # None: made before cards were issued as papers.
    paper = models.OneToOneField(
        Paper, models.PROTECT, null=True, related_name="card_file", verbose_name="公文"
    )
    rendered_at = models.DateTimeField("生成时间")

    class Meta:
        ordering = ["published_list", "region__code", "-rendered_at"]
        indexes = [
            models.Index(fields=["published_list", "region", "digest"], name="card_file_of_content")
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.region_id} {self.digest[:12]}"
