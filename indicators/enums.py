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


class SystemPurpose(models.TextChoices):
    """What an indicator system is for: the yearly evaluation, or the table of pilots (S0 annex 2-1)."""

    EVALUATION = "evaluation", "监测评价"
    PILOT = "pilot", "试点申报"


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
    SUBMITTED = "submitted", "待市级受理"
    CITY_REVIEW = "city_review", "市级审核中"
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
    ACCEPT = "accept"
    APPROVE = "approve"
    RETURN = "return"
    RECEIVE = "receive"
    SEND_BACK = "send_back"
    REOPEN = "reopen"


# Moves that hand a submission back to the county; each needs words.
GIVING_BACK = (SubmissionAction.RETURN, SubmissionAction.SEND_BACK, SubmissionAction.REOPEN)


class Severity(models.TextChoices):
    """What a finding does: a block stops submission, a warning passes with a written reason."""

    BLOCK = "block", "必须改正"
    WARN = "warn", "说明原因后可提交"
    IGNORE = "ignore", "不检查"


class CheckKind(models.TextChoices):
    """Kinds of rules; each reads its own `params`, see `indicators.rules.checks`."""

    RANGE = "range", "取值范围"
    SHARE_SMALL = "share-small", "百分数疑似小数"
    SHARE_WHOLE = "share-whole", "比重超过100%"
    RATE_PARTS = "rate-parts", "比率与分子分母"
    RATE_ALONE = "rate-alone", "未填分子分母"
    WHOLE_DENOMINATOR = "whole-denominator", "分母应为整数"
    LAST_DENOMINATOR = "last-denominator", "与上年分母比"
    JUMP = "jump", "与上年相比变动"
    GROWTH = "growth", "增长要求"
    FACTS_AGREE = "facts-agree", "同一数据前后一致"
    COMPARE = "compare", "指标之间"
    ITEM_COUNT = "item-count", "数量与清单"
    ITEM_FILE = "item-file", "须附证明材料"
    ITEM_EXPIRED = "item-expired", "称号有效期"
    ITEM_TWICE = "item-twice", "同一载体重复填报"


class MonthlyKind(models.TextChoices):
    """How a monthly figure grows."""

    STOCK = "stock", "期末数"
    FLOW = "flow", "年初至今累计"


class ReturnReason(models.TextChoices):
    """Why a field is returned; counted over the year."""

    UNIT = "unit", "单位或数量级有误"
    DEFINITION = "definition", "统计口径不符"
    SOURCE = "source", "与统计年报等来源不一致"
    PARTS = "parts", "分子分母与比率不符"
    JUMP = "jump", "变动较大未说明"
    EVIDENCE_MISSING = "evidence-missing", "缺证明材料"
    EVIDENCE_UNFIT = "evidence-unfit", "证明材料不符"
    APPROVAL = "approval", "县政府审定材料不符"
    OTHER = "other", "其他"


class WorkbookState(models.TextChoices):
    """Where an uploaded workbook stands."""

    PREVIEW = "preview", "待确认"
    APPLIED = "applied", "已写入"
    DISCARDED = "discarded", "已放弃"
    REFUSED = "refused", "未接收"


# A sheet as data that issued documents speak of, and the letter that reports a city's sheets.
SUBMISSION_DATA = "submission"
SUBMISSION_LETTER = "submission_letter"
