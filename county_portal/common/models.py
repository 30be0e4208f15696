"""Abstract models of the kernel."""

import uuid

from django.conf import settings
from django.db import models


class PublicIdModel(models.Model):
    """A row that URLs name by an unguessable id."""

    public_id = models.UUIDField("公开编号", default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class StepRecord(models.Model):
    """One move through a workflow: who, when, with which words. The owner, action and states are the heirs'."""

    label = models.CharField("事项名称", max_length=30)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人"
    )
    comment = models.TextField("意见", blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.label} {self.at:%Y-%m-%d %H:%M}"


class SnapshotRecord(models.Model):
    """Something as it was at a step, in the canonical form the digest is of. Of what, and which step, is the heirs'."""

    number = models.PositiveIntegerField("版次")
    content = models.TextField("内容")
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"第{self.number}版"
