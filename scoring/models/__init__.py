"""Tables of scoring: schemes, expert scores, runs with their results, studies, lists, appeals, scenarios."""

from scoring.models.appeals import (
    Appeal,
    AppealFile,
    AppealStep,
    AppliedCorrection,
    FigureCorrection,
)
from scoring.models.lists import ListFile, ListRow, PublishedList
from scoring.models.panel import AgreedScore, PanelScore
from scoring.models.runs import GradingRun, Result, ResultLine
from scoring.models.scenarios import Scenario
from scoring.models.schemes import GoldenCase, Scheme, SchemeVersion
from scoring.models.studies import BoundaryCase, BoundaryReview, Rehearsal, RobustnessStudy

__all__ = [
    "AgreedScore",
    "Appeal",
    "AppealFile",
    "AppealStep",
    "AppliedCorrection",
    "BoundaryCase",
    "BoundaryReview",
    "FigureCorrection",
    "GoldenCase",
    "GradingRun",
    "ListFile",
    "ListRow",
    "PanelScore",
    "PublishedList",
    "Rehearsal",
    "Result",
    "ResultLine",
    "RobustnessStudy",
    "Scenario",
    "Scheme",
    "SchemeVersion",
]
