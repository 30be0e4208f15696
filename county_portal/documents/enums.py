"""Names of states, kinds and acts of official documents."""

from enum import StrEnum

from django.db import models


class Layout(models.TextChoices):
    """The forms of GB/T 9704-2012 the portal sets."""

    GENERAL = "general", "文件格式"
    UPWARD = "upward", "文件格式（上行文）"
    LETTER = "letter", "信函格式"


class DraftState(models.TextChoices):
    """Where a draft stands between the first word and the number."""

    DRAFT = "draft", "起草中"
    CHECKING = "checking", "核稿中"
    SIGNING = "signing", "待签发"
    ISSUED = "issued", "已签发"
    DISCARDED = "discarded", "已作废"


class DraftAction(StrEnum):
    """What may be done to a draft."""

    SEND = "send"
    GIVE_BACK = "give_back"
    CHECK = "check"
    ISSUE = "issue"
    DISCARD = "discard"


class PaperStatus(models.TextChoices):
    """What a verifier is told of an issued document; only the first may change, and only once."""

    VALID = "valid", "有效"
    REPLACED = "replaced", "已更正"
    VOID = "void", "已撤销"
    LAPSED = "lapsed", "已失效"


class PaperFileKind(models.TextChoices):
    """Files of an issued document."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"


PAPER_FILES_JOB = "documents.files"
