"""Names of reports."""

from enum import StrEnum

from django.db import models

REPORT_CARDS_JOB = "reports.cards"
PROGRESS_PDF_JOB = "reports.progress_pdf"  # one report's
PROGRESS_PDFS_JOB = "reports.progress_pdfs"  # all of a year, zipped
PROGRESS_WORKBOOK_JOB = "reports.progress_workbook"
EVIDENCE_PACK_JOB = "reports.evidence_pack"
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


# Moves that hand a report back to the county.
GIVING_BACK = (ProgressAction.RETURN, ProgressAction.SEND_BACK)


class ProgressText(models.TextChoices):
    """What a report tells in words beside its figures."""

    MEASURES = "measures", "采取的措施"
    EXPERIENCE = "experience", "经验做法"
    PROBLEMS = "problems", "存在问题"
    OUTLOOK = "outlook", "下一步打算"
