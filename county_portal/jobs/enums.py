"""States of jobs and their units."""

from django.db import models


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"


class UnitState(models.TextChoices):
    """Where one unit of a job stands."""

    PENDING = "pending", "待处理"
    DONE = "done", "已完成"
    FAILED = "failed", "失败"


UNFINISHED = (JobState.QUEUED, JobState.RUNNING)
