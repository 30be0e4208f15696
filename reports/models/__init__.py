"""The tables, one module per matter."""

from reports.models.cards import CardFile
from reports.models.packs import EvidencePack
from reports.models.progress import (
    HALTED,
    ProgressFile,
    ProgressLine,
    ProgressPdf,
    ProgressReport,
    ProgressStep,
    ProgressSummary,
)

__all__ = [
    "HALTED",
    "CardFile",
    "EvidencePack",
    "ProgressFile",
    "ProgressLine",
    "ProgressPdf",
    "ProgressReport",
    "ProgressStep",
    "ProgressSummary",
]
