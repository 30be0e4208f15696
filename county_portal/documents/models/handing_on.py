"""A draft that another person goes on with."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from county_portal.common.triggers import append_only
from county_portal.documents.models.drafts import Draft


class DraftHandover(models.Model):
    """Another drafter in the place of one; whoever ever drafted neither checks nor signs."""

    append_only = True

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="handovers", verbose_name="文稿")
    from_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="原拟稿人"
    )
    to_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="接手人"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人"
    )
    reason = models.CharField("原因", max_length=200)
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_person=F("to_person")), name="draft_handover_to_another"
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.draft_id} {self.from_person_id}→{self.to_person_id}"
