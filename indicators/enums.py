"""Names of states, actions and kinds."""

from enum import StrEnum

from django.db import models


class IndicatorKind(models.TextChoices):
    """How an indicator is filled."""

    NUMBER = "number", "数值"
    RATE = "rate", "比率"
    ITEMISED = "itemised", "清单"
    QUALITATIVE = "qualitative", "定性"


class Absence(models.TextChoices):
    """Three kinds of absence, none of them 0."""

    MISSING = "missing", "缺报"
    NOT_APPLICABLE = "not-applicable", "不适用"
    QUALITATIVE = "qualitative", "定性"


class ValueStatus(models.TextChoices):
    """How far a figure has been confirmed."""

    FORECAST = "forecast", "预测"
    SELF = "self", "自评"
    CITY = "city", "市审"
    CONFIRMED = "confirmed", "核定"


class FillMode(models.TextChoices):
    """What the person filling chooses for a cell."""

    ACTUAL = "actual", "实际数"
    FORECAST = "forecast", "预测数"
    MISSING = "missing", "缺报"
    NOT_APPLICABLE = "not-applicable", "不适用"


class VersionState(models.TextChoices):
    """A version of a system is edited, then locked for good."""

    DRAFT = "draft", "拟定中"
    LOCKED = "locked", "已锁定"


class CollectionState(models.TextChoices):
    """Where a collection stands."""

    DRAFT = "draft", "拟定中"
    OPEN = "open", "填报中"
    CLOSED = "closed", "已截止"


class SubmissionState(models.TextChoices):
    """Where a submission stands: whose turn it is."""

    DRAFT = "draft", "填报中"
    CITY_REVIEW = "city_review", "待市级审核"
    RETURNED = "returned", "已退回"
    PROVINCE_REVIEW = "province_review", "待省级接收"
    ACCEPTED = "accepted", "已接收"


# States in which the county may change figures.
EDITABLE = (SubmissionState.DRAFT, SubmissionState.RETURNED)
# States past the city's review, which grading may use.
REVIEWED = (SubmissionState.PROVINCE_REVIEW, SubmissionState.ACCEPTED)


class SubmissionAction(StrEnum):
    """What may be done to a submission."""

    SUBMIT = "submit"
    RECALL = "recall"
    APPROVE = "approve"
    RETURN = "return"
    RECEIVE = "receive"
    SEND_BACK = "send_back"
    REOPEN = "reopen"


# Moves that hand a submission back to the county; each needs words.
GIVING_BACK = (SubmissionAction.RETURN, SubmissionAction.SEND_BACK, SubmissionAction.REOPEN)


class Severity(StrEnum):
    """What a finding does: a block stops submission, a warning is shown to everybody who decides."""

    BLOCK = "block"
    WARN = "warn"
