"""Names of kinds, states and acts of warnings."""

from enum import StrEnum

from django.db import models


class WarningKind(models.TextChoices):
    """What is off."""

    BEHIND = "behind", "滞后序时进度"
    UNREACHABLE = "unreachable", "目标难达"
    CLASS = "class", "档次有风险"
    MISSING = "missing", "月报缺报"
    JUMP = "jump", "数据突变"


class Severity(models.TextChoices):
    """How bad; the values sort from mild to grave."""

    NOTICE = "1-notice", "提示"
    WARNING = "2-warning", "预警"
    SEVERE = "3-severe", "严重"


class WarningState(models.TextChoices):
    """Where a warning stands."""

    RAISED = "raised", "待县级说明"
    ANSWERED = "answered", "整改中"
    CLOSED = "closed", "已解除"


class Stage(models.TextChoices):
    """Who has it: the county, and by the timetable its city and the province."""

    COUNTY = "1-county", "县级"
    CITY = "2-city", "市级"
    PROVINCE = "3-province", "省级"


class WarningAction(StrEnum):
    """What happens to a warning; the portal itself raises, changes, escalates and recovers."""

    RAISE = "raise"
    CHANGE = "change"
    ANSWER = "answer"
    URGE = "urge"
    ESCALATE = "escalate"
    RECOVER = "recover"
    CLOSE = "close"


WATCH_JOB = "monitoring.watch"
OPEN_STATES = (WarningState.RAISED, WarningState.ANSWERED)
