"""Parsing and wording of input: the indicator table, evidence, returns, collections, filters."""

from indicators.forms.collections import CollectionForm, ExtensionForm, ReasonForm, ReceiveForm
from indicators.forms.evidence import EvidenceForm
from indicators.forms.filters import SubmissionFilterForm
from indicators.forms.review import GiveBackForm, RevisionForm
from indicators.forms.sheet import Cell, CellGroup, SheetForm, Theirs

__all__ = [
    "Cell",
    "CellGroup",
    "CollectionForm",
    "EvidenceForm",
    "ExtensionForm",
    "GiveBackForm",
    "ReasonForm",
    "ReceiveForm",
    "RevisionForm",
    "SheetForm",
    "SubmissionFilterForm",
    "Theirs",
]
