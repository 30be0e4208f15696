"""The tables, one module per matter."""

from indicators.models.checks import CheckRule, Explanation
from indicators.models.collections import Collection, CollectionPostponement
from indicators.models.duties import Duty
from indicators.models.facts import Fact, FactClaim, FactMeaning
from indicators.models.labour import Assignment, GovernmentApproval
from indicators.models.monthly import MonthlyCall, MonthlyFigure, MonthlyTarget
from indicators.models.openings import LateOpening
from indicators.models.reviews import CellComment, ReturnItem, ReturnPacket, ReviewStep, Snapshot
from indicators.models.submissions import EvidenceItem, Submission, SubmissionQuerySet, Value
from indicators.models.systems import (
    EvidenceKind,
    Indicator,
    IndicatorGroup,
    IndicatorSystem,
    SystemVersion,
)
from indicators.models.workbooks import WorkbookCopy, WorkbookUpload

__all__ = [
    "Assignment",
    "CellComment",
    "CheckRule",
    "Collection",
    "CollectionPostponement",
    "Duty",
    "EvidenceItem",
    "EvidenceKind",
    "Explanation",
    "Fact",
    "FactClaim",
    "FactMeaning",
    "GovernmentApproval",
    "Indicator",
    "IndicatorGroup",
    "IndicatorSystem",
    "LateOpening",
    "MonthlyCall",
    "MonthlyFigure",
    "MonthlyTarget",
    "ReturnItem",
    "ReturnPacket",
    "ReviewStep",
    "Snapshot",
    "Submission",
    "SubmissionQuerySet",
    "SystemVersion",
    "Value",
    "WorkbookCopy",
    "WorkbookUpload",
]
