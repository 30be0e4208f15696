"""The tables, one module per matter."""

from measures.models.ledgers import Duty, Goal, Ledger, LedgerQuerySet, Measure, Part
from measures.models.progress import EntryFile, GoalFigure, ProgressEntry, StandingStep, Urge

__all__ = [
    "Duty",
    "EntryFile",
    "Goal",
    "GoalFigure",
    "Ledger",
    "LedgerQuerySet",
    "Measure",
    "Part",
    "ProgressEntry",
    "StandingStep",
    "Urge",
]
