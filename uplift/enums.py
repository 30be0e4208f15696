"""States and acts of uplift plans."""

from enum import StrEnum

from django.db import models


class VersionState(models.TextChoices):
    """The life of a version of a plan."""

    DRAFTED = "drafted", "拟定中"
    SUBMITTED = "submitted", "待审定"
    SETTLED = "settled", "执行中"
    REPLACED = "replaced", "已被修订"
    CLOSED = "closed", "已结束"
    DROPPED = "dropped", "已放弃"


class PlanAction(StrEnum):
    """What may be done with a version of a plan."""

    SUBMIT = "submit"
    RECALL = "recall"
    RETURN = "return"
    SETTLE = "settle"
    REPLACE = "replace"
    CLOSE = "close"
    DROP = "drop"


class GrowthMode(models.TextChoices):
    """How a rate of growth is meant: on average since the base year, or each year."""

    AVERAGE = "average", "年均增速"
    YEARLY = "yearly", "每年增长"


# What those see who did not draw it up.
IN_FORCE = (VersionState.SETTLED, VersionState.REPLACED, VersionState.CLOSED)
IN_PREPARATION = (VersionState.DRAFTED, VersionState.SUBMITTED)
