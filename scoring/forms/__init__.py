"""Forms of scoring: parsing and wording of input."""

from scoring.forms.explaining import DifferenceForm
from scoring.forms.lists import ConsentForm, ListForm, SearchForm, WithdrawForm
from scoring.forms.panel import AgreedForm, PanelForm
from scoring.forms.robustness import BoundaryForm, StudyForm
from scoring.forms.runs import ResultFilterForm, RunForm

__all__ = [
    "AgreedForm",
    "BoundaryForm",
    "ConsentForm",
    "DifferenceForm",
    "ListForm",
    "PanelForm",
    "ResultFilterForm",
    "RunForm",
    "SearchForm",
    "StudyForm",
    "WithdrawForm",
]
