"""Names of states and kinds."""

from enum import StrEnum

from django.db import models


class SchemeState(models.TextChoices):
    """A scheme version is edited, then locked for good."""

    DRAFT = "draft", "拟定中"
    LOCKED = "locked", "已锁定"


class RunState(models.TextChoices):
    """Where a grading run stands."""

    QUEUED = "queued", "排队中"
    COMPLETE = "complete", "已完成"
    FAILED = "failed", "未完成"


class ListState(models.TextChoices):
    """Where a list stands between draft and public."""

    DRAFT = "draft", "拟定中"
    CONSENTED = "consented", "领导小组已同意"
    PUBLISHED = "published", "已公布"
    WITHDRAWN = "withdrawn", "已撤回拟稿"


class ListAction(StrEnum):
    """What may be done to a list."""

    CONSENT = "consent"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


class Movement(models.TextChoices):
    """Class movement against the last published list."""

    RISE = "rise", "跃升"
    SAME = "same", "持平"
    FALL = "fall", "退档"
    FIRST = "new", "首次参评"


class ListFileKind(models.TextChoices):
    """Files of a published list beside those of the paper it was issued as."""

    XLSX = "xlsx", "Excel"


GRADE_JOB = "scoring.grade"
LIST_FILES_JOB = "scoring.list_files"

# The kind of document a list is issued as, and the kinds of data documents of scoring speak of.
LIST_PAPER = "published_list"
RUN_DATA = "grading_run"
LIST_DATA = "published_list"
