"""Official texts worded otherwise than they were shipped."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from county_portal.common.triggers import append_only


class TextVersion(models.Model):
    """One wording of an official text; the highest number is in force, before the first the shipped text is.

    Rows are only added: what was in force once can be read, and put in force again.
    """

    append_only = True

    name = models.CharField("文本", max_length=60)  # the file's, in templates/documents/texts/
    number = models.PositiveIntegerField("版次")
    # Of a version that goes back to the shipped text this is empty: it follows what is shipped later.
    text = models.TextField("内容", blank=True)
    is_shipped = models.BooleanField("随平台提供的文本", default=False)
    digest = models.CharField("摘要", max_length=64)
    reason = models.CharField("修改原因", max_length=200)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("修改时间")

    class Meta:
        ordering = ["name", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["name", "number"], name="text_version_number_unique"),
            models.CheckConstraint(
                condition=Q(is_shipped=True, text="") | (Q(is_shipped=False) & ~Q(text="")),
                name="text_version_has_words",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="text_version_has_reason"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.name} 第{self.number}版"
