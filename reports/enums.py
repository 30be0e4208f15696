"""Names of reports."""

from enum import StrEnum

from django.db import models

REPORT_CARDS_JOB = "reports.cards"
REPORT_CARD_PAPER = "report_card"  # kind of the paper a card is issued as


class ProgressState(models.TextChoices):
    """Where a progress report stands."""

    DRAFT = "draft", "编制中"
    SUBMITTED = "submitted", "待市级受理"
    CITY_REVIEW = "city_review", "市级审核中"
    RETURNED = "returned", "已退回"
    PROVINCE_REVIEW = "province_review", "待省级接收"
    RECEIVED = "received", "已接收"


# States in which the county may change the report.
EDITABLE = (ProgressState.DRAFT, ProgressState.RETURNED)


class ProgressAction(StrEnum):
    """What may be done to a progress report."""

    SUBMIT = "submit"
    RECALL = "recall"
    ACCEPT = "accept"
    APPROVE = "approve"
    RETURN = "return"
    RECEIVE = "receive"
    SEND_BACK = "send_back"
