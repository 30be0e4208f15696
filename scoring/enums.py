"""Names of states and kinds."""

from enum import StrEnum

from django.db import models


class SchemeState(models.TextChoices):
    """A scheme version is edited, passes its golden cases, then is locked for good."""

    DRAFT = "draft", "拟定中"
    TESTED = "tested", "已验证"
    LOCKED = "locked", "已锁定"


class RunState(models.TextChoices):
    """Where a grading run stands."""

    QUEUED = "queued", "排队中"
    COMPLETE = "complete", "已完成"
    # Graded again from the same to the bit: the earlier run's results are these.
    UNCHANGED = "unchanged", "与前次相同"
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


class StudyState(models.TextChoices):
    """Where a study of runs stands."""

    QUEUED = "queued", "排队中"
    COMPLETE = "complete", "已完成"
    FAILED = "failed", "未完成"


class AppealState(models.TextChoices):
    """Where an appeal stands."""

    FILED = "filed", "待市级意见"
    OPINED = "opined", "待省级复查"
    REVIEWED = "reviewed", "待省级决定"
    UPHELD = "upheld", "申诉成立"
    REJECTED = "rejected", "申诉不成立"
    WITHDRAWN = "withdrawn", "县级撤回"


class AppealAction(StrEnum):
    """What may be done to an appeal; filing begins it, the rest are moves of the workflow."""

    FILE = "file"
    OPINE = "opine"
    # The city let its days go by: the province goes on without it.
    GO_ON = "go_on"
    REVIEW = "review"
    REOPEN = "reopen"
    UPHOLD = "uphold"
    REJECT = "reject"
    WITHDRAW = "withdraw"


ROBUSTNESS_JOB = "scoring.robustness"
REHEARSAL_JOB = "scoring.rehearsal"
GRADE_JOB = "scoring.grade"
LIST_FILES_JOB = "scoring.list_files"

# The kind of document a list is issued as, and the kinds of data documents of scoring speak of.
LIST_PAPER = "published_list"
RUN_DATA = "grading_run"
LIST_DATA = "published_list"
