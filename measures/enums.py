"""Names of states, acts and kinds of the ledger of measures."""

from enum import StrEnum

from django.db import models


class Standing(models.TextChoices):
    """How a measure stands, as whoever keeps the ledger says."""

    NOT_STARTED = "not_started", "未启动"
    UNDER_WAY = "under_way", "推进中"
    LAGGING = "lagging", "滞后"
    ADJUSTED = "adjusted", "已调整"
    DONE = "done", "已完成"
    ENDED = "ended", "终止"


# No month is due of these any more.
CLOSED = frozenset({Standing.DONE, Standing.ENDED})


class StandingAct(StrEnum):
    """What changes how a measure stands."""

    BEGIN = "begin"  # the first report of a unit
    START = "start"
    LAG = "lag"
    CATCH_UP = "catch_up"
    ADJUST = "adjust"
    RESUME = "resume"
    COMPLETE = "complete"
    REOPEN = "reopen"
    END = "end"


class DutyKind(models.TextChoices):
    """A unit's part in a measure."""

    LEAD = "lead", "牵头"
    SUPPORT = "support", "配合"
    DATA = "data", "数据提供"


# Who reports every month; supporting units report when they have something to say.
REPORTING = frozenset({DutyKind.LEAD, DutyKind.DATA})

# Names in the register of documents.
SUPERVISION_REPORT = "supervision_report"
MONTH_DATA = "measures.month"
